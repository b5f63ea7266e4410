"""Paying makers and authorities: payment runs on Tuesdays and Fridays, and money to pay with."""

from __future__ import annotations

from umlauf.sandbox.company.bank import Account
from umlauf.sandbox.company.business import Business
from umlauf.sandbox.company.catalogue import Supplier
from umlauf.sandbox.company.documents import Item
from umlauf.sandbox.company.fx import MILLION, rounded
from umlauf.sandbox.company.payments import (
    Paid,
    Settlement,
    record_cost,
    record_payment,
    record_return,
)
from umlauf.sandbox.company.statement import BankEntry
from umlauf.sandbox.company.world import Transaction
from umlauf.sandbox.stamps import at, bank_day_after, business_day, is_bank_day

RETURN_RATE = 0.008
CREDIT_TRANSFER = ("PMNT", "ICDT", "ESCT")


class Paying:
    """The paying end of the bank accounts."""

    def __init__(self, business: Business) -> None:
        self.business = business
        self.world = business.world
        self.dice = self.world.dice("paying")
        self.due: list[tuple[Supplier, Item]] = []

    def owe(self, supplier: Supplier, item: Item) -> None:
        """Put a bill on the list."""
        self.due.append((supplier, item))

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
        self.ensure_funds(account, sum(-item.open_currency for _, item, _ in chosen), day)
        with self.world.transaction(instant) as tx:
            for supplier, item, discounted in chosen:
                open_amount = -item.open_currency
                if open_amount <= 0:
                    continue
                less = round(open_amount * supplier.discount_rate) if discounted else 0
                bill = str(item.move["ref"])
                what = Settlement(
                    supplier.record, open_amount, open_amount - less, day, [item], False, bill, less
                )
                made = record_payment(tx, self.business.ledger, account, what, in_bank=False)
                paid.append((supplier, item, made))
                parts.append(
                    BankEntry(
                        less - open_amount,
                        "supplier_payment",
                        str(supplier.record["name"]),
                        supplier.iban,
                        end_to_end=str(made.payment["name"]).replace("/", "-"),
                        text=f"Rechnung {bill}",
                        code=CREDIT_TRANSFER,
                    )
                )
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
        entry = BankEntry(
            round(paid.payment["amount"] * 100),
            "return",
            str(supplier.record["name"]),
            supplier.iban,
            end_to_end=str(paid.payment["name"]).replace("/", "-"),
            text="Rueckueberweisung",
            code=("PMNT", "ICDT", "RRTN"),
            nature="RTI",
            return_reason="AC04",
            is_reversal=True,
        )

        def posting(tx: Transaction) -> None:
            discount = abs(paid.item.line["balance"]) * 100 - paid.payment["amount"] * 100
            record_return(
                tx, self.business.ledger, account, paid, day, is_inbound=False, kept=round(discount)
            )
            self.owe(supplier, item)

        self.business.bank.book(account, day, entry, posting)

    def ensure_funds(self, account: Account, amount: int, day: int) -> None:
        """Bring money in before it runs out: capital for euros, own transfers for the others."""
        floor = round(20_000_000 * max(self.world.scale, 0.05))
        if account.balance - amount >= floor:
            return
        needed = amount + 2 * floor - account.balance
        if account.currency == "EUR":
            self._raise_capital(account, needed, day)
        else:
            self._transfer(account, needed, day)

    def _raise_capital(self, account: Account, needed: int, day: int) -> None:
        tranche = round(120_000_000 * max(self.world.scale, 0.05))
        amount = tranche * (1 + needed // tranche)
        entry = BankEntry(
            amount,
            "equity",
            "Umlauf Beteiligungen KG",
            "DE44500105175407324931",
            text="Kapitaleinlage",
            nature="TRF",
        )

        def posting(tx: Transaction) -> None:
            record_cost(tx, self.business.ledger, account, day, [("equity", -amount)], entry.text)

        self.business.bank.book(account, day, entry, posting)

    def _transfer(self, account: Account, needed: int, day: int) -> None:
        """Buy dollars or francs with euros."""
        source = self.business.account_for("EUR")
        rate = self.business.rates.company_rate(account.currency, "EUR", day)
        euros = rounded(needed * MILLION, rate) // 100_000 * 100_000 + 100_000
        received = rounded(euros * rate, MILLION)
        self.ensure_funds(source, euros, day)
        own = account.company is source.company
        counter = "transit" if own else "equity"
        for place, amount, other in ((source, -euros, account), (account, received, source)):
            text = f"Uebertrag {source.currency} {account.currency}"
            entry = BankEntry(
                amount,
                "transfer",
                other.company.record["name"],
                other.iban,
                text=text,
                code=CREDIT_TRANSFER if amount < 0 else ("PMNT", "RCDT", "ESCT"),
            )

            def posting(
                tx: Transaction, place: Account = place, amount: int = amount, text: str = text
            ) -> None:
                parts = [(counter, -amount)]
                record_cost(tx, self.business.ledger, place, day, parts, text)

            self.business.bank.book(place, day, entry, posting)
