"""Defects of the ERP's books: invoices, journal items, matchings, payments, rates."""

from tests.gates.defect import PARITY, QUARANTINED, REFUSED, STOPPED, defect


def _changed(garden, model, fits=lambda record: True, **edits):
    return garden.write(model, garden.pick(model, fits) | edits)


def _is_invoice(move):
    return move["move_type"] == "out_invoice" and move["state"] == "posted"


def _line(kind):
    return lambda line: (
        line["display_type"] == kind
        and line["parent_state"] == "posted"
        and str(line["move_name"]).startswith("INV/")
    )


@defect("books", STOPPED, PARITY)
def debit_and_credit_swapped(garden):
    """Receivables of an invoice booked on the other side."""
    line = garden.pick("account.move.line", _line("payment_term"))
    turned = {
        "debit": line["credit"], "credit": line["debit"], "balance": -line["balance"],
        "amount_currency": -line["amount_currency"],
    }  # fmt: skip
    garden.write("account.move.line", line | turned)


@defect("books", STOPPED, "odoo.account_move_line: expect_column_values_to_be_between(debit)")
def debit_negative(garden):
    """A credit written as a negative debit."""
    line = garden.pick("account.move.line", _line("product"))
    garden.write("account.move.line", line | {"debit": -line["credit"], "credit": 0.0})


@defect("books", QUARANTINED, "amount finer than a cent")
def item_amount_finer_than_a_cent(garden):
    """A balance with four digits behind the point."""
    line = garden.pick("account.move.line", _line("product"))
    return garden.write("account.move.line", line | {"balance": line["balance"] - 0.0049})


@defect("books", QUARANTINED, "journal item without entry or account")
def item_without_entry(garden):
    """A journal item of no entry."""
    return _changed(garden, "account.move.line", _line("product"), move_id=False)


@defect("books", QUARANTINED, "posted without a date")
def invoice_posted_without_date(garden):
    """A posted invoice that has no date."""
    return _changed(garden, "account.move", _is_invoice, date=False)


@defect("books", STOPPED, "relationships_fct_document_flow_to_date__day__ref_dim_date_")
def invoice_dated_in_another_century(garden):
    """Posted on a day in 2206."""
    _changed(garden, "account.move", _is_invoice, date="2206-11-20", invoice_date="2206-11-20")


@defect("rates", QUARANTINED, "rate missing, zero or negative")
def rate_of_zero(garden):
    """No unit of it for a euro."""
    return _changed(garden, "res.currency.rate", company_rate=0.0, rate=0.0)


@defect("rates", REFUSED, "res_currency_rate: ")
def rates_stopped(garden):
    """No rate for a month."""
    for rate in garden.shown("res.currency.rate"):
        if rate["name"] > "2026-10-28":
            garden.remove("res.currency.rate", rate["id"])


@defect("rates", QUARANTINED, "currency without a code")
def currency_lost_its_code(garden):
    """A currency without a name."""
    return _changed(garden, "res.currency", lambda one: one["name"] == "USD", name=False)


@defect("master", QUARANTINED, "account without a type")
def account_without_type(garden):
    """An account that is neither asset nor income."""
    return _changed(
        garden, "account.account", lambda one: one["code"] == "1200", account_type=False
    )
