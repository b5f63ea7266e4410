"""What the company sells and who makes it: software without stock, components, accessories.

Costing is by standard price. A change of it is a row in product.value, as Odoo 19 keeps it, and
goods on hand are worth units times the standard price in force.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from umlauf.sandbox.company import names
from umlauf.sandbox.company.setup import Foundation, partner_values, ref
from umlauf.sandbox.company.world import Record, Transaction, World
from umlauf.sandbox.stamps import at, day_text, month_start

COMPONENTS, ACCESSORIES, SOFTWARE = "Components", "Accessories", "Software"


@dataclass(slots=True)
class Supplier:
    """Who makes goods, and how well promises are kept."""

    record: Record
    currency: str
    lead_days: int
    slip_rate: float
    terms_days: int
    discount_rate: float
    iban: str


@dataclass(slots=True)
class Product:
    """One thing to sell; `cost` and `price` in euro cents per base unit."""

    record: Record
    template: Record
    code: str
    family: str
    cost: int
    price: int
    ref: list[int | str]
    popularity: float = 1.0
    supplier: Supplier | None = None
    purchase_price: int = 0
    pack: int = 1
    minimum: int = 1

    @property
    def is_stocked(self) -> bool:
        """Software has no stock."""
        return self.family != SOFTWARE


@dataclass(slots=True)
class Catalogue:
    """All goods and makers."""

    products: list[Product] = field(default_factory=list)
    suppliers: list[Supplier] = field(default_factory=list)
    stocked: list[Product] = field(default_factory=list)
    software: list[Product] = field(default_factory=list)

    def add(self, product: Product) -> None:
        """Put a product on its list: goods that lie in warehouses, or software."""
        self.products.append(product)
        (self.stocked if product.is_stocked else self.software).append(product)


def fill_catalogue(world: World, tx: Transaction, base: Foundation) -> Catalogue:
    """Write suppliers, categories, products and price lists."""
    dice = world.dice("catalogue")
    catalogue = Catalogue()
    for number in range(world.scaled(25, 4)):
        catalogue.suppliers.append(_supplier(dice, tx, base, number))
    root = tx.create(
        "product.category", {"name": "Goods", "complete_name": "Goods", "parent_id": False}
    )
    shares = ((SOFTWARE, 15, 2), (COMPONENTS, 60, 4), (ACCESSORIES, 45, 3))
    for family, full, least in shares:
        category = tx.create(
            "product.category",
            {"name": family, "complete_name": f"Goods / {family}", "parent_id": ref(root)},
        )
        for number in range(1, world.scaled(full, least) + 1):
            product = _product(dice, tx, base, family, category, number)
            if product.is_stocked:
                _source(dice, tx, base, product, catalogue.suppliers)
            maker = product.supplier.record["ref"] if product.supplier else None
            tx.fact("product", product.code, family, maker)
            catalogue.add(product)
    return catalogue


def _supplier(dice: Random, tx: Transaction, base: Foundation, number: int) -> Supplier:
    country = dice.choice(["DE", "DE", "CN", "CZ", "PL", "TW", "IT", "AT"])
    currency = "USD" if country in ("CN", "TW") else "EUR"
    name = names.MAKERS[number % len(names.MAKERS)].format(dice.choice(names.LAST))
    record = tx.create(
        "res.partner",
        partner_values(
            name,
            base.country(country),
            ref_text=f"S{number + 1:04}",
            kind=(0, 1),
            vat=f"{country}{dice.randrange(10**8, 10**9)}" if currency == "EUR" else False,
            email=f"orders{number + 1}@maker.example",
        ),
        active=True,
    )
    lead = dice.choice([5, 7, 10, 14, 18, 21]) if currency == "EUR" else dice.choice([28, 35, 42])
    return Supplier(
        record=record,
        currency=currency,
        lead_days=lead,
        slip_rate=dice.uniform(0.05, 0.35),
        terms_days=dice.choice([14, 30, 30, 45]),
        discount_rate=dice.choice([0.0, 0.0, 0.02, 0.03]),
        iban=f"{country}{dice.randrange(10, 99)}{dice.randrange(10**17, 10**18)}",
    )


def _product(
    dice: Random, tx: Transaction, base: Foundation, family: str, category: Record, number: int
) -> Product:
    words = {
        SOFTWARE: names.SOFTWARE,
        COMPONENTS: names.COMPONENTS,
        ACCESSORIES: names.ACCESSORIES,
    }[family]
    prefix = {SOFTWARE: "SW", COMPONENTS: "CMP", ACCESSORIES: "ACC"}[family]
    name = f"{words[number % len(words)]} {chr(65 + number // len(words))}"
    stocked = family != SOFTWARE
    low, high = {SOFTWARE: (0, 1), COMPONENTS: (2500, 32000), ACCESSORIES: (150, 3500)}[family]
    cost = dice.randrange(low, high)
    price = round(cost * dice.uniform(1.7, 2.6)) if stocked else dice.randrange(9, 160) * 2500
    code = f"{prefix}-{number:03}"
    shared = {
        "name": name,
        "standard_price": cost / 100,
        "list_price": price / 100,
        "uom_id": base.units["unit"],
        "categ_id": ref(category, "complete_name"),
        "type": "consu" if stocked else "service",
        "is_storable": stocked,
        "company_id": False,
    }
    template = tx.create("product.template", dict(shared), active=True)
    record = tx.create(
        "product.product",
        {
            "product_tmpl_id": ref(template),
            "default_code": code,
            "barcode": f"40{dice.randrange(10**10, 10**11)}" if stocked else False,
            **shared,
        },
        active=True,
    )
    shown: list[int | str] = [record["id"], f"[{code}] {name}"]
    product = Product(record, template, code, family, cost, price, shown)
    product.popularity = min(12.0, dice.paretovariate(1.1))
    if stocked:
        _note_cost(tx, base, product, old=0)
    return product


def _source(
    dice: Random, tx: Transaction, base: Foundation, product: Product, suppliers: list[Supplier]
) -> None:
    supplier = dice.choice(suppliers)
    dollars = 1.08 if supplier.currency == "USD" else 1.0
    product.supplier = supplier
    product.purchase_price = max(1, round(product.cost * dice.uniform(0.94, 1.05) * dollars))
    product.pack = 10 if product.family == ACCESSORIES and dice.random() < 0.25 else 1
    product.minimum = dice.choice([10, 20, 50]) if product.family == ACCESSORIES else 5
    tx.create(
        "product.supplierinfo",
        {
            "partner_id": ref(supplier.record),
            "product_tmpl_id": ref(product.template),
            "product_id": product.ref,
            "product_uom_id": base.units["pack" if product.pack > 1 else "unit"],
            "delay": supplier.lead_days,
            "min_qty": float(product.minimum // product.pack or 1),
            "price": product.purchase_price * product.pack / 100,
            "currency_id": base.currency(supplier.currency),
            "company_id": base.companies["EUR"].ref,
        },
    )


def _note_cost(tx: Transaction, base: Foundation, product: Product, old: int) -> None:
    tx.create(
        "product.value",
        {
            "product_id": product.ref,
            "move_id": False,
            "lot_id": False,
            "value": product.cost / 100,
            "company_id": base.companies["EUR"].ref,
            "date": tx.stamp,
            "description": f"Price update from {old / 100} to {product.cost / 100}",
        },
    )
    tx.fact("unit_cost", product.code, tx.at, product.cost)


def plan_price_reviews(world: World, base: Foundation, catalogue: Catalogue) -> None:
    """Review all standard prices at once, on the 3rd of January and of July."""
    dice = world.dice("costs")

    def review(instant: int) -> None:
        # One import, one transaction: hundreds of rows share one stamp.
        with world.transaction(instant) as tx:
            for product in catalogue.stocked:
                old, product.cost = product.cost, round(product.cost * dice.uniform(0.97, 1.06))
                if product.cost != old:
                    new = {"standard_price": product.cost / 100}
                    tx.write("product.product", product.record, **new)
                    tx.write("product.template", product.template, **new)
                    _note_cost(tx, base, product, old)

    for months in range(1, 40):
        first = month_start(world.first_day, months)
        if first < world.last_day and day_text(first)[5:7] in ("01", "07"):
            world.later(at(first + 2, 6.5), review)


def plan_archiving(world: World, catalogue: Catalogue) -> None:
    """Archive a few goods late in the story: Odoo then hides them unless asked."""
    dice = world.dice("archive")

    def archive(instant: int, product: Product) -> None:
        product.popularity = 0.0
        with world.transaction(instant) as tx:
            tx.write("product.product", product.record, active=False)
            tx.write("product.template", product.template, active=False)

    span = world.last_day - world.first_day
    for product in catalogue.products:
        if dice.random() < 0.05:
            world.later(
                at(world.first_day + int(span * dice.uniform(0.5, 0.9)), 17.2), archive, product
            )
