"""Warehouses and what lies in them: moves, move lines and quants, in whole base units.

Quants are kept for internal places only; the sum of done moves of a place is its quant. Stock never
goes below zero, on no day, back-dated postings included.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from umlauf.sandbox.company.catalogue import Product
from umlauf.sandbox.company.places import Many2one, Place, Warehouse
from umlauf.sandbox.company.setup import Foundation
from umlauf.sandbox.company.world import Record, Transaction, World
from umlauf.sandbox.stamps import business_day, odoo_stamp

MOVE, LINE, QUANT = "stock.move", "stock.move.line", "stock.quant"


@dataclass(slots=True)
class Move:
    """A planned or done move of one product."""

    record: Record
    product: Product
    units: int
    source: Place
    target: Place
    pack: int = 1
    line: Record | None = None
    reserved: int = 0


@dataclass(slots=True, frozen=True)
class Links:
    """What a move belongs to."""

    reference: str
    picking: Many2one | bool = False
    origin: str | bool = False
    purchase_line: Many2one | bool = False
    sale_line: Many2one | bool = False


class Stock:
    """All places and all goods."""

    def __init__(self, world: World, base: Foundation) -> None:
        self.world = world
        self.base = base
        self.company = base.companies["EUR"]
        self.warehouses: list[Warehouse] = []
        self.on_hand: dict[tuple[str, int], int] = defaultdict(int)
        self.reserved: dict[tuple[str, int], int] = defaultdict(int)
        self.deltas: dict[tuple[str, int], dict[int, int]] = defaultdict(lambda: defaultdict(int))
        self.quants: dict[tuple[str, int], Record] = {}
        self._numbers: dict[str, int] = defaultdict(int)

    def free(self, product: Product, place: Place) -> int:
        """Return units on hand that nobody has reserved."""
        key = (product.code, place.id)
        return self.on_hand[key] - self.reserved[key]

    def lowest_since(self, product: Product, place: Place, day: int, today: int) -> int:
        """Return the smallest end-of-day stock from a past day until today."""
        key = (product.code, place.id)
        level = lowest = self.on_hand[key]
        for passed in range(today, day, -1):
            level -= self.deltas[key].get(passed, 0)
            lowest = min(lowest, level)
        return lowest

    def picking(self, warehouse: Warehouse, kind: str) -> Many2one:
        """Return a new transfer's many2one; kind is IN, OUT or INT."""
        self._numbers[warehouse.code + kind] += 1
        number = self._numbers[warehouse.code + kind]
        return [self.world.new_id("stock.picking"), f"{warehouse.code}/{kind}/{number:05}"]

    def plan(
        self,
        tx: Transaction,
        product: Product,
        units: int,
        way: tuple[Place, Place],
        links: Links,
        when: int,
        *,
        pack: int = 1,
        price: float = 0.0,
    ) -> Move:
        """Write a confirmed move for later."""
        source, target = way
        record = tx.create(
            MOVE,
            {
                "product_id": product.ref,
                "product_uom_qty": units / pack,
                "quantity": 0.0,
                "product_uom": self.base.units["pack" if pack > 1 else "unit"],
                "location_id": source.ref,
                "location_dest_id": target.ref,
                "state": "confirmed",
                "date": odoo_stamp(when),
                "origin": links.origin,
                "reference": links.reference,
                "picking_id": links.picking,
                "purchase_line_id": links.purchase_line,
                "sale_line_id": links.sale_line,
                "company_id": self.company.ref,
                "price_unit": price,
                "value": 0.0,
                "is_in": False,
                "is_out": False,
            },
        )
        return Move(record, product, units, source, target, pack)

    def reserve(self, tx: Transaction, move: Move, units: int) -> None:
        """Set units aside for a move; it is `assigned` when all are there."""
        move.reserved = units
        key = (move.product.code, move.source.id)
        self.reserved[key] += units
        move.line = tx.create(LINE, self._line(move, units, "assigned"))
        state = "assigned" if units == move.units else "partially_available"
        tx.write(MOVE, move.record, state=state, quantity=units / move.pack)
        self._count(tx, move.product, move.source)

    def finish(
        self, tx: Transaction, move: Move, effective: int, *, value: int | None = None
    ) -> int:
        """Do a move: all of its units, on the effective instant (ms), perhaps a past one.

        Returns the id of its line.
        """
        units, product = move.units, move.product
        leaves, enters = move.source.is_ours, move.target.is_ours
        worth = product.cost * units if value is None else value
        if leaves == enters:
            worth = 0
        day, stamp, packs = business_day(effective), odoo_stamp(effective), units / move.pack
        tx.write(
            MOVE,
            move.record,
            state="done",
            quantity=packs,
            product_uom_qty=packs,
            date=stamp,
            value=worth / 100,
            is_in=enters and not leaves,
            is_out=leaves and not enters,
        )
        if move.line is None:
            move.line = tx.create(LINE, self._line(move, units, "done"))
        else:
            amounts = {"quantity": packs, "quantity_product_uom": float(units)}
            tx.write(LINE, move.line, state="done", date=stamp, **amounts)
        for place, sign in ((move.source, -1), (move.target, 1)):
            if place.is_ours:
                key = (product.code, place.id)
                self.on_hand[key] += sign * units
                self.deltas[key][day] += sign * units
                if sign < 0:
                    self.reserved[key] -= move.reserved
                self._count(tx, product, place)
        move.reserved = 0
        tx.fact(
            "stock_move",
            move.line["id"],
            product.code,
            move.source.warehouse,
            move.target.warehouse,
            units,
            day,
            worth,
        )
        return int(move.line["id"])

    def release(self, tx: Transaction, move: Move) -> None:
        """Cancel a planned move and give back what it had reserved."""
        self.reserved[move.product.code, move.source.id] -= move.reserved
        move.reserved = 0
        if move.line is not None:
            tx.unlink(LINE, move.line["id"])
            move.line = None
            self._count(tx, move.product, move.source)
        tx.write(MOVE, move.record, state="cancel", quantity=0.0)

    def shorten(self, tx: Transaction, move: Move, units: int) -> int:
        """Cut a move down to some units; return how many are left for a back-order."""
        rest, move.units = move.units - units, units
        tx.write(MOVE, move.record, product_uom_qty=units / move.pack)
        return rest

    def sweep(self, tx: Transaction) -> None:
        """Delete empty quants, as Odoo does now and then."""
        empty = [
            key
            for key, quant in self.quants.items()
            if quant["quantity"] == 0 and quant["reserved_quantity"] == 0
        ]
        for key in empty:
            tx.unlink(QUANT, self.quants.pop(key)["id"])

    def _line(self, move: Move, units: int, state: str) -> Record:
        return {
            "move_id": [move.record["id"], move.product.ref[1]],
            "product_id": move.product.ref,
            "product_uom_id": move.record["product_uom"],
            "quantity": units / move.pack,
            "quantity_product_uom": float(units),
            "location_id": move.source.ref,
            "location_dest_id": move.target.ref,
            "state": state,
            "date": move.record["date"],
            "reference": move.record["reference"],
            "picking_id": move.record["picking_id"],
            "lot_id": False,
            "company_id": self.company.ref,
        }

    def _count(self, tx: Transaction, product: Product, place: Place) -> None:
        key = (product.code, place.id)
        values = {
            "quantity": float(self.on_hand[key]),
            "reserved_quantity": float(self.reserved[key]),
        }
        quant = self.quants.get(key)
        if quant is not None:
            tx.write(QUANT, quant, **values)
            return
        self.quants[key] = tx.create(
            QUANT,
            {
                "product_id": product.ref,
                "location_id": place.ref,
                **values,
                "in_date": tx.stamp,
                "company_id": self.company.ref,
                "lot_id": False,
            },
        )
