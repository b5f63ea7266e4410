"""What a bucket is asked, and how often: each request costs."""

from datetime import UTC, date, datetime

import pytest

from umlauf.landing.batch import BatchAbout, batch_files, commit_batch
from umlauf.landing.columns import record_table
from umlauf.landing.ledger import read_landed
from umlauf.spec import Source, Stream
from umlauf.storage.bucket_path import below

pytestmark = pytest.mark.integration

NOW = datetime(2026, 11, 23, 3, 30, tzinfo=UTC)
CRM = Source(
    name="crm",
    conn_id="crm",
    start=NOW,
    owner="tests",
    streams=(Stream(name="deals", path="deals"),),
)


def land(root, number):
    about = BatchAbout(
        source="crm", stream="deals", day=date(2026, 11, 22), fetched_at=NOW, part=number
    )
    commit_batch(root, about, record_table(["1"] * number, [NOW] * number, ["{}"] * number, NOW))


def test_a_listing_of_more_than_one_page_is_whole_and_in_order(s3, root):
    s3.seed(root.bucket_name, "landing/crm/deals/day=2026-11-22/{:05}.parquet", 2345)
    s3.seed(root.bucket_name, "landing/crm/deals_old/day=2026-11-22/{:05}.parquet", 3)

    found = [file.name for file in batch_files(root, "crm", "deals")]

    assert found == [f"{number:05}.parquet" for number in reversed(range(2345))]


def test_a_pattern_fits_a_bucket_as_it_fits_a_folder(root, tmp_path):
    names = [
        "a/b/day=2026-01-01/x.parquet",
        "a/b/day=2026-01-01/x.parquet.20261123T081500000000Z.damaged",
        "a/c/day=2026-01-02/y.bin",
        "a/c/deeper/day=2026-01-02/y.bin",
        "ab/c/day=2026-01-02/y.parquet",
    ]
    for name in names:
        (root / name).touch()
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()

    for folder, pattern in (
        ("", "*/*/day=*/*.parquet"),
        ("", "*/*/day=*/*"),
        ("a", "*/day=*/*"),
        ("a/b", "day=*/*.parquet"),
        ("a/c", "day=2026-01-02/*.bin"),
        ("a", "b/day=*/x.parquet"),
    ):
        in_folder = {below(tmp_path, file) for file in (tmp_path / folder).glob(pattern)}
        assert {below(root, file) for file in (root / folder).glob(pattern)} == in_folder
        assert in_folder


def test_a_footer_is_fetched_once(s3, root):
    for number in range(3):
        land(root, number)
    first = read_landed(root, [CRM])
    s3.fault("GET", path=".parquet", status=503, code="SlowDown", times=1000)

    assert read_landed(root, [CRM]) == first
    assert s3.met() == 0
    assert [rows for _, rows in first.batches] == [2, 1, 0]


def test_a_footer_of_a_file_that_was_written_anew_is_fetched_again(root):
    land(root, 1)
    read_landed(root, [CRM])
    (file,) = batch_files(root, "crm", "deals")
    about = BatchAbout(
        source="crm", stream="deals", day=date(2026, 11, 22), fetched_at=NOW, part=1, rows_erased=1
    )
    commit_batch(root, about, record_table([], [], [], NOW), version=file.stat().etag)

    ((stated, rows),) = read_landed(root, [CRM]).batches

    assert (stated.rows_erased, rows) == (1, 0)


def test_what_is_kept_of_footers_may_be_removed_at_any_time(root):
    land(root, 1)
    first = read_landed(root, [CRM])
    (root.at_hand / "footers.sqlite").unlink()

    assert read_landed(root, [CRM]) == first
