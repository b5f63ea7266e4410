"""A statement while it is being read: gives entries their keys, adds them up, judges the sum."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from hashlib import sha256

from umlauf.formats.model import Statement

BOOKED = "BOOK"
# Family: two formats of the same thing must give the same key.
FAMILY = {"053": "booked", "940": "booked", "052": "intraday", "942": "intraday", "054": "advice"}


@dataclass(frozen=True, kw_only=True)
class Balance:
    """One balance; positive is credit."""

    amount: Decimal
    currency: str | None
    day: str | None
    is_intermediate: bool = False


@dataclass(frozen=True, kw_only=True)
class Head:
    """What a statement says of itself before its entries."""

    kind: str
    account: str | None
    account_currency: str | None
    message_id: str | None = None
    statement_id: str | None = None
    sequence: int | None = None
    legal_sequence: int | None = None
    page: int | None = None
    is_last_page: bool | None = None
    from_date: str | None = None
    to_date: str | None = None
    created_at: str | None = None
    opening: Balance | None = None
    closing: Balance | None = None
    stated_count: int | None = None
    line: int = 0

    def key(self) -> str:
        """Return a key that a re-export of the same statement has too.

        A booked statement with a sequence number and both balances is known by these: banks
        make a new id and a new message for every export. Dates keep reused numbers apart.
        """
        family = FAMILY[self.kind]
        is_known = family == "booked" and self.sequence and self.opening and self.closing
        parts = (
            self.account,
            family,
            None if is_known else self.statement_id,
            self.sequence,
            self.page,
            self.from_date or (self.opening.day if self.opening else None),
            self.to_date or (self.closing.day if self.closing else None),
            plain(self.opening.amount) if self.opening else None,
            plain(self.closing.amount) if self.closing else None,
            self.account_currency,
        )
        return sha256("|".join(str(part) for part in parts).encode()).hexdigest()


@dataclass(slots=True)
class Draft:
    """One statement being read."""

    head: Head
    file_sha256: str
    ordinal: int
    key: str = ""
    problems: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    entries: int = 0
    sums: dict[str | None, Decimal] = field(default_factory=dict)
    _seen: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.key = self.head.key()
        if not self.head.account:
            self.problems.append("no account")

    def book(
        self,
        status: str,
        amount: Decimal | None,
        currency: str | None,
        booking_date: str | None,
        value_date: str | None,
        is_reversal: bool,
    ) -> str:
        """Count one entry and return its key.

        Inside a statement an entry is known by amount, currency, dates and reversal, and twins by
        their occurrence number: texts may change between exports, two equal payments are two.
        """
        self.entries += 1
        if amount is not None and status == BOOKED:
            self.sums[currency] = self.sums.get(currency, _ZERO) + amount
        value = None if amount is None else plain(amount)
        content = f"{value}|{currency}|{booking_date}|{value_date}|{is_reversal}"
        occurrence = self._seen.get(content, 0) + 1
        self._seen[content] = occurrence
        return sha256(f"{self.key}|{content}|{occurrence}".encode()).hexdigest()

    def statement(self, reason: str | None) -> Statement:
        """Return the finished statement with its verdict."""
        head = self.head
        opening, closing = head.opening, head.closing
        return Statement(
            statement_key=self.key,
            file_sha256=self.file_sha256,
            message_id=head.message_id,
            account=head.account,
            account_currency=head.account_currency,
            statement_id=head.statement_id,
            sequence=head.sequence,
            legal_sequence=head.legal_sequence,
            page=head.page,
            is_last_page=head.is_last_page,
            from_date=head.from_date,
            to_date=head.to_date,
            created_at=head.created_at,
            kind=head.kind,
            opening_balance=opening.amount if opening else None,
            opening_date=opening.day if opening else None,
            closing_balance=closing.amount if closing else None,
            closing_date=closing.day if closing else None,
            is_opening_intermediate=bool(opening and opening.is_intermediate),
            is_closing_intermediate=bool(closing and closing.is_intermediate),
            entry_count=self.entries,
            entry_sum=sum(self.sums.values(), _ZERO),
            ordinal=self.ordinal,
            line=head.line,
            warning="; ".join(self.warnings) or None,
            quarantine_reason=reason,
        )


_ZERO = Decimal(0)


def plain(amount: Decimal) -> str:
    """Return one spelling per value: 8.850 and 8.85 are the same money."""
    return f"{amount.normalize():f}" if amount else "0"


def finish(drafts: Sequence[Draft]) -> list[Statement]:
    """Judge all statements of a file; pages that carry only one balance are judged together."""
    statements: list[Statement] = []
    for pages in _chains(drafts):
        reason = _judge(pages)
        statements += [draft.statement(reason) for draft in pages]
    return statements


def _chains(drafts: Sequence[Draft]) -> list[list[Draft]]:
    chains: list[list[Draft]] = []
    for draft in drafts:
        previous = chains[-1][-1] if chains else None
        if previous is not None and _continues(previous.head, draft.head):
            chains[-1].append(draft)
        else:
            chains.append([draft])
    return chains


def _continues(one: Head, other: Head) -> bool:
    """Tell whether `other` is the next page of a statement whose closing comes later."""
    same = (one.account, one.sequence, one.kind) == (other.account, other.sequence, other.kind)
    pages = one.page is not None and other.page == one.page + 1
    return same and pages and not (one.opening and one.closing and other.opening)


def _judge(pages: Sequence[Draft]) -> str | None:
    problems = [problem for draft in pages for problem in draft.problems]
    if problems:
        return "; ".join(problems[:3])
    stated = pages[0].head.stated_count
    counted = sum(draft.entries for draft in pages)
    if stated is not None and stated != counted and len(pages) == 1:
        return f"the bank counts {stated} entries, {counted} are there"
    opening, closing = pages[0].head.opening, pages[-1].head.closing
    if FAMILY[pages[0].head.kind] != "booked" or opening is None or closing is None:
        return None
    currencies = {opening.currency, closing.currency} | {key for d in pages for key in d.sums}
    currencies.discard(None)
    if len(currencies) > 1:
        return f"balances and entries in {' and '.join(sorted(map(str, currencies)))}"
    moved = sum((amount for d in pages for amount in d.sums.values()), _ZERO)
    if opening.amount + moved == closing.amount:
        return None
    return (
        f"opening {opening.amount} + {counted} entries {moved} = {opening.amount + moved}, "
        f"the bank's closing is {closing.amount}"
    )
