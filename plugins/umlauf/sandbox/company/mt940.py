"""Write a statement as MT940 in the structured form of German banks (`:86:` with `?` fields)."""

from __future__ import annotations

import unicodedata

from umlauf.sandbox.company.statement import BankEntry, Statement, money
from umlauf.sandbox.stamps import day_text

PLAIN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ø": "o", "ł": "l", "Ł": "L"})


def mt940(statement: Statement) -> tuple[str, bytes]:
    """Return the name and the bytes of the file."""
    day = day_text(statement.day)
    lines = [
        f":20:STMT{day[2:].replace('-', '')}{statement.number:05}",
        f":25:{statement.iban}",
        f":28C:{statement.number:05}/001",
        f":60F:{_balance(statement.opening, statement)}",
    ]
    for entry in statement.entries:
        lines += _entry(statement, entry)
    lines += [
        f":62F:{_balance(statement.closing, statement)}",
        f":64:{_balance(statement.closing, statement)}",
        "-",
        "",
    ]
    name = f"mt940_{statement.iban}_{day.replace('-', '')}_{statement.number:05}.sta"
    return name, "\r\n".join(lines).encode("ascii")


def _balance(cents: int, statement: Statement) -> str:
    day = day_text(statement.day)[2:].replace("-", "")
    return f"{'D' if cents < 0 else 'C'}{day}{statement.currency}{money(cents, ',')}"


def _entry(statement: Statement, entry: BankEntry) -> list[str]:
    valued, booked = day_text(entry.value_day), day_text(statement.day)
    mark = "D" if entry.amount < 0 else "C"
    if entry.is_reversal:
        # RC is a credit taken back, so money leaves.
        mark = "RC" if entry.amount < 0 else "RD"
    reference = (entry.end_to_end or "NONREF")[:16]
    first = (
        f":61:{valued[2:].replace('-', '')}{booked[5:].replace('-', '')}{mark}"
        f"{money(entry.amount, ',')}N{entry.nature}{reference}//{entry.reference[:16]}"
    )
    lines = [first]
    if entry.original:
        lines.append(
            f"/OCMT/{statement.currency}{money(entry.original, ',')}"
            f"//CHGS/{statement.currency}{money(entry.charges, ',')}/"
        )
    return lines + _wrapped(_information(entry))


def _information(entry: BankEntry) -> str:
    pieces = _pieces(f"EREF+{entry.end_to_end}") if entry.end_to_end else []
    pieces = (pieces + _pieces(f"SVWZ+{_plain(entry.text)}"))[:10]
    code = "166" if entry.amount > 0 else "116"
    told = f":86:{code}?00{'GUTSCHRIFT' if entry.amount > 0 else 'BELASTUNG'}"
    told += "".join(f"?{20 + place}{piece}" for place, piece in enumerate(pieces))
    if entry.party_iban:
        told += f"?31{entry.party_iban[:34]}"
    if entry.party:
        told += f"?32{_plain(entry.party)[:27]}"
    return told


def _pieces(text: str) -> list[str]:
    """Cut into sub-fields; each keyword begins one of its own."""
    return [text[start : start + 27] for start in range(0, len(text), 27)]


def _wrapped(text: str) -> list[str]:
    """Break at 65 characters; a line never starts with `:` or `-`, which would end the field."""
    lines = []
    while len(text) > 65:
        cut = 65
        while text[cut] in ":- " or text[cut - 1] == " ":
            cut -= 1
        lines.append(text[:cut])
        text = text[cut:]
    return [*lines, text]


def _plain(text: str) -> str:
    """Return the text in the letters SWIFT allows."""
    flat = unicodedata.normalize("NFKD", text.translate(PLAIN))
    return "".join(letter if letter.isascii() and letter not in "?\r\n" else "" for letter in flat)
