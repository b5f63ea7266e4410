"""An element of a camt message as a plain dictionary; elements we never use are not visited.

Leaf: its text. Amount: (text, currency). Repeated element: a list. All others: a dictionary.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from lxml import etree

Tree = dict[str, Any]

_WANTED = """
MsgId Id ElctrncSeqNb LglSeqNb CreDtTm FrToDt FrDtTm ToDtTm FrDt ToDt
StmtPgntn RptPgntn NtfctnPgntn PgNb LastPgInd
Acct IBAN Othr PrtryAcct BBAN UPIC Ccy Bal Tp CdOrPrtry Cd Prtry SubTp Dt DtTm
TxsSummry TtlNtries NbOfNtries
Amt CdtDbtInd RvslInd Sts BookgDt ValDt AcctSvcrRef BkTxCd Domn Fmly SubFmlyCd AddtlNtryInf
Refs EndToEndId MndtId AmtDtls InstdAmt TxAmt Chrgs Rcrd
RltdPties Dbtr Cdtr UltmtDbtr UltmtCdtr DbtrAcct CdtrAcct Pty Agt FinInstnId Nm NmAndAdr
RmtInf Ustrd Strd CdtrRefInf CdtrRef Ref AddtlRmtInf AddtlTxInf
"""


def names_in(namespace: str) -> dict[str, str]:
    """Return our elements' short names by their names in the namespace."""
    return {f"{{{namespace}}}{name}": name for name in re.findall(r"\w+", _WANTED)}


def tree_of(element: etree._Element, names: Mapping[str, str]) -> Tree:
    """Return the element's children, texts stripped; the hot loop of every large file."""
    tree: Tree = {}
    name_of = names.get
    for child in element.iterchildren():
        name = name_of(child.tag)
        if name is None:
            continue
        text = child.text
        value: Any
        if name == "Amt":
            value = (text, child.get("Ccy"))
        elif text and (text := text.strip()):
            value = text
        else:
            value = tree_of(child, names)
        if name not in tree:
            tree[name] = value
        elif type(tree[name]) is list:
            tree[name].append(value)
        else:
            tree[name] = [tree[name], value]
    return tree


def first(value: Any) -> Any:
    """Return the first of a repeated element, or the only one."""
    return value[0] if isinstance(value, list) else value


def every(value: Any) -> list[Any]:
    """Return a repeated element as a list, an absent one as an empty list."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def node(tree: Tree, name: str) -> Tree:
    """Return the child called `name` (the first one), or an empty one."""
    value = tree.get(name)
    if type(value) is dict:
        return value
    value = first(value)
    return value if isinstance(value, dict) else {}


def leaf(tree: Tree, name: str) -> str | None:
    """Return the text of the child called `name` (the first one), or None."""
    value = tree.get(name)
    if value is None or type(value) is str:
        return value
    value = first(value)
    return value if isinstance(value, str) else None


def text(tree: Tree, *path: str) -> str | None:
    """Return the text at `path`, or None when any step is missing."""
    *steps, last = path
    for step in steps:
        tree = node(tree, step)
    return leaf(tree, last)


def code(tree: Tree, name: str) -> str | None:
    """Return a code that newer versions wrap: `<Sts>BOOK</Sts>`, `<Sts><Cd>BOOK</Cd></Sts>`."""
    value = first(tree.get(name))
    if isinstance(value, dict):
        value = first(value.get("Cd") or value.get("Prtry"))
    return value if isinstance(value, str) else None


def amount(tree: Tree, name: str = "Amt") -> tuple[str | None, str | None]:
    """Return an amount's text and currency."""
    value = first(tree.get(name))
    return value if isinstance(value, tuple) else (None, None)
