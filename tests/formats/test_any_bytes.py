"""Reading is total: whatever the bytes are, statements come of them or a reason in one line."""

from datetime import date
from decimal import Decimal
from io import BytesIO
from xml.sax.saxutils import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.formats.camt_text import balance, camt, entry, statement
from tests.formats.reading import read
from tests.formats.zip_text import zipped
from umlauf.errors import DataRejected
from umlauf.formats.archive import members_of
from umlauf.formats.values import date_of

GOOD = camt(statement(balance("OPBD", "1"), balance("CLBD", "11"), entry()))
MT = b":20:A\n:25:1\n:60F:C260105EUR1,00\n:61:2601050105C5,00NTRFX\n:86:a\n:62F:C260105EUR6,00\n-\n"
FILES = st.sampled_from([GOOD, MT, zipped(("day.xml", GOOD))])
TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=80)


@st.composite
def damaged(draw):
    """Return a good file in which some bytes are others."""
    data = draw(FILES)
    start = draw(st.integers(0, len(data)))
    end = draw(st.integers(start, min(len(data), start + 40)))
    return data[:start] + draw(st.binary(max_size=40)) + data[end:]


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=200) | damaged())
def test_any_bytes_are_statements_or_a_reason(data):
    for reader in (read, lambda content: members_of(BytesIO(content))):
        reason = ""
        try:
            reader(data)
        except DataRejected as rejected:
            reason = rejected.reason
        assert reason.isprintable()
        assert "our parser failed" not in reason


@settings(max_examples=50, deadline=None)
@given(st.decimals(min_value=0, max_value=Decimal("1e15"), places=2), TEXTS)
def test_an_amount_is_exact_and_a_text_is_data(amount, text):
    note = f"<AddtlNtryInf>{escape(text)}</AddtlNtryInf>"
    data = camt(statement(entry(f"{amount:f}", more=note)))

    _, (found,) = read(data)

    assert found.amount == amount
    assert found.remittance == (" ".join(text.split()) or None)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=12))
def test_a_date_is_a_day_of_the_calendar_or_no_date(text):
    try:
        day = date_of(text)
    except ValueError:
        return

    assert date.fromisoformat(day).isoformat() == day


@pytest.mark.parametrize("text", ["20260105", "2026-W02-1", "2026-02-30", "2026-1-5", "\u0662026"])
def test_a_date_is_written_in_one_way(text):
    with pytest.raises(ValueError, match="not a day of the calendar"):
        date_of(text)
