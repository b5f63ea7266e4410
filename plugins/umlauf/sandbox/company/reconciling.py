"""Partial reconciles: what settles what, and how much of it.

A foreign item whose rate moved leaves an exchange difference, which Odoo books in a move of its own
and reconciles with the item. A partial that is taken back is deleted, with no trace left.
"""

from __future__ import annotations

from umlauf.sandbox.company.documents import Document, Entry, Item, Match
from umlauf.sandbox.company.fx import rounded
from umlauf.sandbox.company.ledger import IN_SIGN, LINE, MOVE, Ledger
from umlauf.sandbox.company.world import Record, Transaction
from umlauf.sandbox.stamps import day_text

PARTIAL = "account.partial.reconcile"


def reconcile(tx: Transaction, ledger: Ledger, one: Item, other: Item) -> list[Match]:
    """Match two items as far as they go."""
    debit, credit = (one, other) if one.open_currency > 0 else (other, one)
    amount = min(debit.open_currency, -credit.open_currency)
    if amount <= 0:
        return []
    from_debit = _share(debit.open, amount, debit.open_currency)
    from_credit = _share(-credit.open, amount, -credit.open_currency)
    day = max(debit.day, credit.day)
    partial, match = _partial(tx, debit, credit, min(from_debit, from_credit), amount, day)
    matches = [match]
    if from_debit != from_credit:
        larger = debit if from_debit > from_credit else credit
        matches.append(_exchange(tx, ledger, larger, from_debit - from_credit, day, partial))
    for item in (debit, credit):
        _refresh(tx, item)
    return matches


def undo(tx: Transaction, matches: list[Match]) -> None:
    """Take partial reconciles back, as a returned payment does: Odoo deletes them."""
    for match in matches:
        for item, sign in ((match.debit, 1), (match.credit, -1)):
            item.open += sign * match.amount
            item.open_currency += sign * match.amount_currency
            _refresh(tx, item)
        tx.unlink(PARTIAL, match.id)
        tx.fact("match_gone", match.id)


def _partial(
    tx: Transaction, debit: Item, credit: Item, company_amount: int, amount: int, day: int
) -> tuple[Record, Match]:
    partial = tx.create(
        PARTIAL,
        {
            "debit_move_id": [debit.line["id"], debit.line["move_name"]],
            "credit_move_id": [credit.line["id"], credit.line["move_name"]],
            "amount": company_amount / 100,
            "debit_amount_currency": amount / 100,
            "credit_amount_currency": amount / 100,
            "max_date": day_text(day),
            "company_id": debit.company.ref,
            "exchange_move_id": False,
        },
    )
    debit.open -= company_amount
    credit.open += company_amount
    debit.open_currency -= amount
    credit.open_currency += amount
    tx.fact(
        "match",
        partial["id"],
        debit.line["id"],
        credit.line["id"],
        company_amount,
        amount,
        amount,
        day,
    )
    return partial, Match(partial["id"], debit, credit, company_amount, amount)


def _exchange(
    tx: Transaction, ledger: Ledger, item: Item, difference: int, day: int, partial: Record
) -> Match:
    """Book what the rate moved between two dates; `difference` > 0 is a loss on a debit."""
    receivable = item.company.accounts["receivable"]
    account = "receivable" if item.line["account_id"] == receivable else "payable"
    result = "exchange_loss" if difference > 0 else "exchange_gain"
    document = Document("entry", "exchange", day, item.currency, item.partner)
    entries = [
        Entry(account, 0, "Currency exchange rate difference", due=day, balance=-difference),
        Entry(result, 0, "Currency exchange rate difference", balance=difference),
    ]
    move, (side,) = ledger.post(tx, item.company, document, entries)
    tx.write(PARTIAL, partial, exchange_move_id=[move["id"], move["name"]])
    debit, credit = (item, side) if difference > 0 else (side, item)
    _, match = _partial(tx, debit, credit, abs(difference), 0, day)
    _refresh(tx, side)
    return match


def _refresh(tx: Transaction, item: Item) -> None:
    """Bring a line's residuals and its invoice's payment state up to date."""
    is_settled = item.open == 0 and item.open_currency == 0
    tx.write(
        LINE,
        item.line,
        amount_residual=item.open / 100,
        amount_residual_currency=item.open_currency / 100,
        reconciled=is_settled,
    )
    move = item.move
    if move["move_type"] == "entry":
        return
    side = IN_SIGN[move["move_type"]]
    full = round(move["amount_total"] * 100)
    left = item.open_currency * side
    state = "paid" if is_settled else "partial" if left != full else "not_paid"
    tx.write(
        MOVE,
        move,
        amount_residual=left / 100,
        amount_residual_signed=item.open / 100,
        payment_state=state,
    )


def _share(open_amount: int, amount: int, open_currency: int) -> int:
    """Return the company cents that belong to a part of an item."""
    if amount == open_currency:
        return open_amount
    return rounded(open_amount * amount, open_currency)
