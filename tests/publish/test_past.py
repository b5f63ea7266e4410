"""Which moment a past night is: what its marts knew, and what had been told by then."""

from datetime import UTC, date, datetime, timedelta

import pytest

from umlauf.errors import ConfigError
from umlauf.landing.batch import BatchAbout
from umlauf.landing.ledger import Landed
from umlauf.landing.own_records import land_own
from umlauf.publish.past import find_night, rebuild_past

NIGHT = datetime(2026, 11, 22, 3, 30, tzinfo=UTC)
DAY = date(2026, 11, 21)


def batch(fetched_at, end=None, **about):
    return BatchAbout(
        source="crm", stream="deals", day=DAY, fetched_at=fetched_at, window_end=end,
        is_complete=end is not None, **about,
    )  # fmt: skip


MIDNIGHT = datetime(2026, 11, 21, 23, tzinfo=UTC)  # the end of 21 November in Berlin
LANDED = Landed(
    batches=tuple(
        (about, 1)
        for about in (
            batch(NIGHT, MIDNIGHT),
            batch(NIGHT + timedelta(hours=6), MIDNIGHT - timedelta(days=9)),  # a backfill
            batch(NIGHT + timedelta(days=1), MIDNIGHT + timedelta(days=1)),
            batch(NIGHT - timedelta(days=900), kind="declared"),
        )
    )
)


def record(settings, build_id, known_on, published_at):
    stated = {"build_id": build_id, "mart": "core.dim_date", "known_on": f"{known_on:%F %T}",
              "as_of": DAY, "content_hash": f"1-{build_id}", "rows": 1, "build_seconds": 1.0,
              "code_version": "1"}  # fmt: skip
    land_own(settings.landing_root, "builds", DAY, {f"{build_id}/core.dim_date": stated},
             published_at)  # fmt: skip


def test_a_night_that_published_nothing_knew_all_before_the_next_day_landed(settings):
    night = find_night(settings, LANDED, DAY)

    assert night.known_on == NIGHT + timedelta(hours=6)
    assert night.hashes == {}


def test_a_night_is_the_last_build_published_of_its_day(settings):
    record(settings, "first", NIGHT, NIGHT + timedelta(minutes=5))
    record(settings, "last", NIGHT + timedelta(hours=1), NIGHT + timedelta(hours=2))

    night = find_night(settings, LANDED, DAY)

    assert night.known_on == NIGHT + timedelta(hours=1)
    assert night.told_until == NIGHT + timedelta(hours=2)
    assert night.hashes == {"core.dim_date": "1-last"}


def test_a_day_without_a_night_names_the_nearest(settings):
    with pytest.raises(ConfigError, match="no night was as of 2026-11-20; the nearest: 2026-11-21"):
        find_night(settings, LANDED, date(2026, 11, 20))


def test_the_readers_snapshot_is_no_place_for_a_past_picture(settings):
    with pytest.raises(ConfigError, match="what readers see"):
        rebuild_past(settings, [], DAY, settings.marts_file)


def test_what_had_landed_by_a_moment_is_cut_with_its_batches():
    known = LANDED.known_at(NIGHT + timedelta(hours=5))

    assert known.known_on == NIGHT
    assert len(known.batch_ids) == 1
