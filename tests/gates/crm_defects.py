"""Defects of the CRM's data."""

from tests.gates.defect import FLAGGED, QUARANTINED, defect
from umlauf.sandbox.stamps import iso

_BETWEEN = "expect_column_values_to_be_between"
_AMOUNTS = f"hubspot.deals: {_BETWEEN}(amount)"
_CLOSES = f"hubspot.deals: {_BETWEEN}(expected_close_at)"


def _is_open(deal):
    properties = deal["properties"]
    return properties["hs_is_closed"] == "false" and bool(properties["amount"])


def _deal(garden, properties=None, history=None, **record):
    """Show an open deal with other properties; a property's history goes on with it."""
    deal = garden.pick("deals", _is_open)
    properties = properties or {}
    histories = dict(deal["propertiesWithHistory"])
    for name, values in histories.items():
        if name in properties and history is None:
            news = {"value": properties[name], "timestamp": iso(garden.moment)}
            histories[name] = [{**values[0], **news}, *values]
    deal["properties"] = deal["properties"] | properties
    deal["propertiesWithHistory"] = history or histories
    return garden.write("deals", deal | record)


@defect("crm", QUARANTINED, "amount without a currency")
def deal_currency_missing(garden):
    """An amount whose currency somebody cleared."""
    return _deal(garden, {"deal_currency_code": None})


@defect("crm", QUARANTINED, "deal_currency_code is not a currency")
def deal_currency_is_none_of_iso(garden):
    """XXX, which stands for no currency."""
    return _deal(garden, {"deal_currency_code": "XXX"})


@defect("crm", QUARANTINED, "amount is not a decimal number")
def deal_amount_with_decimal_comma(garden):
    """12.312,79: an import with the wrong locale."""
    return _deal(garden, {"amount": "12.312,79"})


@defect("crm", FLAGGED, _AMOUNTS)
def deal_amount_negative(garden):
    """A credit note entered as a deal."""
    _deal(garden, {"amount": "-4200.00"})


@defect("crm", FLAGGED, _AMOUNTS)
def deal_of_a_test(garden):
    """Somebody tried the form: 999 million for "TEST please ignore"."""
    _deal(garden, {"dealname": "TEST please ignore", "amount": "999999999.00"})


@defect("crm", FLAGGED, _CLOSES)
def deal_close_date_year_mistyped(garden):
    """Expected to close in the year 2206."""
    _deal(garden, {"closedate": "2206-11-24T16:00:00.000Z"})


@defect("crm", QUARANTINED, "createdate is not a time")
def deal_created_on_no_date(garden):
    """A creation date that is text."""
    return _deal(garden, {"createdate": "gestern"})
