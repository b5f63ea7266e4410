"""Good inputs: the sandbox bank's files, our cases, real banks' samples where they are at hand."""

import json
from datetime import date
from functools import cache, partial
from pathlib import Path

from umlauf.sandbox.company.camt import camt053
from umlauf.sandbox.company.mt940 import mt940
from umlauf.sandbox.company.statement import BankEntry, Statement

TESTS = Path(__file__).parents[1]
FOLDERS = (TESTS / "formats" / "cases", *TESTS.parent.parent.glob("shared/bank_samples/*"))
STAMP = "2026-01-05T10:00:00.000Z"
DEAL = {
    "id": "7",
    "properties": {"hs_lastmodifieddate": STAMP, "amount": "10.50", "dealname": "Müller & Söhne"},
    "propertiesWithHistory": {"dealstage": [{"value": "won", "timestamp": STAMP}]},
    "updatedAt": STAMP,
}
LINKS = {"from": {"id": "7"}, "to": [{"toObjectId": 9, "associationTypes": [{"typeId": 5}]}]}
PIPELINE = {"id": "p", "updatedAt": STAMP, "stages": [{"id": "won", "updatedAt": STAMP}]}
LINE = {"id": 7, "write_date": "2026-01-05 10:00:00", "debit": 12.5, "partner_id": [3, "Söhne"]}
GROUP = {
    "company_id": [1, "Umlauf"], "product_id": [5, "[A] bolt"], "location_id": [8, "WH/Stock"],
    "quantity:sum": 12.0, "value:sum": 99.5, "__count": 3, "write_date:max": "2026-01-05 10:00:00",
}  # fmt: skip
ANSWERS = {
    "hubspot": [
        ("deals", {"total": 1, "results": [DEAL], "paging": {"next": {"after": "8"}}}),
        ("deals_to_companies", {"total": 1, "results": [DEAL | LINKS], "errors": []}),
        ("pipelines", {"results": [PIPELINE]}),
        ("deals_by_stage", {"total": 1, "results": [DEAL | PIPELINE]}),
        ("owners", {"category": "VALIDATION_ERROR", "message": "no such scope", "errors": []}),
    ],
    "odoo": [
        ("account_move_line", [LINE, LINE | {"id": 8, "debit": 0.1}]),
        ("stock_quant_by_location", [GROUP]),
        ("res_partner", {"name": "odoo.exceptions.AccessError", "message": "no"}),
    ],
}
ANSWERS = {
    kind: [(stream, json.dumps(answer).encode()) for stream, answer in answers]
    for kind, answers in ANSWERS.items()
}


@cache
def camt():
    """Return camt files as bytes."""
    return [camt053(_statement())[1], *_files("*.xml")]


@cache
def mt():
    """Return MT940 and MT942 files as bytes."""
    return [mt940(_statement())[1], *_files("*.sta"), *_files("mt94*"), *_files("*.txt")]


def _files(pattern):
    return [file.read_bytes() for folder in FOLDERS for file in sorted(folder.glob(pattern))]


def _statement():
    day = date(2026, 1, 5).toordinal()
    entry = partial(BankEntry, kind="any", value_day=day, text="Rechnung 4711, vielen Dank")
    entries = [
        entry(12_345, party="Müller & Söhne", party_iban="DE02120300000000202051", end_to_end="E1"),
        entry(-10_000, parts=[entry(-4_000, party="A"), entry(-6_000, party="B")]),
        entry(500, party="Müller", structured="RF18539007547034", mandate="M1", is_reversal=True),
    ]
    return Statement(
        iban="DE89370400440532013000",
        bic="COBADEFFXXX",
        currency="EUR",
        owner="Umlauf GmbH",
        day=day,
        number=5,
        opening=100_000,
        closing=102_845,
        entries=entries,
    )
