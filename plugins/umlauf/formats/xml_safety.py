"""A pull parser that hostile XML cannot use against us.

No DOCTYPE at all (so no entities, no external subset), no network, libxml2's own limits on depth
and text length left on (never huge_tree), accepted encodings only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Literal, cast

from lxml import etree

from umlauf.errors import DataRejected
from umlauf.formats.values import show

_ENCODING = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_ENCODINGS = {
    "utf-8", "utf8", "us-ascii", "ascii", "iso-8859-1", "iso-8859-15", "latin1", "latin-1",
    "windows-1252", "cp1252", "utf-16", "utf-16le", "utf-16be",
}  # fmt: skip
_SLICE = 1024  # bytes looked at in one go for the first element
_ENVELOPE = 200  # elements that may stand before it, in an envelope
_DOCTYPE = re.compile(r"<!(?:DOCTYPE|ENTITY|ELEMENT|ATTLIST|NOTATION)", re.IGNORECASE)


def safe_parser(
    tags: Sequence[str] | None, events: tuple[Literal["start", "end"]]
) -> etree.XMLPullParser:
    """Return a pull parser for `tags` (Clark notation; None: all)."""
    return etree.XMLPullParser(
        events=events,
        tag=tags,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        remove_blank_text=True,
    )


def read_elements(parser: etree.XMLPullParser) -> Iterator[etree._Element]:
    """Yield the elements whose events have come; the parser asks for no others."""
    for _, element in parser.read_events():
        yield cast("etree._Element", element)


def line_of(element: etree._Element) -> int:
    """Return the line the element begins on, counted from 1."""
    return int(cast("int | None", element.sourceline) or 0)


def root_namespace(head: bytes, local_name: str) -> str:
    """Return the namespace of the first element called `local_name`; look at `head` only.

    Raises:
        DataRejected: a DOCTYPE, an encoding we do not accept, no such element, broken XML.
    """
    _refuse_prolog(head)
    parser = safe_parser(None, ("start",))
    names: list[str] = []
    for start in range(0, len(head), _SLICE):
        failed = _feed(parser, head[start : start + _SLICE])
        for element in read_elements(parser):
            # Not etree.QName, which takes no namespace with a brace in it.
            namespace, _, name = str(element.tag).rpartition("}")
            if name == local_name:
                return namespace.removeprefix("{")
            names.append(name)
        if failed is not None:
            raise failed
        if len(names) > _ENVELOPE:
            break
    raise DataRejected(f"no element <{local_name}>; the file begins with {names[:3]}", "line 1")


def _feed(parser: etree.XMLPullParser, data: bytes) -> DataRejected | None:
    try:
        parser.feed(data)
    except etree.XMLSyntaxError as error:
        return syntax_rejected(error)
    return None


def syntax_rejected(error: etree.XMLSyntaxError) -> DataRejected:
    """Return broken XML as a rejection with its line."""
    reason = f"not well-formed XML: {show(error.msg, 160)}"
    return DataRejected(reason, f"line {error.lineno}" if error.lineno else "")


def _refuse_prolog(head: bytes) -> None:
    if b"\x00" in head[:64] and head[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        raise DataRejected("NUL bytes in XML", "line 1")
    declared = _ENCODING.match(head.removeprefix(b"\xef\xbb\xbf"))
    if declared and declared[1].decode().lower() not in _ENCODINGS:
        raise DataRejected(f"XML encoding {show(declared[1].decode())} is not accepted", "line 1")
    is_wide = head[:2] in (b"\xff\xfe", b"\xfe\xff")
    text = head.decode("utf-16" if is_wide else "latin-1", "replace")
    found = _DOCTYPE.search(text)
    if found:
        line = text.count("\n", 0, found.start()) + 1
        raise DataRejected(f"{found[0]} in the file: document types are refused", f"line {line}")
