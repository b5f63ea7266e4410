"""The fields of an MT940/MT942 file to one block per statement.

A field that cannot be read stays in its block, whose statement it takes to quarantine. Only where
the cut between two statements cannot be trusted is the whole file refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from umlauf.errors import DataRejected
from umlauf.formats.mt_entry import Booking, booking_of
from umlauf.formats.mt_fields import Field
from umlauf.formats.mt_head import CLOSING, OPENING, balance_of
from umlauf.formats.values import show


@dataclass(slots=True)
class Block:
    """The fields of one statement, and those of them that could not be read.

    Pages of one statement are joined.
    """

    line: int
    heads: dict[str, Field] = field(default_factory=dict)
    bookings: list[Booking] = field(default_factory=list)
    unread: list[DataRejected] = field(default_factory=list)

    def first(self, *tags: str) -> Field | None:
        """Return the first of these fields that the statement has."""
        return next((self.heads[tag] for tag in tags if tag in self.heads), None)

    @property
    def is_closed(self) -> bool:
        """Whether a closing balance has come."""
        return self.first(*CLOSING) is not None


def blocks_of(fields: Iterator[Field]) -> list[Block]:
    """Cut the fields into statements and join the pages of each.

    Raises:
        DataRejected: a statement cannot be told from the next.
    """
    return _joined(list(_cut(fields)))


def _cut(fields: Iterator[Field]) -> Iterator[Block]:
    """Begin a statement at :20:, and where a bank leaves it out at its account or balance."""
    block: Block | None = None
    for item in fields:
        if item.is_known and (block is None or _begins(block, item)):
            if block is not None:
                yield block
            block = _next_block(block, item)
        if block is None or (block.is_closed and not item.is_known):
            reason = f":{item.tag}: is no field of MT940, and stands between two statements"
            raise DataRejected(reason, f"line {item.line}")
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
    return item.tag in OPENING and block.first(*OPENING) is not None


def _next_block(before: Block | None, item: Field) -> Block:
    """Begin a statement; one that opens where the one before closed keeps its account."""
    block = Block(item.line)
    if before is not None and item.tag in OPENING and _closes_with(before, item):
        kept = ("20", "25", "25P", "28", "28C")
        block.heads = {tag: before.heads[tag] for tag in kept if tag in before.heads}
    return block


def _take(block: Block, item: Field) -> None:
    if strange := _strangeness(block, item):
        block.unread.append(DataRejected(f":{item.tag}: {strange}", f"line {item.line}"))
    if item.tag == "61":
        block.bookings.append(_booking(block, item))
    elif item.tag in ("86", "NS"):
        # Behind the closing balance it speaks of the statement, not of its last entry.
        if block.bookings and not block.is_closed:
            booking = block.bookings[-1]
            (booking.details if item.tag == "86" else booking.non_swift).extend(item.lines)
    elif item.is_known:
        block.heads.setdefault(item.tag, item)


def _strangeness(block: Block, item: Field) -> str | None:
    """Return why the statement cannot be trusted when this field is one of its own."""
    if not item.is_known:
        return "is no field of MT940"
    is_second = item.tag in CLOSING and item.tag in block.heads
    if block.is_closed and (is_second or item.tag == "61"):
        return "stands behind the closing balance; is the head of a statement garbled?"
    return None


def _booking(block: Block, item: Field) -> Booking:
    try:
        return booking_of(item)
    except DataRejected as error:
        block.unread.append(error)
        return Booking(item.line, f"{error.place}: {error.reason}")


def _joined(blocks: list[Block]) -> list[Block]:
    """Join the pages of a statement: intermediate closing, then the same number reopened."""
    joined: list[Block] = []
    for block in blocks:
        before = joined[-1] if joined else None
        if before is not None and _is_next_page(before, block):
            before.bookings += block.bookings
            before.unread += block.unread
            for tag in CLOSING:
                before.heads.pop(tag, None)
                if tag in block.heads:
                    before.heads[tag] = block.heads[tag]
        else:
            joined.append(block)
    return joined


def _is_next_page(before: Block, block: Block) -> bool:
    begins = block.heads.get("60M")
    if begins is None or "62M" not in before.heads or "62F" in before.heads:
        return False
    same = all(
        _number(before, tags) == _number(block, tags) for tags in (("25", "25P"), ("28", "28C"))
    )
    return same and _closes_with(before, begins)


def _closes_with(before: Block, opening: Field) -> bool:
    """Tell whether a statement ends with the balance that `opening` begins with."""
    closing = before.first(*CLOSING)
    if closing is None:
        return False
    try:
        end, begin = balance_of(closing), balance_of(opening)
    except DataRejected:
        return False
    return end.amount == begin.amount and end.currency in (None, begin.currency)


def _number(block: Block, tags: tuple[str, ...]) -> str:
    found = block.first(*tags)
    return (
        found.text.split("/")[0].lstrip("0")
        if found and "28" in tags
        else found.text
        if found
        else ""
    )
