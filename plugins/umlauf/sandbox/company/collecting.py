"""How customers pay: on time, late, in parts, less a discount, all at once, twice, by debit."""

from __future__ import annotations

from collections import defaultdict

from umlauf.sandbox.company.business import Business
from umlauf.sandbox.company.documents import Item
from umlauf.sandbox.company.orders import Order
from umlauf.sandbox.company.payments import (
    Paid,
    Settlement,
    record_cost,
    record_payment,
    record_return,
)
from umlauf.sandbox.company.people import Customer
from umlauf.sandbox.company.statement import BankEntry
from umlauf.sandbox.company.world import Transaction
from umlauf.sandbox.stamps import (
    at,
    bank_day_after,
    bank_day_on_or_after,
    business_day,
    month_start,
)

NEVER_RATE, PARTIAL_RATE, TWICE_RATE, CHARGE_RATE = 0.006, 0.04, 0.003, 0.3
DEBIT_RETURN_RATE, RETURN_FEE = 0.03, 450
Due = tuple[Order, Item]


class Collecting:
    """The receiving end of the bank accounts."""

    def __init__(self, business: Business) -> None:
        self.business = business
        self.world = business.world
        self.dice = self.world.dice("collecting")
        self.debits: dict[int, list[Due]] = defaultdict(list)
        self.joint: dict[int, list[Item]] = defaultdict(list)

    def expect(self, instant: int, order: Order, item: Item) -> None:
        """Decide how and when an invoice will be paid."""
        customer, day = order.customer, business_day(instant)
        if self.dice.random() < NEVER_RATE:
            return
        if customer.by_direct_debit:
            self._collect_on(bank_day_on_or_after(max(item.due, day + 1)), (order, item))
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
        charges = 1500 if customer.currency == "USD" and self.dice.random() < CHARGE_RATE else 0
        charges = charges if settled > 10 * charges else 0
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
        text = self._remittance([str(item.move["name"]) for item in items])
        entry = BankEntry(
            settled - less - charges,
            "customer_payment",
            customer.name,
            customer.iban,
            end_to_end=f"C{customer.id % 100_000}-{self.world.new_id('reference'):06}"
            if self.dice.random() < 0.4
            else None,
            text=text,
            structured=_qr_reference(items) if customer.currency == "CHF" and items else "",
            original=settled - less if charges else 0,
            charges=charges,
        )
        day = bank_day_on_or_after(business_day(instant))
        partner = customer.partner
        if partner is None:
            raise ValueError(f"{customer.name} pays, but the ERP does not know them")

        def posting(tx: Transaction) -> None:
            what = Settlement(partner, settled, entry.amount, day, items, True, text, less, charges)
            record_payment(tx, self.business.ledger, account, what, in_bank=True)

        self.business.bank.book(account, day, entry, posting)

    def _remittance(self, numbers: list[str]) -> str:
        """Return what the customer writes: mostly our numbers, sometimes half of one."""
        chance = self.dice.random()
        if not numbers or chance < 0.05:
            return "Ihre Rechnung"
        if chance < 0.12:
            return f"RE {numbers[0].split('/')[-1]}"
        return f"Rechnung {' '.join(numbers)}"

    def _pay_twice(self, instant: int, customer: Customer, amount: int) -> None:
        """Pay an invoice a second time; it is sent back weeks later."""
        if amount <= 0:
            return
        self._arrive(instant, customer, [], amount, 0, 0)

    def refund(self, instant: int, order: Order, item: Item) -> None:
        """Pay a credit note out if the invoice was already settled."""
        when = at(bank_day_after(business_day(instant), 6), 10, self.dice.randrange(3600))
        self.world.later(when, self._pay_back, order, item)

    def _pay_back(self, instant: int, order: Order, item: Item) -> None:
        amount = -item.open_currency
        partner = order.customer.partner
        if amount <= 0 or partner is None:
            return
        account, day = self.business.account_for(order.currency), business_day(instant)
        name = str(item.move["name"])
        entry = BankEntry(
            -amount,
            "refund",
            order.customer.name,
            order.customer.iban,
            end_to_end=name[:16],
            text=f"Erstattung {name}",
            code=("PMNT", "ICDT", "ESCT"),
        )

        def posting(tx: Transaction) -> None:
            what = Settlement(partner, -amount, -amount, day, [item], True, entry.text)
            record_payment(tx, self.business.ledger, account, what, in_bank=True)

        self.business.bank.book(account, day, entry, posting)

    def _collect_on(self, day: int, due: Due) -> None:
        if not self.debits[day]:
            self.world.later(at(day, 8.25), self._debit, day)
        self.debits[day].append(due)

    def _debit(self, instant: int, day: int) -> None:
        """Collect all invoices due today in one batch booking."""
        account = self.business.account_for("EUR")
        parts, settlements = [], []
        for order, item in self.debits.pop(day):
            customer, name = order.customer, str(item.move["name"])
            if item.open_currency <= 0 or customer.partner is None:
                continue
            parts.append(
                BankEntry(
                    item.open_currency,
                    "direct_debit",
                    customer.name,
                    customer.iban,
                    end_to_end=name,
                    text=f"Einzug {name}",
                    mandate=f"M{customer.id % 10**6:06}",
                )
            )
            settlements.append(
                (
                    order,
                    Settlement(
                        customer.partner,
                        item.open_currency,
                        item.open_currency,
                        day,
                        [item],
                        True,
                        name,
                    ),
                )
            )
        if not parts:
            return
        batch = BankEntry(
            sum(part.amount for part in parts),
            "direct_debit",
            text="Sammler Lastschrift",
            code=("PMNT", "IDDT", "ESDD"),
            parts=parts if len(parts) > 1 else [],
            nature="DDT",
        )
        if len(parts) == 1:
            batch = parts[0]
            batch.code = ("PMNT", "IDDT", "ESDD")

        def posting(tx: Transaction) -> None:
            for order, what in settlements:
                paid = record_payment(tx, self.business.ledger, account, what, in_bank=True)
                if self.dice.random() < DEBIT_RETURN_RATE:
                    when = bank_day_after(business_day(tx.at), 3)
                    self.world.later(at(when, 9.5), self._return, order, paid)

        self.business.bank.book(account, day, batch, posting)

    def _return(self, instant: int, order: Order, paid: Paid) -> None:
        """The customer's bank sends a debit back; we pay a fee, and ask again later."""
        account, day = self.business.account_for("EUR"), business_day(instant)
        amount = round(paid.payment["amount"] * 100)
        items = [match.debit for match in paid.matches]
        entry = BankEntry(
            -amount,
            "return",
            order.customer.name,
            order.customer.iban,
            end_to_end=str(paid.payment["memo"]),
            text="Ruecklastschrift",
            nature="RTI",
            code=("PMNT", "IDDT", "UPDD"),
            return_reason="AM04",
            is_reversal=True,
        )

        def posting(tx: Transaction) -> None:
            record_return(tx, self.business.ledger, account, paid, day, is_inbound=True)
            record_cost(
                tx, self.business.ledger, account, day, [("bank_fees", RETURN_FEE)], "Return fee"
            )
            for item in items:
                self._pay_later(business_day(tx.at) + 12, order.customer, [item])

        self.business.bank.book(account, day, entry, posting)
        fee = BankEntry(
            -RETURN_FEE,
            "fee",
            text="Entgelt Ruecklastschrift",
            nature="CHG",
            code=("PMNT", "IDDT", "FEES"),
        )
        self.business.bank.book(account, day, fee)


def _qr_reference(items: list[Item]) -> str:
    return f"{items[0].move['id']:026}0"
