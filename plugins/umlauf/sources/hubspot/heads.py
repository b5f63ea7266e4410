"""Which objects a window holds: their ids and stamps, found by search."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from umlauf.errors import ConfigError
from umlauf.sources.hubspot.answers import Counted, Results
from umlauf.spec import Keys, Stream, Tally, Window
from umlauf.transport.budget import Budget
from umlauf.transport.decode import NO_STAMP, RecordReader, json_reader
from umlauf.transport.http import Ask, Session
from umlauf.transport.paging import growing

SEARCH_SIZE = 200
LIST_SIZE = 100


@dataclass(frozen=True, kw_only=True)
class Heads:
    """Ids and stamps of some objects; `total` counts all of this read, found and to be found."""

    ids: list[str]
    versions: list[datetime]
    after: str | None
    total: int | None = None


def search(
    session: Session, budget: Budget, stream: Stream, window: Window, after: str | None
) -> Iterator[Heads]:
    """Page by id alone: ties on a stamp cannot lose rows, 10,000 results are never reached.

    The search index lags behind the objects by seconds to minutes, so only ids and stamps
    are taken from it.
    """
    where = f"hubspot.{stream.name}"
    path = f"/crm/v3/objects/{stream.path}/search"
    read = json_reader(Results, f"{where}: POST {path}")
    reader = object_reader(stream)
    last, found, token = int(after or 0), 0, None
    seen: set[str] = set()
    while True:
        body = _search_body(stream, window, last) | ({"after": token} if token else {})
        ask = Ask(method="POST", path=path, stream=stream.name, json=body, budget=budget)
        answer = session.send(ask, read)
        ids, versions, _ = reader.read(answer.results)
        last = growing(where, ids, last)
        total = None if answer.total is None else found + answer.total
        found += len(ids)
        yield Heads(ids=ids, versions=versions, after=str(last), total=total)
        token = None if ids else answer.following
        if answer.following is None and found >= (total or 0):
            return
        if not ids:
            if token is None or token in seen:
                return
            seen.add(token)


def tally(session: Session, budget: Budget, stream: Stream) -> Tally:
    """Return how many objects there are, and the newest modified stamp among them."""
    stamp = stamp_name(stream)
    path = f"/crm/v3/objects/{stream.path}/search"
    body = {
        "filterGroups": [],
        "properties": [stamp],
        "sorts": [{"propertyName": stamp, "direction": "DESCENDING"}],
        "limit": 1,
    }
    ask = Ask(method="POST", path=path, stream=stream.name, json=body, budget=budget)
    answer = session.send(ask, json_reader(Counted, f"hubspot.{stream.name}: POST {path}"))
    _, versions, _ = object_reader(stream).read(answer.results)
    listing = max(1, -(-answer.total // LIST_SIZE))
    return Tally(total=answer.total, newest=max(versions, default=None), listing=listing)


def heads_of(wanted: Keys, size: int) -> Iterator[Heads]:
    """Cut keys into heads of at most `size` ids."""
    for start in range(0, len(wanted.keys), size):
        some = slice(start, start + size)
        yield Heads(ids=wanted.keys[some], versions=wanted.versions[some], after=None)


def stamp_name(stream: Stream) -> str:
    """Return the property that holds the modified stamp."""
    if stream.version is None:
        raise ConfigError(f"hubspot.{stream.name}: declares no version")
    return stream.version


def object_reader(stream: Stream) -> RecordReader:
    """Return the reader of id and stamp."""
    stamp = stamp_name(stream)
    path = stamp if stream.mode == "snapshot" else f"properties.{stamp}"
    return RecordReader(f"hubspot.{stream.name}", stamp=path)


def _search_body(stream: Stream, window: Window, last: int) -> dict[str, Any]:
    stamp = stamp_name(stream)
    filters = [
        {"propertyName": stamp, "operator": "GTE", "value": _milliseconds(window.start)},
        {"propertyName": "hs_object_id", "operator": "GT", "value": str(last)},
    ]
    if not window.is_open:
        filters.append(
            {"propertyName": stamp, "operator": "LT", "value": _milliseconds(window.end)}
        )
    return {
        "filterGroups": [{"filters": filters}],
        "properties": [stamp],
        "sorts": [{"propertyName": "hs_object_id", "direction": "ASCENDING"}],
        "limit": SEARCH_SIZE,
    }


def _milliseconds(moment: datetime) -> str:
    return str((moment - NO_STAMP) // timedelta(milliseconds=1))


def gather(several: Iterator[Heads], size: int) -> Iterator[Heads]:
    """Join heads up to `size` ids, so that one association request serves them all."""
    held: Heads | None = None
    for heads in several:
        if held is not None and len(held.ids) + len(heads.ids) > size:
            yield held
            held = None
        held = (
            heads
            if held is None
            else replace(heads, ids=held.ids + heads.ids, versions=held.versions + heads.versions)
        )
    if held is not None:
        yield held
