"""A batch in a bucket is there whole or not, once, whatever becomes of the request."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import pytest

from umlauf.errors import LandingUnavailable, LeaseLost
from umlauf.landing.batch import BatchAbout, batch_files, commit_batch, read_about
from umlauf.landing.columns import record_table
from umlauf.landing.rewrite import rewrite
from umlauf.storage.commit import commit
from umlauf.storage.parquet import read_rows

pytestmark = pytest.mark.integration

NOW = datetime(2026, 11, 23, 3, 30, tzinfo=UTC)
ABOUT = BatchAbout(source="crm", stream="deals", day=date(2026, 11, 22), fetched_at=NOW)


def rows(payload="{}"):
    return record_table(["1"], [NOW], [payload], NOW)


def landed(root):
    return [read_rows(file)["payload"].to_pylist() for file in batch_files(root, "crm", "deals")]


def test_a_batch_is_the_same_bytes_in_a_bucket_as_in_a_folder(root, tmp_path):
    assert commit_batch(root, ABOUT, rows()).read_bytes() == (
        commit_batch(tmp_path, ABOUT, rows()).read_bytes()
    )
    assert [read_about(file).batch_id for file in batch_files(root, "crm", "deals")] == [
        ABOUT.batch_id
    ]


def test_of_two_writers_of_one_batch_one_wins_and_the_other_is_told(root):
    def write(number):
        try:
            commit_batch(root, ABOUT, rows(f'{{"writer": {number}}}'))
        except LeaseLost as lost:
            return str(lost)
        return number

    with ThreadPoolExecutor(8) as writers:
        said = list(writers.map(write, range(8)))

    (winner,) = [number for number in said if isinstance(number, int)]
    assert landed(root) == [[f'{{"writer": {winner}}}']]
    assert all("only writer" in one for one in said if one != winner)


def test_two_writers_of_the_same_content_both_find_it_landed(root):
    with ThreadPoolExecutor(8) as writers:
        list(writers.map(lambda _: commit_batch(root, ABOUT, rows()), range(8)))

    assert landed(root) == [["{}"]]


@pytest.mark.parametrize("times", [1, 2])
def test_a_put_whose_answer_is_lost_finds_its_own_object(s3, root, times):
    s3.fault("PUT", lose=True, times=times)

    commit_batch(root, ABOUT, rows())

    assert s3.met() == times
    assert landed(root) == [["{}"]]


def test_a_lost_answer_is_no_excuse_for_another_s_object(s3, root):
    commit_batch(root, ABOUT, rows('{"first": true}'))
    s3.fault("PUT", lose=True)

    with pytest.raises(LeaseLost):
        commit_batch(root, ABOUT, rows('{"second": true}'))

    assert landed(root) == [['{"first": true}']]


@pytest.mark.parametrize(
    ("status", "code"), [(503, "SlowDown"), (500, "InternalError"), (409, "OperationAborted")]
)
def test_a_server_that_asks_for_patience_is_asked_again(s3, root, status, code):
    s3.fault("PUT", status=status, code=code, times=2)

    commit_batch(root, ABOUT, rows())

    assert s3.met() == 2
    assert landed(root) == [["{}"]]


def test_a_batch_that_never_got_through_is_not_there(s3, root):
    s3.fault("PUT", status=503, code="SlowDown", times=1000)

    with pytest.raises(LandingUnavailable, match="see whether the server is up"):
        commit_batch(root, ABOUT, rows())

    s3.fault("PUT", times=0)
    assert landed(root) == []


def test_a_batch_that_somebody_wrote_anew_meanwhile_is_not_overwritten(root):
    target = commit_batch(root, ABOUT, rows('{"first": true}'))
    version = target.stat().etag
    target.write_bytes(b"another's")

    with pytest.raises(LeaseLost):
        commit(target, b"ours", version=version)

    assert target.read_bytes() == b"another's"


def test_a_batch_is_written_anew_although_the_answer_was_lost(s3, root):
    class Mine:
        def check(self):
            pass

    target = commit_batch(root, ABOUT, rows())
    s3.fault("PUT", lose=True)

    rewrite(root, target, frozenset(), Mine())

    assert s3.met() == 1
    assert landed(root) == [["{}"]]
