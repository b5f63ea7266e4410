"""What a backfill would change for readers: rows and money, by mart and day, old against new."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any


@dataclass(frozen=True, kw_only=True)
class MoneyDifference:
    """One column's sum, old and new, in one currency; None where there is no amount."""

    column: str
    currency: str
    old: Decimal | None
    new: Decimal | None

    @property
    def moved(self) -> Decimal:
        """How much more it is now."""
        return (self.new or Decimal()) - (self.old or Decimal())


@dataclass(frozen=True, kw_only=True)
class DayDifference:
    """Rows and money of one day that differ; `day` is None for a mart without dates."""

    day: date | None
    added: int
    removed: int
    changed: int
    money: tuple[MoneyDifference, ...]


@dataclass(frozen=True, kw_only=True)
class MartDifference:
    """One mart that differs. Columns that came or went ("+x", "-x") are named, not compared."""

    mart: str
    old_rows: int
    new_rows: int
    columns: tuple[str, ...]
    days: tuple[DayDifference, ...]

    def money(self) -> list[MoneyDifference]:
        """Return by how much the days together moved, by column and currency, the most first."""
        sums: dict[tuple[str, str], tuple[Decimal, Decimal]] = {}
        for one in (money for day in self.days for money in day.money):
            old, new = sums.get((one.column, one.currency), (Decimal(), Decimal()))
            kept = (old + (one.old or 0), new + (one.new or 0))
            sums[one.column, one.currency] = kept
        total = [
            MoneyDifference(column=column, currency=currency, old=old, new=new)
            for (column, currency), (old, new) in sums.items()
        ]
        return sorted(total, key=lambda one: -abs(one.moved))


@dataclass(frozen=True, kw_only=True)
class Difference:
    """What readers see now (None: nothing yet) against what they would see."""

    old_build_id: str | None
    new_build_id: str
    compared: int
    marts: tuple[MartDifference, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return JSON-ready values: days as ISO, money as text."""
        plain: dict[str, Any] = _plain(asdict(self))
        return plain


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return str(value) if isinstance(value, date | Decimal) else value
