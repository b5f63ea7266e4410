from decimal import Decimal

import pytest

from tests.formats.camt_text import balance, camt, entry, statement
from tests.formats.reading import read
from umlauf.errors import DataRejected


def one(data):
    found, entries = read(data)
    assert len(found.statements) == 1
    return found.statements[0], entries


@pytest.mark.parametrize("kind", ["052", "053", "054"])
@pytest.mark.parametrize("version", ["01", "02", "03", "04", "06", "08", "13"])
def test_kind_and_version_are_told_by_the_namespace(kind, version):
    found, entries = read(camt(statement(entry()), version=f"{kind}.001.{version}"))

    assert found.format == f"camt.{kind}.001.{version}"
    assert found.statements[0].kind == kind
    assert len(entries) == 1


def test_another_namespace_is_rejected_by_name():
    with pytest.raises(DataRejected, match=r"camt\.060\.001\.03.* is not camt"):
        read(camt(statement(), version="060.001.03"))


def test_debit_is_negative_and_credit_is_positive():
    _, entries = one(camt(statement(entry("1.10"), entry("2.25", "DBIT"))))

    assert [item.amount for item in entries] == [Decimal("1.10"), Decimal("-2.25")]


def test_a_reversal_keeps_the_sign_the_bank_states():
    # ISO 20022: CRDT with RvslInd is money back in; the original was a debit.
    _, (item,) = one(camt(statement(entry("5", "CRDT", more="<RvslInd>true</RvslInd>"))))

    assert item.is_reversal
    assert item.amount == 5


@pytest.mark.parametrize("status", ["BOOK", "<Cd>BOOK</Cd>"])
def test_status_is_read_in_its_old_and_its_new_form(status):
    assert one(camt(statement(entry(status=status))))[1][0].status == "BOOK"


def test_opening_plus_booked_entries_is_closing():
    day = statement(
        balance("OPBD", "100.00"),
        balance("CLBD", "102.50"),
        entry("5.00"),
        entry("2.50", "DBIT"),
        entry("99.00", status="<Cd>PDNG</Cd>"),
    )

    found, _ = one(camt(day))

    assert found.quarantine_reason is None
    assert (found.entry_count, found.entry_sum) == (3, Decimal("2.50"))


def test_a_statement_that_does_not_add_up_goes_to_quarantine_with_the_sum():
    found, entries = one(camt(statement(balance("OPBD", "1"), balance("CLBD", "9"), entry("5"))))

    assert found.quarantine_reason == "opening 1 + 1 entries 5 = 6, the bank's closing is 9"
    assert len(entries) == 1


def test_balances_in_another_currency_than_the_entries_cannot_be_added():
    day = statement(balance("OPBD", "1"), balance("CLBD", "6"), entry("5", currency="USD"))

    assert one(camt(day))[0].quarantine_reason == "balances and entries in EUR and USD"


def test_the_bank_s_own_count_is_compared():
    count = "<TxsSummry><TtlNtries><NbOfNtries>3</NbOfNtries></TtlNtries></TxsSummry>"

    found, _ = one(camt(statement(count, entry(), entry())))

    assert found.quarantine_reason == "the bank counts 3 entries, 2 are there"


def test_a_missing_booking_date_stays_missing():
    _, (item,) = one(camt(statement(entry(booked=None))))

    assert (item.booking_date, item.value_date) == (None, "2026-01-06")


def test_a_date_time_gives_the_bank_s_own_day():
    late = "<BookgDt><DtTm>2026-01-05T23:59:00-05:00</DtTm></BookgDt>"

    assert one(camt(statement(entry(booked=None, more=late))))[1][0].booking_date == "2026-01-05"


@pytest.mark.parametrize(
    "amount",
    ["1,5", "-1.00", "1e3", "NaN", "Infinity", "1e400", "9" * 40, "1.123456", "", "\uff10"],
)
def test_an_amount_that_is_no_plain_decimal_takes_its_statement_to_quarantine(amount):
    found, entries = one(camt(statement(entry(), entry(amount))))

    assert entries[1].amount is None
    assert "amount" in entries[1].quarantine_reason
    assert found.quarantine_reason == entries[1].quarantine_reason
    assert found.quarantine_reason.startswith("entry 2, line 2:")


def test_a_day_that_does_not_exist_takes_its_statement_to_quarantine():
    found, _ = one(camt(statement(entry(booked="2026-02-30"))))

    assert "'2026-02-30' is not a day of the calendar" in found.quarantine_reason


def test_several_accounts_in_one_file_stay_apart():
    found, entries = read(
        camt(statement(entry(), iban="DE02"), statement(entry(), entry(), iban="CH03", name="S-2"))
    )

    assert [item.account for item in found.statements] == ["DE02", "CH03"]
    assert [item.account for item in entries] == ["DE02", "CH03", "CH03"]
    assert len({item.entry_key for item in entries}) == 3


def test_pages_with_one_balance_each_are_judged_together():
    def page(number, is_last):
        return f"<StmtPgntn><PgNb>{number}</PgNb><LastPgInd>{is_last}</LastPgInd></StmtPgntn>"

    first = statement(balance("OPBD", "10"), entry("5"), pages=page(1, "false"))
    last = statement(balance("CLBD", "16"), entry("1"), pages=page(2, "true"))
    wrong = statement(balance("CLBD", "17"), entry("1"), pages=page(2, "true"))

    assert [item.quarantine_reason for item in read(camt(first, last))[0].statements] == [None] * 2
    assert all(item.quarantine_reason for item in read(camt(first, wrong))[0].statements)


def test_a_statement_without_entries_is_a_statement():
    found, entries = one(camt(statement(balance("OPBD", "3"), balance("CLBD", "3"))))

    assert (found.entry_count, found.quarantine_reason, entries) == (0, None, [])


def test_a_file_without_a_statement_is_rejected():
    with pytest.raises(DataRejected, match="without a statement"):
        read(camt())


def test_a_prefix_for_the_namespace_makes_no_difference():
    plain = camt(statement(entry()))
    prefixed = plain.replace(b"</", b"</c:").replace(b"xmlns=", b"xmlns:c=")
    for name in sorted({part.split(b">")[0].split(b" ")[0] for part in plain.split(b"<")[2:]}):
        if not name.startswith((b"/", b"?")):
            prefixed = prefixed.replace(b"<" + name + b">", b"<c:" + name + b">")
            prefixed = prefixed.replace(b"<" + name + b" ", b"<c:" + name + b" ")

    assert [item.entry_key for item in read(prefixed)[1]] == [
        item.entry_key for item in read(plain)[1]
    ]
