"""Warehouses, their rooms, and the places outside that goods come from and go to."""

from __future__ import annotations

from dataclasses import dataclass

from umlauf.sandbox.company.setup import Company, ref
from umlauf.sandbox.company.world import Transaction

Many2one = list[int | str]


@dataclass(slots=True)
class Place:
    """A stock.location."""

    id: int
    ref: Many2one
    usage: str
    warehouse: str | None

    @property
    def is_ours(self) -> bool:
        """Goods here are on our books."""
        return self.usage == "internal"


@dataclass(slots=True)
class Warehouse:
    """A warehouse with its stock room and the room for returns."""

    code: str
    ref: Many2one
    stock: Place
    quality: Place
    opens: int


def build_places(tx: Transaction, company: Company) -> dict[str, Place]:
    """Write the places outside: makers, customers, losses."""
    parents = {"Partners": _place(tx, company, "Partners", "view", None, None)}
    parents["Virtual"] = _place(tx, company, "Virtual Locations", "view", None, None)
    outside = {}
    for key, name, usage, parent in (
        ("suppliers", "Vendors", "supplier", "Partners"),
        ("customers", "Customers", "customer", "Partners"),
        ("loss", "Inventory adjustment", "inventory", "Virtual"),
        ("scrap", "Scrap", "inventory", "Virtual"),
    ):
        outside[key] = _place(tx, company, name, usage, parents[parent], None)
    return outside


def open_warehouse(tx: Transaction, company: Company, code: str, name: str, day: int) -> Warehouse:
    """Write a warehouse with its rooms."""
    record = tx.create(
        "stock.warehouse",
        {"name": name, "code": code, "company_id": company.ref},
        active=True,
    )
    own = ref(record)
    view = _place(tx, company, code, "view", None, None, own)
    room = _place(tx, company, "Stock", "internal", view, code, own)
    quality = _place(tx, company, "Returns", "internal", view, code, own)
    tx.write("stock.warehouse", record, lot_stock_id=room.ref, view_location_id=view.ref)
    return Warehouse(code, own, room, quality, day)


def _place(
    tx: Transaction,
    company: Company,
    name: str,
    usage: str,
    parent: Place | None,
    warehouse: str | None,
    warehouse_ref: Many2one | bool = False,
) -> Place:
    full = f"{parent.ref[1]}/{name}" if parent else name
    record = tx.create(
        "stock.location",
        {
            "name": name,
            "complete_name": full,
            "usage": usage,
            "location_id": parent.ref if parent else False,
            "warehouse_id": warehouse_ref,
            "company_id": company.ref if usage == "internal" else False,
        },
        active=True,
    )
    return Place(record["id"], [record["id"], full], usage, warehouse)
