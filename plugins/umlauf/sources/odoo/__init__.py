"""Odoo 19 and later: partners, products, stock, orders and accounting, over the JSON-2 API.

API reference: https://www.odoo.com/documentation/19.0/developer/reference/external_api.html
Money arrives as JSON numbers in the record's own currency; date-times are UTC without saying so;
a many2one is [id, name], an empty value is false.
"""

from datetime import UTC, datetime
from typing import Any, Literal

from umlauf.sources.odoo.client import OdooClient
from umlauf.spec import Source, Stream


def _model(
    model: str,
    *fields: str,
    mode: Literal["windowed", "snapshot"] = "windowed",
    max_deleted_ratio: float = 0.0,
    held_by: tuple[tuple[str, str], ...] = (),
) -> Stream:
    """Return the stream of an Odoo model; id, create_date and write_date are always read.

    One that says what its records are held by is of people, who can be erased.
    """
    return Stream(
        name=model.replace(".", "_"),
        path=model,
        version="write_date",
        fields=fields,
        mode=mode,
        max_deleted_ratio=max_deleted_ratio,
        census=True,
        is_erasable=bool(held_by),
        held_by=held_by,
    )


def _report(
    name: str,
    model: str,
    groupby: tuple[str, ...],
    *aggregates: str,
    domain: tuple[tuple[str, str, Any], ...],
) -> Stream:
    """Return what Odoo itself adds up; a count and the newest write_date are always asked for.

    It stands right before the records it is compared with, and never beside another one: two
    reports that fail in a row would look like a source that is down (docs/decisions/0006).
    """
    return Stream(
        name=name,
        path=model,
        mode="report",
        domain=domain,
        groupby=groupby,
        aggregates=(*aggregates, "__count", "write_date:max"),
    )


# Books and orders have to be kept, and name whom they are of: Odoo deletes no such partner either.
_NAME_PARTNERS = tuple(
    (stream, f"$.{field}[0]")
    for field, streams in {
        "parent_id": ("res_partner",),
        "commercial_partner_id": ("account_move",),
        "partner_id": (
            "account_move", "account_move_line", "account_payment", "product_supplierinfo",
            "purchase_order", "purchase_order_line", "res_company", "sale_order",
        ),
    }.items()
    for stream in streams
)  # fmt: skip

SOURCE = Source(
    name="odoo",
    conn_id="odoo_default",
    start=datetime(2005, 1, 1, tzinfo=UTC),  # Odoo's founding: nothing is older
    owner="finance-data",
    connect=OdooClient,
    streams=(
        _model(
            "res.company",
            "name", "currency_id", "partner_id",
            mode="snapshot",
        ),
        _model(
            "res.partner",
            "name", "ref", "is_company", "parent_id", "country_id", "vat", "email",
            "customer_rank", "supplier_rank", "category_id", "active", "company_id",
            held_by=_NAME_PARTNERS,
        ),
        _model(
            "res.currency",
            "name", "decimal_places", "rounding", "active",
            mode="snapshot",
        ),
        _model(
            "res.currency.rate",
            "name", "currency_id", "company_id", "company_rate", "inverse_company_rate",
        ),
        _model(
            "product.category",
            "name", "complete_name", "parent_id",
            mode="snapshot",
        ),
        _model(
            "product.template",
            "name", "categ_id", "type", "is_storable", "list_price", "standard_price",
            "uom_id", "active", "company_id",
        ),
        _model(
            "product.product",
            "product_tmpl_id", "default_code", "name", "standard_price", "active",
            "barcode",
        ),
        _model(
            "uom.uom",
            "name", "factor", "relative_factor", "relative_uom_id",
            mode="snapshot",
        ),
        _model(
            "product.supplierinfo",
            "partner_id", "product_tmpl_id", "product_id", "delay", "min_qty", "price",
            "currency_id", "company_id",
        ),
        _model(
            "stock.warehouse",
            "name", "code", "lot_stock_id", "view_location_id", "company_id",
            mode="snapshot",
        ),
        _model(
            "stock.location",
            "name", "complete_name", "usage", "location_id", "warehouse_id", "company_id",
            "active",
            mode="snapshot",
        ),
        _report(
            "stock_quant_by_location",
            "stock.quant",
            ("company_id", "product_id", "location_id"),
            "quantity:sum", "value:sum",
            domain=(("location_id.usage", "in", ["internal", "transit"]),),
        ),
        _model(
            "stock.quant",
            "product_id", "location_id", "quantity", "reserved_quantity", "in_date",
            "company_id", "lot_id",
            max_deleted_ratio=0.5,  # Odoo removes what has come to zero, many at a time
        ),
        _model(
            "stock.move",
            "product_id", "product_uom_qty", "quantity", "product_uom", "location_id",
            "location_dest_id", "state", "date", "origin", "reference", "picking_id",
            "purchase_line_id", "sale_line_id", "company_id", "price_unit", "value",
            "is_in", "is_out",
        ),
        _model(
            "stock.move.line",
            "move_id", "product_id", "product_uom_id", "quantity", "quantity_product_uom",
            "location_id", "location_dest_id", "state", "date", "reference", "lot_id",
            "company_id",
        ),
        _model(
            "product.value",
            "product_id", "move_id", "value", "date", "company_id", "description",
        ),
        _model(
            "purchase.order",
            "name", "partner_id", "currency_id", "date_order", "date_approve",
            "date_planned", "state", "amount_untaxed", "amount_total", "company_id",
            "partner_ref",
        ),
        _model(
            "purchase.order.line",
            "order_id", "product_id", "name", "product_qty", "qty_received", "qty_invoiced",
            "product_uom_id", "price_unit", "discount", "date_planned", "price_subtotal",
            "state", "company_id", "currency_id", "partner_id",
        ),
        _model(
            "sale.order",
            "name", "partner_id", "client_order_ref", "origin", "currency_id", "date_order",
            "state", "amount_untaxed", "amount_total", "commitment_date", "warehouse_id",
            "company_id",
        ),
        _model(
            "sale.order.line",
            "order_id", "product_id", "name", "product_uom_qty", "qty_delivered",
            "qty_invoiced", "price_unit", "discount", "price_subtotal", "state",
            "company_id", "currency_id",
        ),
        _model(
            "account.account",
            "code", "name", "account_type", "reconcile", "company_ids",
            mode="snapshot",
        ),
        _model(
            "account.journal",
            "name", "code", "type", "currency_id", "bank_acc_number", "company_id",
            mode="snapshot",
        ),
        _report(
            "account_move_line_by_month",
            "account.move.line",
            ("company_id", "date:month"),
            "balance:sum",
            domain=(
                ("parent_state", "=", "posted"),
                ("account_id.account_type", "in", ["income", "income_other"]),
            ),
        ),
        _model(
            "account.move",
            "name", "move_type", "partner_id", "commercial_partner_id", "state", "date",
            "invoice_date", "invoice_date_due", "currency_id", "company_currency_id",
            "amount_untaxed", "amount_tax", "amount_total", "amount_residual",
            "amount_total_signed", "amount_residual_signed", "payment_state",
            "payment_reference", "ref", "invoice_origin", "reversed_entry_id", "journal_id",
            "company_id",
        ),
        _report(
            "account_move_line_by_partner",
            "account.move.line",
            ("company_id", "account_id", "partner_id"),
            "amount_residual:sum",
            domain=(
                ("parent_state", "=", "posted"),
                ("account_id.account_type", "in", ["asset_receivable", "liability_payable"]),
            ),
        ),
        _model(
            "account.move.line",
            "move_id", "move_name", "date", "date_maturity", "account_id", "partner_id",
            "product_id", "quantity", "price_unit", "debit", "credit", "balance",
            "amount_currency", "currency_id", "company_currency_id", "amount_residual",
            "amount_residual_currency", "reconciled", "display_type", "parent_state",
            "name", "ref", "company_id", "purchase_line_id", "sale_line_ids",
        ),
        _model(
            "account.partial.reconcile",
            "debit_move_id", "credit_move_id", "amount", "debit_amount_currency",
            "credit_amount_currency", "max_date", "company_id", "exchange_move_id",
        ),
        _model(
            "account.payment",
            "name", "partner_id", "partner_type", "payment_type", "amount", "currency_id",
            "date", "state", "memo", "journal_id", "move_id", "company_id", "is_reconciled",
        ),
    ),
)  # fmt: skip
