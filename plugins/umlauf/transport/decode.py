"""Read a record's key and stamp while its own text stays untouched."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from operator import attrgetter
from typing import Any, NamedTuple, TypeVar

import msgspec

from umlauf.errors import SourceChanged

T = TypeVar("T")

# One half of a surrogate pair: no valid text, and no JSON reader after us would take it.
_LONE_SURROGATE = re.compile(
    rb"(?<!\\)((?:\\\\)*)"
    rb"(?:(\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})|\\u[dD][89a-fA-F][0-9a-fA-F]{2})"
)

# Bytes that are not UTF-8 and depths beyond Python's raise errors of their own.
_UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)

NO_STAMP = datetime(1970, 1, 1, tzinfo=UTC)


class Records(NamedTuple):
    """Parallel lists: keys, aware UTC stamps, JSON texts."""

    keys: list[str]
    versions: list[datetime]
    payloads: list[str]


def json_reader(shape: type[T], where: str) -> Callable[[bytes], T]:
    """Return a function from body to `shape`.

    It raises msgspec.DecodeError when the body is not JSON (ask again), SourceChanged when it is
    JSON of another shape, depth or encoding (asking again is useless). A lone surrogate becomes
    U+FFFD.
    """
    decoder = msgspec.json.Decoder(shape)

    def read(body: bytes) -> T:
        try:
            return decoder.decode(body)
        except msgspec.ValidationError as error:
            raise SourceChanged(f"{where}: {_plain(error)}; it has {_outline(body)}") from None
        except msgspec.DecodeError:
            mended = _LONE_SURROGATE.sub(_mend, body)
            if mended == body:
                raise
            return read(mended)
        except UnicodeDecodeError:
            raise SourceChanged(f"{where}: expected UTF-8, came other bytes") from None
        except RecursionError:
            raise SourceChanged(f"{where}: JSON nested deeper than any answer") from None

    return read


def read_or(default: T, body: bytes) -> T:
    """Return what the body says in the default's shape, and the default where it says nothing."""
    try:
        return msgspec.json.decode(body, type=type(default))
    except _UNREADABLE:
        return default


def text_of(raw: msgspec.Raw, where: str) -> str:
    """Return the JSON text as it came.

    Raises:
        SourceChanged: it is not UTF-8.
    """
    try:
        return str(raw, "utf-8")
    except UnicodeDecodeError:
        raise SourceChanged(f"{where}: expected UTF-8, came other bytes") from None


def _mend(match: re.Match[bytes]) -> bytes:
    return match[1] + (match[2] or b"\\ufffd")


class RecordReader:
    """Reads key and stamp of one stream's records.

    `key` and `stamp` are dotted paths; no `stamp`: the records carry none and get NO_STAMP.
    With `naive_is_utc` a stamp without offset is UTC (Odoo); otherwise it is an error.
    """

    def __init__(
        self,
        where: str,
        *,
        key: str = "id",
        key_type: type = str,
        stamp: str | None = None,
        naive_is_utc: bool = False,
    ) -> None:
        self._where = where
        self._key = key
        self._naive_is_utc = naive_is_utc
        paths: dict[str, type] = {key: key_type} | ({stamp: datetime} if stamp else {})
        self._decoder = msgspec.json.Decoder(_shape(paths))
        self._key_of = attrgetter(key)
        self._stamp_of = attrgetter(stamp) if stamp else lambda _: NO_STAMP

    def read(self, raws: Sequence[msgspec.Raw]) -> Records:
        """Return the records in the order they came.

        Raises:
            SourceChanged: a record lacks its key or stamp, or is not UTF-8; the message names it.
        """
        records = Records([], [], [])
        for raw in raws:
            key, stamp = self._identify(raw)
            records.keys.append(key)
            records.versions.append(stamp)
            try:
                records.payloads.append(str(raw, "utf-8"))
            except UnicodeDecodeError:
                raise self._changed(raw, "expected UTF-8, came other bytes") from None
        return records

    def _identify(self, raw: msgspec.Raw) -> tuple[str, datetime]:
        try:
            record = self._decoder.decode(raw)
        except _UNREADABLE as error:
            raise self._changed(raw, _plain(error)) from None
        key = str(self._key_of(record))
        if not key.strip():
            raise self._changed(raw, f"expected a key at {self._key!r}, came {key!r}")
        stamp: datetime = self._stamp_of(record)
        if stamp.tzinfo is UTC:
            return key, stamp
        if stamp.tzinfo is not None:
            try:
                return key, stamp.astimezone(UTC)
            except OverflowError:
                raise self._changed(raw, f"expected a time of our calendar, came {stamp}") from None
        if self._naive_is_utc:
            return key, stamp.replace(tzinfo=UTC)
        raise self._changed(raw, f"expected a time with its UTC offset, came {stamp}")

    def _changed(self, raw: msgspec.Raw, complaint: str) -> SourceChanged:
        key = _value(bytes(raw))
        for name in self._key.split("."):
            key = key.get(name) if isinstance(key, dict) else None
        named = "a record without key" if key is None else f"record {key!r}"
        return SourceChanged(f"{self._where}: {named}: {complaint}; it has {_outline(bytes(raw))}")


def _shape(paths: Mapping[str, type]) -> type[msgspec.Struct]:
    """Return a struct that reads just these dotted paths."""
    fields: dict[str, Any] = {}
    nested: dict[str, dict[str, type]] = {}
    for path, kind in paths.items():
        name, _, rest = path.partition(".")
        if rest:
            nested.setdefault(name, {})[rest] = kind
        else:
            fields[name] = kind
    fields |= {name: _shape(inner) for name, inner in nested.items()}
    # `from` cannot be written as a field, but msgspec and attrgetter take it.
    return msgspec.defstruct("Record", list(fields.items()))


def _plain(error: Exception) -> str:
    """Return msgspec's sentence in the house's words: expected, came, where."""
    return str(error).replace(", got ", ", came ").replace(" - at ", " at ").replace("`", "'")


def _outline(body: bytes) -> str:
    """Return the field names of a JSON text, never its values."""
    value = _value(body)
    if isinstance(value, dict):
        return ascii(sorted(value))
    return f"a list of {len(value)}" if isinstance(value, list) else type(value).__name__


def _value(body: bytes) -> Any:
    """Return what a JSON text says, None where we cannot tell."""
    try:
        return msgspec.json.decode(body.decode("utf-8", "replace"))
    except _UNREADABLE:
        return None
