"""The head of a camt statement: account, numbers, pages, dates and balances."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from lxml import etree

from umlauf.formats.camt_tree import Tree, amount, code, every, leaf, node, text, tree_of
from umlauf.formats.draft import Balance, Head
from umlauf.formats.values import amount_of, date_of, number_of, show
from umlauf.formats.xml_safety import line_of

_PAGES = ("StmtPgntn", "RptPgntn", "NtfctnPgntn")


def head_of(
    statement: etree._Element,
    names: Mapping[str, str],
    entry_tag: str,
    kind: str,
    message_id: str | None,
) -> tuple[Head, list[str]]:
    """Return what stands before the first entry, and what is wrong with it."""
    tree = _before_entries(statement, names, entry_tag)
    line = line_of(statement)
    problems: list[str] = []
    balances = _balances(tree, problems)
    opening = balances.get("OPBD") or balances.get("PRCD")
    closing = balances.get("CLBD")
    account = node(tree, "Acct")
    page = next((node(tree, name) for name in _PAGES if name in tree), {})
    head = Head(
        kind=kind,
        account=account_of(account),
        account_currency=leaf(account, "Ccy") or _currency(opening) or _currency(closing),
        message_id=message_id,
        statement_id=leaf(tree, "Id"),
        sequence=number_of(leaf(tree, "ElctrncSeqNb")),
        legal_sequence=number_of(leaf(tree, "LglSeqNb")),
        page=number_of(leaf(page, "PgNb")),
        is_last_page=_flag(leaf(page, "LastPgInd")),
        from_date=_bound(tree, "Fr", line, problems),
        to_date=_bound(tree, "To", line, problems),
        created_at=leaf(tree, "CreDtTm"),
        opening=opening,
        closing=closing,
        stated_count=number_of(text(tree, "TxsSummry", "TtlNtries", "NbOfNtries")),
        line=line,
    )
    return head, problems


def account_of(account: Tree) -> str | None:
    """Return the IBAN without blanks, or the account number of any other scheme."""
    number = node(account, "Id")
    iban = leaf(number, "IBAN")
    if iban:
        return "".join(iban.split())
    others = (("Othr", "Id"), ("PrtryAcct", "Id"), ("BBAN",), ("UPIC",))
    return next((found for path in others if (found := text(number, *path))), None)


def signed(tree: Tree, name: str = "Amt") -> tuple[Decimal, str | None]:
    """Return an amount, signed by CdtDbtInd, and its currency; ValueError says what is off."""
    value, currency = amount(tree, name)
    sign = leaf(tree, "CdtDbtInd")
    if sign not in ("CRDT", "DBIT"):
        raise ValueError(f"CdtDbtInd is {show(sign)}, not CRDT or DBIT")
    number = amount_of(value)
    return (-number if sign == "DBIT" and number else number), currency


def _before_entries(statement: etree._Element, names: Mapping[str, str], entry_tag: str) -> Tree:
    tree: Tree = {"Bal": []}
    for child in statement.iterchildren():
        if child.tag == entry_tag:
            break
        name = names.get(child.tag)
        if name == "Bal":
            tree["Bal"].append(tree_of(child, names) | {"line": line_of(child)})
        elif name is not None:
            content = child.text
            tree[name] = (
                content.strip() if content and not content.isspace() else tree_of(child, names)
            )
    return tree


def _balances(tree: Tree, problems: list[str]) -> dict[str, Balance]:
    """Return the first opening and the last closing of each kind: a statement may span days."""
    balances: dict[str, Balance] = {}
    for element in every(tree.get("Bal")):
        kind = node(element, "Tp")
        name = code(kind, "CdOrPrtry") or code(kind, "Cd") or ""
        if name not in ("OPBD", "PRCD", "CLBD"):
            continue
        try:
            value, currency = signed(element)
            day = date_of(text(element, "Dt", "Dt") or text(element, "Dt", "DtTm"))
        except ValueError as error:
            problems.append(f"line {element['line']}: balance {name}: {error}")
            continue
        balance = Balance(
            amount=value,
            currency=currency,
            day=day,
            is_intermediate=code(kind, "SubTp") == "INTM",
        )
        if name not in balances or _is_further(name, balance, balances[name]):
            balances[name] = balance
    return balances


def _is_further(name: str, one: Balance, other: Balance) -> bool:
    if one.day is None or other.day is None:
        return False
    return one.day > other.day if name == "CLBD" else one.day < other.day


def _bound(tree: Tree, name: str, line: int, problems: list[str]) -> str | None:
    span = node(tree, "FrToDt")
    try:
        return date_of(leaf(span, f"{name}DtTm") or leaf(span, f"{name}Dt"))
    except ValueError as error:
        problems.append(f"line {line}: FrToDt: {error}")
        return None


def _currency(balance: Balance | None) -> str | None:
    return balance.currency if balance else None


def _flag(value: Any) -> bool | None:
    return None if value is None else value in ("true", "1")
