"""A bucket's batches on this machine: what is landed, nothing older and nothing else."""

from datetime import UTC, date, datetime

import pytest

from umlauf.landing.batch import BatchAbout, commit_batch
from umlauf.landing.columns import record_table
from umlauf.storage.bucket_path import below, version_of
from umlauf.storage.mirror import mirror

pytestmark = pytest.mark.integration

NOW = datetime(2026, 11, 23, 3, 30, tzinfo=UTC)


def land(root, part, keys, **more):
    about = BatchAbout(
        source="crm", stream="deals", day=date(2026, 11, 22), fetched_at=NOW, part=part
    )
    rows = record_table(keys, [NOW] * len(keys), ["{}"] * len(keys), NOW)
    return commit_batch(root, about, rows, **more)


def held(folder):
    return {
        str(file.relative_to(folder)): file.read_bytes()
        for file in folder.rglob("*")
        if file.is_file()
    }


def in_bucket_now(root):
    return {below(root, file): file.read_bytes() for file in root.glob("*/*/day=*/*.parquet")}


def test_only_what_is_new_is_fetched(root, tmp_path):
    land(root, 0, ["1"])
    assert mirror(root, tmp_path / "near") == 1
    land(root, 1, ["2"])

    assert mirror(root, tmp_path / "near") == 1
    assert mirror(root, tmp_path / "near") == 0
    assert held(tmp_path / "near") == in_bucket_now(root)


def test_a_batch_that_was_written_anew_is_fetched_again(root, tmp_path):
    file = land(root, 0, ["1", "2"])
    mirror(root, tmp_path)

    land(root, 0, ["2"], version=version_of(file))

    assert mirror(root, tmp_path) == 1
    assert held(tmp_path) == in_bucket_now(root)


def test_what_was_set_aside_and_what_a_kill_left_is_in_nobodys_way(root, tmp_path):
    gone, _ = land(root, 0, ["1"]), land(root, 1, ["2"])
    (root / "crm" / "files" / "day=2026-11-22" / "0a.bin").write_bytes(b"as received")
    mirror(root, tmp_path)
    gone.bucket.delete(str(gone.key))
    (tmp_path / "crm" / "deals" / "day=2026-11-22" / "cut-off.partial").write_bytes(b"PAR1")

    assert mirror(root, tmp_path) == 0
    assert held(tmp_path) == in_bucket_now(root)
    assert len(held(tmp_path)) == 1
