"""Customer invoices and credit notes: some posted late with an earlier date, some left drafts."""

from __future__ import annotations

from collections.abc import Callable

from umlauf.sandbox.company.business import Business
from umlauf.sandbox.company.documents import Document, Entry, Item
from umlauf.sandbox.company.ledger import MOVE
from umlauf.sandbox.company.orders import (
    LINE,
    ORDER,
    Order,
    OrderLine,
    Shipment,
)
from umlauf.sandbox.company.people import Customer, tax_percent
from umlauf.sandbox.company.reconciling import reconcile
from umlauf.sandbox.company.references import payment_reference
from umlauf.sandbox.company.setup import ref
from umlauf.sandbox.company.stock import LINE as STOCK_LINE
from umlauf.sandbox.company.stock import Links
from umlauf.sandbox.company.world import Transaction
from umlauf.sandbox.stamps import DAY, at, bank_day_after, business_day

BACK_DATED_RATE, RETURN_RATE = 0.012, 0.03
Billed = list[tuple[OrderLine, int]]
Heard = Callable[[int, Customer, Item], None]


class Invoicing:
    """Turns what was delivered into invoices, and what came back into credit notes."""

    def __init__(self, business: Business) -> None:
        self.business = business
        self.world = business.world
        self.dice = self.world.dice("invoicing")
        self.expect: Heard = lambda instant, customer, item: None
        self.credited: Heard = lambda instant, customer, item: None
        self.newest: dict[int, Item] = {}

    def delivered(self, instant: int, order: Order) -> None:
        """Invoice within a day or two of the delivery."""
        day = business_day(instant)
        wait = self.dice.choice([0, 0, 0, 1, 1, 2])
        when = at(bank_day_after(day, wait) if wait else day, 17, self.dice.randrange(5400))
        self.world.later(max(when, instant), self.invoice, order)

    def invoice(self, instant: int, order: Order) -> None:
        """Post an invoice over all that is delivered and not yet invoiced."""
        billed = [
            (line, line.delivered - line.invoiced)
            for line in order.lines
            if line.delivered > line.invoiced
        ]
        if not billed:
            return
        day = business_day(instant)
        if self.dice.random() < BACK_DATED_RATE:
            day -= self.dice.randrange(1, 7)
        with self.world.transaction(instant, may_be_late=True) as tx:
            item = self._post(tx, order, billed, day, sign=1)
            for done in order.unbilled:
                tx.link((STOCK_LINE, done), (MOVE, item.move["id"]))
            order.unbilled.clear()
            for line, units in billed:
                line.invoiced += units
                tx.write(LINE, line.record, qty_invoiced=float(line.invoiced))
        self.newest[order.record["id"]] = item
        self.expect(instant, order.customer, item)

    def _post(self, tx: Transaction, order: Order, billed: Billed, day: int, sign: int) -> Item:
        customer = order.customer
        net = sum(line.amount(units) for line, units in billed)
        tax = (net * tax_percent(customer) + 500) // 1000
        due = day + customer.terms_days if sign > 0 else day
        sold = [self._product(line, units, sign) for line, units in billed]
        entries = [
            Entry("receivable", sign * (net + tax), kind="payment_term", due=due),
            *sold,
        ]
        if tax:
            entries.append(Entry("output_tax", -sign * tax, "VAT", kind="tax"))
        earlier = self.newest.get(order.record["id"])
        document = Document(
            "out_invoice" if sign > 0 else "out_refund",
            "sales",
            day,
            order.currency,
            customer.partner,
            day,
            due,
            origin=order.name,
            reference=order.record["client_order_ref"],
            reversed_move=ref(earlier.move) if sign < 0 and earlier else False,
        )
        prefix = "" if sign > 0 else "R"
        document.name = self.business.ledger.number(order.company, "sales", day, prefix)
        if sign > 0:
            document.label = payment_reference(document.name, order.company.currency)
        _, (item,) = self.business.ledger.post(tx, order.company, document, entries)
        tx.link((ORDER, order.record["id"]), (MOVE, item.move["id"]))
        for (line, _), entry in zip(billed, sold, strict=True):
            about = (order.company.id, order.record["id"], line.wanted.product.code, day)
            tx.fact("sale", *about, -(entry.balance or 0))
        return item

    def _product(self, line: OrderLine, units: int, sign: int) -> Entry:
        product = line.wanted.product
        return Entry(
            "sales_goods" if product.is_stocked else "sales_software",
            -sign * line.amount(units),
            str(product.ref[1]),
            product=product.ref,
            units=float(units),
            price=line.wanted.price / 100,
            sale_lines=(line.record["id"],),
        )

    def shipped(self, instant: int, item: Shipment) -> None:
        """Let a few deliveries come back."""
        if self.dice.random() < RETURN_RATE:
            when = bank_day_after(business_day(instant), self.dice.randrange(4, 20))
            self.world.later(at(when, 14, self.dice.randrange(7200)), self._take_back, item)

    def _take_back(self, instant: int, item: Shipment) -> None:
        order, line, stock = item.order, item.line, self.business.stock
        house = order.warehouse
        if house is None or line.invoiced < line.delivered:
            return
        units = self.dice.randint(1, item.move.units)
        picking = stock.picking(house, "IN")
        links = Links(
            str(picking[1]), picking, order.name, sale_line=item.move.record["sale_line_id"]
        )
        worth = round(item.move.record["value"] * 100) * units // item.move.units
        with self.world.transaction(instant, may_be_late=True) as tx:
            way = (self.business.outside["customers"], house.quality)
            move = stock.plan(tx, item.move.product, units, way, links, tx.at)
            done = stock.finish(tx, move, tx.at, value=worth)
            tx.link((ORDER, order.record["id"]), (STOCK_LINE, done))
            line.delivered -= units
            line.invoiced -= units
            tx.write(LINE, line.record, qty_delivered=float(line.delivered))
        self.world.later(instant + 3_600_000, self._credit, order, line, units, done)
        sort_out = at(bank_day_after(business_day(instant), 2), 15, self.dice.randrange(3600))
        self.world.later(sort_out, self._sort_out, item, units)

    def _credit(
        self, instant: int, order: Order, line: OrderLine, units: int, returned: int
    ) -> None:
        with self.world.transaction(instant) as tx:
            item = self._post(tx, order, [(line, units)], business_day(instant), sign=-1)
            tx.link((STOCK_LINE, returned), (MOVE, item.move["id"]))
            tx.write(LINE, line.record, qty_invoiced=float(line.invoiced))
            invoice = self.newest.get(order.record["id"])
            if invoice is not None and invoice.open_currency > 0:
                reconcile(tx, self.business.ledger, invoice, item)
        self.credited(instant, order.customer, item)

    def _sort_out(self, instant: int, item: Shipment, units: int) -> None:
        """Put returned goods back on the shelf, or scrap them."""
        house, stock = item.order.warehouse, self.business.stock
        if house is None:
            return
        units = min(units, stock.free(item.move.product, house.quality))
        if units <= 0:
            return
        is_good = self.dice.random() < 0.7
        target = house.stock if is_good else self.business.outside["scrap"]
        name = "INT" if is_good else "SP"
        picking = stock.picking(house, name)
        links = Links(str(picking[1]), picking if is_good else False, item.order.name)
        with self.world.transaction(instant) as tx:
            way = (house.quality, target)
            move = stock.plan(tx, item.move.product, units, way, links, tx.at)
            stock.finish(tx, move, tx.at)

    def plan_drafts(self, orders: Callable[[], Order | None]) -> None:
        """Leave a draft invoice about every other week; most are deleted some days later."""

        def draft(instant: int) -> None:
            order = orders()
            if order is None or order.customer.partner is None:
                return
            with self.world.transaction(instant) as tx:
                made = self.business.ledger.draft(
                    tx, order.company, order.customer.partner, order.currency, business_day(instant)
                )
            if self.dice.random() < 0.8:
                self.world.later(instant + 6 * DAY, self._drop, made)

        for day in range(self.world.first_day + 30, self.world.last_day, 13):
            self.world.later(at(day, 11.5), draft)

    def _drop(self, instant: int, made: list[tuple[str, int]]) -> None:
        with self.world.transaction(instant) as tx:
            for model, key in made:
                tx.unlink(model, key)
