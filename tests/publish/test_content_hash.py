import hashlib
from datetime import datetime, timedelta

import duckdb
import pytest

from umlauf.publish.content_hash import content_hash, view_hash

pytestmark = pytest.mark.integration


def hash_of(values):
    with duckdb.connect() as connection:
        return content_hash(connection, f"(values {values}) t(a, b)", ["a", "b"])


def test_the_order_of_rows_does_not_matter():
    assert hash_of("(1, 'x'), (2, 'y')") == hash_of("(2, 'y'), (1, 'x')")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("('a|', 'b')", "('a', '|b')"),
        ("(null, 'b')", "('', 'b')"),
        ("('a', null)", "(null, 'a')"),
        ("('a;1', '')", "('a', ';1')"),
        ("('a', 'b'), ('a', 'b')", "('a', 'b')"),
        ("('a', 'b'), ('a', 'b')", "('c', 'd'), ('c', 'd')"),
        ("(1.10, 'b')", "(1.11, 'b')"),
    ],
)
def test_different_content_has_different_hashes(one, other):
    assert hash_of(one) != hash_of(other)


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Asia/Kolkata"])
def test_the_session_s_time_zone_and_threads_do_not_matter(zone):
    sql = "select i, timestamp '2026-03-29 02:30:00' + to_hours(i) as at from range(1000) t(i)"
    with duckdb.connect() as connection:
        connection.execute(f"set TimeZone = '{zone}'; set threads = {len(zone) % 3 + 1}")
        found = content_hash(connection, f"({sql})", ["i", "at"])

    # Told anew in Python: any engine that can write text and count MD5s finds the same.
    begin = datetime.fromisoformat("2026-03-29 02:30:00")
    texts = [(str(i), str(begin + timedelta(hours=i))) for i in range(1000)]
    rows = [f"{i}{at};{len(i)};{len(at)}" for i, at in texts]
    digests = [hashlib.md5(row.encode()).digest() for row in rows]  # noqa: S324 - no secret
    assert found == f"1000-{sum(int.from_bytes(digest[8:], 'little') for digest in digests):x}"


def test_the_hash_of_a_view_moves_with_its_rows_its_tables_and_the_day():
    with duckdb.connect() as connection:
        connection.execute("create view spans as from range(3)")
        reads = {"as of": "2026-11-21", "cash_flow.fct_receivable_span": "3-a"}
        stated = view_hash(connection, "spans", reads)

        assert view_hash(connection, "spans", dict(reversed(reads.items()))) == stated
        assert view_hash(connection, "spans", reads | {"as of": "2026-11-22"}) != stated
        assert view_hash(connection, "spans", reads | {"cash_flow.fct_receivable_span": "3-b"}) != (
            stated
        )
        connection.execute("create or replace view spans as from range(4)")
        assert view_hash(connection, "spans", reads) != stated
