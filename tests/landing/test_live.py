"""What is kept of a stream's newest versions says what all of its batches say, and opens few."""

import os
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from umlauf.errors import LandingDamaged
from umlauf.landing import live
from umlauf.landing.batch import BatchAbout, batch_files, commit_batch
from umlauf.landing.census import Census
from umlauf.landing.columns import record_table
from umlauf.landing.ledger import read_landed
from umlauf.landing.live import forget_versions
from umlauf.spec import Keys, Source, Stream, Tally

pytestmark = pytest.mark.integration

NOW = datetime(2026, 11, 1, 3, 30, tzinfo=UTC)
CRM = Source(
    name="crm",
    conn_id="crm",
    start=NOW,
    owner="tests",
    streams=(Stream(name="deals", path="deals"),),
)
# What came in a night: stamps by key, or the keys' tombstones.
NIGHTS = st.lists(
    st.tuples(st.dictionaries(st.sampled_from("abcdef"), st.integers(1, 9)), st.booleans()),
    min_size=1,
    max_size=12,
)


@pytest.fixture(autouse=True, scope="module")
def few():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(live, "MOST_NEW", 2)
        yield


def at(day):
    return datetime(2026, 10, day, tzinfo=UTC)


def land(root, night, stamps, *, are_gone=False):
    fetched = NOW + timedelta(days=night)
    about = BatchAbout(source="crm", stream="deals", day=fetched.date(), fetched_at=fetched)
    payloads = None if are_gone else ["{}"] * len(stamps)
    rows = record_table(list(stamps), [at(day) for day in stamps.values()], payloads, fetched)
    return commit_batch(root, about, rows)


def finds(home, expected):
    """Whether a census takes exactly these records for those that have landed."""
    stamps = [at(day) for day in expected.values()]
    census = Census(home / "landing", "crm", home / "cache")
    found = census.compare("deals", [Keys(keys=list(expected), versions=stamps)])
    agrees = census.agrees("deals", Tally(total=len(expected), newest=max(stamps, default=None)))
    census.close()
    return agrees and not (found.gone or found.wanted.keys or found.unknown)


def spoil(file):
    """Replace what is in a file by nothing of use; size, time and inode stay."""
    stat = file.stat()
    file.write_bytes(b"\0" * stat.st_size)
    os.utime(file, ns=(stat.st_atime_ns, stat.st_mtime_ns))


@settings(deadline=None, max_examples=60)
@given(NIGHTS)
def test_after_each_night_it_says_what_a_plain_reading_says(nights):
    expected = {}
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        for night, (stamps, are_gone) in enumerate(nights):
            land(home / "landing", night, stamps, are_gone=are_gone)
            expected |= dict.fromkeys(stamps) if are_gone else stamps
            assert finds(home, {key: day for key, day in expected.items() if day})


@pytest.fixture
def home(tmp_path):
    """Return a home with five nights, all covered by what is kept."""
    for night in range(5):
        land(tmp_path / "landing", night, {f"{night}": 1, "same": night + 1})
    assert finds(tmp_path, {"0": 1, "1": 1, "2": 1, "3": 1, "4": 1, "same": 5})
    return tmp_path


def test_what_it_covers_is_not_opened_again(home):
    for file in batch_files(home / "landing", "crm", "deals"):
        spoil(file)
    land(home / "landing", 5, {"5": 1})

    assert finds(home, {"0": 1, "1": 1, "2": 1, "3": 1, "4": 1, "5": 1, "same": 5})


def test_a_batch_that_was_written_anew_or_is_gone_makes_it_worthless(home):
    first, *_, last = batch_files(home / "landing", "crm", "deals")
    first.unlink()
    assert finds(home, {"0": 1, "1": 1, "2": 1, "3": 1, "same": 4})

    last.unlink()
    land(home / "landing", 0, {"0": 2})
    assert finds(home, {"0": 2, "1": 1, "2": 1, "3": 1, "same": 4})


def test_it_may_be_cut_off_or_removed_at_any_time(home):
    (kept,) = (home / "cache" / "live").iterdir()
    expected = {"0": 1, "1": 1, "2": 1, "3": 1, "4": 1, "same": 5}

    kept.write_bytes(kept.read_bytes()[:-100])
    assert finds(home, expected)

    forget_versions(home / "cache")
    assert finds(home, expected)


def test_without_it_a_spoilt_batch_is_named(home):
    spoil(next(batch_files(home / "landing", "crm", "deals")))
    forget_versions(home / "cache")

    with pytest.raises(LandingDamaged, match=r"crm/deals/day="):
        finds(home, {})


def test_a_count_of_what_has_landed_opens_what_is_new(home, caplog):
    first = read_landed(home / "landing", [CRM], home / "cache")
    for file in batch_files(home / "landing", "crm", "deals"):
        spoil(file)
    land(home / "landing", 5, {"5": 1})

    with caplog.at_level("INFO"):
        second = read_landed(home / "landing", [CRM], home / "cache")

    assert second.batches[1:] == first.batches
    assert "6 batches, 1 of them opened" in caplog.text


def test_kept_footers_that_are_no_database_any_more_stop_no_count(home):
    first = read_landed(home / "landing", [CRM], home / "cache")
    (home / "cache" / "footers.sqlite").write_bytes(b"what a lost disk gave back" * 400)

    assert read_landed(home / "landing", [CRM], home / "cache") == first
