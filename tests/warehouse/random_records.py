"""Records of any stream, readable and unreadable, out of a few keys that refer to each other."""

import json
import random
import re
from functools import cache

from umlauf.warehouse.dbt import DBT_PROJECT

KEYS = ("1", "2", "3")
_MACRO = re.compile(r"odoo_(id|text|flag|decimal|date|stamp|integer)\('(\w+)'")
_UNREADABLE = ("", "{", "[1]", '"text"', '{"a": 1, "a": 2}', "null", "{}")
_AMOUNTS = ("1.10", "-2.00", "1.005", "NaN", "", None, "3")
_STAMPS = ("2026-01-02T10:00:00Z", "2026-03-04T23:30:00.000Z", "2026-01-05", "late", None)


@cache
def payload(source, stream, flavour):
    """Return the JSON text of one record; equal flavours give equal texts."""
    dice = random.Random(f"{source}.{stream}.{flavour}")  # noqa: S311 - the same texts every time
    if dice.random() < 0.1:
        return dice.choice(_UNREADABLE)
    record = {"bank": _bank, "hubspot": _hubspot, "odoo": _odoo}[source](dice)
    return json.dumps(record)


def _odoo(dice):
    """Return a record with every field that any Odoo model reads."""
    make = {
        "id": lambda: dice.choice([[1, "a"], [2, "b"], [3, "c"], False]),
        "text": lambda: dice.choice(["posted", "done", "draft", "cancel", "x", False]),
        "flag": lambda: dice.choice([True, False]),
        "decimal": lambda: dice.choice([1, 2.5, -1, 0.005, False, "x"]),
        "integer": lambda: dice.choice([1, 2, False]),
        "date": lambda: dice.choice(["2026-01-02", "2026-02-30", False]),
        "stamp": lambda: dice.choice(["2026-01-02 10:00:00", "x", False]),
    }
    return {name: make[kind]() for name, kind in _odoo_fields().items()}


@cache
def _odoo_fields():
    files = sorted((DBT_PROJECT / "models" / "staging" / "odoo").glob("*.sql"))
    return {name: kind for file in files for kind, name in _MACRO.findall(file.read_text())}


def _hubspot(dice):
    # A copy without any history lets older ones speak, but not of what cannot be dated.
    most, stamps = dice.choice([0, 3, 3]), dice.choice([_STAMPS, _STAMPS, ("late",)])

    def history(values):
        return [
            {"value": dice.choice(values), "timestamp": dice.choice(stamps)}
            for _ in range(dice.randint(0, most))
        ]

    values = {
        "dealstage": ["new", "won"],
        "amount": list(_AMOUNTS),
        "closedate": list(_STAMPS),
        "hubspot_owner_id": ["1", "2", None],
    }
    stages = [
        {
            "id": dice.choice(["new", "won", None]),
            "label": dice.choice(["New", "Won"]),
            "displayOrder": dice.randint(0, 2),
            "metadata": {"probability": dice.choice(["0.5", "1.0", "2"]), "isClosed": "true"},
        }
        for _ in range(dice.randint(0, 2))
    ]
    return {
        "properties": {name: dice.choice(some) for name, some in values.items()}
        | {"pipeline": "p", "deal_currency_code": dice.choice(["EUR", "", "XXX"]), "name": "n",
           "createdate": dice.choice(_STAMPS), "quantity": dice.choice(_AMOUNTS),
           "price": dice.choice(_AMOUNTS)},
        "propertiesWithHistory": {name: history(some) for name, some in values.items()},
        "label": "Pipeline",
        "stages": stages,
        "to": [{"toObjectId": dice.choice(KEYS)} for _ in range(dice.randint(0, 2))],
        "email": "a@b.c",
    }  # fmt: skip


def _bank(dice):
    money = ("amount", "opening_balance", "closing_balance", "entry_sum")
    return {name: dice.choice(_AMOUNTS) for name in money} | {
        "statement_key": dice.choice(KEYS),
        "account": dice.choice(["DE1", None]),
        "kind": dice.choice(["053", "052"]),
        "currency": dice.choice(["EUR", "XXX"]),
        "account_currency": dice.choice(["EUR", None]),
        "closing_date": dice.choice(["2026-01-02", None]),
        "quarantine_reason": dice.choice([None, None, None, "unreadable"]),
    }
