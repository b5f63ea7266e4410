"""HubSpot's own ways: lists for everything, searches by id for a window, batches for details."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from umlauf.sources.hubspot.answers import PipelineStamps, Results, explain
from umlauf.sources.hubspot.batches import read_links, read_objects
from umlauf.sources.hubspot.heads import (
    LIST_SIZE,
    SEARCH_SIZE,
    Heads,
    gather,
    heads_of,
    object_reader,
    search,
    stamp_name,
    tally,
)
from umlauf.sources.hubspot.login import token_of
from umlauf.sources.hubspot.totals import stage_totals
from umlauf.spec import Connection, Keys, Limits, Page, Stream, Tally, Window
from umlauf.transport.budget import shared_budget
from umlauf.transport.decode import json_reader
from umlauf.transport.http import Ask, Session
from umlauf.transport.paging import Fetched, cursor_pages
from umlauf.transport.retry import Pace

API = "https://api.hubapi.com"
LIST_SIZE_WITH_HISTORY = 50
LINK_SIZE = 1000
SEARCHES_PER_SECOND = 4.0  # HubSpot: 5 in any second, for the whole account


class HubspotClient:
    """Reads the streams of `umlauf.sources.hubspot.SOURCE`."""

    def __init__(self, connection: Connection, limits: Limits, *, pace: Pace | None = None) -> None:
        """Prepare; the first request is sent by the first page.

        Raises:
            ConfigError: the connection has no token.
        """
        url = connection.url or API
        self._session = Session(
            "hubspot",
            url,
            limits=limits,
            token=token_of(connection, url, limits),
            explain=explain,
            pace=pace,
        )
        rate = float(connection.extra.get("searches_per_second", SEARCHES_PER_SECOND))
        self._searches = shared_budget("hubspot search", rate, burst_seconds=0)
        self._tallies: dict[str, Tally] = {}

    def close(self) -> None:
        """Release sockets."""
        self._session.close()

    def pages(self, stream: Stream, window: Window, after: str | None) -> Iterator[Page]:
        """Yield the records of `window`, continuing behind `after` when it is given."""
        if stream.mode == "report":
            return iter([stage_totals(self._session, self._searches, stream)])
        if stream.mode == "snapshot":
            return self._snapshot(stream, after)
        if stream.to:
            return self._links(stream, self._heads(stream, window, after))
        if window.is_full:
            return self._list(stream, after, stream.fields)
        return self._details(stream, self._heads(stream, window, after))

    def tally(self, stream: Stream) -> Tally:
        """Return count and newest stamp as the search index has them, a minute or so behind.

        Associations are counted with their objects, once a run: searches are the scarcest requests.
        """
        if stream.path not in self._tallies:
            self._tallies[stream.path] = tally(self._session, self._searches, stream)
        return self._tallies[stream.path]

    def census(self, stream: Stream) -> Iterator[Keys]:
        """Yield every id that exists now: archived, merged and erased ones are not among them."""
        for page in self._list(stream, None, (stamp_name(stream),)):
            yield Keys(keys=page.keys, versions=page.versions)

    def records(self, stream: Stream, wanted: Keys) -> Iterator[Page]:
        """Yield these records of a census; those that are gone meanwhile are left out."""
        heads = heads_of(wanted, SEARCH_SIZE)
        return self._links(stream, heads) if stream.to else self._details(stream, heads)

    def _list(self, stream: Stream, after: str | None, fields: tuple[str, ...]) -> Iterator[Page]:
        has_history = bool(stream.history) and fields == stream.fields
        params: dict[str, Any] = {
            "limit": LIST_SIZE_WITH_HISTORY if has_history else LIST_SIZE,
            "properties": ",".join(fields),
            "archived": "false",
        }
        if has_history:
            params["propertiesWithHistory"] = ",".join(stream.history)
        return self._follow(stream, f"/crm/v3/objects/{stream.path}", params, after)

    def _follow(
        self, stream: Stream, path: str, params: dict[str, Any], after: str | None
    ) -> Iterator[Page]:
        where = f"hubspot.{stream.name}"
        read = json_reader(Results, f"{where}: GET {path}")
        records = object_reader(stream)

        def fetch(token: Any) -> Fetched:
            ask = Ask(method="GET", path=path, stream=stream.name, params={**params, **token})
            answer = self._session.send(ask, read)
            return Fetched(answer.results, answer.following)

        sent = self._session.requests
        for page in cursor_pages(where, fetch, after=after):
            keys, versions, payloads = records.read(page.records)
            spent, sent = self._session.requests - sent, self._session.requests
            yield Page(
                keys=keys,
                versions=versions,
                payloads=payloads,
                after=page.following,
                requests=spent,
            )

    def _snapshot(self, stream: Stream, after: str | None) -> Iterator[Page]:
        if stream.name == "pipelines":
            return map(_with_stage_stamps, self._follow(stream, stream.path, {}, after))
        return self._owners(stream, after)

    def _owners(self, stream: Stream, after: str | None) -> Iterator[Page]:
        """Yield active, then archived owners: old deals still name those who left."""
        reached, _, token = (after or "false:").partition(":")
        for archived in ("false", "true"):
            if archived < reached:
                continue
            params = {"limit": LIST_SIZE, "archived": archived}
            start = token if archived == reached and token else None
            for page in self._follow(stream, stream.path, params, start):
                yield replace(page, after=f"{archived}:{page.after}" if page.after else "true:")

    def _details(self, stream: Stream, several: Iterator[Heads]) -> Iterator[Page]:
        sent, gone = self._session.requests, 0
        reader = object_reader(stream)
        for heads in several:
            records = read_objects(self._session, stream, reader, heads.ids)
            gone += len(heads.ids) - len(records.keys)
            spent, sent = self._session.requests - sent, self._session.requests
            yield Page(
                keys=records.keys,
                versions=records.versions,
                payloads=records.payloads,
                after=heads.after,
                requests=spent,
                total=None if heads.total is None else heads.total - gone,
            )

    def _links(self, stream: Stream, several: Iterator[Heads]) -> Iterator[Page]:
        sent, gone = self._session.requests, 0
        for heads in gather(several, LINK_SIZE):
            texts = read_links(self._session, stream, heads.ids) if heads.ids else {}
            versions = dict(zip(heads.ids, heads.versions, strict=True))
            gone += len(versions) - len(texts)
            spent, sent = self._session.requests - sent, self._session.requests
            yield Page(
                keys=list(texts),
                versions=[versions[key] for key in texts],
                payloads=list(texts.values()),
                after=heads.after,
                requests=spent,
                total=None if heads.total is None else heads.total - gone,
            )

    def _heads(self, stream: Stream, window: Window, after: str | None) -> Iterator[Heads]:
        if not window.is_full:
            return search(self._session, self._searches, stream, window, after)
        pages = self._list(stream, after, (stamp_name(stream),))
        return (Heads(ids=page.keys, versions=page.versions, after=page.after) for page in pages)


def _with_stage_stamps(page: Page) -> Page:
    read = json_reader(PipelineStamps, "hubspot.pipelines")
    return replace(page, versions=[read(text.encode()).newest for text in page.payloads])
