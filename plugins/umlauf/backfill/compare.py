"""Compare the marts of a new build with the published ones, by SQL on both files, read-only.

A row is told apart by the key that its mart's tests name. A mart's day is the first date in that
key, else its first date. Schema trust is left out: it speaks of the builds themselves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import duckdb

from umlauf.backfill.difference import DayDifference, Difference, MartDifference, MoneyDifference
from umlauf.publish.marts import marts_of
from umlauf.settings import Settings
from umlauf.warehouse.published import published_build_id

_SIDES = {"old": "old", "new": "warehouse"}  # views of a warehouse name its catalogue
_COLUMNS = """
    select database_name, schema_name || '.' || table_name, map(list(column_name), list(data_type))
    from (select * from duckdb_columns() order by column_index)
    where schema_name in ('core', 'pipeline', 'inventory', 'cash_flow')
    group by 1, 2
"""
# Copied: a view of days would be worked out once per column otherwise.
_LOAD = """
    create or replace temp table {side} as
    select *, {key} as row_key from (
        select {columns}, {day} as row_day, hash(row({columns})) as content from {relation}
    )
"""
_ROWS = """
    select
        coalesce(new.row_day, old.row_day) as day,
        count(*) filter (old.content is null) as added,
        count(*) filter (new.content is null) as removed,
        count(*) filter (old.content != new.content) as changed
    from temp.old as old
    full join temp.new as new on old.row_key = new.row_key
    where old.content is distinct from new.content
    group by 1
"""
_MONEY = """
    select row_day, currency, sum(amount) filter (not is_new), sum(amount) filter (is_new)
    from (
        select row_day, {currency} as currency, "{column}" as amount, false as is_new from temp.old
        union all
        select row_day, {currency} as currency, "{column}" as amount, true as is_new from temp.new
    )
    group by 1, 2
    having sum(amount) filter (not is_new) is distinct from sum(amount) filter (is_new)
    order by 1, 2
"""


def compare(settings: Settings, staged: Settings, build_id: str) -> Difference:
    """Compare the published snapshot with the build that stands in the staged warehouse."""
    old_build_id = published_build_id(settings)
    keys = {mart.relation: mart.key for mart in marts_of(staged)}
    with duckdb.connect() as connection:
        connection.execute(f"set memory_limit = '{settings.memory}'")
        connection.execute(f"set temp_directory = {_quoted(f'{staged.home}/compare.partial')}")
        connection.execute(f"attach {_quoted(str(staged.warehouse_file))} as warehouse (read_only)")
        if old_build_id is not None:
            connection.execute(f"attach {_quoted(str(settings.marts_file))} as old (read_only)")
        known = {tuple(row[:2]): row[2] for row in connection.execute(_COLUMNS).fetchall()}
        relations = sorted({relation for _, relation in known})
        marts = [
            _compare_mart(
                connection,
                relation,
                {side: known.get((catalogue, relation), {}) for side, catalogue in _SIDES.items()},
                keys.get(relation, ()),
                settings.reporting_currency,
            )
            for relation in relations
        ]
    differing = tuple(mart for mart in marts if mart.days or mart.columns)
    return Difference(
        old_build_id=old_build_id, new_build_id=build_id, compared=len(marts), marts=differing
    )


def _compare_mart(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    columns: Mapping[str, Mapping[str, str]],
    key: Sequence[str],
    reporting_currency: str,
) -> MartDifference:
    old, new = columns["old"], columns["new"]
    shared = {
        name: kind
        for name, kind in (new or old).items()
        if name in (old or new) and name != "build_id"
    }
    for side in _SIDES:
        _load(connection, relation, side, columns, shared, key)
    rows = connection.execute(_ROWS).fetchall()
    money = _money(connection, shared, reporting_currency) if rows else {}
    counts = {
        side: connection.execute(f"select count(*) from temp.{side}").fetchall()[0][0]
        for side in _SIDES
    }
    return MartDifference(
        mart=relation,
        old_rows=counts["old"],
        new_rows=counts["new"],
        columns=_moved_columns(old, new),
        days=_days({row[0]: row[1:] for row in rows}, money),
    )


def _load(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    side: str,
    columns: Mapping[str, Mapping[str, str]],
    shared: Mapping[str, str],
    key: Sequence[str],
) -> None:
    source = f"{_SIDES[side]}.{relation}"
    if not columns[side]:  # a mart that is new, or gone: no rows, in the other side's columns
        other = next(_SIDES[name] for name in _SIDES if columns[name])
        source = f"(from {other}.{relation} limit 0)"
    is_keyed = bool(key) and shared.keys() >= set(key)
    named = ", ".join(f'"{name}"::varchar' for name in key)
    # Without a key a row is what it says, and rows that say the same are counted.
    counted = "[content::varchar, (row_number() over (partition by content))::varchar]"
    first = [*key, *shared] if is_keyed else [*shared]
    day = next((f'"{name}"' for name in first if shared[name] == "DATE"), "null::date")
    connection.execute(
        _LOAD.format(
            side=side,
            columns=", ".join(f'"{name}"' for name in shared),
            day=day,
            key=f"[{named}]" if is_keyed else counted,
            relation=source,
        )
    )


def _money(
    connection: duckdb.DuckDBPyConnection, shared: Mapping[str, str], reporting_currency: str
) -> dict[date | None, list[MoneyDifference]]:
    found: dict[date | None, list[MoneyDifference]] = {}
    for column in (name for name, kind in shared.items() if _is_money(name, kind)):
        currency = _currency(column, shared, reporting_currency)
        sql = _MONEY.format(column=column, currency=currency)
        for day, code, old, new in connection.execute(sql).fetchall():
            moved = MoneyDifference(column=column, currency=code, old=old, new=new)
            found.setdefault(day, []).append(moved)
    return found


def _is_money(name: str, kind: str) -> bool:
    """Tell money by its two decimals; units, ratios and prices have more, days are no money."""
    return kind.startswith("DECIMAL") and kind.endswith(",2)") and not name.endswith(_NO_MONEY)


_NO_MONEY = ("_days", "score")


def _currency(column: str, shared: Mapping[str, str], reporting_currency: str) -> str:
    """Return SQL for the currency of a money column, as docs/naming.md has it."""
    if column.endswith("_reporting") or "currency_code" not in shared:
        return _quoted(reporting_currency)
    its_own = column.removesuffix("_amount") + "_currency_code"
    of_books = "company_currency_code" if column.endswith("_company") else "currency_code"
    return f"coalesce({its_own if its_own in shared else of_books}, '')"


def _moved_columns(old: Mapping[str, str], new: Mapping[str, str]) -> tuple[str, ...]:
    if not old or not new:
        return ()
    came = (f"+{name}" for name in new if name not in old)
    went = (f"-{name}" for name in old if name not in new and name != "build_id")
    return (*came, *went)


def _days(
    rows: Mapping[date | None, Sequence[Any]], money: Mapping[date | None, list[MoneyDifference]]
) -> tuple[DayDifference, ...]:
    """Join both by day; money also moves on a day that a row has left for another."""
    return tuple(
        DayDifference(
            day=day,
            added=rows.get(day, (0, 0, 0))[0],
            removed=rows.get(day, (0, 0, 0))[1],
            changed=rows.get(day, (0, 0, 0))[2],
            money=tuple(money.get(day, ())),
        )
        for day in sorted(rows.keys() | money.keys(), key=lambda day: day or date.min)
    )


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
