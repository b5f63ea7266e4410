"""Purchase orders as records of the ERP."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from umlauf.sandbox.company.business import Business
from umlauf.sandbox.company.catalogue import Product, Supplier
from umlauf.sandbox.company.places import Many2one
from umlauf.sandbox.company.setup import ref
from umlauf.sandbox.company.world import Record, Transaction
from umlauf.sandbox.stamps import at, business_day, odoo_stamp

ORDER, LINE = "purchase.order", "purchase.order.line"


@dataclass(slots=True)
class PurchaseLine:
    """An order line: base units, price in cents of the order's currency per base unit."""

    record: Record
    ref: Many2one
    product: Product
    units: int
    price: int
    pack: int
    promised_at: int
    received: int = 0
    invoiced: int = 0

    def receive(self, tx: Transaction, units: int, day: int) -> None:
        """Count goods in, or out again when they go back to the maker."""
        self.received += units
        tx.write(LINE, self.record, qty_received=self.received / self.pack)
        tx.fact("purchase_receipt", self.record["id"], day, units)


@dataclass(slots=True)
class Purchase:
    """A purchase order."""

    record: Record
    supplier: Supplier
    currency: str
    lines: list[PurchaseLine]
    promised: int

    def approve(self, tx: Transaction, day: int) -> None:
        """Turn a request into an order."""
        tx.write(ORDER, self.record, state="purchase", date_approve=tx.stamp)
        for line in self.lines:
            tx.write(LINE, line.record, state="purchase")
            tx.fact(
                "purchase_line",
                line.record["id"],
                line.product.code,
                self.supplier.record["ref"],
                day,
                self.promised,
                line.units,
                line.price,
                self.currency,
            )


def write_purchase(
    business: Business, instant: int, wanted: list[tuple[Product, int]], dice: Random
) -> Purchase:
    """Write a request for quotation; prices follow the list within a few percent."""
    supplier = wanted[0][0].supplier
    if supplier is None:
        raise ValueError(f"{wanted[0][0].code} has no supplier")
    company, currency = business.base.companies["EUR"], business.base.currency(supplier.currency)
    promised = business_day(instant) + supplier.lead_days
    with business.world.transaction(instant) as tx:
        record = tx.create(
            ORDER,
            {
                "name": f"P{business.world.new_id('purchase.number'):05}",
                "partner_id": ref(supplier.record),
                "partner_ref": False,
                "currency_id": currency,
                "date_order": tx.stamp,
                "date_approve": False,
                "date_planned": odoo_stamp(at(promised, 12)),
                "state": "draft",
                "amount_untaxed": 0.0,
                "amount_total": 0.0,
                "company_id": company.ref,
            },
        )
        purchase = Purchase(record, supplier, supplier.currency, [], promised)
        for product, units in wanted:
            price = max(1, round(product.purchase_price * dice.choice([1, 1, 1, 0.98, 1.03])))
            purchase.lines.append(_line(business, tx, purchase, (product, units, price), currency))
        net = sum(line.units * line.price for line in purchase.lines)
        record["amount_untaxed"] = net / 100
        record["amount_total"] = (net + input_tax(supplier, net)) / 100
    return purchase


def _line(
    business: Business,
    tx: Transaction,
    purchase: Purchase,
    what: tuple[Product, int, int],
    currency: Many2one,
) -> PurchaseLine:
    product, units, price = what
    promised_at = at(purchase.promised, 12)
    record = tx.create(
        LINE,
        {
            "order_id": ref(purchase.record),
            "product_id": product.ref,
            "name": product.ref[1],
            "product_qty": units / product.pack,
            "qty_received": 0.0,
            "qty_invoiced": 0.0,
            "product_uom_id": business.base.units["pack" if product.pack > 1 else "unit"],
            "price_unit": price * product.pack / 100,
            "discount": 0.0,
            "date_planned": odoo_stamp(promised_at),
            "price_subtotal": units * price / 100,
            "state": "draft",
            "company_id": business.base.companies["EUR"].ref,
            "currency_id": currency,
            "partner_id": purchase.record["partner_id"],
        },
    )
    name = f"{purchase.record['name']} {product.ref[1]}"
    return PurchaseLine(
        record, [record["id"], name], product, units, price, product.pack, promised_at
    )


def delete_request(business: Business, instant: int, purchase: Purchase) -> None:
    """Unlink a request that came to nothing."""
    with business.world.transaction(instant) as tx:
        for line in purchase.lines:
            tx.unlink(LINE, line.record["id"])
        tx.unlink(ORDER, purchase.record["id"])


def input_tax(supplier: Supplier, net: int) -> int:
    """Return the VAT on a net amount, cents: 19 % at home, none from abroad."""
    is_domestic = str(supplier.record["country_id"][1]) == "Germany"
    return (net * 19 + 50) // 100 if is_domestic else 0
