"""Batch reads: details of known ids. What is gone meanwhile is left to the census."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice

import msgspec

from umlauf.errors import SourceChanged, SourceUnavailable
from umlauf.sources.hubspot.answers import Batch, BatchError, Linked
from umlauf.spec import Stream
from umlauf.transport.decode import RecordReader, Records, json_reader, text_of
from umlauf.transport.http import Ask, Session

log = logging.getLogger(__name__)

READ_SIZE = 100
READ_SIZE_WITH_HISTORY = 50

Post = Callable[[list[dict[str, str]]], Batch]


def chunks(ids: Iterable[str], size: int) -> Iterator[list[str]]:
    """Cut `ids` into lists of at most `size`."""
    rest = iter(ids)
    while chunk := list(islice(rest, size)):
        yield chunk


def read_objects(
    session: Session, stream: Stream, reader: RecordReader, ids: Sequence[str]
) -> Records:
    """Return the objects with these ids, as far as they exist under them.

    An id that is neither answered nor excused is asked for once more. HubSpot answers for a merged
    record with the one it was merged into, which is landed under its own id alone.
    """
    path = f"/crm/v3/objects/{stream.path}/batch/read"
    body = {"properties": stream.fields, "propertiesWithHistory": stream.history}
    post = _poster(session, stream, path, body)
    records = Records([], [], [])
    for chunk in chunks(ids, READ_SIZE_WITH_HISTORY if stream.history else READ_SIZE):
        answered, _ = _ask_twice(stream, post, chunk, lambda raws: set(reader.read(raws).keys))
        unseen = set(chunk)
        for key, version, payload in zip(*reader.read(answered), strict=True):
            if key in unseen:
                unseen.remove(key)
                records.keys.append(key)
                records.versions.append(version)
                records.payloads.append(payload)
    return records


def read_links(session: Session, stream: Stream, ids: Sequence[str]) -> dict[str, str]:
    """Return the associations of each id as JSON text; an id that is gone is absent.

    A record without associations gets an empty list: that they were removed is news, too.
    """
    path = f"/crm/v4/associations/{stream.path}/{stream.to}/batch/read"
    post = _poster(session, stream, path, {})
    raws, gone = _ask_twice(stream, post, ids, _near_ids)
    texts = {one: f'{{"from":{{"id":"{one}"}},"to":[]}}' for one in ids if one not in gone}
    for raw in raws:
        linked = _linked(raw)
        near = str(linked.near.id)
        if near not in texts:  # the survivor of a merge, which is asked for under its own id
            continue
        text = text_of(raw, f"hubspot.{stream.name}: record {near!r}")
        if linked.following is not None:
            text = _all_links(stream, post, near, linked)
        texts[near] = text
    return texts


def _poster(session: Session, stream: Stream, path: str, body: Mapping[str, object]) -> Post:
    read = json_reader(Batch, f"hubspot.{stream.name}: POST {path}")

    def post(inputs: list[dict[str, str]]) -> Batch:
        json = {"inputs": inputs, **body}
        return session.send(Ask(method="POST", path=path, stream=stream.name, json=json), read)

    return post


def _ask_twice(
    stream: Stream,
    post: Post,
    ids: Sequence[str],
    ids_in: Callable[[list[msgspec.Raw]], set[str]],
) -> tuple[list[msgspec.Raw], set[str]]:
    answered: list[msgspec.Raw] = []
    excused: set[str] = set()
    unlinked: set[str] = set()
    missing = list(ids)
    for _ in range(2):
        batch = post([{"id": one} for one in missing])
        for error in _expected(stream, batch.errors):
            (unlinked if error.is_unlinked else excused).update(error.ids)
        answered += batch.results
        known = ids_in(batch.results) | excused | unlinked
        missing = [one for one in missing if one not in known]
        if not missing:
            break
    if missing:
        log.info(
            "hubspot.%s: %d ids found are not there under their own id, as merged records; the "
            "first is %s",
            stream.name,
            len(missing),
            missing[0],
        )
    return answered, excused & set(ids)


def _expected(stream: Stream, errors: Sequence[BatchError]) -> Sequence[BatchError]:
    """Return the errors, which must all say no more than that there is nothing."""
    for error in errors:
        if not error.is_expected:
            raise SourceUnavailable(
                f"hubspot.{stream.name}: a batch came with {error.category}: {error.message}"
            )
    return errors


_read_linked = json_reader(Linked, "hubspot: associations")


def _linked(raw: msgspec.Raw) -> Linked:
    return _read_linked(bytes(raw))


def _near_ids(raws: list[msgspec.Raw]) -> set[str]:
    return {str(_linked(raw).near.id) for raw in raws}


def _all_links(stream: Stream, post: Post, near: str, first: Linked) -> str:
    """Join the pages of one record's associations into one text."""
    links, following = list(first.to), first.following
    seen = {following}
    while following is not None:
        batch = post([{"id": near, "after": following}])
        excuses = _expected(stream, batch.errors)
        page = next((_linked(raw) for raw in batch.results), None)
        if page is None and not excuses:
            raise SourceUnavailable(
                f"hubspot.{stream.name}: record {near!r}: page {following!r} was promised and "
                "did not come"
            )
        if page is None:  # deleted meanwhile: the deletion feed tells
            break
        links += page.to
        following = page.following
        if following is not None and following in seen:
            raise SourceChanged(
                f"hubspot.{stream.name}: record {near!r}: page token {following!r} repeats"
            )
        seen.add(following)
    where = f"hubspot.{stream.name}: record {near!r}"
    joined = ",".join(text_of(link, where) for link in links)
    return f'{{"from":{{"id":"{near}"}},"to":[{joined}]}}'
