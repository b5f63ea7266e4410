"""Odoo's JSON-2 API: one call reads a page, by id inside the window."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

import msgspec

from umlauf.errors import ConfigError, SourceChanged
from umlauf.spec import Connection, Keys, Limits, Page, Stream, Tally, Window
from umlauf.transport.decode import NO_STAMP, RecordReader, json_reader, read_or, text_of
from umlauf.transport.http import Ask, Complaint, Session
from umlauf.transport.paging import growing
from umlauf.transport.retry import Pace
from umlauf.transport.secrets import Token

PAGE_SIZE = 1000
CENSUS_SIZE = 10_000
# Odoo keeps these on every model; they are read without being declared.
ALWAYS = ("create_date", "write_date")
Term = tuple[str, str, Any]
T = TypeVar("T")


class OdooClient:
    """Reads the streams of `umlauf.sources.odoo.SOURCE`."""

    def __init__(self, connection: Connection, limits: Limits, *, pace: Pace | None = None) -> None:
        """Prepare; the first request is sent by the first page.

        Raises:
            ConfigError: the connection has no URL or no API key.
        """
        for name, value in (("host", connection.url), ("password (API key)", connection.password)):
            if not value:
                raise ConfigError(f"connection {connection.conn_id!r}: expected its {name}")
        database = str(connection.extra.get("database", ""))
        self._context = _context(connection)
        self._session = Session(
            "odoo",
            connection.url,
            limits=limits,
            token=Token(value=connection.password, scheme="bearer"),
            headers={"X-Odoo-Database": database} if database else None,
            explain=explain,
            pace=pace,
        )

    def close(self) -> None:
        """Release sockets."""
        self._session.close()

    def pages(self, stream: Stream, window: Window, after: str | None) -> Iterator[Page]:
        """Yield the records of `window`, continuing behind `after` when it is given."""
        if stream.mode == "report":
            return iter([self._report(stream)])
        last = int(after or 0)
        return self._by_id(stream, _bounds(stream, window), _fields(stream), PAGE_SIZE, last)

    def tally(self, stream: Stream) -> Tally:
        """Return count and newest write_date of all records, archived ones included."""
        (counted,) = self._groups(stream, (), ("__count", "write_date:max"), tuple[_Counted])
        # The page behind the last is empty: a short page is not the last.
        listing = -(-counted.total // CENSUS_SIZE) + 1
        return Tally(total=counted.total, newest=counted.newest_at, listing=listing)

    def census(self, stream: Stream) -> Iterator[Keys]:
        """Yield every id that exists now with its write_date, archived ones included."""
        for page in self._by_id(stream, [], ("write_date",), CENSUS_SIZE):
            yield Keys(keys=page.keys, versions=page.versions)

    def records(self, stream: Stream, wanted: Keys) -> Iterator[Page]:
        """Yield these records of a census; those that are gone meanwhile are left out."""
        for start in range(0, len(wanted.keys), PAGE_SIZE):
            ids = [int(key) for key in wanted.keys[start : start + PAGE_SIZE]]
            yield from self._by_id(stream, [("id", "in", ids)], _fields(stream), PAGE_SIZE)

    def _report(self, stream: Stream) -> Page:
        sent = self._session.requests
        raws = self._groups(stream, stream.groupby, stream.aggregates, list[msgspec.Raw])
        where = f"odoo.{stream.name}: a group of the report"
        read, read_counts = json_reader(dict[str, Any], where), json_reader(_Counted, where)
        newest = [read_counts(bytes(raw)).newest_at for raw in raws]
        return Page(
            keys=[_group_key(where, stream, read(bytes(raw))) for raw in raws],
            versions=[moment or NO_STAMP for moment in newest],
            payloads=[text_of(raw, where) for raw in raws],
            requests=self._session.requests - sent,
        )

    def _groups(
        self, stream: Stream, groupby: Sequence[str], aggregates: Sequence[str], shape: type[T]
    ) -> T:
        path = f"/json/2/{stream.path}/formatted_read_group"
        body = {
            "domain": [*stream.domain],
            "groupby": [*groupby],
            "aggregates": [*aggregates],
            "context": self._context,
        }
        ask = Ask(method="POST", path=path, stream=stream.name, json=body)
        return self._session.send(ask, json_reader(shape, f"odoo.{stream.name}: POST {path}"))

    def _by_id(
        self, stream: Stream, domain: list[Term], fields: Sequence[str], size: int, last: int = 0
    ) -> Iterator[Page]:
        where = f"odoo.{stream.name}"
        path = f"/json/2/{stream.path}/search_read"
        read = json_reader(list[msgspec.Raw], f"{where}: POST {path}")
        reader = RecordReader(where, key_type=int, stamp=stream.version, naive_is_utc=True)
        sent = self._session.requests
        while True:
            body = {
                "domain": [*stream.domain, *domain, ("id", ">", last)],
                "fields": [*fields],
                "order": "id asc",
                "limit": size,
                "context": self._context,
            }
            ask = Ask(method="POST", path=path, stream=stream.name, json=body)
            records = reader.read(self._session.send(ask, read))
            last = growing(where, records.keys, last)
            spent, sent = self._session.requests - sent, self._session.requests
            yield Page(
                keys=records.keys,
                versions=records.versions,
                payloads=records.payloads,
                after=str(last),
                requests=spent,
            )
            if not records.keys:  # a short page is not the last: proxies and rules cut pages, too
                return


class _Counted(msgspec.Struct):
    total: int = msgspec.field(name="__count")
    newest: datetime | bool = msgspec.field(name="write_date:max")  # false where there is none

    @property
    def newest_at(self) -> datetime | None:
        """The newest write_date, aware UTC."""
        return self.newest.replace(tzinfo=UTC) if isinstance(self.newest, datetime) else None


class _Refusal(msgspec.Struct):
    name: str = ""
    message: str = ""


def explain(body: bytes) -> Complaint:
    """Return one sentence from Odoo's error body, never its traceback.

    Odoo answers HTTP 500 for mistakes in the question, too: an unknown field is a ValueError.
    """
    refusal = read_or(_Refusal(), body)
    lines = refusal.message.strip().splitlines() or [""]
    kind = refusal.name.rpartition(".")[2]
    return Complaint(
        sentence=": ".join(part for part in (kind, lines[0].strip()) if part),
        is_final=refusal.name.startswith(("builtins.", "odoo.exceptions.")),
    )


def _context(connection: Connection) -> dict[str, Any]:
    """Return Odoo's context: archived records too, and the companies that are wanted."""
    companies = connection.extra.get("companies") or ()
    if isinstance(companies, str | int):  # a URI's query says 1, "1,2" or "[1, 2]"
        companies = str(companies).strip("[] ").split(",")
    try:
        allowed = [int(company) for company in companies]
    except (TypeError, ValueError):
        raise ConfigError(
            f"connection {connection.conn_id!r}: expected a list of company ids in extra.companies"
        ) from None
    return {"active_test": False, **({"allowed_company_ids": allowed} if allowed else {})}


def _group_key(where: str, stream: Stream, group: dict[str, Any]) -> str:
    """Join what a group is of: the id of a [id, name], the first day of a [day, month]."""
    missing = [name for name in stream.groupby if group.get(name, []) == []]
    if missing:
        raise SourceChanged(f"{where}: expected {missing[0]!r}; it has {sorted(group)}")
    labels = [group[name] for name in stream.groupby]
    return "/".join(str(label[0] if isinstance(label, list) else label) for label in labels)


def _fields(stream: Stream) -> tuple[str, ...]:
    return (*stream.fields, *ALWAYS)


def _bounds(stream: Stream, window: Window) -> list[Term]:
    if stream.mode == "snapshot" or window.is_full or stream.version is None:
        return []
    bounds: list[Term] = [(stream.version, ">=", _seconds(window.start))]
    if not window.is_open:
        bounds.append((stream.version, "<", _seconds(window.end)))
    return bounds


def _seconds(moment: datetime) -> str:
    """Return Odoo's text for an aware UTC moment, cut to the second at both ends of a window."""
    return moment.strftime("%Y-%m-%d %H:%M:%S")
