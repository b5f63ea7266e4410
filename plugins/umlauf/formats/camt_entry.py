"""One camt entry to our entries: the booking itself and, for a batch, its parts."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import msgspec

from umlauf.formats.camt_head import signed
from umlauf.formats.camt_part import Part, Party, bank_code_of, charges_of, part_of
from umlauf.formats.camt_tree import Tree, amount, code, leaf, node
from umlauf.formats.draft import Draft
from umlauf.formats.model import Entry
from umlauf.formats.values import amount_of, date_of, one_line, show

_STATUSES = {"BOOK": "BOOK", "PDNG": "PDNG", "FUTR": "PDNG", "INFO": "INFO"}


def entries_of(tree: Tree, parts: list[Part], draft: Draft, line: int) -> Iterator[Entry]:
    """Yield the entry, then the parts of a batch when they add up to it."""
    problems: list[str] = []
    value, currency = _money(tree, problems)
    status = _status(tree, problems)
    booked_on, valued_on = _day(tree, "BookgDt", problems), _day(tree, "ValDt", problems)
    is_reversal = leaf(tree, "RvslInd") in ("true", "1")
    key = draft.book(status, value, currency, booked_on, valued_on, is_reversal)
    reason = None
    if problems:
        reason = f"entry {draft.entries}, line {line}: {'; '.join(problems)}"
        draft.problems.append(reason)
    own = parts[0] if len(parts) == 1 else part_of(tree)
    amounts, warning = _part_amounts(parts, value, currency) if len(parts) > 1 else ([], None)
    if warning:
        draft.warnings.append(f"entry {draft.entries}: {warning}")
    entry = Entry(
        entry_key=key,
        statement_key=draft.key,
        file_sha256=draft.file_sha256,
        account=draft.head.account,
        account_currency=draft.head.account_currency,
        ordinal=draft.entries,
        parts=len(amounts),
        amount=value,
        currency=currency,
        status=status,
        booking_date=booked_on,
        value_date=valued_on,
        is_reversal=is_reversal,
        line=line,
        warning=warning,
        quarantine_reason=reason,
        **_told(own, tree, value, currency, is_reversal, draft.head.account),
    )
    yield entry
    for number, (part, share) in enumerate(zip(parts, amounts, strict=False), 1):
        yield msgspec.structs.replace(
            entry,
            entry_key=f"{key}.{number}",
            part=number,
            parts=0,
            parent_key=key,
            amount=share,
            **_told(part, tree, share, currency, is_reversal, draft.head.account),
        )


def _told(
    part: Part,
    entry: Tree,
    value: Decimal | None,
    currency: str | None,
    is_reversal: bool,
    own_account: str | None,
) -> dict[str, Any]:
    """Return what the transaction says, completed by what its entry says."""
    other = _counterparty(part, value, is_reversal, own_account)
    original, original_currency = _original(part, currency)
    charges, charges_currency = part.charges if part.charges[0] is not None else charges_of(entry)
    return {
        "bank_code": part.bank_code or bank_code_of(entry),
        "counterparty_name": other.name,
        "counterparty_account": other.account,
        "end_to_end_id": part.end_to_end_id,
        "mandate_id": part.mandate_id,
        "structured_reference": part.structured_reference,
        "remittance": part.remittance or one_line(leaf(entry, "AddtlNtryInf")),
        "bank_reference": leaf(entry, "AcctSvcrRef") or part.bank_reference,
        "original_amount": original,
        "original_currency": original_currency,
        "charges": charges,
        "charges_currency": charges_currency,
    }


def _money(tree: Tree, problems: list[str]) -> tuple[Decimal | None, str | None]:
    try:
        value, currency = signed(tree)
    except ValueError as error:
        problems.append(str(error))
        return None, amount(tree)[1]
    if currency is None or len(currency) != 3 or not currency.isalpha():
        problems.append(f"currency is {show(currency)}")
    return value, currency


def _status(tree: Tree, problems: list[str]) -> str:
    stated = code(tree, "Sts")
    if stated not in _STATUSES:
        problems.append(f"status is {show(stated)}, not one of {sorted(_STATUSES)}")
        return "INFO"
    return _STATUSES[stated]


def _day(tree: Tree, name: str, problems: list[str]) -> str | None:
    moment = node(tree, name)
    try:
        return date_of(leaf(moment, "Dt") or leaf(moment, "DtTm"))
    except ValueError as error:
        problems.append(f"{name}: {error}")
        return None


def _part_amounts(
    parts: list[Part], whole: Decimal | None, currency: str | None
) -> tuple[list[Decimal], str | None]:
    """Return the parts' amounts; none, and why, unless they add up to the whole exactly."""
    if whole is None:
        return [], "the batch's own amount cannot be read; it stays closed"
    shares: list[Decimal] = []
    for number, part in enumerate(parts, 1):
        try:
            share = amount_of(part.amount[0])
        except ValueError as error:
            return [], f"part {number}: {error}; the batch stays closed"
        if part.amount[1] not in (None, currency):
            return [], f"part {number} is in {show(part.amount[1])}; the batch stays closed"
        is_out = part.sign == "DBIT" if part.sign else whole < 0
        shares.append(-share if is_out and share else share)
    if sum(shares) != whole:
        return [], f"{len(parts)} parts add up to {sum(shares)}; the batch stays closed"
    return shares, None


def _counterparty(
    part: Part, value: Decimal | None, is_reversal: bool, own_account: str | None
) -> Party:
    """Return the other side: the debtor of money in, turned round when a payment came back."""
    is_in = (value or 0) >= 0
    sides = [part.debtor, part.creditor] if is_in != is_reversal else [part.creditor, part.debtor]
    for side in sides:
        if (side.name or side.account) and (not side.account or side.account != own_account):
            return side
    return Party(None, None)


def _original(part: Part, currency: str | None) -> tuple[Decimal | None, str | None]:
    """Return the instructed amount where it is in another currency than the booking."""
    if part.original[1] in (None, currency):
        return None, None
    try:
        return amount_of(part.original[0]), part.original[1]
    except ValueError:
        return None, None
