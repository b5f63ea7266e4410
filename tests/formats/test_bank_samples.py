"""Files of other people's test suites, counted by means that share nothing with our parsers."""

import re
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.formats.reading import read
from umlauf.errors import DataRejected

SAMPLES = Path(__file__).parents[2].parent / "shared" / "bank_samples"
BAD = re.compile("wrong|broken|malformed|february_30")
FILES = sorted([*SAMPLES.glob("camt/*.xml"), *SAMPLES.glob("mt940/*")])
GOOD = [file for file in FILES if not BAD.search(file.name)]

pytestmark = pytest.mark.skipif(not SAMPLES.exists(), reason="the samples are not beside us")

# Date, perhaps an entry date, a mark, perhaps a letter, then the amount: all else is free text.
MT_LINE = re.compile(rb"^:61:\d{6}(?:\d{4}|    )?(RC|RD|C|D)[A-Z]?\n?([\d,]+)", re.MULTILINE)


def counted_in_xml(data):
    entries = [
        item
        for item in ElementTree.fromstring(data).iter()  # noqa: S314 - samples we know
        if item.tag.rpartition("}")[2] == "Ntry"
    ]
    total = Decimal(0)
    for item in entries:
        children = {child.tag.rpartition("}")[2]: child.text for child in item}
        value = Decimal(children["Amt"])
        total += value if children["CdtDbtInd"] == "CRDT" else -value
    return len(entries), total


def counted_in_text(data):
    found = MT_LINE.findall(data.replace(b"\r\n", b"\n"))
    amounts = [Decimal(text.decode().replace(",", ".")) for _, text in found]
    signs = [-1 if mark in (b"D", b"RC") else 1 for mark, _ in found]
    return len(found), sum(map(Decimal.__mul__, amounts, map(Decimal, signs)), Decimal(0))


@pytest.mark.parametrize("file", GOOD, ids=lambda file: file.name)
def test_every_sample_is_understood_to_the_cent(file):
    data = file.read_bytes()
    expected = (counted_in_xml if file.suffix == ".xml" else counted_in_text)(data)

    found, entries = read(data)

    whole = [entry for entry in entries if entry.part == 0]
    assert (len(whole), sum((entry.amount for entry in whole), Decimal(0))) == expected
    assert found.entry_count == expected[0]
    assert all(statement.account for statement in found.statements)


def test_there_are_samples_of_both_formats():
    assert len([file for file in GOOD if file.suffix == ".xml"]) == 25
    assert len([file for file in GOOD if file.suffix != ".xml"]) == 31


@pytest.mark.parametrize(
    "name", ["camt/camt053.v2.wrong.xml", "mt940/betterplace__sepa_snippet_broken.sta"]
)
def test_samples_without_a_whole_statement_are_rejected_with_their_line(name):
    with pytest.raises(DataRejected) as rejected:
        read((SAMPLES / name).read_bytes())

    assert rejected.value.reason
    assert rejected.value.place.startswith("line ")


def test_camt_statements_that_break_their_balance_are_in_quarantine_and_no_others():
    statements = [
        statement
        for file in GOOD
        if file.suffix == ".xml"
        for statement in read(file.read_bytes())[0].statements
        if statement.opening_balance is not None and statement.closing_balance is not None
    ]

    assert len([item for item in statements if item.quarantine_reason]) == 8
    assert len(statements) == 10
