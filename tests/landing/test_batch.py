from datetime import UTC, date, datetime

import pyarrow.parquet as pq
import pytest

from umlauf.errors import LeaseLost
from umlauf.landing.batch import (
    BatchAbout,
    batch_files,
    commit_batch,
    declare_stream,
    payload_hash,
    read_about,
)
from umlauf.landing.columns import record_table
from umlauf.landing.lease import Lease

NOW = datetime(2026, 11, 23, 3, 30, tzinfo=UTC)
ABOUT = BatchAbout(source="crm", stream="deals", day=date(2026, 11, 22), fetched_at=NOW)


def rows(*payloads):
    return record_table(
        [str(n) for n in range(len(payloads))], [NOW] * len(payloads), payloads, NOW
    )


def test_a_refused_commit_leaves_nothing_behind(tmp_path):
    lost = Lease(file=tmp_path / "gone.lock", token=7, descriptor=-1)

    with pytest.raises(LeaseLost):
        commit_batch(tmp_path, ABOUT, rows("{}"), lost)

    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_what_a_batch_says_of_itself_survives_the_file(tmp_path):
    file = commit_batch(tmp_path, ABOUT, rows("{}"))

    assert read_about(file).day == date(2026, 11, 22)
    assert read_about(file).fetched_at == NOW


def test_stamps_are_naive_utc_whatever_the_zone_they_came_in(tmp_path):
    berlin = datetime.fromisoformat("2026-11-22T23:30:00+02:00")
    file = commit_batch(tmp_path, ABOUT, record_table(["1"], [berlin], ["{}"], NOW))

    assert str(pq.read_table(file)["record_version"][0]) == "2026-11-22 21:30:00"


def test_any_changed_payload_changes_the_hash():
    assert payload_hash(rows("a", "b")) != payload_hash(rows("a", "c"))
    assert payload_hash(rows("a", "")) != payload_hash(rows("a"))


def test_a_declared_stream_can_be_read_and_is_declared_once(tmp_path):
    declare_stream(tmp_path, "crm", "deals", NOW)
    declare_stream(tmp_path, "crm", "deals", NOW)

    (file,) = batch_files(tmp_path, "crm", "deals")
    assert pq.read_metadata(file).num_rows == 0
