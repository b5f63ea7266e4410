from decimal import Decimal

import pytest

from tests.formats.reading import read

HEAD = ":20:REF\n:25:DE89370400440532013000\n:28C:5/1\n:60F:C260105EUR100,00\n"
LINE = ":61:2601060106C10,00NTRFNONREF//B-1\n"


def one(text, encoding="utf-8"):
    found, entries = read(text.encode(encoding))
    assert len(found.statements) == 1
    return found.statements[0], entries


def day(*lines, closing="C260106EUR110,00"):
    return HEAD + "".join(lines) + f":62F:{closing}\n-\n"


def test_a_day_is_read_whole():
    found, (item,) = one(day(LINE))

    assert (found.kind, found.account, found.sequence) == ("940", "DE89370400440532013000", 5)
    assert (found.opening_balance, found.closing_balance) == (Decimal("100.00"), Decimal("110.00"))
    assert (found.from_date, found.to_date) == ("2026-01-05", "2026-01-06")
    assert (item.amount, item.currency, item.bank_code) == (Decimal("10.00"), "EUR", "NTRF")
    assert (item.end_to_end_id, item.bank_reference) == (None, "B-1")
    assert found.quarantine_reason is None


@pytest.mark.parametrize(
    ("mark", "sign", "is_reversal"),
    [("C", 1, False), ("D", -1, False), ("RC", -1, True), ("RD", 1, True)],
)
def test_marks_give_sign_and_reversal(mark, sign, is_reversal):
    _, (item,) = one(day(f":61:2601060106{mark}10,00NTRFNONREF\n"))

    assert (item.amount, item.is_reversal) == (sign * 10, is_reversal)


def test_the_funds_code_is_no_part_of_the_amount():
    _, (item,) = one(day(":61:2601060106CR10,00NTRFNONREF\n"))

    assert item.amount == 10


@pytest.mark.parametrize(
    ("value", "entered", "booked"),
    [
        ("260102", "1231", "2025-12-31"),
        ("251230", "0102", "2026-01-02"),
        ("260106", "0106", "2026-01-06"),
    ],
)
def test_the_entry_date_finds_its_year_around_new_year(value, entered, booked):
    _, (item,) = one(day(f":61:{value}{entered}C10,00NTRFNONREF\n"))

    assert item.booking_date == booked


def test_without_an_entry_date_the_booking_date_stays_missing():
    _, (item,) = one(day(":61:260106C10,00NTRFNONREF\n"))

    assert (item.booking_date, item.value_date) == (None, "2026-01-06")


def test_statements_of_several_accounts_stay_apart():
    other = day(LINE).replace("DE89370400440532013000", "DE02120300000000202051")

    found, entries = read((day(LINE) + other).encode())

    assert [item.account for item in found.statements] == [
        "DE89370400440532013000", "DE02120300000000202051",
    ]  # fmt: skip
    assert len({item.entry_key for item in entries}) == 2


def test_pages_of_one_statement_are_one_statement():
    first = HEAD.replace("5/1", "00005/00001") + LINE + ":62M:C260106EUR110,00\n-\n"
    second = (
        HEAD.replace("5/1", "00005/00002").replace(":60F:C260105EUR100,00", ":60M:C260106EUR110,00")
        + LINE + ":62F:C260106EUR120,00\n-\n"
    )  # fmt: skip

    found, entries = one(first + second)

    assert (found.opening_balance, found.closing_balance) == (100, 120)
    assert (found.is_opening_intermediate, found.is_closing_intermediate) == (False, False)
    assert found.quarantine_reason is None
    assert len(entries) == 2


def test_a_second_page_alone_keeps_its_intermediate_balance():
    found, _ = one(day(LINE).replace(":60F:", ":60M:"))

    assert found.is_opening_intermediate


def test_files_without_20_begin_a_statement_at_each_account():
    found, _ = read((day(LINE) * 2).replace(":20:REF\n", "").encode())

    assert len(found.statements) == 2


def test_a_cut_off_file_goes_to_quarantine():
    found, entries = one(HEAD + LINE)

    assert found.quarantine_reason == "no balance :62F:; is the file cut off?"
    assert len(entries) == 1


def test_a_sum_that_is_off_by_a_cent_goes_to_quarantine():
    found, _ = one(day(LINE, closing="C260106EUR110,01"))

    assert found.quarantine_reason.startswith("opening 100.00 + 1 entries 10.00 = 110.00")


@pytest.mark.parametrize("number", ["1810118101", "00000/00", "0", "ABC/1"])
def test_odd_statement_numbers_do_not_stop_us(number):
    found, _ = one(day(LINE).replace("5/1", number))

    assert found.sequence == (1810118101 if number == "1810118101" else None)


def test_a_long_reference_is_kept_whole_or_at_least_harmless():
    reference = "BIPI-dvT1FzfMqvzF5HaU4oetlH7SGRkonU"

    _, (item,) = one(day(f":61:2601060106C10,00NTRF{reference}//2026\n"))

    assert item.amount == 10
    assert item.end_to_end_id is not None


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "latin-1", "utf-16"])
def test_umlauts_survive_every_encoding(encoding):
    _, (item,) = one(day(LINE, ":86:Müller & Söhne\n"), encoding)

    assert item.remittance == "Müller & Söhne"


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_every_line_ending_is_read_and_lines_are_counted(ending):
    assert len(one(day(LINE).replace("\n", ending))[1]) == 1
    found, _ = one(day(LINE, ":61:nonsense\n").replace("\n", ending))
    assert found.quarantine_reason.startswith("line 6: :61: 'nonsense'")


def test_a_wrapped_time_is_no_tag():
    _, (item,) = one(day(LINE, ":86:106?20made 2026-01-06T13\n:20:11?21done\n"))

    assert item.remittance == "made 2026-01-06T13:20:11 done"


def test_an_intraday_report_announces_and_does_not_book():
    text = (
        ":20:X\n:25:DE1\n:28C:1/1\n:34F:EURC0,\n:13D:2601061200+0100\n" + LINE + ":90C:1EUR10,00\n"
    )

    found, (item,) = one(text)

    assert (found.kind, found.created_at) == ("942", "2026-01-06T12:00:00+01:00")
    assert (item.status, item.currency) == ("PDNG", "EUR")
    assert found.quarantine_reason is None


def test_interest_of_a_30_february_moves_to_the_month_s_last_day():
    _, (item,) = one(day(":61:2602300301C10,00NINTNONREF\n"))

    assert (item.value_date, item.booking_date) == ("2026-02-28", "2026-03-01")
    assert item.warning == "value date 260230 taken as 28 February"


def test_any_other_impossible_day_goes_to_quarantine_with_its_line():
    found, (item,) = one(day(":61:260431C10,00NTRFNONREF\n"))

    assert found.quarantine_reason.startswith("line 5: :61: '260431C10,00NTRFNONREF'")
    assert (item.amount, item.quarantine_reason) == (None, found.quarantine_reason)


def test_a_statement_without_an_account_goes_to_quarantine():
    assert (
        one(day(LINE).replace(":25:DE89370400440532013000\n", ""))[0].quarantine_reason
        == "no account"
    )
