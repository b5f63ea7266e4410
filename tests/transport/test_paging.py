import msgspec
import pytest

from umlauf.errors import SourceChanged
from umlauf.transport.paging import Fetched, cursor_pages, growing, offset_pages


def answers(*pages):
    """Return a fake `fetch` that serves `pages` in order and records what it was asked."""
    queue, asked = list(pages), []

    def fetch(params):
        asked.append(dict(params))
        return queue.pop(0)

    fetch.asked = asked
    return fetch


def page(*records, following=None):
    return Fetched([msgspec.Raw(record) for record in records], following)


def read(pages):
    return [bytes(record) for one in pages for record in one.records]


def test_the_token_is_followed_over_empty_and_short_pages():
    fetch = answers(page(b"1", following="a"), page(following="b"), page(b"2"))

    assert read(cursor_pages("x", fetch)) == [b"1", b"2"]
    assert fetch.asked == [{}, {"after": "a"}, {"after": "b"}]


@pytest.mark.parametrize("loop", [["a", "a"], ["a", "b", "a"], ["start"]])
def test_a_repeating_page_token_stops_the_loop(loop):
    fetch = answers(*(page(b"1", following=token) for token in loop), page())

    with pytest.raises(SourceChanged, match="repeats"):
        list(cursor_pages("x", fetch, after="start"))


def test_offsets_count_what_came_until_a_page_is_empty():
    fetch = answers(page(b"1", b"2"), page(b"3"), page())

    assert read(offset_pages("x", fetch, size=2)) == [b"1", b"2", b"3"]
    assert [asked["offset"] for asked in fetch.asked] == [0, 2, 3]


def test_an_api_that_ignores_the_offset_stops_the_loop():
    with pytest.raises(SourceChanged, match="the page at offset 1 repeats"):
        list(offset_pages("x", answers(page(b"1"), page(b"1")), size=1))


def test_ids_must_grow():
    assert growing("x", ["4", "7"], 3) == 7
    for keys in (["3"], ["5", "5"], ["10", "9"]):
        with pytest.raises(SourceChanged, match="growing order"):
            growing("x", keys, 3)


@pytest.mark.parametrize("key", ["", "a7", "-7", "1_0", "\u0667", "9" * 5000])
def test_an_id_that_is_no_number_is_named(key):
    with pytest.raises(SourceChanged, match="expected a number as id"):
        growing("x", [key], 3)
