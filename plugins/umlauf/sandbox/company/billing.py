"""Suppliers' bills over what came in, goods that go back to them, and their credit notes."""

from __future__ import annotations

from dataclasses import dataclass

from umlauf.sandbox.company import ledger, stock
from umlauf.sandbox.company.business import Business
from umlauf.sandbox.company.catalogue import Supplier
from umlauf.sandbox.company.documents import Document, Entry, Item
from umlauf.sandbox.company.paying import Paying
from umlauf.sandbox.company.places import Warehouse
from umlauf.sandbox.company.purchasing import LINE, ORDER, Purchase, PurchaseLine, input_tax
from umlauf.sandbox.company.reconciling import reconcile
from umlauf.sandbox.company.setup import ref
from umlauf.sandbox.company.stock import Links
from umlauf.sandbox.company.world import Transaction
from umlauf.sandbox.stamps import at, bank_day_after, business_day

BACK_DATED_RATE, RETURN_RATE = 0.05, 0.025


@dataclass(slots=True, frozen=True)
class Receipt:
    """Units of a purchase line that came in, or went back, as one done move line."""

    line: PurchaseLine
    units: int
    move_line: int


class Billing:
    """The desk that checks suppliers' bills against receipts."""

    def __init__(self, business: Business, paying: Paying) -> None:
        self.business = business
        self.world = business.world
        self.paying = paying
        self.dice = self.world.dice("billing")

    def expect(
        self, day: int, purchase: Purchase, house: Warehouse, received: list[Receipt]
    ) -> None:
        """Get billed some days after goods came in."""
        billed = bank_day_after(day, self.dice.randrange(1, 8))
        when = at(billed, 14, self.dice.randrange(7200))
        self.world.later(when, self._bill, purchase, house, received)

    def _bill(
        self, instant: int, purchase: Purchase, house: Warehouse, received: list[Receipt]
    ) -> None:
        day = business_day(instant)
        if self.dice.random() < BACK_DATED_RATE:
            day -= self.dice.randrange(1, 8)
        with self.world.transaction(instant, may_be_late=True) as tx:
            owed = self._post(tx, purchase, received, day, sign=1)
        self.paying.owe(purchase.supplier, owed)
        if self.dice.random() < RETURN_RATE:
            when = bank_day_after(business_day(instant), self.dice.randrange(1, 12))
            moment = at(when, 11, self.dice.randrange(7200))
            bad = self.dice.choice(received)
            self.world.later(moment, self._send_back, purchase, house, bad, owed)

    def _send_back(
        self, instant: int, purchase: Purchase, house: Warehouse, bad: Receipt, owed: Item
    ) -> None:
        """Send some units back to the maker, if they still are there."""
        line, goods = bad.line, self.business.stock
        packs = self.dice.randint(1, max(1, bad.units // line.pack // 3))
        units = packs * line.pack
        if goods.free(line.product, house.stock) < units:
            return
        picking = goods.picking(house, "OUT")
        name = str(purchase.record["name"])
        links = Links(str(picking[1]), picking, name, purchase_line=line.ref)
        way = (house.stock, self.business.outside["suppliers"])
        price = line.price * line.pack / 100
        with self.world.transaction(instant, may_be_late=True) as tx:
            move = goods.plan(
                tx, line.product, units, way, links, tx.at, pack=line.pack, price=price
            )
            done = goods.finish(tx, move, tx.at)
            line.receive(tx, -units, business_day(tx.at))
            tx.link((ORDER, purchase.record["id"]), (stock.LINE, done))
        when = bank_day_after(business_day(instant), self.dice.randrange(2, 9))
        moment = at(when, 14, self.dice.randrange(7200))
        self.world.later(moment, self._credit, purchase, Receipt(line, units, done), owed)

    def _credit(self, instant: int, purchase: Purchase, back: Receipt, owed: Item) -> None:
        """Post the maker's credit note: it lowers the bill if that is open, else waits its turn."""
        with self.world.transaction(instant, may_be_late=True) as tx:
            credit = self._post(tx, purchase, [back], business_day(instant), -1, owed)
            reconcile(tx, self.business.ledger, owed, credit)
        self.paying.claim(instant, purchase.supplier, credit)

    def _post(
        self,
        tx: Transaction,
        purchase: Purchase,
        goods: list[Receipt],
        day: int,
        sign: int,
        bill: Item | None = None,
    ) -> Item:
        """Post a bill (sign 1) or a credit note (-1) over goods, at the order's prices."""
        supplier, company = purchase.supplier, self.business.base.companies["EUR"]
        net = sum(item.line.price * item.units for item in goods)
        tax = input_tax(supplier, net)
        due = day + supplier.terms_days if sign > 0 else day
        entries = [
            Entry("payable", -sign * (net + tax), kind="payment_term", due=due),
            *(_goods(item, sign) for item in goods),
        ]
        if tax:
            entries.append(Entry("input_tax", sign * tax, "VAT", kind="tax"))
        document = self._document(purchase, supplier, day, due, sign)
        if bill:
            document.reversed_move = ref(bill.move)
            document.name = self.business.ledger.number(company, "purchases", day, "R")
        move, (owed,) = self.business.ledger.post(tx, company, document, entries)
        for item in goods:
            item.line.invoiced += sign * item.units
            tx.write(LINE, item.line.record, qty_invoiced=item.line.invoiced / item.line.pack)
            tx.link((stock.LINE, item.move_line), (ledger.MOVE, move["id"]))
        return owed

    def _document(
        self, purchase: Purchase, supplier: Supplier, day: int, due: int, sign: int
    ) -> Document:
        theirs = f"{supplier.record['ref']}-{self.dice.randrange(10_000, 99_999)}"
        return Document(
            "in_invoice" if sign > 0 else "in_refund",
            "purchases",
            day,
            purchase.currency,
            supplier.record,
            day,
            due,
            label=theirs,
            origin=str(purchase.record["name"]),
            reference=theirs,
        )


def _goods(item: Receipt, sign: int) -> Entry:
    line = item.line
    return Entry(
        "stock",
        sign * line.price * item.units,
        str(line.product.ref[1]),
        product=line.product.ref,
        units=item.units / line.pack,
        price=line.price * line.pack / 100,
        purchase_line=line.ref,
    )
