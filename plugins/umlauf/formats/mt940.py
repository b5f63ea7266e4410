"""MT940 (booked day) and MT942 (intraday) to statements and entries.

The grammar of :61: is that of the mt-940 library, given one field at a time: handed a whole file
it merges the statements of several accounts into one. Splitting and balances are ours.
Format: https://www.sepaforcorporates.com/swift-for-corporates/account-statement-mt940-file-format-overview/
"""

from __future__ import annotations

from collections.abc import Callable
from typing import BinaryIO

from umlauf.errors import DataRejected
from umlauf.formats.draft import Draft, Head, finish
from umlauf.formats.model import BankFile, Entry
from umlauf.formats.mt_blocks import Block, blocks_of
from umlauf.formats.mt_entry import entry_of
from umlauf.formats.mt_fields import fields_of, read_text
from umlauf.formats.mt_head import head_of, missing_balances


def read_mt(file: BinaryIO, sha256: str, emit: Callable[[Entry], None]) -> BankFile:
    """Read one file, hand every entry to `emit` in order, return what it contained.

    A field that cannot be read takes its statement to quarantine, and no other.

    Raises:
        DataRejected: no statement can be told from the next, or nothing in them can be read; with
            the line. Nothing of the file counts then.
    """
    blocks = blocks_of(fields_of(read_text(file)))
    if not blocks:
        raise DataRejected("no statement: none of :20:, :25:, :61: begins a line", "line 1")
    heads = [head_of(block.heads, block.line, block.unread) for block in blocks]
    unread = [error for block in blocks for error in block.unread]
    if unread and not any(map(_tells_of_money, blocks, heads)):
        raise unread[0]
    drafts: list[Draft] = []
    for block, head in zip(blocks, heads, strict=True):
        draft = Draft(head, sha256, len(drafts) + 1)
        draft.problems += [f"{error.place}: {error.reason}" for error in block.unread]
        if head.kind == "940":
            draft.problems += missing_balances(block.heads)
        drafts.append(draft)
        for booking in block.bookings:
            emit(entry_of(booking, draft, head.account_currency))
    kinds = {draft.head.kind for draft in drafts}
    return BankFile(format="mt942" if kinds == {"942"} else "mt940", statements=finish(drafts))


def _tells_of_money(block: Block, head: Head) -> bool:
    has_balances = head.opening is not None and head.closing is not None
    return has_balances or any(booking.reason is None for booking in block.bookings)
