"""Page iterators for plain REST sources; each stops when an API sends it round in circles.

`fetch(params)` returns one page's records and the token of the next page, None on the last.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import msgspec

from umlauf.errors import SourceChanged

_MOST_DIGITS = 40


class Fetched(NamedTuple):
    """One answer: records as they came, the next page's token, the API's own count."""

    records: list[msgspec.Raw]
    following: str | None = None
    total: int | None = None


Fetch = Callable[[Mapping[str, Any]], Fetched]


def cursor_pages(
    where: str, fetch: Fetch, *, after: str | None = None, param: str = "after"
) -> Iterator[Fetched]:
    """Follow the page token until the API stops sending one; pages may be empty or short.

    Raises:
        SourceChanged: a token comes back that was followed before.
    """
    seen = {after}
    while True:
        page = fetch({} if after is None else {param: after})
        yield page
        after = page.following
        if after is None:
            return
        if after in seen:
            raise SourceChanged(f"{where}: page token {after!r} repeats; stopped the loop")
        seen.add(after)


def offset_pages(
    where: str, fetch: Fetch, *, size: int, after: str | None = None, param: str = "offset"
) -> Iterator[Fetched]:
    """Count through pages by offset until one is empty; a short page is not the last.

    Rows that appear or vanish meanwhile shift the others: prefer a cursor where there is one.

    Raises:
        SourceChanged: a page equals the one before, so the API ignores the offset.
    """
    offset, before = int(after or 0), list[bytes]()
    while True:
        page = fetch({param: offset, "limit": size})
        if not page.records:
            return
        current = [bytes(record) for record in page.records]
        if current == before:
            raise SourceChanged(f"{where}: the page at {param} {offset} repeats; stopped the loop")
        offset, before = offset + len(current), current
        yield page._replace(following=str(offset))


def growing(where: str, keys: Iterable[str], last: int) -> int:
    """Return the last of `keys`, which must be numbers that grow from `last` on.

    Raises:
        SourceChanged: a key does not grow, so the API ignores our order or our filter, which keyset
            paging depends on; or it is no number.
    """
    for key in keys:
        if not (key.isascii() and key.isdigit() and len(key) < _MOST_DIGITS):
            raise SourceChanged(f"{where}: expected a number as id, came {key[:40]!r}")
        if int(key) <= last:
            raise SourceChanged(
                f"{where}: expected ids in growing order, came {key} after {last}; stopped the loop"
            )
        last = int(key)
    return last
