import duckdb
import pytest

from umlauf.publish.content_hash import content_hash

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
