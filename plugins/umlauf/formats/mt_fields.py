"""A SWIFT text file to fields with line numbers: `:61:...` and the lines that continue it.

Only tags of MT940/MT942 begin a field, because banks wrap free text at column 65 and a wrapped
time (`13` / `:12:11`) looks like a tag. A lone `-` or `-}` ends a field.
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
_WRAPPED_TIME = re.compile(r":[0-5]\d:[0-5]\d(?!\d)")
_ENDS_IN_HOUR = re.compile(r"[T ](?:[01]\d|2[0-3])$")
_END = re.compile(r"-(?:\}.*|XXX|\x03)?\s*")
_BINARY = re.compile("[\x00\ufffe\uffff]")


@dataclass(slots=True)
class Field:
    """One field; `lines` are its text without the tag, `line` counts from 1."""

    tag: str
    lines: list[str]
    line: int

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
        match = _TAG.match(line)
        if match and not (field and _is_wrapped_time(field.lines[-1], line)):
            if field:
                yield field
            field = Field(match[1], [match[2]], number)
        elif field and _END.fullmatch(line):
            yield field
            field = None
        elif field:
            field.lines.append(line)
    if field:
        yield field


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
