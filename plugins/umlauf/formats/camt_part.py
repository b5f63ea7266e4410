"""What one transaction (TxDtls) of a camt entry says; sides and signs are chosen later."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from umlauf.formats.camt_head import account_of
from umlauf.formats.camt_tree import Tree, amount, code, every, first, leaf, node, text
from umlauf.formats.values import amount_of, one_line

_NO_REFERENCE = {"NOTPROVIDED", "NONREF", ""}


class Party(msgspec.Struct, frozen=True):
    """One side of a payment."""

    name: str | None
    account: str | None


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """What a TxDtls says; amounts still as text, sides not yet chosen."""

    amount: tuple[str | None, str | None]
    sign: str | None
    debtor: Party
    creditor: Party
    bank_code: str | None
    end_to_end_id: str | None
    mandate_id: str | None
    bank_reference: str | None
    structured_reference: str | None
    remittance: str | None
    original: tuple[str | None, str | None]
    charges: tuple[Decimal | None, str | None]


def part_of(tree: Tree) -> Part:
    """Read one TxDtls."""
    references = node(tree, "Refs")
    parties = node(tree, "RltdPties")
    details = node(tree, "AmtDtls")
    remittance = node(tree, "RmtInf")
    return Part(
        amount=amount(tree) if "Amt" in tree else amount(node(details, "TxAmt")),
        sign=leaf(tree, "CdtDbtInd"),
        debtor=_party(parties, "Dbtr", "UltmtDbtr", "DbtrAcct"),
        creditor=_party(parties, "Cdtr", "UltmtCdtr", "CdtrAcct"),
        bank_code=bank_code_of(tree),
        end_to_end_id=_reference(references, "EndToEndId"),
        mandate_id=_reference(references, "MndtId"),
        bank_reference=_reference(references, "AcctSvcrRef"),
        structured_reference=_structured(remittance),
        remittance=_remittance(remittance) or one_line(leaf(tree, "AddtlTxInf")),
        original=amount(node(details, "InstdAmt")),
        charges=charges_of(tree),
    )


def _party(parties: Tree, direct: str, ultimate: str, account: str) -> Party:
    name = _name(node(parties, direct)) or _name(node(parties, ultimate))
    return Party(name, account_of(node(parties, account)))


def _name(party: Tree) -> str | None:
    """Return a party's name; from version 08 on it is wrapped in `Pty`, or a bank in `Agt`."""
    inner = node(party, "Pty") or node(node(party, "Agt"), "FinInstnId") or party
    return one_line(leaf(inner, "Nm") or text(inner, "NmAndAdr", "Nm"))


def bank_code_of(tree: Tree) -> str | None:
    """Return DOMAIN/FAMILY/SUBFAMILY, or the bank's own code."""
    codes = node(tree, "BkTxCd")
    domain = node(codes, "Domn")
    if domain:
        family = node(domain, "Fmly")
        names = (leaf(domain, "Cd"), leaf(family, "Cd"), leaf(family, "SubFmlyCd"))
        return "/".join(name or "" for name in names)
    return code(node(codes, "Prtry"), "Cd") or leaf(codes, "Prtry")


def _reference(references: Tree, name: str) -> str | None:
    value = leaf(references, name)
    return None if value is None or value.upper() in _NO_REFERENCE else value


def _structured(remittance: Tree) -> str | None:
    for item in every(remittance.get("Strd")):
        if isinstance(item, dict):
            reference = text(item, "CdtrRefInf", "Ref") or text(item, "CdtrRefInf", "CdtrRef")
            if reference:
                return "".join(reference.split())
    return None


def _remittance(remittance: Tree) -> str | None:
    lines = [line for line in every(remittance.get("Ustrd")) if isinstance(line, str)]
    if "Strd" not in remittance:
        return one_line(" ".join(lines))
    for item in every(remittance.get("Strd")):
        if isinstance(item, dict):
            extra = every(item.get("AddtlRmtInf"))
            lines += [line for line in extra if isinstance(line, str)]
    return one_line(" ".join(lines))


def charges_of(tree: Tree) -> tuple[Decimal | None, str | None]:
    """Return the charges stated, as a positive sum in one currency."""
    if "Chrgs" not in tree:
        return None, None
    stated = first(tree["Chrgs"])
    if not isinstance(stated, dict):
        return None, None
    records = [item for item in every(stated.get("Rcrd")) if isinstance(item, dict)] or [stated]
    try:
        found = [(amount_of(value), currency) for value, currency in map(amount, records) if value]
    except ValueError:
        return None, None
    if not found or len({currency for _, currency in found}) > 1:
        return None, None
    return sum((value for value, _ in found), Decimal(0)), found[0][1]
