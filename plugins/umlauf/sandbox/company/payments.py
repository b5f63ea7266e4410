"""Payments as Odoo records them: an account.payment and the move that settles open items."""

from __future__ import annotations

from dataclasses import dataclass, field

from umlauf.sandbox.company.bank import Account
from umlauf.sandbox.company.documents import Document, Entry, Item, Match
from umlauf.sandbox.company.ledger import Ledger
from umlauf.sandbox.company.reconciling import reconcile, undo
from umlauf.sandbox.company.setup import ref
from umlauf.sandbox.company.world import Record, Transaction
from umlauf.sandbox.stamps import day_text

PAYMENT = "account.payment"


@dataclass(slots=True)
class Settlement:
    """What a payment settles; cents of the account's currency, all positive.

    `settled` reduces the open items, `moved` goes through the bank, the rest is a discount or a
    charge kept on the way.
    """

    partner: Record
    settled: int
    moved: int
    day: int
    items: list[Item]
    is_inbound: bool
    memo: str
    discount: int = 0
    charges: int = 0


@dataclass(slots=True)
class Paid:
    """A recorded payment."""

    payment: Record
    item: Item
    matches: list[Match] = field(default_factory=list)


def record_payment(
    tx: Transaction, ledger: Ledger, account: Account, what: Settlement, *, in_bank: bool
) -> Paid:
    """Post a payment and reconcile it; `in_bank` once the statement shows it."""
    ledger_side = "receivable" if what.is_inbound else "payable"
    sign = 1 if what.is_inbound else -1
    bank = "bank_usd" if account.journal == "bank_usd" else "bank"
    entries = [
        Entry(ledger_side, -sign * what.settled, what.memo, kind="payment_term", due=what.day),
        Entry(bank, sign * what.moved, what.memo),
    ]
    if what.discount:
        kind = "discount_given" if what.is_inbound else "discount_taken"
        entries.append(Entry(kind, sign * what.discount, "Early payment discount"))
    if what.charges:
        entries.append(Entry("bank_fees", what.charges, "Charges"))
    company = account.company
    name = ledger.number(company, account.journal, what.day, "P")
    document = Document(
        "entry",
        account.journal,
        what.day,
        account.currency,
        what.partner,
        reference=what.memo,
        name=name,
    )
    move, (item,) = ledger.post(tx, company, document, entries)
    payment = tx.create(
        PAYMENT,
        {
            "name": name,
            "partner_id": ref(what.partner),
            "partner_type": "customer" if what.is_inbound else "supplier",
            # A credit note larger than what it is netted with is paid back: Odoo turns the
            # direction, an amount is never negative.
            "payment_type": "inbound" if what.is_inbound == (what.moved >= 0) else "outbound",
            "amount": abs(what.moved) / 100,
            "currency_id": ledger.base.currency(account.currency),
            "date": day_text(what.day),
            "state": "paid" if in_bank else "in_process",
            "memo": what.memo,
            "journal_id": company.journals[account.journal],
            "move_id": [move["id"], name],
            "company_id": company.ref,
            "is_reconciled": in_bank,
        },
    )
    paid = Paid(payment, item)
    for open_item in what.items:
        paid.matches += reconcile(tx, ledger, open_item, item)
    return paid


def record_return(
    tx: Transaction,
    ledger: Ledger,
    account: Account,
    paid: Paid,
    day: int,
    *,
    is_inbound: bool,
    kept: int = 0,
) -> None:
    """Undo a payment the bank sent back: what it settled is open again, its discount is lost."""
    undo(tx, paid.matches)
    amount = abs(paid.item.open_currency)
    sign = 1 if is_inbound else -1
    bank = "bank_usd" if account.journal == "bank_usd" else "bank"
    side = "receivable" if is_inbound else "payable"
    document = Document(
        "entry", account.journal, day, account.currency, paid.item.partner, reference="Return"
    )
    entries = [
        Entry(side, sign * amount, "Returned payment", kind="payment_term", due=day),
        Entry(bank, -sign * (amount - kept), "Returned payment"),
    ]
    if kept:
        entries.append(Entry("discount_taken", -sign * kept, "Lost discount"))
    _, (item,) = ledger.post(tx, account.company, document, entries)
    reconcile(tx, ledger, paid.item, item)
    paid.matches.clear()


def record_cost(
    tx: Transaction,
    ledger: Ledger,
    account: Account,
    day: int,
    parts: list[tuple[str, int]],
    text: str,
) -> None:
    """Post what a bank entry was for, by account: cents, positive = cost, negative = income."""
    bank = "bank_usd" if account.journal == "bank_usd" else "bank"
    entries = [Entry(bank, -sum(amount for _, amount in parts), text)]
    entries += [Entry(kind, amount, text) for kind, amount in parts]
    document = Document("entry", account.journal, day, account.currency, reference=text)
    ledger.post(tx, account.company, document, entries)
