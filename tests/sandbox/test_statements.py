"""Bank files: valid, balanced, chained, numbered, and read here without our own parsers."""

import re
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from lxml import etree

from tests.sandbox.conftest import AFTER_ALL
from umlauf.sandbox.company.camt import camt053
from umlauf.sandbox.company.mt940 import mt940
from umlauf.sandbox.company.statement import BankEntry, Statement
from umlauf.sandbox.stamps import is_bank_day, iso

pytestmark = pytest.mark.integration

CAMT = "{urn:iso:std:iso:20022:tech:xsd:camt.053.001.08}"


def statements(tiny, at=AFTER_ALL):
    """Yield (account, day, number, opening, [amounts], closing) of the files seen by an instant."""
    for account, name, content in tiny.rows(
        "select account, name, content from bank_file "
        "where visible_from <= ? order by visible_from",
        (at,),
    ):
        read = read_camt if name.endswith(".xml") else read_mt940
        yield (account, *read(content))


def read_camt(content):
    statement = etree.fromstring(content).find(f"{CAMT}BkToCstmrStmt/{CAMT}Stmt")

    def signed(node):
        amount = Decimal(node.findtext(f"{CAMT}Amt"))
        return -amount if node.findtext(f"{CAMT}CdtDbtInd") == "DBIT" else amount

    balances = [signed(node) for node in statement.findall(f"{CAMT}Bal")]
    entries = statement.findall(f"{CAMT}Ntry")
    for entry in entries:
        parts = entry.findall(f"{CAMT}NtryDtls/{CAMT}TxDtls")
        assert sum(map(signed, parts)) == signed(entry)
    day = statement.findtext(f"{CAMT}Bal/{CAMT}Dt/{CAMT}Dt")
    number = int(statement.findtext(f"{CAMT}ElctrncSeqNb"))
    return day, number, balances[0], [signed(entry) for entry in entries], balances[1]


def read_mt940(content):
    text = content.decode("ascii")

    def balance(tag):
        side, day, amount = re.search(rf":{tag}:([CD])(\d{{6}})USD([\d,]+)", text).groups()
        signed = Decimal(amount.replace(",", ".")) * (1 if side == "C" else -1)
        return f"20{day[:2]}-{day[2:4]}-{day[4:]}", signed

    amounts = [
        Decimal(amount.replace(",", ".")) * (1 if mark in ("C", "RD") else -1)
        for mark, amount in re.findall(r":61:\d{10}(R?[CD])([\d,]+)N", text)
    ]
    day, opening = balance("60F")
    number = int(re.search(r":28C:(\d+)/", text).group(1))
    return day, number, opening, amounts, balance("62F")[1]


def test_opening_and_entries_make_closing_and_closing_is_the_next_opening(tiny):
    last = {}
    for account, day, _, opening, amounts, closing in statements(tiny):
        assert opening + sum(amounts) == closing, (account, day)
        assert opening == last.get(account, opening), (account, day)
        last[account] = closing

    assert len(last) == 3


def test_there_is_a_statement_for_every_bank_day_numbered_within_the_year(tiny):
    days = defaultdict(list)
    for account, day, number, *_ in statements(tiny):
        days[account].append((date.fromisoformat(day), number))
    for told in days.values():
        first, last = told[0][0].toordinal(), told[-1][0].toordinal()
        expected = [d for d in range(first, last + 1) if is_bank_day(d)]
        assert [day.toordinal() for day, _ in told] == expected
        for (day, number), (after, following) in pairwise(told):
            assert following == (number + 1 if day.year == after.year else 1)


def test_a_file_shows_up_the_next_day_before_the_nights_work_unless_it_is_late(tiny):
    waits = []
    for name, seen in tiny.rows("select name, visible_from from bank_file"):
        day = date.fromisoformat(re.search(r"_(\d{8})[-_]", name).group(1))
        seen = iso(seen)
        assert seen[:10] == (day + timedelta(days=1)).isoformat()
        waits.append(seen[11:16])

    late = sum(wait > "02:30" for wait in waits)
    assert 0 < late < len(waits) / 30
    assert max(waits) < "14:00"


def test_a_credit_taken_back_is_told_apart_from_a_debit():
    back = BankEntry(-1250, "return", "Müller", end_to_end="E1", text="Storno", value_day=739_000,
                     is_reversal=True, reference="R1")  # fmt: skip
    told = Statement("DE02", "BYLADEM1", "USD", "Us", 739_001, 3, 5000, 3750, [back])

    _, swift = mt940(told)
    _, xml = camt053(told)

    assert b":61:2404240425RC12,50NTRFE1//R1" in swift
    assert b"?32Mueller" in swift
    assert read_mt940(swift)[3] == read_camt(xml)[3] == [Decimal("-12.50")]
    assert b"<RvslInd>true" in xml


def test_lines_of_mt940_fit_and_never_start_a_field_by_accident(tiny):
    for (content,) in tiny.rows("select content from bank_file where name like '%.sta'"):
        for line in content.decode("ascii").split("\r\n"):
            assert len(line) <= 65 or line.startswith(":61:")
            assert line in ("", "-") or line[0] != "-"


def test_batches_reversals_charges_and_references_occur(tiny):
    text = b"".join(row[0] for row in tiny.rows("select content from bank_file")).decode()

    for mark in ("<Btch>", "<RvslInd>true", "<RtrInf>", "<Prtry>QRR", "<Cd>SCOR</Cd>", "<MndtId>",
                 "NOTPROVIDED", "/OCMT/USD", "?20EREF+"):  # fmt: skip
        assert mark in text, mark


def test_the_inbox_holds_what_the_folder_channel_delivered_by_the_clock(tiny):
    names = {row[0] for row in tiny.rows(
        "select name from bank_file where channel = 'folder' and visible_from <= ?",
        (tiny.meta["clock"],),
    )}  # fmt: skip

    there = {path.name for path in (tiny.home / "sandbox" / "bank" / "inbox").iterdir()}

    assert there == names
