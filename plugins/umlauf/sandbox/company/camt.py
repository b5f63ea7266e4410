"""Write a statement as camt.053.001.08, the form German and Swiss banks moved to.

Reference: ISO 20022 BankToCustomerStatementV08; checked against its schema.
"""

from __future__ import annotations

from xml.sax.saxutils import escape

from umlauf.sandbox.company.statement import BankEntry, Statement, money
from umlauf.sandbox.stamps import day_text, utc_offset

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"


def camt053(statement: Statement) -> tuple[str, bytes]:
    """Return the name and the bytes of the file."""
    day = day_text(statement.day)
    mark = f"{day.replace('-', '')}-{statement.number:05}"
    name = f"camt053_{statement.iban}_{mark}.xml"
    offset = utc_offset(statement.day)
    stamp = f"{day}T23:30:00{offset}"
    entries = "".join(
        _entry(statement, number, entry) for number, entry in enumerate(statement.entries, 1)
    )
    text = f"""<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="{NAMESPACE}"><BkToCstmrStmt>
<GrpHdr><MsgId>{statement.bic[:4]}{mark}</MsgId><CreDtTm>{stamp}</CreDtTm>\
<MsgPgntn><PgNb>1</PgNb><LastPgInd>true</LastPgInd></MsgPgntn></GrpHdr>
<Stmt><Id>{statement.iban[-6:]}-{mark}</Id><ElctrncSeqNb>{statement.number}</ElctrncSeqNb>\
<LglSeqNb>{statement.number}</LglSeqNb><CreDtTm>{stamp}</CreDtTm>\
<FrToDt><FrDtTm>{day}T00:00:00{offset}</FrDtTm><ToDtTm>{day}T23:59:59{offset}</ToDtTm></FrToDt>
<Acct><Id><IBAN>{statement.iban}</IBAN></Id><Ccy>{statement.currency}</Ccy>\
<Ownr><Nm>{escape(statement.owner)}</Nm></Ownr>\
<Svcr><FinInstnId><BICFI>{statement.bic}</BICFI></FinInstnId></Svcr></Acct>
{_balance("OPBD", statement.opening, statement, day)}
{_balance("CLBD", statement.closing, statement, day)}
{_summary(statement.entries)}
{entries}</Stmt>
</BkToCstmrStmt></Document>
"""
    return name, text.encode()


def _balance(code: str, cents: int, statement: Statement, day: str) -> str:
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>"
        f'<Amt Ccy="{statement.currency}">{money(cents)}</Amt>{_side(cents)}'
        f"<Dt><Dt>{day}</Dt></Dt></Bal>"
    )


def _side(cents: int) -> str:
    return f"<CdtDbtInd>{'DBIT' if cents < 0 else 'CRDT'}</CdtDbtInd>"


def _summary(entries: list[BankEntry]) -> str:
    total = sum(abs(entry.amount) for entry in entries)
    net = sum(entry.amount for entry in entries)
    return (
        f"<TxsSummry><TtlNtries><NbOfNtries>{len(entries)}</NbOfNtries><Sum>{money(total)}</Sum>"
        f"<TtlNetNtry><Amt>{money(net)}</Amt>{_side(net)}</TtlNetNtry></TtlNtries></TxsSummry>"
    )


def _entry(statement: Statement, number: int, entry: BankEntry) -> str:
    reversal = "<RvslInd>true</RvslInd>" if entry.is_reversal else ""
    details = "".join(_details(statement, part) for part in entry.parts or [entry])
    batch = f"<Btch><NbOfTxs>{len(entry.parts)}</NbOfTxs></Btch>" if entry.parts else ""
    return (
        f"<Ntry><NtryRef>{number}</NtryRef>"
        f'<Amt Ccy="{statement.currency}">{money(entry.amount)}</Amt>{_side(entry.amount)}'
        f"{reversal}<Sts><Cd>BOOK</Cd></Sts>"
        f"<BookgDt><Dt>{day_text(statement.day)}</Dt></BookgDt>"
        f"<ValDt><Dt>{day_text(entry.value_day)}</Dt></ValDt>"
        f"<AcctSvcrRef>{entry.reference}</AcctSvcrRef>{_code(entry)}"
        f"<NtryDtls>{batch}{details}</NtryDtls>{_booking_text(entry)}</Ntry>\n"
    )


def _booking_text(entry: BankEntry) -> str:
    return f"<AddtlNtryInf>{escape(entry.text[:35])}</AddtlNtryInf>" if entry.text else ""


def _code(entry: BankEntry) -> str:
    domain, family, sub = entry.code
    return (
        f"<BkTxCd><Domn><Cd>{domain}</Cd><Fmly><Cd>{family}</Cd>"
        f"<SubFmlyCd>{sub}</SubFmlyCd></Fmly></Domn></BkTxCd>"
    )


def _details(statement: Statement, entry: BankEntry) -> str:
    mandate = f"<MndtId>{entry.mandate}</MndtId>" if entry.mandate else ""
    amount = f'<Amt Ccy="{statement.currency}">{money(entry.amount)}</Amt>{_side(entry.amount)}'
    return (
        f"<TxDtls><Refs><EndToEndId>{escape(entry.end_to_end or 'NOTPROVIDED')}</EndToEndId>"
        f"{mandate}</Refs>{amount}{_original(statement, entry)}{_party(entry)}"
        f"{_remittance(entry)}{_return(entry)}</TxDtls>"
    )


def _original(statement: Statement, entry: BankEntry) -> str:
    if not entry.original:
        return ""
    currency = statement.currency
    charges = (
        f'<Chrgs><Rcrd><Amt Ccy="{currency}">{money(entry.charges)}</Amt>'
        "<CdtDbtInd>DBIT</CdtDbtInd></Rcrd></Chrgs>"
    )
    instructed = f'<InstdAmt><Amt Ccy="{currency}">{money(entry.original)}</Amt></InstdAmt>'
    return f"<AmtDtls>{instructed}</AmtDtls>{charges}"


def _party(entry: BankEntry) -> str:
    if not entry.party:
        return ""
    role = "Dbtr" if (entry.amount > 0) != entry.is_reversal else "Cdtr"
    account = (
        f"<{role}Acct><Id><Othr><Id>{entry.party_iban}</Id></Othr></Id></{role}Acct>"
        if entry.party_iban
        else ""
    )
    name = escape(entry.party)
    return f"<RltdPties><{role}><Pty><Nm>{name}</Nm></Pty></{role}>{account}</RltdPties>"


def _remittance(entry: BankEntry) -> str:
    # A creditor reference has a code of ISO 20022, the Swiss one is a name among Swiss banks.
    kind = "<Cd>SCOR</Cd>" if entry.structured.startswith("RF") else "<Prtry>QRR</Prtry>"
    structured = (
        f"<Strd><CdtrRefInf><Tp><CdOrPrtry>{kind}</CdOrPrtry></Tp>"
        f"<Ref>{entry.structured}</Ref></CdtrRefInf></Strd>"
        if entry.structured
        else ""
    )
    lines = "".join(
        f"<Ustrd>{escape(entry.text[start : start + 140])}</Ustrd>"
        for start in range(0, len(entry.text), 140)
    )
    return f"<RmtInf>{lines}{structured}</RmtInf>" if lines or structured else ""


def _return(entry: BankEntry) -> str:
    reason = entry.return_reason
    return f"<RtrInf><Rsn><Cd>{reason}</Cd></Rsn></RtrInf>" if reason else ""
