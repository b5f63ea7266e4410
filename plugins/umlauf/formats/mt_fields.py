"""A SWIFT text file to fields with line numbers: `:61:...` and the lines that continue it.

In free text only tags of MT940/MT942 begin a field, because banks wrap it at column 65 and a
wrapped time (`13` / `:12:11`) looks like a tag. A lone `-` or `-}` ends a field.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from umlauf.errors import DataRejected

MOST_BYTES = 64 * 1024 * 1024  # a day of the busiest account is far below; text is held whole
_MOST_LINE = 64 * 1024
_TAG = re.compile(r"\s{0,4}:(13D?|20|21|25P?|28C?|34F|60[FM]|61|62[FM]|64|65|86|90[DC]|NS):(.*)")
_OTHER_TAG = re.compile(r"\s{0,4}:(?!94[02]:)(\w{1,4}):(.*)")  # :940: is some banks' envelope
_FREE_TEXT = ("61", "86", "NS")
_WRAPPED_TIME = re.compile(r":[0-5]\d:[0-5]\d(?!\d)")
_ENDS_IN_HOUR = re.compile(r"[T ](?:[01]\d|2[0-3])$")
_END = re.compile(r"-(?:\}.*|XXX|\x03)?\s*")
_BINARY = re.compile("[\x00\ufffe\uffff]")


@dataclass(slots=True)
class Field:
    """One field; `lines` are its text without the tag, `line` counts from 1.

    `is_known`: the tag is one of MT940/MT942.
    """

    tag: str
    lines: list[str]
    line: int
    is_known: bool = True

    @property
    def text(self) -> str:
        """The whole text, lines joined by line feeds."""
        return "\n".join(self.lines).strip()


def read_text(file: BinaryIO) -> str:
    """Return the file's text: UTF-8, UTF-16 with a mark, else Windows-1252 or Latin-1.

    Raises:
        DataRejected: NUL bytes, or more than a statement can be.
    """
    data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise DataRejected(f"MT940 text of more than {MOST_BYTES} bytes", "")
    text = _decode(data)
    found = _BINARY.search(text)
    if found:
        line = text.count("\n", 0, found.start()) + 1
        raise DataRejected(f"character {ord(found[0]):#x} does not belong in text", f"line {line}")
    return text


def fields_of(text: str) -> Iterator[Field]:
    """Yield the fields in order; what stands before the first or between `-` and a tag is left out.

    Raises:
        DataRejected: a line no bank writes.
    """
    field: Field | None = None
    for number, raw in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), 1):
        line = raw.rstrip()
        if len(line) > _MOST_LINE:
            raise DataRejected(f"a line of {len(line)} characters", f"line {number}")
        found = _field(line, number, field)
        if found:
            if field:
                yield field
            field = found
        elif field and _END.fullmatch(line):
            yield field
            field = None
        elif field:
            field.lines.append(line)
    if field:
        yield field


def _field(line: str, number: int, before: Field | None) -> Field | None:
    """Return the field that the line begins, if it does."""
    match = _TAG.match(line)
    if match:
        if before and _is_wrapped_time(before.lines[-1], line):
            return None
        return Field(match[1], [match[2]], number)
    unknown = None if before and before.tag in _FREE_TEXT else _OTHER_TAG.match(line)
    return Field(unknown[1], [unknown[2]], number, is_known=False) if unknown else None


def _is_wrapped_time(before: str, line: str) -> bool:
    return bool(_WRAPPED_TIME.match(line) and _ENDS_IN_HOUR.search(before))


def _decode(data: bytes) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", "replace")
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1")
