"""What fields a model has, of which types, learned from the records themselves."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import orjson

from umlauf.sandbox.serve.odoo_errors import value_error
from umlauf.sandbox.serve.state import State

SAMPLE = 300
# What Umlauf reads; a model without records exists all the same.
MODELS = frozenset({
    "res.company", "res.partner", "res.currency", "res.currency.rate", "product.category",
    "product.template", "product.product", "uom.uom", "product.supplierinfo", "product.value",
    "stock.warehouse", "stock.location", "stock.quant", "stock.move", "stock.move.line",
    "purchase.order", "purchase.order.line", "sale.order", "sale.order.line", "account.account",
    "account.journal", "account.move", "account.move.line", "account.partial.reconcile",
    "account.payment",
})  # fmt: skip
RELATIONS = {
    "account_id": "account.account", "categ_id": "product.category",
    "category_id": "res.partner.category", "commercial_partner_id": "res.partner",
    "company_currency_id": "res.currency", "company_id": "res.company",
    "company_ids": "res.company", "country_id": "res.country",
    "credit_move_id": "account.move.line", "currency_id": "res.currency",
    "debit_move_id": "account.move.line", "exchange_move_id": "account.move",
    "journal_id": "account.journal", "location_dest_id": "stock.location",
    "location_id": "stock.location", "lot_id": "stock.lot", "lot_stock_id": "stock.location",
    "partner_id": "res.partner", "picking_id": "stock.picking", "product_id": "product.product",
    "product_tmpl_id": "product.template", "product_uom": "uom.uom", "product_uom_id": "uom.uom",
    "purchase_line_id": "purchase.order.line", "relative_uom_id": "uom.uom",
    "reversed_entry_id": "account.move", "sale_line_id": "sale.order.line",
    "sale_line_ids": "sale.order.line", "uom_id": "uom.uom",
    "view_location_id": "stock.location", "warehouse_id": "stock.warehouse",
}  # fmt: skip
OWN_RELATIONS = {
    ("stock.move.line", "move_id"): "stock.move",
    ("product.value", "move_id"): "stock.move",
    ("account.move.line", "move_id"): "account.move",
    ("account.payment", "move_id"): "account.move",
    ("sale.order.line", "order_id"): "sale.order",
    ("purchase.order.line", "order_id"): "purchase.order",
    ("res.partner", "parent_id"): "res.partner",
    ("product.category", "parent_id"): "product.category",
}  # fmt: skip
DATE = re.compile(r"\d{4}-\d\d-\d\d")
DATETIME = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")
NUMERIC = frozenset({"integer", "float"})


@dataclass(frozen=True)
class Field:
    """One field: Odoo's type name, and the model a relation leads to."""

    name: str
    type: str
    relation: str | None = None


@dataclass(frozen=True)
class Model:
    """A model and its fields."""

    name: str
    fields: dict[str, Field]

    def field(self, name: str) -> Field:
        """Return a field; HTTP 500 for one that is not there, as in Odoo."""
        if name not in self.fields:
            raise value_error(f"Invalid field {name!r} on {self.name!r}")
        return self.fields[name]


def learn(state: State, name: str) -> Model:
    """Return the model as its records show it; `id` leads to the model itself."""

    def look() -> Model:
        records = [orjson.loads(text) for text in state.payloads(name, SAMPLE)]
        names = dict.fromkeys(["id", *(key for record in records for key in record)])
        fields = {
            key: _field(name, key, [record[key] for record in records if key in record])
            for key in names
        }
        return Model(name, fields)

    return state.remember(("model", name), look)


def _field(model: str, name: str, values: list[Any]) -> Field:
    relation = OWN_RELATIONS.get((model, name), RELATIONS.get(name))
    kind = _type([value for value in values if value is not False])
    if name == "id":
        return Field(name, "integer", model)
    if kind == "many2one" or (not kind and relation):
        return Field(name, "many2one", relation)
    if not kind:  # nothing but false was seen
        kind = "boolean" if name == "active" or name.startswith("is_") else "char"
    return Field(name, kind, relation if kind == "many2many" else None)


def _type(values: Iterable[Any]) -> str:
    kinds = {_type_of(value) for value in values}
    for widest in ("many2many", "many2one", "char", "datetime", "float", "integer", "boolean"):
        if widest in kinds:
            return widest
    return "date" if "date" in kinds else ""


def _type_of(value: Any) -> str:
    if isinstance(value, list):
        return "many2one" if len(value) == 2 and isinstance(value[1], str) else "many2many"
    if isinstance(value, str):
        if DATETIME.fullmatch(value):
            return "datetime"
        return "date" if DATE.fullmatch(value) else "char"
    if isinstance(value, bool):
        return "boolean"
    return "float" if isinstance(value, float) else "integer"
