"""A field that cannot be read takes its statement to quarantine: not its file, not its siblings."""

from collections import Counter
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.formats.camt_text import balance, camt, entry, statement
from tests.formats.reading import read
from umlauf.errors import DataRejected

ACCOUNTS = ("DE89370400440532013000", "DE02120300000000202051", "DE12500105170648489890")


def mt_day(number, *lines):
    """Return the lines of a day that adds up: 100,00 and one booking of as many euros."""
    return [
        f":20:DAY{number}",
        f":25:{ACCOUNTS[number]}",
        f":28C:{number + 1}/1",
        ":60F:C260105EUR100,00",
        f":61:2601060106C{number + 1},00NTRFNONREF",
        ":86:a payment",
        *lines,
        f":62F:C260106EUR{101 + number},00",
        "-",
    ]


def mt_file(*days):
    return "\n".join(line for day in days for line in day).encode()


def garbled(day, line, text):
    return [*day[:line], text, *day[line + 1 :]]


BAD_FIELDS = {
    "a booking without grammar": (4, ":61:nonsense"),
    "a day that does not exist": (4, ":61:2602310106C2,00NTRFNONREF"),
    "no amount": (4, ":61:2601060106C,,NTRFNONREF"),
    "an opening balance": (3, ":60F:C260105EUR1.00"),
    "the day of an opening balance": (3, ":60F:C261305EUR100,00"),
    "a closing balance": (6, ":62F:EUR"),
    "a tag nobody knows": (1, ":2S:" + ACCOUNTS[1]),
}


@pytest.mark.parametrize("case", BAD_FIELDS)
def test_a_bad_field_of_mt940_takes_its_statement_alone(case):
    at, text = BAD_FIELDS[case]
    tag = text.split(":")[1]
    days = [mt_day(0), garbled(mt_day(1), at, text), mt_day(2)]

    found, entries = read(mt_file(*days))

    first, bad, last = found.statements
    assert (first.quarantine_reason, last.quarantine_reason) == (None, None)
    assert f"line {9 + at}: :{tag}:" in bad.quarantine_reason
    assert Counter(item.statement_key for item in entries) == Counter(
        [first.statement_key, bad.statement_key, last.statement_key]
    )


def test_an_unreadable_booking_is_an_entry_without_amount_and_with_its_reason():
    found, entries = read(mt_file(mt_day(0, ":61:nonsense", ":86:told here"), mt_day(1)))

    bad = entries[1]
    assert (bad.amount, bad.value_date, bad.line) == (None, None, 7)
    assert bad.quarantine_reason == "line 7: :61: 'nonsense' is not a statement line"
    assert bad.remittance == "told here"
    assert found.statements[0].entry_count == 2
    assert found.statements[0].quarantine_reason == bad.quarantine_reason


def test_a_bad_balance_between_two_pages_leaves_the_second_page_to_itself():
    first = garbled(mt_day(0), 6, ":62M:EUR")
    second = garbled(mt_day(0), 3, ":60M:C260106EUR101,00")
    second = garbled(second, 6, ":62F:C260106EUR102,00")

    found, entries = read(mt_file(first, second))

    assert [bool(item.quarantine_reason) for item in found.statements] == [True, False]
    assert len(entries) == 2


def test_a_file_of_which_nothing_can_be_read_is_rejected_whole():
    day = garbled(garbled(mt_day(0), 4, ":61:nonsense"), 6, ":62F:nonsense")

    with pytest.raises(DataRejected, match="'nonsense'") as rejected:
        read(mt_file(day))

    assert rejected.value.place == "line 5"


@pytest.mark.parametrize("tag", [":2O:DAY1", ":20DAY1:X:"])
def test_a_garbled_beginning_never_lends_its_entries_to_the_account_before(tag):
    headless = [tag, ":2S:" + ACCOUNTS[1], *mt_day(1)[2:]]

    with pytest.raises(DataRejected, match="between two statements"):
        read(mt_file(mt_day(0), headless))


def test_bookings_behind_a_closing_balance_are_booked_nowhere():
    found, entries = read(mt_file(mt_day(0), mt_day(1)[4:6], mt_day(2)))

    assert found.statements[0].quarantine_reason.startswith(
        "line 9: :61: stands behind the closing balance"
    )
    assert [item.quarantine_reason for item in found.statements[1:]] == [None]
    assert len(entries) == 3


@pytest.mark.parametrize(("closing", "account"), [("101", ACCOUNTS[0]), ("999", None)])
def test_a_day_without_an_account_belongs_to_the_one_before_only_if_it_opens_where_that_closed(
    closing, account
):
    day = garbled(mt_day(1)[3:], 0, f":60F:C260106EUR{closing},00")

    found, _ = read(mt_file(mt_day(0), day))

    assert found.statements[1].account == account


LINES = st.one_of(
    st.text(st.characters(codec="ascii", exclude_characters="\n\r\x00"), max_size=70),
    st.builds(
        ":{}:{}".format,
        st.sampled_from(["20", "25", "28C", "60F", "60M", "61", "62F", "62M", "86", "2O", "6I"]),
        st.text(st.sampled_from("CD0123456789,EURNTF/X"), max_size=30),
    ),
)


@settings(max_examples=300, deadline=None)
@given(which=st.integers(0, 2), line=st.integers(0, 7), text=LINES)
def test_whatever_one_line_says_the_other_statements_keep_every_entry(which, line, text):
    days = [mt_day(number) for number in range(3)]
    whole = {item.statement_key: item for item in read(mt_file(*days))[0].statements}
    days[which] = garbled(days[which], line, text)

    try:
        found, entries = read(mt_file(*days))
    except DataRejected:
        return  # the whole file waits for a person: nothing of it is known wrongly

    kept = {item.statement_key: item for item in found.statements}
    for number, (key, before) in enumerate(whole.items()):
        if number != which:
            assert (kept[key].account, kept[key].ordinal > 0) == (before.account, True)
            assert Decimal(number + 1) in {
                item.amount for item in entries if item.statement_key == key
            }
            # A garbled beginning may cast doubt on the statement before it, and on no other.
            assert kept[key].quarantine_reason is None or number == which - 1


CAMT_BAD_FIELDS = {
    "an amount": (entry("1,00"), "entry 1, line 2: amount '1,00'"),
    "a sign": (entry(sign="PLUS"), "entry 1, line 2: CdtDbtInd is 'PLUS'"),
    "a booking date": (entry(booked="2026-02-30"), "entry 1, line 2: BookgDt: date '2026-02-30'"),
    "a status": (entry(status="MAYBE"), "entry 1, line 2: status is 'MAYBE'"),
    "a currency": (entry(currency="EURO"), "entry 1, line 2: currency is 'EURO'"),
    "a balance": (balance("OPBD", "1.0.0"), "line 2: balance OPBD: amount '1.0.0'"),
    "a period": ("<FrToDt><FrDt>soon</FrDt></FrToDt>", "line 2: FrToDt: date 'soon'"),
}


@pytest.mark.parametrize("case", CAMT_BAD_FIELDS)
def test_a_bad_field_of_camt_takes_its_statement_alone(case):
    content, reason = CAMT_BAD_FIELDS[case]
    good = statement(balance("OPBD", "1"), balance("CLBD", "6"), entry("5"), iban=ACCOUNTS[0])
    bad = statement(content, iban=ACCOUNTS[1], name="S-2")
    last = statement(entry("7"), iban=ACCOUNTS[2], name="S-3")

    found, entries = read(camt(good, bad, last))

    assert [bool(item.quarantine_reason) for item in found.statements] == [False, True, False]
    assert found.statements[1].quarantine_reason.startswith(reason)
    assert [item.account for item in entries if item.account != ACCOUNTS[1]] == [
        ACCOUNTS[0],
        ACCOUNTS[2],
    ]
    assert len(entries) == 2 + content.count("<Ntry>")
