from decimal import Decimal

from tests.formats.camt_text import camt, entry, statement
from tests.formats.reading import read

OWN = "DE89370400440532013000"


def details(content):
    return f"<NtryDtls>{content}</NtryDtls>"


def transaction(amount=None, sign=None, *, currency="EUR", more=""):
    money = f'<Amt Ccy="{currency}">{amount}</Amt>' if amount else ""
    return f"<TxDtls>{money}{f'<CdtDbtInd>{sign}</CdtDbtInd>' if sign else ''}{more}</TxDtls>"


def entries_with(*transactions, amount="10.00", sign="CRDT", before=""):
    item = entry(amount, sign, more=before + details("".join(transactions)))
    return read(camt(statement(item)))


def test_a_batch_is_opened_into_parts_and_keeps_its_parent():
    _, items = entries_with(transaction("7.00", "CRDT"), transaction("3.00", "CRDT"))

    assert [(item.part, item.amount) for item in items] == [
        (0, Decimal("10.00")), (1, Decimal("7.00")), (2, Decimal("3.00")),
    ]  # fmt: skip
    assert items[0].parts == 2
    assert {item.parent_key for item in items[1:]} == {items[0].entry_key}


def test_a_returned_part_counts_against_its_batch():
    _, items = entries_with(transaction("12.00", "CRDT"), transaction("2.00", "DBIT"))

    assert [item.amount for item in items[1:]] == [Decimal("12.00"), Decimal("-2.00")]


def test_a_batch_that_does_not_add_up_stays_closed_with_a_warning():
    found, items = entries_with(transaction("7.00"), transaction("4.00"))

    assert [item.part for item in items] == [0]
    assert items[0].warning == "2 parts add up to 11.00; the batch stays closed"
    assert "stays closed" in found.statements[0].warning
    assert found.statements[0].quarantine_reason is None


def test_parts_without_amounts_leave_the_batch_closed():
    _, items = entries_with(transaction(), transaction())

    assert len(items) == 1
    assert "part 1: amount (none)" in items[0].warning


def test_a_batch_counts_once():
    found, _ = entries_with(transaction("7.00"), transaction("3.00"))

    assert (found.statements[0].entry_count, found.statements[0].entry_sum) == (1, Decimal("10.00"))


def parties(debtor="", creditor="", debtor_account="", creditor_account=""):
    account = "<Id><IBAN>{}</IBAN></Id>".format
    return (
        "<RltdPties>"
        + (f"<Dbtr>{debtor}</Dbtr>" if debtor else "")
        + (f"<DbtrAcct>{account(debtor_account)}</DbtrAcct>" if debtor_account else "")
        + (f"<Cdtr>{creditor}</Cdtr>" if creditor else "")
        + (f"<CdtrAcct>{account(creditor_account)}</CdtrAcct>" if creditor_account else "")
        + "</RltdPties>"
    )


BOTH = parties("<Nm>Payer</Nm>", "<Pty><Nm>Payee</Nm></Pty>", "DE11", "FR22")


def test_money_in_comes_from_the_debtor_and_money_out_goes_to_the_creditor():
    _, (money_in,) = entries_with(transaction(more=BOTH), sign="CRDT")
    _, (money_out,) = entries_with(transaction(more=BOTH), sign="DBIT")

    assert (money_in.counterparty_name, money_in.counterparty_account) == ("Payer", "DE11")
    assert (money_out.counterparty_name, money_out.counterparty_account) == ("Payee", "FR22")


def test_a_payment_that_came_back_names_whom_it_was_sent_to():
    back = "<RvslInd>true</RvslInd>"

    _, (item,) = entries_with(transaction(more=BOTH), sign="CRDT", before=back)

    assert item.counterparty_name == "Payee"


def test_the_account_itself_is_never_its_counterparty():
    own_side = parties("<Nm>We</Nm>", "<Nm>They</Nm>", debtor_account=OWN)

    assert entries_with(transaction(more=own_side))[1][0].counterparty_name == "They"


def test_the_ultimate_debtor_stands_in_for_a_missing_debtor():
    ultimate = "<RltdPties><UltmtDbtr><Pty><Nm>Behind it</Nm></Pty></UltmtDbtr></RltdPties>"

    assert entries_with(transaction(more=ultimate))[1][0].counterparty_name == "Behind it"


def test_references_texts_and_foreign_amounts_are_kept():
    more = (
        "<Refs><EndToEndId>INV-1</EndToEndId><MndtId>M-9</MndtId></Refs>"
        '<AmtDtls><InstdAmt><Amt Ccy="USD">11.00</Amt></InstdAmt></AmtDtls>'
        '<Chrgs><Rcrd><Amt Ccy="EUR">0.10</Amt></Rcrd>'
        '<Rcrd><Amt Ccy="EUR">0.05</Amt></Rcrd></Chrgs>'
        "<RmtInf><Ustrd>one</Ustrd><Ustrd>two</Ustrd>"
        "<Strd><CdtrRefInf><Ref>RF18 5390 0754 7034</Ref></CdtrRefInf></Strd></RmtInf>"
    )

    _, (item,) = entries_with(transaction(more=more))

    assert (item.end_to_end_id, item.mandate_id) == ("INV-1", "M-9")
    assert (item.remittance, item.structured_reference) == ("one two", "RF18539007547034")
    assert (item.original_amount, item.original_currency) == (Decimal("11.00"), "USD")
    assert (item.charges, item.charges_currency) == (Decimal("0.15"), "EUR")


def test_notprovided_is_no_reference():
    refs = "<Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs>"

    assert entries_with(transaction(more=refs))[1][0].end_to_end_id is None


def test_the_bank_transaction_code_is_domain_family_subfamily():
    code = (
        "<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn>"
        "<Prtry><Cd>NTRF+166</Cd></Prtry></BkTxCd>"
    )
    own_code = "<BkTxCd><Prtry><Cd>NTRF+166</Cd></Prtry></BkTxCd>"

    assert entries_with(transaction(), before=code)[1][0].bank_code == "PMNT/RCDT/ESCT"
    assert entries_with(transaction(), before=own_code)[1][0].bank_code == "NTRF+166"
