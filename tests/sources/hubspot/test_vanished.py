"""Deals that vanish from HubSpot, however they do, end as tombstones the same night."""

from datetime import UTC, date, datetime

import pytest

from tests.landing.fake_source import live
from tests.sources.hubspot.tiny_hubspot import TinyHubspot
from umlauf.landing.land import land_day
from umlauf.nested_settings import SourceSettings
from umlauf.sources.hubspot import SOURCE
from umlauf.spec import Connection

STREAMS = ("deals", "deals_to_companies")
OLD, NEW = "2026-11-20T08:00:00.000Z", "2026-11-22T08:00:00.000Z"


@pytest.fixture
def night(settings):
    """Return how to land a night of a HubSpot."""
    # No listing is so cheap that it is made every night: only the count tells that there is need.
    patient = SourceSettings(requests_per_second=1e9, max_retries=0, census_requests=0)
    patient = settings.model_copy(update={"sources": {"hubspot": patient}})

    def land(hubspot, day):
        now = datetime(2026, 11, day + 1, 4, tzinfo=UTC)
        with hubspot.serve() as server:
            connection = Connection(
                conn_id="x", url=server.url, password="key", extra={"searches_per_second": 1e9}
            )
            land_day(
                SOURCE, date(2026, 11, day), patient, connection,
                streams=STREAMS, clock=lambda: now,
            )  # fmt: skip

    return land


def test_archived_merged_and_erased_deals_are_gone_the_same_night(night, settings):
    deals = {str(one): OLD for one in range(1, 10)}
    night(TinyHubspot(deals=dict(deals)), 21)
    for archived_merged_or_erased in ("1", "3", "4", "7"):
        del deals[archived_merged_or_erased]
    deals["12"] = NEW  # a merge makes a record of its own
    hubspot = TinyHubspot(
        deals=deals, archived={"1": NEW}, merged={"3": "12", "4": "12"}, links={"12": [5]}
    )

    night(hubspot, 22)

    there = {key: datetime.fromisoformat(stamp) for key, stamp in deals.items()}
    assert [live(settings, "hubspot", stream) for stream in STREAMS] == [there, there]


def test_a_night_on_which_nothing_vanished_lists_nothing(night):
    deals = {str(one): OLD for one in range(1, 10)}
    night(TinyHubspot(deals=dict(deals)), 21)
    hubspot = TinyHubspot(deals=deals | {"11": NEW, "2": NEW})
    hubspot.list = None  # would fail

    night(hubspot, 22)
