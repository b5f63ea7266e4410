"""Sale orders and their deliveries: reserve, ship what is there, keep a back-order for the rest."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from umlauf.sandbox.company.business import Business
from umlauf.sandbox.company.catalogue import Product
from umlauf.sandbox.company.people import Customer, know_in_erp, tax_percent
from umlauf.sandbox.company.places import Many2one, Warehouse
from umlauf.sandbox.company.setup import Company, ref
from umlauf.sandbox.company.stock import LINE as STOCK_LINE
from umlauf.sandbox.company.stock import Links, Move
from umlauf.sandbox.company.world import Record, Transaction
from umlauf.sandbox.stamps import at, bank_day_after, business_day, is_work_day, odoo_stamp

ORDER, LINE = "sale.order", "sale.order.line"
CANCEL_RATE, UNLINK_RATE, SPLIT_AFTER_DAYS = 0.015, 0.5, 4


@dataclass(slots=True)
class Wanted:
    """What a customer asks for: units at a price in cents, less a discount in percent."""

    product: Product
    units: int
    price: int
    discount: int = 0


@dataclass(slots=True)
class OrderLine:
    """An order line and how far it got."""

    record: Record
    wanted: Wanted
    delivered: int = 0
    invoiced: int = 0

    def amount(self, units: int) -> int:
        """Return what some units cost after discount, in cents."""
        gross = units * self.wanted.price
        return gross - (gross * self.wanted.discount + 50) // 100


@dataclass(slots=True)
class Order:
    """A sale order; `unbilled` are the move lines delivered since the last invoice."""

    record: Record
    customer: Customer
    company: Company
    currency: str
    lines: list[OrderLine]
    warehouse: Warehouse | None
    unbilled: list[int] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The number customers quote."""
        return str(self.record["name"])


@dataclass(slots=True)
class Shipment:
    """A planned move for an order line."""

    move: Move
    order: Order
    line: OrderLine
    picking: Many2one
    since: int


class Orders:
    """The order desk and the loading bay."""

    def __init__(self, business: Business) -> None:
        self.business = business
        self.world = business.world
        self.dice = self.world.dice("orders")
        self.waiting: dict[tuple[str, str], deque[Shipment]] = defaultdict(deque)
        self.ordered: dict[str, int] = defaultdict(int)
        self.newest: Order | None = None
        self.on_delivered: Callable[[int, Order], None] = lambda instant, order: None
        self.on_shipped: Callable[[int, Shipment], None] = lambda instant, item: None

    def place(
        self,
        instant: int,
        customer: Customer,
        wanted: Iterable[Wanted],
        reference: str | bool,
        deal: int | None = None,
    ) -> None:
        """Confirm an order, of a won deal or not; goods that lie free are reserved at once."""
        day = business_day(instant)
        ship_day = bank_day_after(day, self.dice.randrange(1, 4))
        with self.world.transaction(instant, may_be_late=True) as tx:
            order = self._write(tx, customer, list(wanted), reference, deal, ship_day)
            if deal:
                tx.link(("deals", deal), (ORDER, order.record["id"]))
            shipments = self._plan(tx, order, ship_day)
        if shipments and self.dice.random() < CANCEL_RATE:
            self.world.later(instant + 5_400_000, self._cancel, order, shipments)
            return
        if shipments:
            self.world.later(at(ship_day, 13, self.dice.randrange(9000)), self.ship, shipments)
        services = [line for line in order.lines if not line.wanted.product.is_stocked]
        if services:
            when = at(bank_day_after(day, 1), 10, self.dice.randrange(7200))
            self.world.later(when, self._deliver_services, order, services)

    def _write(
        self,
        tx: Transaction,
        customer: Customer,
        wanted: list[Wanted],
        reference: str | bool,
        deal: int | None,
        ship_day: int,
    ) -> Order:
        business = self.business
        partner = know_in_erp(
            self.world, business.base, tx, customer, business.customer_number(customer)
        )
        company = business.company_for(customer.currency)
        currency = business.base.currency(customer.currency)
        has_goods = any(item.product.is_stocked for item in wanted)
        day = business_day(tx.at)
        warehouse = business.warehouse_for(customer, day) if has_goods else None
        record = tx.create(
            ORDER,
            {
                "name": f"S{self.world.new_id('sale.number'):05}",
                "partner_id": ref(partner),
                "client_order_ref": reference,
                "origin": f"HS-{deal}" if deal else False,
                "currency_id": currency,
                "date_order": tx.stamp,
                "state": "sale",
                "amount_untaxed": 0.0,
                "amount_total": 0.0,
                "commitment_date": odoo_stamp(at(ship_day, 12)),
                "warehouse_id": warehouse.ref if warehouse else False,
                "company_id": company.ref,
            },
        )
        order = Order(record, customer, company, customer.currency, [], warehouse)
        self.newest = order
        tx.fact("sale_order", record["id"], partner["ref"])
        for item in wanted:
            order.lines.append(self._line(tx, order, item, currency))
            self.ordered[item.product.code] += item.units
            if warehouse and item.product.is_stocked:
                asked = (item.product.code, warehouse.code, day, item.units, deal is not None)
                tx.fact("demand", record["id"], *asked)
        net = sum(line.amount(line.wanted.units) for line in order.lines)
        tax = net * tax_percent(customer) // 1000
        record["amount_untaxed"], record["amount_total"] = net / 100, (net + tax) / 100
        return order

    def _line(self, tx: Transaction, order: Order, item: Wanted, currency: Many2one) -> OrderLine:
        line = OrderLine({}, item)
        line.record = tx.create(
            LINE,
            {
                "order_id": ref(order.record),
                "product_id": item.product.ref,
                "name": item.product.ref[1],
                "product_uom_qty": float(item.units),
                "qty_delivered": 0.0,
                "qty_invoiced": 0.0,
                "price_unit": item.price / 100,
                "discount": float(item.discount),
                "price_subtotal": line.amount(item.units) / 100,
                "state": "sale",
                "company_id": order.company.ref,
                "currency_id": currency,
            },
        )
        return line

    def _plan(self, tx: Transaction, order: Order, ship_day: int) -> list[Shipment]:
        if order.warehouse is None:
            return []
        picking = self.business.stock.picking(order.warehouse, "OUT")
        shipments = []
        for line in order.lines:
            if line.wanted.product.is_stocked:
                shipments.append(
                    self._shipment(tx, order, line, line.wanted.units, picking, at(ship_day, 12))
                )
        return shipments

    def _shipment(
        self,
        tx: Transaction,
        order: Order,
        line: OrderLine,
        units: int,
        picking: Many2one,
        when: int,
    ) -> Shipment:
        stock, house = self.business.stock, order.warehouse
        if house is None:
            raise ValueError(f"{order.name}: goods need a warehouse")
        name = f"{order.name} - {line.wanted.product.ref[1]}"
        links = Links(str(picking[1]), picking, order.name, sale_line=[line.record["id"], name])
        way = (house.stock, self.business.outside["customers"])
        move = stock.plan(tx, line.wanted.product, units, way, links, when)
        if stock.free(line.wanted.product, house.stock) >= units:
            stock.reserve(tx, move, units)
        return Shipment(move, order, line, picking, business_day(tx.at))

    def ship(self, instant: int, shipments: list[Shipment]) -> None:
        """Send what is reserved; the rest waits for goods."""
        ready = [item for item in shipments if item.move.reserved == item.move.units]
        for item in shipments:
            if item.move.reserved != item.move.units:
                self.waiting[
                    item.line.wanted.product.code, item.move.source.warehouse or ""
                ].append(item)
        if not ready:
            return
        order = ready[0].order
        with self.world.transaction(instant, may_be_late=True) as tx:
            for item in ready:
                done = self.business.stock.finish(tx, item.move, tx.at)
                order.unbilled.append(done)
                tx.link((ORDER, order.record["id"]), (STOCK_LINE, done))
                item.line.delivered += item.move.units
                tx.write(LINE, item.line.record, qty_delivered=float(item.line.delivered))
        for item in ready:
            self.on_shipped(instant, item)
        self.on_delivered(instant, order)

    def assign(self, instant: int) -> None:
        """Give goods that came in to the orders that wait, oldest first; they ship at noon."""
        today = business_day(instant)
        loads: dict[int, list[Shipment]] = defaultdict(list)
        with self.world.transaction(instant) as tx:
            for queue in self.waiting.values():
                while queue and self._serve(tx, queue[0], today):
                    item = queue.popleft()
                    loads[item.order.record["id"]].append(item)
        for load in loads.values():
            self.world.later(at(today, 12, self.dice.randrange(3000)), self.ship, load)

    def _serve(self, tx: Transaction, item: Shipment, today: int) -> bool:
        stock, move = self.business.stock, item.move
        free = stock.free(move.product, move.source)
        if free >= move.units:
            stock.reserve(tx, move, move.units)
            return True
        if free > 0 and today - item.since >= SPLIT_AFTER_DAYS:
            rest = stock.shorten(tx, move, free)
            stock.reserve(tx, move, free)
            later = self._shipment(tx, item.order, item.line, rest, item.picking, tx.at)
            later.since = today
            self.waiting[move.product.code, move.source.warehouse or ""].append(later)
            return True
        return False

    def plan_assignments(self) -> None:
        """Look at the waiting orders every working day at 06:00."""
        for day in range(self.business.stock_day, self.world.last_day + 1):
            if is_work_day(day):
                self.world.later(at(day, 6), self.assign)

    def _deliver_services(self, instant: int, order: Order, lines: list[OrderLine]) -> None:
        with self.world.transaction(instant) as tx:
            for line in lines:
                line.delivered = line.wanted.units
                tx.write(LINE, line.record, qty_delivered=float(line.delivered))
        self.on_delivered(instant, order)

    def _cancel(self, instant: int, order: Order, shipments: list[Shipment]) -> None:
        with self.world.transaction(instant) as tx:
            for item in shipments:
                self.business.stock.release(tx, item.move)
            tx.write(ORDER, order.record, state="cancel")
            tx.fact("order_cancelled", order.record["id"])
            for line in order.lines:
                tx.write(LINE, line.record, state="cancel")
        if self.dice.random() < UNLINK_RATE:
            self.world.later(instant + 86_400_000 * 9, self._forget, order, shipments)

    def _forget(self, instant: int, order: Order, shipments: list[Shipment]) -> None:
        """Delete a cancelled order for good."""
        with self.world.transaction(instant) as tx:
            for item in shipments:
                tx.unlink("stock.move", item.move.record["id"])
            for line in order.lines:
                tx.unlink(LINE, line.record["id"])
            tx.unlink(ORDER, order.record["id"])
            tx.fact("order_gone", order.record["id"])
