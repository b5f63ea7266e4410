"""A camt.053.001.08 file of any size, with the fields a German bank fills."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><GrpHdr>\
<MsgId>M1</MsgId><CreDtTm>2026-11-20T20:00:00+01:00</CreDtTm></GrpHdr><Stmt><Id>S-2026-1</Id>\
<ElctrncSeqNb>17</ElctrncSeqNb><CreDtTm>2026-11-20T20:00:00+01:00</CreDtTm>\
<Acct><Id><IBAN>DE89370400440532013000</IBAN></Id><Ccy>EUR</Ccy></Acct>"""
_BALANCE = """<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">{amount}</Amt>\
<CdtDbtInd>{sign}</CdtDbtInd><Dt><Dt>2026-11-20</Dt></Dt></Bal>"""
_ENTRY = """<Ntry><NtryRef>{n}</NtryRef><Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>{sign}</CdtDbtInd>\
<Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>2026-11-20</Dt></BookgDt><ValDt><Dt>2026-11-20</Dt></ValDt>\
<AcctSvcrRef>2026112000{n:09d}</AcctSvcrRef><BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd>\
<SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn><Prtry><Cd>NTRF+166+9248</Cd><Issr>DK</Issr></Prtry>\
</BkTxCd><NtryDtls><TxDtls><Refs><MsgId>MSG-{n}</MsgId><EndToEndId>INV-2026-{n:08d}</EndToEndId>\
<MndtId>MNDT{n}</MndtId></Refs><Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>{sign}</CdtDbtInd>\
<RltdPties><Dbtr><Pty><Nm>Stadtwerke {n} GmbH &amp; Co. KG</Nm></Pty></Dbtr><DbtrAcct><Id>\
<IBAN>DE02120300000000202051</IBAN></Id></DbtrAcct><Cdtr><Pty><Nm>Umlauf Sandbox GmbH</Nm></Pty>\
</Cdtr><CdtrAcct><Id><IBAN>DE89370400440532013000</IBAN></Id></CdtrAcct></RltdPties><RltdAgts>\
<DbtrAgt><FinInstnId><BICFI>BYLADEM1001</BICFI></FinInstnId></DbtrAgt></RltdAgts><RmtInf>\
<Ustrd>Invoice INV-2026-{n:08d} of 2026-11-01, customer 4711</Ustrd></RmtInf></TxDtls></NtryDtls>\
<AddtlNtryInf>SEPA credit transfer</AddtlNtryInf></Ntry>
"""


def write_camt(target: Path, megabytes: float) -> tuple[int, Decimal]:
    """Write one statement of about so many MB (10^6 bytes); return its entries and their sum."""
    entries = int(megabytes * 1e6 / (len(_ENTRY.format(n=1, amount="123.45", sign="CRDT")) + 6))
    moves = [_amount(number) for number in range(1, entries + 1)]
    total = sum(moves, Decimal())
    with target.open("w", encoding="utf-8") as file:
        file.write(_HEAD)
        for code, balance in (("OPBD", Decimal(1000)), ("CLBD", 1000 + total)):
            file.write(_BALANCE.format(code=code, **_shown(balance)))
        for number, amount in enumerate(moves, 1):
            file.write(_ENTRY.format(n=number, **_shown(amount)))
        file.write("</Stmt></BkToCstmrStmt></Document>\n")
    return entries, total


def _amount(number: int) -> Decimal:
    amount = Decimal(number % 99_999 + 1) / 100
    return amount if number % 3 else -amount


def _shown(amount: Decimal) -> dict[str, str]:
    return {"amount": f"{abs(amount):.2f}", "sign": "CRDT" if amount >= 0 else "DBIT"}
