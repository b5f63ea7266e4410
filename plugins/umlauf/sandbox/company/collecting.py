"""How customers pay: on time, late, in parts, less a discount, all at once, twice."""

from __future__ import annotations

from collections import defaultdict

from umlauf.sandbox.company.business import Business
from umlauf.sandbox.company.debiting import Debiting
from umlauf.sandbox.company.documents import Item
from umlauf.sandbox.company.payments import Settlement, record_payment
from umlauf.sandbox.company.people import Customer
from umlauf.sandbox.company.statement import CREDIT_TRANSFER, Allocation, BankEntry
from umlauf.sandbox.company.world import Transaction
from umlauf.sandbox.stamps import (
    at,
    bank_day_after,
    bank_day_on_or_after,
    business_day,
    month_start,
)

NEVER_RATE, PARTIAL_RATE, TWICE_RATE, CHARGE_RATE = 0.006, 0.06, 0.003, 0.3
CHARGE = 1500


class Collecting:
    """The receiving end of the bank accounts."""

    def __init__(self, business: Business) -> None:
        self.business = business
        self.world = business.world
        self.dice = self.world.dice("collecting")
        self.debiting = Debiting(business, self._ask_again)
        self.joint: dict[int, list[Item]] = defaultdict(list)

    def expect(self, instant: int, customer: Customer, item: Item) -> None:
        """Decide how and when an invoice will be paid."""
        day = business_day(instant)
        if self.dice.random() < NEVER_RATE:
            return
        if customer.by_direct_debit:
            self.debiting.collect(max(item.due, day + 1), customer, item)
        elif customer.pays_in_one:
            self.joint[customer.id].append(item)
            if len(self.joint[customer.id]) == 1:
                when = month_start(item.due, 1) + 9
                self._pay_later(when, customer, self.joint[customer.id])
        elif self.dice.random() < PARTIAL_RATE:
            self._pay_later(item.due + 1, customer, [item], self.dice.uniform(0.3, 0.7))
            self._pay_later(item.due + self.dice.randrange(20, 45), customer, [item])
        else:
            self._pay_once(day, customer, item)

    def _pay_once(self, day: int, customer: Customer, item: Item) -> None:
        if customer.takes_discount and self.dice.random() < 0.8:
            self._pay_later(day + self.dice.randrange(4, 10), customer, [item], discount=2)
            return
        delay = round(self.dice.gauss(customer.lateness, 6))
        when = max(item.due + delay, day + 2)
        self._pay_later(when, customer, [item])
        if self.dice.random() < TWICE_RATE:
            self.world.later(at(when, 10.5), self._pay_twice, customer, item.open_currency)

    def _pay_later(
        self,
        day: int,
        customer: Customer,
        items: list[Item],
        share: float = 1.0,
        discount: int = 0,
    ) -> None:
        when = at(bank_day_on_or_after(day), 9, self.dice.randrange(20_000))
        self.world.later(when, self._receive, customer, items, share, discount)

    def _receive(
        self, instant: int, customer: Customer, items: list[Item], share: float, discount: int
    ) -> None:
        """Money arrives; the ERP learns of it with the statement."""
        chosen = [item for item in items if item.open_currency > 0]
        if items is self.joint.get(customer.id):
            self.joint[customer.id] = []
        settled = int(sum(item.open_currency for item in chosen) * share)
        if settled <= 0:
            return
        less = settled * discount // 100
        charges = 0
        if customer.currency == "USD" and len(chosen) == 1 and settled > 10 * CHARGE:
            charges = CHARGE if self.dice.random() < CHARGE_RATE else 0
        self._arrive(instant, customer, chosen, settled, less, charges)

    def _arrive(
        self,
        instant: int,
        customer: Customer,
        items: list[Item],
        settled: int,
        less: int,
        charges: int,
    ) -> None:
        account = self.business.account_for(customer.currency)
        text, structured = self._remittance(customer, items)
        if account.form == "mt940":
            text, structured = text or structured, ""
        entry = BankEntry(
            settled - less - charges,
            "customer_payment",
            customer.name,
            customer.iban,
            end_to_end=f"C{customer.id % 100_000}-{self.world.new_id('reference'):06}"
            if self.dice.random() < 0.4
            else None,
            text=text,
            structured=structured,
            original=settled - less if charges else 0,
            charges=charges,
            pays=_allocated(items, settled, less, charges),
        )
        day = bank_day_on_or_after(business_day(instant))
        partner = customer.partner
        if partner is None:
            raise ValueError(f"{customer.name} pays, but the ERP does not know them")

        def posting(tx: Transaction) -> None:
            memo = text or structured
            what = Settlement(partner, settled, entry.amount, day, items, True, memo, less, charges)
            paid = record_payment(tx, self.business.ledger, account, what, in_bank=True)
            if paid.item.open_currency:
                # Paid twice, or a credit note came while the money was on its way.
                wait = bank_day_after(business_day(tx.at), self.dice.randrange(10, 30))
                self.world.later(at(wait, 10), self._pay_back, customer, paid.item)

        self.business.bank.book(account, day, entry, posting)

    def _remittance(self, customer: Customer, items: list[Item]) -> tuple[str, str]:
        """Return what the customer writes, as text or else as a structured reference.

        Mostly it is our numbers, sometimes half of one.
        """
        chance = self.dice.random()
        if len(items) == 1 and customer.quotes_reference:
            return "", str(items[0].move["payment_reference"])
        numbers = [str(item.move["name"]) for item in items]
        if not numbers or chance < 0.05:
            return "Ihre Rechnung", ""
        if chance < 0.12:
            return f"RE {numbers[0].split('/')[-1]}", ""
        return f"Rechnung {' '.join(numbers)}", ""

    def _pay_twice(self, instant: int, customer: Customer, amount: int) -> None:
        """Pay an invoice a second time; it is sent back weeks later."""
        if amount <= 0:
            return
        self._arrive(instant, customer, [], amount, 0, 0)

    def refund(self, instant: int, customer: Customer, item: Item) -> None:
        """Pay a credit note out if the invoice was already settled."""
        when = at(bank_day_after(business_day(instant), 6), 10, self.dice.randrange(3600))
        self.world.later(when, self._pay_back, customer, item)

    def _pay_back(self, instant: int, customer: Customer, item: Item) -> None:
        """Send back what a credit note, or a payment too much, has left open."""
        amount, partner = -item.open_currency, customer.partner
        if amount <= 0 or partner is None:
            return
        account, day = self.business.account_for(customer.currency), business_day(instant)
        name = str(item.move["name"])
        entry = BankEntry(
            -amount,
            "refund",
            customer.name,
            customer.iban,
            end_to_end=name[:16],
            text=f"Erstattung {name}",
            code=CREDIT_TRANSFER,
            pays=[] if item.move["move_type"] == "entry" else [Allocation(item, -amount)],
        )

        def posting(tx: Transaction) -> None:
            what = Settlement(partner, -amount, -amount, day, [item], True, entry.text)
            record_payment(tx, self.business.ledger, account, what, in_bank=True)

        self.business.bank.book(account, day, entry, posting)

    def _ask_again(self, instant: int, customer: Customer, item: Item) -> None:
        """A debit came back: the customer transfers the money some days later."""
        self._pay_later(business_day(instant) + 12, customer, [item])


def _allocated(items: list[Item], settled: int, less: int, charges: int) -> list[Allocation]:
    """Return which invoice gets how much: the first ones first, as the ERP reconciles them."""
    allocations = []
    for item in items:
        part = min(settled, item.open_currency)
        if part > 0:
            allocations.append(Allocation(item, part - less - charges, less, charges))
            settled, less, charges = settled - part, 0, 0
    return allocations
