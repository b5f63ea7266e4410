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

    assert found == "1000-204740fa3883fff0824"


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
