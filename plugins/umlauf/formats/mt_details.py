"""The free field :86: (and :NS:) to counterparty, references and remittance.

Three habits are in use: German sub-fields (`166?00...?20EREF+...?31IBAN?32Name`), codes between
slashes (`/EREF/.../NAME/.../REMI/...`), and plain prose.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from umlauf.formats.values import creditor_reference, one_line

_SUBFIELDS = re.compile(r"(\d{3})\s?([^\w\s/])(?=\d\d)")
_SEPA = re.compile(
    r"(EREF|KREF|MREF|CRED|DEBT|SVWZ|ABWA|ABWE|IBAN|BIC|PURP|COAM|OAMT|SQTP|ORCR|ORMR)\+"
)
_SLASH = re.compile(
    r"/(EREF|MARF|CSID|BENM|ORDP|CNTP|NAME|IBAN|BIC|REMI|ISDT|TRTP|TRCD|PREF|PURP|RTRN|ULTD|ULTB|"
    r"ULTC|ADDR|USTD|STRD|SVCL|EXCH|OCMT|CHGS|IACC|INIT|ID)/"
)
_NONE = {"", "NOTPROVIDED", "NONREF"}
_FULL_LINE = 65  # a line this long was cut by the format, not by its author
_FULL_SUBFIELD = 27


@dataclass(frozen=True, kw_only=True)
class Details:
    """What the free field says."""

    name: str | None = None
    account: str | None = None
    end_to_end_id: str | None = None
    mandate_id: str | None = None
    structured_reference: str | None = None
    remittance: str | None = None
    business_code: str | None = None  # German GVC, three digits


def details_of(lines: Sequence[str], non_swift: Sequence[str] = ()) -> Details:
    """Read the lines of one entry's :86: fields, and of its :NS: fields."""
    joined = "".join(lines)
    subfields = _SUBFIELDS.match(joined)
    if subfields:
        return _german(joined, subfields[1], subfields[2])
    if len(_SLASH.findall(joined)) > 1:
        return _slashed(joined)
    if non_swift and not joined.strip():
        return _non_swift(non_swift)
    prose = "".join(line if len(line) >= _FULL_LINE else line + " " for line in lines)
    return Details(remittance=one_line(prose), structured_reference=creditor_reference(prose))


def _german(text: str, business_code: str, mark: str) -> Details:
    parts = re.split(rf"{re.escape(mark)}(\d\d)", text[3:])
    fields = [(parts[index], parts[index + 1]) for index in range(1, len(parts) - 1, 2)]
    purpose = "".join(
        value if len(value) >= _FULL_SUBFIELD else value + " "
        for number, value in fields
        if "20" <= number <= "29" or "60" <= number <= "63"
    )
    named = dict(fields)
    codes = _keyed(_SEPA, purpose)
    remittance = codes.get("SVWZ") or codes.get("") or named.get("00")
    name = one_line(named.get("32", "") + named.get("33", ""))
    return Details(
        name=name or codes.get("ABWA") or codes.get("ABWE"),
        account=_squeezed(named.get("31")) or _squeezed(codes.get("IBAN")),
        end_to_end_id=_reference(codes.get("EREF")),
        mandate_id=_reference(codes.get("MREF")),
        structured_reference=creditor_reference(remittance),
        remittance=one_line(remittance),
        business_code=business_code,
    )


def _slashed(text: str) -> Details:
    codes = _keyed(_SLASH, text)
    remittance = codes.get("REMI") or codes.get("USTD") or codes.get("STRD")
    party = (codes.get("CNTP") or "").split("/")  # ING: account/BIC/name/city
    name = codes.get("NAME") or (party[2] if len(party) > 2 else None)
    remittance = (
        re.sub(r"^(USTD|STRD/[^/]*/[^/]*)/+", "", remittance.strip("/")) if remittance else None
    )
    return Details(
        name=one_line(name),
        account=_squeezed(codes.get("IBAN")) or _squeezed(party[0]),
        end_to_end_id=_reference(codes.get("EREF")),
        mandate_id=_reference(codes.get("MARF")),
        structured_reference=creditor_reference(codes.get("STRD") or remittance),
        remittance=one_line(remittance) or one_line(codes.get("")),
    )


def _non_swift(lines: Sequence[str]) -> Details:
    """Read :NS: lines: 01-14 purpose, 15-16 name, 17 booking text, 34 account."""
    numbered = [(line[:2], line[2:]) for line in lines if line[:2].isdigit()]
    purpose = " ".join(value for number, value in numbered if "01" <= number <= "14")
    return Details(
        name=one_line(" ".join(value for number, value in numbered if number in ("15", "16"))),
        account=_squeezed(next((value for number, value in numbered if number == "34"), None)),
        structured_reference=creditor_reference(purpose),
        remittance=one_line(purpose) or one_line(" ".join(lines)),
    )


def _keyed(pattern: re.Pattern[str], text: str) -> dict[str, str]:
    """Cut the text at its codes; what stands before the first is under ""."""
    parts = pattern.split(text)
    keyed = {"": parts[0].strip()}
    for index in range(1, len(parts) - 1, 2):
        keyed.setdefault(parts[index], parts[index + 1].strip())
    return keyed


def _reference(value: str | None) -> str | None:
    found = (value or "").strip().strip("/").split("  ")[0]
    return None if found.upper() in _NONE else one_line(found)


def _squeezed(value: str | None) -> str | None:
    return "".join((value or "").split()).strip("/") or None
