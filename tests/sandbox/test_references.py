"""Payment references carry the check digits that banks refuse to go without."""

import pytest

from umlauf.sandbox.company.references import payment_reference

pytestmark = pytest.mark.integration

LETTERS = {letter: str(place) for place, letter in enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZ", 10)}
# As printed: ISO 11649 by Finance Finland, the Swiss QR bill by SIX.
PRINTED = [
    ("539007547034", "EUR", "RF18539007547034"),
    ("21000000000313947143000901", "CHF", "210000000003139471430009017"),
]


@pytest.mark.parametrize(("number", "currency", "expected"), PRINTED)
def test_a_reference_is_the_printed_one(number, currency, expected):
    assert payment_reference(number, currency) == expected


def test_every_invoice_has_the_reference_of_its_company(tiny):
    invoices = [
        move for move in tiny.records("account.move").values()
        if move["move_type"] == "out_invoice" and move["state"] == "posted"
    ]  # fmt: skip
    for invoice in invoices:
        reference = invoice["payment_reference"]
        if invoice["company_currency_id"][1] == "CHF":
            assert len(reference) == 27
        else:
            turned = reference[4:] + reference[:4]
            assert int("".join(LETTERS.get(one, one) for one in turned)) % 97 == 1

    references = [(move["company_id"][0], move["payment_reference"]) for move in invoices]
    assert len(set(references)) == len(references)
