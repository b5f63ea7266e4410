"""camt.052, camt.053 and camt.054 to statements and entries, streaming.

Every version from 01 to 13 has the elements we read under the same names; the namespace must be
one of ours. Schemas: https://www.iso20022.org/catalogue-messages (Bank-to-Customer Cash Management)
The tree is emptied behind the reader, so that memory does not grow with the file.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import BinaryIO

from lxml import etree

from umlauf.errors import DataRejected
from umlauf.formats.camt_entry import entries_of
from umlauf.formats.camt_head import head_of
from umlauf.formats.camt_part import Part, part_of
from umlauf.formats.camt_tree import names_in, tree_of
from umlauf.formats.detect import HEAD_BYTES
from umlauf.formats.draft import Draft, finish
from umlauf.formats.model import BankFile, Entry
from umlauf.formats.values import show
from umlauf.formats.xml_safety import (
    line_of,
    read_elements,
    root_namespace,
    safe_parser,
    syntax_rejected,
)

_NAMESPACE = re.compile(r"(?:^|[:/])camt\.(05[234])\.001\.(0[1-9]|1[0-3])(?:\.|$)")
_STATEMENTS = ("Stmt", "Rpt", "Ntfctn")
_CHUNK = HEAD_BYTES
_MOST_UNREAD = 2 * 1024 * 1024  # bytes without an entry: no head or entry is that long


def read_camt(file: BinaryIO, sha256: str, emit: Callable[[Entry], None]) -> BankFile:
    """Read one file, hand every entry to `emit` in order, return what it contained.

    Raises:
        DataRejected: not camt, not well-formed, or hostile. Entries already emitted are void.
    """
    head = file.read(_CHUNK)
    namespace = root_namespace(head, "Document")
    match = _NAMESPACE.search(namespace)
    if match is None:
        raise DataRejected(
            f"namespace {show(namespace, 120)} is not camt.052, 053 or 054, version 01 to 13",
            "line 1",
        )
    reader = _Reader(namespace, match[1], sha256, emit)
    try:
        reader.read(head, file)
    except etree.XMLSyntaxError as error:
        raise syntax_rejected(error) from error
    except RecursionError as error:
        raise DataRejected("elements nested deeper than any bank statement", "") from error
    if not reader.drafts:
        raise DataRejected(f"camt.{match[1]} without a statement", "line 1")
    format_ = f"camt.{match[1]}.001.{match[2]}"
    return BankFile(format=format_, statements=finish(reader.drafts))


class _Reader:
    """Where we are in the file: the statement being read, the parts of the entry being read."""

    def __init__(
        self, namespace: str, kind: str, sha256: str, emit: Callable[[Entry], None]
    ) -> None:
        self.kind, self.sha256, self.emit = kind, sha256, emit
        self.names = names_in(namespace)
        self.drafts: list[Draft] = []
        self.draft: Draft | None = None
        self.parts: list[Part] = []
        self.message_id: str | None = None
        ends = {"GrpHdr": self.group, "TxDtls": self.details, "Ntry": self.entry}
        ends |= dict.fromkeys(_STATEMENTS, self.statement)
        self.on_end = {f"{{{namespace}}}{name}": handle for name, handle in ends.items()}
        self.entry_tag = f"{{{namespace}}}Ntry"

    def read(self, head: bytes, file: BinaryIO) -> None:
        """Feed the parser piece by piece and empty the tree behind it."""
        parser = safe_parser(list(self.on_end), ("end",))
        chunk, unread = head, 0
        while chunk:
            parser.feed(chunk)
            unread += len(chunk)
            for element in read_elements(parser):
                unread = 0
                self.on_end[element.tag](element)
            if unread > _MOST_UNREAD:
                raise DataRejected(f"{unread} bytes without an entry", "")
            chunk = file.read(_CHUNK)
        parser.close()

    def group(self, element: etree._Element) -> None:
        """Take the message id."""
        self.message_id = tree_of(element, self.names).get("MsgId")

    def details(self, element: etree._Element) -> None:
        """Take one transaction of an entry; large batches must not stay in the tree."""
        self.parts.append(part_of(tree_of(element, self.names)))
        if len(self.parts) > 1:  # a single one goes with its entry
            _empty(element)

    def entry(self, element: etree._Element) -> None:
        """Take one entry with the parts before it."""
        draft = self.draft or self.begin(element.getparent())
        tree = tree_of(element, self.names)
        parts, self.parts = self.parts, []
        for entry in entries_of(tree, parts, draft, line_of(element)):
            self.emit(entry)
        _empty(element)

    def begin(self, element: etree._Element | None) -> Draft:
        """Start a statement with what stands before its first entry."""
        if element is None:
            raise DataRejected("an entry outside a statement", "")
        head, problems = head_of(element, self.names, self.entry_tag, self.kind, self.message_id)
        self.draft = Draft(head, self.sha256, len(self.drafts) + 1)
        self.draft.problems += problems
        self.drafts.append(self.draft)
        return self.draft

    def statement(self, element: etree._Element) -> None:
        """Finish a statement."""
        draft = self.draft or self.begin(element)
        if draft.entries and any(self.names.get(child.tag) == "Bal" for child in element):
            draft.problems.append("a balance stands behind the entries")
        self.draft = None
        _empty(element)


def _empty(element: etree._Element) -> None:
    """Free an element that has been read, and what stands before it."""
    element.clear(keep_tail=True)  # type: ignore[call-arg]  # newer than the stubs
    parent = element.getparent()
    if parent is not None:
        while parent[0] is not element:
            del parent[0]
