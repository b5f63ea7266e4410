"""Defects of the bank's files; each takes the day's file of one account, its room."""

import re

from tests.gates.defect import FLAGGED, QUARANTINED, defect

# Accounts by the currency they are in; the dollars' files are MT940, the others camt.053.
ACCOUNTS = {"bank EUR": "DE89", "bank CHF": "CH93", "bank USD": "DE02"}
EUR, CHF, USD = ACCOUNTS
_GAP = (
    "marts.fct_cash_daily: The opening balance is not the closing one before it: a statement is "
    "missing; ask the bank for it."
)
_OTHER_CURRENCY = (
    "marts.dim_bank_account: An account sends statements in a currency it did not have before: it "
    "was opened, or the bank means another account; ask within the week."
)


def _rewritten(garden, room, *changes, count=1):
    """Replace patterns in the newest file of an account, each of which must be there."""
    name, content = garden.file(ACCOUNTS[room])
    for pattern, words in changes:
        content, found = re.subn(pattern, words, content, count=count, flags=re.DOTALL)
        if not found:
            raise LookupError(f"{name}: no {pattern!r}")
    garden.rewrite(name, content)


@defect(CHF, QUARANTINED, "1 entries -220.72 = 12981.65, the bank's closing is")
def entry_amount_decimal_point_shifted(garden):
    """A fee of ten times the amount; the balances are right."""
    _rewritten(garden, CHF, (rb"(<Ntry>.*?<Amt Ccy=\"CHF\">)(\d+)\.", rb"\g<1>\g<2>0."))


@defect(CHF, QUARANTINED, "1 entries 22.72 = 13225.09, the bank's closing is")
def entry_debit_shown_as_credit(garden):
    """A fee that came in."""
    _rewritten(garden, CHF, (rb"(<Ntry>.*?<CdtDbtInd>)DBIT", rb"\g<1>CRDT"))


@defect(CHF, QUARANTINED, "the bank counts 1 entries, 2 are there")
def entry_booked_twice_on_a_statement(garden):
    """One fee, listed twice; the balances know of one."""
    _rewritten(garden, CHF, (rb"(<Ntry>.*?</Ntry>)", rb"\g<1>\g<1>"))


@defect(CHF, QUARANTINED, "currency is (none)")
def entry_without_currency(garden):
    """An amount of nothing in particular."""
    _rewritten(garden, CHF, (rb"(<Ntry>.*?<Amt) Ccy=\"CHF\"", rb"\g<1>"))


@defect(CHF, QUARANTINED, "the bank counts 1 entries, 0 are there")
def entry_missing_from_a_statement(garden):
    """The balances moved, and nothing says why."""
    _rewritten(garden, CHF, (rb"<Ntry>.*?</Ntry>", b""))


@defect(CHF, QUARANTINED, "is not a plain decimal")
def entry_with_decimal_comma(garden):
    """22,72 in a format that has points."""
    _rewritten(garden, CHF, (rb"(<Ntry>.*?<Amt Ccy=\"CHF\">\d+)\.", rb"\g<1>,"))


@defect(CHF, QUARANTINED, "is not a day of the calendar")
def entry_booked_on_no_day(garden):
    """Booked on 31 November."""
    _rewritten(garden, CHF, (rb"(<BookgDt><Dt>)2026-11-30", rb"\g<1>2026-11-31"))


@defect(CHF, QUARANTINED, "the bank's closing is 913179.65")
def closing_balance_wrong(garden):
    """The statement closes with other money than its entries leave."""
    _rewritten(garden, CHF, (rb"(CLBD.*?<Amt Ccy=\"CHF\">)", rb"\g<1>9"))


@defect(CHF, FLAGGED, _GAP)
def statements_do_not_chain(garden):
    """It opens, and closes, with 900,000 more than the last one left."""
    balances = (rb"(OPBD.*?<Amt Ccy=\"CHF\">)", rb"(CLBD.*?<Amt Ccy=\"CHF\">)")
    _rewritten(garden, CHF, *((balance, rb"\g<1>9") for balance in balances))


@defect(EUR, FLAGGED, _GAP, takes_a_day=True)
def statement_missing(garden):
    """The bank left out a day: seen when the next statement opens with other money."""
    name, _ = garden.file(ACCOUNTS[EUR])
    garden.rewrite(name, None)
    garden.sleep()


@defect(EUR, QUARANTINED, "Premature end of data")
def statement_cut_short(garden):
    """The upload broke off in the middle."""
    name, content = garden.file(ACCOUNTS[EUR])
    garden.rewrite(name, content[: len(content) // 2])


@defect(EUR, QUARANTINED, "Invalid bytes in character encoding")
def statement_in_two_encodings(garden):
    """It says UTF-8 and is Latin-1."""
    name, content = garden.file(ACCOUNTS[EUR])
    garden.rewrite(name, content.replace(b"GmbH", "Müller".encode("latin-1")))


@defect(EUR, QUARANTINED, "a web page (a login page?)")
def file_is_a_web_page(garden):
    """The bank's portal asked for a password instead."""
    name, _ = garden.file(ACCOUNTS[EUR])
    garden.rewrite(name, b"<!doctype html><html><body>Please sign in</body></html>")


@defect(EUR, QUARANTINED, "no account")
def statement_of_no_account(garden):
    """Nobody can say whose money it is."""
    _rewritten(garden, EUR, (rb"<IBAN>[^<]*</IBAN>", b""))


@defect(EUR, FLAGGED, _OTHER_CURRENCY)
def account_changed_its_currency(garden):
    """An account of euros sends a statement in dollars."""
    _rewritten(garden, EUR, (rb"EUR", b"USD"), count=0)


@defect(USD, QUARANTINED, "the bank's closing is 9107480.86")
def mt940_balance_wrong(garden):
    """:62F: is not :60F: and the entries."""
    _rewritten(garden, USD, (rb"(:62F:C\d{6}USD)", rb"\g<1>9"))


@defect(USD, QUARANTINED, "1 entries 37.38 = 107524.84")
def mt940_entry_lost(garden):
    """A line of it got lost on the way."""
    _rewritten(garden, USD, (rb":61:[^\r\n]*\r?\n", b""))


@defect(USD, QUARANTINED, "2 entries -5.62 = 107481.84")
def mt940_amount_with_point(garden):
    """12.34 in a format that has commas."""
    _rewritten(garden, USD, (rb"(:61:\d+[DC]\d+),", rb"\g<1>."))
