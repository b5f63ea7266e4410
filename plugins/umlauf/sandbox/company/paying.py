"""Paying makers in runs on Tuesdays and Fridays, less what they have credited."""

from __future__ import annotations

from collections import defaultdict

from umlauf.sandbox.company.bank import Account
from umlauf.sandbox.company.business import Business
from umlauf.sandbox.company.catalogue import Supplier
from umlauf.sandbox.company.documents import Item
from umlauf.sandbox.company.funds import Funds
from umlauf.sandbox.company.payments import Paid, Settlement, record_payment, record_return
from umlauf.sandbox.company.reconciling import reconcile
from umlauf.sandbox.company.statement import CREDIT_TRANSFER, RECEIVED, Allocation, BankEntry
from umlauf.sandbox.company.world import Transaction
from umlauf.sandbox.stamps import (
    at,
    bank_day_after,
    bank_day_on_or_after,
    business_day,
    is_bank_day,
)

RETURN_RATE, REFUND_RATE, PATIENCE_DAYS = 0.008, 0.4, 40


class Paying:
    """The paying end of the bank accounts."""

    def __init__(self, business: Business, funds: Funds) -> None:
        self.business = business
        self.world = business.world
        self.dice = self.world.dice("paying")
        self.funds = funds
        self.due: list[tuple[Supplier, Item]] = []
        self.credits: dict[int, list[Item]] = defaultdict(list)

    def owe(self, supplier: Supplier, item: Item) -> None:
        """Put a bill on the list."""
        self.due.append((supplier, item))

    def claim(self, instant: int, supplier: Supplier, credit: Item) -> None:
        """Get a maker's credit back: off the next bills, or as money at once or after a while."""
        wait = self.dice.randrange(8, 20)
        if self.dice.random() >= REFUND_RATE:
            self.credits[supplier.record["id"]].append(credit)
            wait += PATIENCE_DAYS
        when = bank_day_on_or_after(business_day(instant) + wait)
        moment = at(when, 9, self.dice.randrange(20_000))
        self.world.later(moment, self._refunded, supplier, credit)

    def plan_runs(self) -> None:
        """Run on Tuesdays and Fridays at 10:30."""
        for day in range(self.world.first_day, self.world.last_day + 1):
            if day % 7 in (2, 5) and is_bank_day(day):
                self.world.later(at(day, 10.5), self._run)

    def _run(self, instant: int) -> None:
        today = business_day(instant)
        for currency in ("EUR", "USD"):
            chosen, kept = [], []
            for supplier, item in self.due:
                wants_discount = supplier.discount_rate > 0 and today - item.day <= 10
                if item.currency != currency:
                    kept.append((supplier, item))
                elif item.due <= today + 3 or wants_discount:
                    chosen.append((supplier, item, wants_discount))
                else:
                    kept.append((supplier, item))
            self.due = kept
            if chosen:
                self._pay(instant, currency, chosen)

    def _pay(self, instant: int, currency: str, chosen: list[tuple[Supplier, Item, bool]]) -> None:
        account, day = self.business.account_for(currency), business_day(instant)
        parts, paid = [], []
        self.funds.ensure(account, sum(-item.open_currency for _, item, _ in chosen), day)
        with self.world.transaction(instant) as tx:
            for supplier, item, discounted in chosen:
                for credit in self.credits[supplier.record["id"]]:
                    reconcile(tx, self.business.ledger, item, credit)
                if item.open_currency >= 0:
                    continue
                what = _settlement(supplier, item, day, discounted)
                made = record_payment(tx, self.business.ledger, account, what, in_bank=False)
                paid.append((supplier, item, made))
                parts.append(_entry(supplier, what, made))
        self._book(account, day, parts, paid)

    def _book(
        self,
        account: Account,
        day: int,
        parts: list[BankEntry],
        paid: list[tuple[Supplier, Item, Paid]],
    ) -> None:
        def posting(tx: Transaction) -> None:
            for supplier, item, made in paid:
                tx.write("account.payment", made.payment, state="paid", is_reconciled=True)
                if account.currency == "EUR" and self.dice.random() < RETURN_RATE:
                    when = bank_day_after(business_day(tx.at), 2)
                    self.world.later(at(when, 11), self._returned, supplier, item, made)

        if account.form == "camt" and len(parts) > 1:
            batch = BankEntry(
                sum(part.amount for part in parts),
                "supplier_payment",
                text="Sammelueberweisung",
                code=CREDIT_TRANSFER,
                parts=parts,
            )
            self.business.bank.book(account, day, batch, posting)
            return
        for place, part in enumerate(parts):
            self.business.bank.book(account, day, part, None if place else posting)

    def _returned(self, instant: int, supplier: Supplier, item: Item, paid: Paid) -> None:
        """A transfer comes back: wrong account. It is paid again in the next run."""
        account, day = self.business.account_for("EUR"), business_day(instant)
        amount = round(paid.payment["amount"] * 100)
        discount = round(abs(paid.item.line["balance"]) * 100) - amount
        entry = BankEntry(
            amount,
            "return",
            str(supplier.record["name"]),
            supplier.iban,
            end_to_end=str(paid.payment["name"]).replace("/", "-"),
            text="Rueckueberweisung",
            code=("PMNT", "ICDT", "RRTN"),
            nature="RTI",
            return_reason="AC04",
            is_reversal=True,
            pays=[Allocation(item, amount, -discount)],
        )

        def posting(tx: Transaction) -> None:
            record_return(
                tx, self.business.ledger, account, paid, day, is_inbound=False, kept=discount
            )
            self.owe(supplier, item)

        self.business.bank.book(account, day, entry, posting)

    def _refunded(self, instant: int, supplier: Supplier, credit: Item) -> None:
        """Money comes back for what of a credit note no bill has used up."""
        amount = credit.open_currency
        if amount <= 0:
            return
        waiting = self.credits[supplier.record["id"]]
        waiting[:] = [other for other in waiting if other is not credit]
        account, day = self.business.account_for(credit.currency), business_day(instant)
        theirs = str(credit.move["ref"])
        entry = BankEntry(
            amount,
            "supplier_refund",
            str(supplier.record["name"]),
            supplier.iban,
            text=f"Gutschrift {theirs}",
            code=RECEIVED,
            pays=[Allocation(credit, amount)],
        )

        def posting(tx: Transaction) -> None:
            what = Settlement(supplier.record, -amount, -amount, day, [credit], False, theirs)
            record_payment(tx, self.business.ledger, account, what, in_bank=True)

        self.business.bank.book(account, day, entry, posting)


def _settlement(supplier: Supplier, bill: Item, day: int, discounted: bool) -> Settlement:
    due = -bill.open_currency
    less = round(due * supplier.discount_rate) if discounted else 0
    memo = str(bill.move["ref"])
    return Settlement(supplier.record, due, due - less, day, [bill], False, memo, less)


def _entry(supplier: Supplier, what: Settlement, made: Paid) -> BankEntry:
    return BankEntry(
        -what.moved,
        "supplier_payment",
        str(supplier.record["name"]),
        supplier.iban,
        end_to_end=str(made.payment["name"]).replace("/", "-"),
        text=f"Rechnung {what.memo}",
        code=CREDIT_TRANSFER,
        pays=[Allocation(what.items[0], -what.moved, what.discount)],
    )
