"""Direct debits: collected in batches on the due day, at times sent back by the customer's bank."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

from umlauf.sandbox.company.business import Business
from umlauf.sandbox.company.documents import Item
from umlauf.sandbox.company.payments import (
    Paid,
    Settlement,
    record_cost,
    record_payment,
    record_return,
)
from umlauf.sandbox.company.people import Customer
from umlauf.sandbox.company.statement import Allocation, BankEntry
from umlauf.sandbox.company.world import Transaction
from umlauf.sandbox.stamps import at, bank_day_after, bank_day_on_or_after, business_day

RETURN_RATE, RETURN_FEE = 0.03, 450
COLLECTED, RETURNED, FEE = (("PMNT", "IDDT", kind) for kind in ("ESDD", "UPDD", "FEES"))
Due = tuple[Customer, Item]


class Debiting:
    """Collects from customers with a mandate; `returned` hears of each item sent back."""

    def __init__(self, business: Business, returned: Callable[[int, Customer, Item], None]) -> None:
        self.business = business
        self.world = business.world
        self.account = business.account_for("EUR")
        self.dice = self.world.dice("debiting")
        self.returned = returned
        self.due: dict[int, list[Due]] = defaultdict(list)

    def collect(self, day: int, customer: Customer, item: Item) -> None:
        """Put an invoice into the batch of a day, or of the bank day after it."""
        day = bank_day_on_or_after(day)
        if not self.due[day]:
            self.world.later(at(day, 8.25), self._debit, day)
        self.due[day].append((customer, item))

    def _debit(self, instant: int, day: int) -> None:
        """Collect all invoices due today in one batch booking."""
        due = [(customer, item) for customer, item in self.due.pop(day) if item.open_currency > 0]
        if not due:
            return
        parts = [_part(customer, item) for customer, item in due]
        settlements = [(customer, _settlement(customer, item, day)) for customer, item in due]
        batch = parts[0]
        if len(parts) > 1:
            total = sum(part.amount for part in parts)
            batch = BankEntry(
                total, "direct_debit", text="Sammler Lastschrift", nature="DDT", parts=parts
            )
        batch.code = COLLECTED

        def posting(tx: Transaction) -> None:
            for customer, what in settlements:
                paid = record_payment(tx, self.business.ledger, self.account, what, in_bank=True)
                if self.dice.random() < RETURN_RATE:
                    when = bank_day_after(business_day(tx.at), 3)
                    self.world.later(at(when, 9.5), self._return, customer, paid, what.items)

        self.business.bank.book(self.account, day, batch, posting)

    def _return(self, instant: int, customer: Customer, paid: Paid, items: list[Item]) -> None:
        """The customer's bank sends a debit back; we pay a fee, and the customer pays later."""
        day, ledger = business_day(instant), self.business.ledger
        amount = round(paid.payment["amount"] * 100)
        entry = BankEntry(
            -amount,
            "return",
            customer.name,
            customer.iban,
            end_to_end=str(paid.payment["memo"]),
            text="Ruecklastschrift",
            nature="RTI",
            code=RETURNED,
            return_reason="AM04",
            is_reversal=True,
            pays=[Allocation(item, -amount) for item in items],
        )

        def posting(tx: Transaction) -> None:
            record_return(tx, ledger, self.account, paid, day, is_inbound=True)
            costs = [("bank_fees", RETURN_FEE)]
            record_cost(tx, ledger, self.account, day, costs, "Return fee")
            for item in items:
                self.returned(tx.at, customer, item)

        self.business.bank.book(self.account, day, entry, posting)
        fee = BankEntry(-RETURN_FEE, "fee", text="Entgelt Ruecklastschrift", nature="CHG", code=FEE)
        self.business.bank.book(self.account, day, fee)


def _part(customer: Customer, item: Item) -> BankEntry:
    name = str(item.move["name"])
    return BankEntry(
        item.open_currency,
        "direct_debit",
        customer.name,
        customer.iban,
        end_to_end=name,
        text=f"Einzug {name}",
        mandate=f"M{customer.id % 10**6:06}",
        pays=[Allocation(item, item.open_currency)],
    )


def _settlement(customer: Customer, item: Item, day: int) -> Settlement:
    if customer.partner is None:
        raise ValueError(f"{customer.name} pays, but the ERP does not know them")
    amount = item.open_currency
    return Settlement(customer.partner, amount, amount, day, [item], True, str(item.move["name"]))
