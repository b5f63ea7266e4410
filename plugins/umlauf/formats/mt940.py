"""MT940 (booked day) and MT942 (intraday) to statements and entries.

The grammar of :61: is that of the mt-940 library, given one field at a time: handed a whole file
it merges the statements of several accounts into one. Splitting, balances and pages are ours.
Format: https://www.sepaforcorporates.com/swift-for-corporates/account-statement-mt940-file-format-overview/
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from umlauf.errors import DataRejected
from umlauf.formats.draft import Draft, finish
from umlauf.formats.model import BankFile, Entry
from umlauf.formats.mt_entry import Booking, booking_of, entry_of
from umlauf.formats.mt_fields import Field, fields_of, read_text
from umlauf.formats.mt_head import balance_of, head_of
from umlauf.formats.values import show


@dataclass(slots=True)
class Block:
    """The fields of one statement; pages of one statement are joined."""

    line: int
    heads: dict[str, Field] = field(default_factory=dict)
    bookings: list[Booking] = field(default_factory=list)
    is_paged: bool = False

    def first(self, *tags: str) -> Field | None:
        """Return the first of these fields that the statement has."""
        return next((self.heads[tag] for tag in tags if tag in self.heads), None)

    @property
    def is_closed(self) -> bool:
        """Whether a closing balance has come."""
        return "62F" in self.heads or "62M" in self.heads


def read_mt(file: BinaryIO, sha256: str, emit: Callable[[Entry], None]) -> BankFile:
    """Read one file, hand every entry to `emit` in order, return what it contained.

    Raises:
        DataRejected: a field that cannot be read, with its line; nothing of the file counts then.
    """
    blocks = _joined(list(_blocks(fields_of(read_text(file)))))
    if not blocks:
        raise DataRejected("no statement: none of :20:, :25:, :61: begins a line", "line 1")
    drafts: list[Draft] = []
    for block in blocks:
        head, problems = head_of(block.heads, block.line)
        draft = Draft(head, sha256, len(drafts) + 1)
        draft.problems += problems
        drafts.append(draft)
        currency = head.account_currency
        for booking in block.bookings:
            emit(entry_of(booking, draft, currency))
    kinds = {draft.head.kind for draft in drafts}
    return BankFile(format="mt942" if kinds == {"942"} else "mt940", statements=finish(drafts))


def _blocks(fields: Iterator[Field]) -> Iterator[Block]:
    """Cut the fields into statements: at :20:, and where a bank leaves it out."""
    block: Block | None = None
    for item in fields:
        if block is None or _begins(block, item):
            if block is not None:
                yield block
            block = _next_block(block, item)
        _take(block, item)
    if block is not None and (block.bookings or "25" in block.heads or "25P" in block.heads):
        yield block


def _begins(block: Block, item: Field) -> bool:
    if item.tag == "20":
        return True
    if item.tag in ("25", "25P") and block.first("25", "25P"):
        if not block.is_closed and "20" in block.heads:
            raise DataRejected(
                f"a second account {show(item.text)} before the statement's closing balance",
                f"line {item.line}",
            )
        return True
    return item.tag in ("60F", "60M") and block.first("60F", "60M") is not None


def _next_block(before: Block | None, item: Field) -> Block:
    """Begin a statement; one that opens with its balance keeps the account of the one before."""
    block = Block(item.line)
    if before is not None and item.tag in ("60F", "60M"):
        kept = ("20", "25", "25P", "28", "28C")
        block.heads = {tag: before.heads[tag] for tag in kept if tag in before.heads}
    return block


def _take(block: Block, item: Field) -> None:
    if item.tag == "61":
        block.bookings.append(booking_of(item))
    elif item.tag in ("86", "NS"):
        # Behind the closing balance it speaks of the statement, not of its last entry.
        if block.bookings and not block.is_closed:
            booking = block.bookings[-1]
            (booking.details if item.tag == "86" else booking.non_swift).extend(item.lines)
    else:
        block.heads.setdefault(item.tag, item)


def _joined(blocks: list[Block]) -> list[Block]:
    """Join the pages of a statement: intermediate closing, then the same number reopened."""
    joined: list[Block] = []
    for block in blocks:
        before = joined[-1] if joined else None
        if before is not None and _is_next_page(before, block):
            before.bookings += block.bookings
            for tag in ("62F", "62M"):
                before.heads.pop(tag, None)
                if tag in block.heads:
                    before.heads[tag] = block.heads[tag]
        else:
            joined.append(block)
    return joined


def _is_next_page(before: Block, block: Block) -> bool:
    ends, begins = before.heads.get("62M"), block.heads.get("60M")
    if ends is None or begins is None or "62F" in before.heads:
        return False
    same = all(
        _number(before, tags) == _number(block, tags) for tags in (("25", "25P"), ("28", "28C"))
    )
    opening = before.first("60F", "60M")
    currency = balance_of(opening).currency if opening else None
    end, begin = balance_of(ends, currency), balance_of(begins, currency)
    return same and (end.amount, end.currency) == (begin.amount, begin.currency)


def _number(block: Block, tags: tuple[str, ...]) -> str:
    found = block.first(*tags)
    return (
        found.text.split("/")[0].lstrip("0")
        if found and "28" in tags
        else found.text
        if found
        else ""
    )
