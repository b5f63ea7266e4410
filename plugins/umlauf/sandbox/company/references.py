"""Payment references that say which invoice is meant, and prove that nobody mistyped them."""

from __future__ import annotations

CARRY = (0, 9, 4, 6, 8, 2, 7, 1, 3, 5)


def payment_reference(invoice: str, currency: str) -> str:
    """Return what to quote for an invoice: a Swiss QR reference in francs, else ISO 11649."""
    number = "".join(letter for letter in invoice if letter.isdigit())
    return _qr_reference(number) if currency == "CHF" else _creditor_reference(number)


def _creditor_reference(number: str) -> str:
    """Return RF, two check digits by modulo 97 (R is 27, F is 15) and the number."""
    return f"RF{98 - int(f'{number}271500') % 97:02}{number}"


def _qr_reference(number: str) -> str:
    """Return 26 digits and a check digit by modulo 10, recursive (Swiss QR bill, annex B)."""
    digits, carry = number.zfill(26), 0
    for digit in digits:
        carry = CARRY[(carry + int(digit)) % 10]
    return f"{digits}{(10 - carry) % 10}"
