"""Keys decide what is the same thing twice, and what is two things."""

from tests.formats.camt_text import balance, camt, entry, statement
from tests.formats.reading import read

DAY = (balance("OPBD", "10"), balance("CLBD", "30"))


def keys(data):
    found, entries = read(data)
    return [item.statement_key for item in found.statements], [item.entry_key for item in entries]


def test_a_re_export_with_a_new_message_new_ids_and_other_texts_is_the_same_statement():
    first = camt(statement(*DAY, entry(), entry()), message="M-1")
    again = camt(
        statement(
            *DAY, entry(more="<AddtlNtryInf>now with text</AddtlNtryInf>"), entry(), name="S-2"
        ),
        message="M-2",
    )

    assert keys(first) == keys(again)


def test_two_equal_payments_in_one_statement_are_two():
    _, entries = keys(camt(statement(*DAY, entry(), entry())))

    assert len(set(entries)) == 2


def test_another_spelling_of_the_amount_is_the_same_entry():
    assert keys(camt(statement(entry("8.850")))) == keys(camt(statement(entry("8.85"))))


def test_a_number_used_again_next_year_is_another_statement():
    this_year = statement(*DAY)
    next_year = statement(*(part.replace("2026-01-05", "2027-01-05") for part in DAY))

    assert keys(camt(this_year))[0] != keys(camt(next_year))[0]


def test_a_corrected_statement_is_another_statement():
    corrected = statement(balance("OPBD", "10"), balance("CLBD", "31"))

    assert keys(camt(statement(*DAY)))[0] != keys(camt(corrected))[0]


def test_an_intraday_report_is_not_the_day_s_statement():
    day = statement(*DAY)

    assert keys(camt(day))[0] != keys(camt(day, version="052.001.08"))[0]


def test_without_a_number_the_bank_s_id_tells_statements_apart():
    one, other = statement(*DAY, number="0", name="A"), statement(*DAY, number="0", name="B")

    assert keys(camt(one))[0] != keys(camt(other))[0]
