"""Writes small camt files, so that a test shows only what it is about."""


def entry(
    amount="10.00",
    sign="CRDT",
    *,
    more="",
    status="<Cd>BOOK</Cd>",
    currency="EUR",
    booked="2026-01-05",
):
    day = f"<BookgDt><Dt>{booked}</Dt></BookgDt>" if booked else ""
    return (
        f'<Ntry><Amt Ccy="{currency}">{amount}</Amt><CdtDbtInd>{sign}</CdtDbtInd>'
        f"<Sts>{status}</Sts>{day}<ValDt><Dt>2026-01-06</Dt></ValDt>{more}</Ntry>"
    )


def balance(code, amount, sign="CRDT", *, day="2026-01-05", currency="EUR"):
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>"
        f'<Amt Ccy="{currency}">{amount}</Amt><CdtDbtInd>{sign}</CdtDbtInd>'
        f"<Dt><Dt>{day}</Dt></Dt></Bal>"
    )


def statement(*content, iban="DE89370400440532013000", number="7", name="S-1", pages=""):
    return (
        f"<Stmt><Id>{name}</Id>{pages}<ElctrncSeqNb>{number}</ElctrncSeqNb>"
        f"<CreDtTm>2026-01-05T20:00:00+01:00</CreDtTm>"
        f"<Acct><Id><IBAN>{iban}</IBAN></Id><Ccy>EUR</Ccy></Acct>{''.join(content)}</Stmt>"
    )


def camt(*statements, version="053.001.08", message="M-1"):
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.{version}"><BkToCstmrStmt>'
        f"<GrpHdr><MsgId>{message}</MsgId></GrpHdr>{''.join(statements)}"
        "</BkToCstmrStmt></Document>"
    ).encode()
