"""Defects of the ERP's stock, orders and master data."""

from tests.gates.defect import FLAGGED, PARITY, QUARANTINED, STOPPED, defect

_BETWEEN = "expect_column_values_to_be_between"
_BELOW_ZERO = (
    "marts.fct_stock_span: Stock below zero means a posting is missing or wrong: the total is "
    "kept, look at the product."
)
_NAMES_NONE = (
    "marts.fct_document_flow: A document names one that was deleted, archived or not read."
)


def _changed(garden, model, fits=lambda record: True, **edits):
    return garden.write(model, garden.pick(model, fits) | edits)


def _is_done(record):
    return record["state"] == "done"


def _is_confirmed(line):
    return line["state"] == "purchase" and line["qty_received"] > 0


@defect("stock", QUARANTINED, "negative quantity on a move line")
def move_line_quantity_negative(garden):
    """A delivery of minus three pieces."""
    return _changed(garden, "stock.move.line", _is_done, quantity=-3.0, quantity_product_uom=-3.0)


@defect("stock", QUARANTINED, "move not landed")
def move_line_orphaned(garden):
    """A line whose move was deleted behind its back."""
    return _changed(garden, "stock.move.line", _is_done, move_id=[999_999, "gone"])


@defect("stock", QUARANTINED, "line without a unit of measure")
def move_line_without_unit(garden):
    """Three of nothing."""
    return _changed(garden, "stock.move.line", _is_done, product_uom_id=False)


@defect("stock", QUARANTINED, "move without both locations")
def move_from_nowhere(garden):
    """Goods that come from no place."""
    return _changed(garden, "stock.move", _is_done, location_id=False)


@defect("stock", QUARANTINED, "state unknown")
def move_in_a_state_nobody_knows(garden):
    """A state that a plugin of the ERP brought in."""
    return _changed(garden, "stock.move", _is_done, state="half_done")


@defect("stock", STOPPED, PARITY)
def quant_differs_from_its_moves(garden):
    """Stock corrected in the database, past all moves."""
    quant = garden.pick("stock.quant", _is_counted(garden))
    garden.write("stock.quant", quant | {"quantity": quant["quantity"] + 7})


@defect("stock", FLAGGED, _BELOW_ZERO)
def stock_below_zero(garden):
    """More went out than ever came in, and the ERP says so as well."""
    line = garden.pick("stock.move.line", lambda one: _is_done(one) and _is_out(one))
    more = 100_000.0
    line["quantity"] += more
    line["quantity_product_uom"] += more
    garden.write("stock.move.line", line)
    product, place = line["product_id"][0], line["location_id"][0]
    quant = garden.pick(
        "stock.quant",
        lambda one: one["product_id"][0] == product and one["location_id"][0] == place,
    )
    garden.write("stock.quant", quant | {"quantity": quant["quantity"] - more})


@defect("master", QUARANTINED, "factor missing or not above zero")
def unit_of_measure_of_factor_zero(garden):
    """A unit that is nothing."""
    return _changed(garden, "uom.uom", lambda one: one["factor"] not in (1, 1.0), factor=0.0)


@defect("master", FLAGGED, "every_unit_of_measure_is_known")
def product_in_a_unit_nobody_knows(garden):
    """A product's unit that the ERP does not list."""
    _changed(garden, "product.template", _is_storable, uom_id=[999_999, "Fass"])


@defect("master", FLAGGED, "every_product_belongs_to_a_family")
def product_in_a_category_nobody_knows(garden):
    """A product of a category that the ERP does not list."""
    _changed(garden, "product.template", _is_storable, categ_id=[999_999, "Neu"])


@defect("master", FLAGGED, f"marts.dim_product: {_BETWEEN}(standard_cost)")
def product_cost_negative(garden):
    """A standard price below zero."""
    product = garden.pick("product.product", _is_storable)
    value = garden.pick(
        "product.value", lambda one: one["product_id"] and one["product_id"][0] == product["id"]
    )
    garden.add("product.value", value | {"value": -5.0, "date": "2026-11-30 10:00:00"})
    garden.write("product.product", product | {"standard_price": -5.0})


@defect("master", QUARANTINED, "negative lead time")
def supplier_delivers_before_the_order(garden):
    """Delivery in minus fourteen days."""
    return _changed(garden, "product.supplierinfo", delay=-14)


@defect("orders", QUARANTINED, "order not landed")
def purchase_line_orphaned(garden):
    """A line whose order is gone."""
    return _changed(garden, "purchase.order.line", _is_confirmed, order_id=[999_999, "P99999"])


@defect("orders", FLAGGED, f"odoo.purchase_order_line: {_BETWEEN}(quantity)")
def purchase_line_quantity_negative(garden):
    """Minus twenty pieces ordered."""
    line = garden.pick("purchase.order.line", _is_confirmed)
    garden.write("purchase.order.line", line | {"product_qty": -line["product_qty"]})


@defect("orders", FLAGGED, "received_units_are_what_the_erp_counts")
def purchase_line_received_more_than_moved(garden):
    """The order counts a receipt that no move made."""
    line = garden.pick("purchase.order.line", _is_confirmed)
    garden.write("purchase.order.line", line | {"qty_received": line["qty_received"] + 5})


@defect("orders", QUARANTINED, "order without a currency")
def order_currency_missing(garden):
    """A purchase order in no currency."""
    return _changed(garden, "purchase.order", currency_id=False)


@defect("orders", FLAGGED, _NAMES_NONE)
def sale_line_orphaned(garden):
    """A line whose sale order is gone."""
    _changed(garden, "sale.order.line", order_id=[999_999, "S99999"])


@defect("orders", QUARANTINED, "amount finer than a cent")
def order_amount_finer_than_a_cent(garden):
    """1248.3849: a sum that nobody can pay."""
    return _changed(garden, "sale.order", amount_total=1248.3849)


def _is_storable(product):
    return bool(product["is_storable"])


def _is_out(line):
    return "Stock" in line["location_id"][1]


def _is_counted(garden):
    places = {one["id"] for one in garden.shown("stock.location") if one["usage"] == "internal"}
    return lambda quant: quant["location_id"][0] in places and quant["quantity"] > 0
