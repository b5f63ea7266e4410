"""The shapes of landed records: which fields they have, of which JSON types.

A stream has few shapes, however many records; they are told apart in DuckDB, one parse a record,
and everything after that looks at shapes. Landing refuses what is nested deeper than a JSON reader
goes, so no payload can be too deep here.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import duckdb

from umlauf.quality.contract import Contract, Field, holders
from umlauf.storage.bucket_path import AnyPath

# DuckDB's names for what a value looks like; JSON is an empty object, or several things at once.
_KINDS = {"VARCHAR": "text", "BOOLEAN": "boolean", "NULL": "empty", "JSON": "object"}
_UNREADABLE = {
    "number": r"not regexp_full_match({text}, '-?[0-9]+([.][0-9]+)?([eE][+-]?[0-9]+)?')",
    "date": "(length({text}) <> 10 or try_cast({text} as date) is null)",
    "stamp": "try_cast({text} as timestamp) is null",
}
# No try(): DuckDB 1.5.5 cannot plan it over the window of one, and nothing here raises.
# Only the newest version: a bad record that was mended at its source must not count for ever.
_SHAPES = """
    with newest as (
        select record_key, is_deleted, payload, fetched_at
        from read_parquet({files}, hive_partitioning = false)
        qualify row_number() over (
            partition by record_key order by fetched_at desc, record_version desc, payload desc
        ) = 1
    )

    select
        json_structure(payload) as structure,
        {misread} as misread,
        count(*) as records,
        arg_min(record_key, (fetched_at, record_key)) as first_key,
        min(fetched_at) as first_fetched_at
    from newest
    where not is_deleted and json_valid(payload) and starts_with(ltrim(payload), '{{')
    group by all
    order by all
"""


@dataclass(frozen=True, kw_only=True)
class Shape:
    """Records that look the same.

    `kinds`: JSON type of each field by path, containers included; "empty" is null, or no element.
    `misread`: fields whose text has not the form that the contract asks for.
    `first_key`, `first_fetched_at` (naive, UTC): of the one fetched first.
    """

    kinds: Mapping[str, str]
    leaves: frozenset[str]
    misread: frozenset[str]
    records: int
    first_key: str
    first_fetched_at: datetime

    def came(self, path: str) -> str | None:
        """Return the type at `path`, "nothing" if it is missing, None if there is no telling.

        There is none where what holds the field is empty.
        """
        if path in self.kinds:
            return self.kinds[path]
        holder = next(self.kinds[one] for one in holders(path) if one in self.kinds)
        return None if holder in ("empty", "array", "boolean") else "nothing"


def read_shapes(
    connection: duckdb.DuckDBPyConnection, files: Sequence[AnyPath], contract: Contract
) -> list[Shape]:
    """Return the shapes of the newest version of each record in `files` that still exists.

    What is no JSON object is left out: staging quarantines it, record by record.
    """
    if not files:
        return []
    listed = ", ".join(_quoted(str(file)) for file in files)
    query = _SHAPES.format(files=f"[{listed}]", misread=_misread(contract))
    return [_shape(*row) for row in connection.execute(query).fetchall()]


def _shape(structure: str, misread: str, records: int, key: str, fetched_at: datetime) -> Shape:
    seen = list(_walk(json.loads(structure), ""))
    return Shape(
        kinds={path: kind for path, kind, _ in seen},
        leaves=frozenset(path for path, _, is_leaf in seen if is_leaf),
        misread=frozenset(misread.splitlines()),
        records=records,
        first_key=key,
        first_fetched_at=fetched_at,
    )


def _walk(structure: Any, path: str) -> Iterator[tuple[str, str, bool]]:
    """Yield path, kind and whether nothing inside has a name, of all fields below `path`."""
    if isinstance(structure, dict):
        yield path, "object", False
        for name, inner in structure.items():
            yield from _walk(inner, f"{path}.{name}" if path else name)
    elif isinstance(structure, list):
        is_leaf = isinstance(structure[0], str)
        yield path, "array", is_leaf
        if not is_leaf:
            yield from _walk(structure[0], f"{path}[]")
    else:
        yield path, _KINDS.get(structure, "number"), True


def _misread(contract: Contract) -> str:
    """Return SQL for the paths whose text has none of the forms its field asks for, one a line."""
    # Of the elements of an array only the JSON types are known.
    read = [
        field for field in contract.fields.values() if field.readings and "[]" not in field.path
    ]
    cases = [f"case when {_is_misread(field)} then {_quoted(field.path)} end" for field in read]
    return f"concat_ws(chr(10), {', '.join(cases)})" if cases else "''"


def _is_misread(field: Field) -> str:
    steps = "".join(f".{json.dumps(name, ensure_ascii=False)}" for name in field.path.split("."))
    # Empty is null, empty text, or Odoo's false.
    found = f"json_extract_string(payload, {_quoted('$' + steps)})"
    text = f"nullif(nullif({found}, ''), 'false')"
    unreadable = [_UNREADABLE[form].format(text=text) for form in sorted(field.readings)]
    return " and ".join([f"{text} is not null", *unreadable])


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
