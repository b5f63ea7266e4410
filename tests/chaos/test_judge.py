"""What the judge of a fault can see: it is worth no more than that."""

import json
import shutil

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.landing.fake_source import CONNECTION, FakeClient, at, fake_source
from tests.landing.test_land import DAY
from umlauf.chaos.judge import digest, read_state, strays, torn
from umlauf.landing.batch import batch_files
from umlauf.landing.land import land_day


@pytest.fixture
def landed(settings, ticking_clock):
    land_day(fake_source(FakeClient({"a": at(22), "b": at(22)})), DAY, settings, CONNECTION,
             clock=ticking_clock())  # fmt: skip
    return settings


def rewritten(settings, change, read=read_state):
    """Return what is read of a copy whose only batch is changed."""
    there = settings.home.parent / "copy"
    shutil.copytree(settings.home, there)
    (file,) = batch_files(there / "landing", "fake", "things")
    table = pq.read_table(file)
    rows = change(table.to_pylist())
    pq.write_table(pa.Table.from_pylist(rows, schema=table.schema), file)
    return read(there)


def test_the_same_landing_twice_is_no_difference(landed, ticking_clock):
    clean, first = read_state(landed.home), digest(landed.home)
    land_day(fake_source(FakeClient({"a": at(22), "b": at(22)})), DAY, landed, CONNECTION,
             clock=ticking_clock(at(23, 9)))  # fmt: skip

    assert not read_state(landed.home).against(clean)
    assert digest(landed.home) == first


def test_a_lost_row_a_changed_payload_and_a_row_too_many_are_seen(landed):
    clean = read_state(landed.home)
    payload = json.dumps({"id": "a", "amount": "1.01"})

    lost = rewritten(landed, lambda rows: rows[1:]).against(clean)
    shutil.rmtree(landed.home.parent / "copy")
    changed = rewritten(landed, lambda rows: [rows[0] | {"payload": payload}, rows[1]]).against(
        clean
    )
    shutil.rmtree(landed.home.parent / "copy")
    extra = rewritten(landed, lambda rows: [*rows, rows[0] | {"record_key": "c"}]).against(clean)

    assert (len(lost.lost), len(lost.extra)) == (2, 0)  # as newest, and as a version
    assert (len(changed.lost), len(changed.extra)) == (2, 2)
    assert (len(extra.lost), len(extra.extra)) == (0, 2)


@pytest.mark.parametrize(
    "change",
    [
        lambda rows: rows[1:],
        lambda rows: [rows[0] | {"payload": json.dumps({"id": "a", "amount": "1.01"})}, rows[1]],
        lambda rows: [rows[0] | {"is_deleted": True}, rows[1]],
        lambda rows: [*rows, rows[0] | {"record_key": "c"}],
    ],
)
def test_what_differs_has_another_digest(landed, change):
    assert rewritten(landed, change, digest) != digest(landed.home)


def test_a_kept_bank_file_that_is_gone_is_seen(landed):
    folder = landed.landing_root / "bank" / "files" / "day=2026-11-22"
    folder.mkdir(parents=True)
    (folder / "0a1b.bin").touch()
    clean, first = read_state(landed.home), digest(landed.home)
    (folder / "0a1b.bin").unlink()

    assert read_state(landed.home).against(clean).files == ["0a1b.bin"]
    assert digest(landed.home) != first


def test_a_snapshot_of_two_builds_or_none_that_can_be_read_is_torn(tmp_path):
    file = tmp_path / "marts.duckdb"
    assert torn(file) == ""
    with duckdb.connect(file) as connection:
        connection.execute("create schema core; create table core.a as select 'x' as build_id")
        connection.execute("create table core.b as select 'x' as build_id")
    assert torn(file) == ""
    with duckdb.connect(file) as connection:
        connection.execute("update core.b set build_id = 'y'")
    assert torn(file) == "2 builds in one snapshot"
    file.write_bytes(b"no database")
    assert torn(file).startswith("unreadable")


def test_leftovers_are_named(tmp_path):
    for name in ("a.parquet", "b.123.partial", "c.duckdb.wal"):
        (tmp_path / name).touch()

    assert list(strays(tmp_path)) == ["b.123.partial", "c.duckdb.wal"]
