"""What a partner receives, as people have declared it.

    shares/<partner>.yml

partner: Kabelwerk Nord GmbH       name, as the partner reads it
until: 2027-06-30                  last day on which it is delivered and may be used
deliver_to: kabelwerk              connection: file:///folder or sftp://host:22/folder
most_rows: 5000                    a share with more, of all tables together, is held
most_mb: 20                        the same, of all files together; megabytes
formats: [parquet, csv, xlsx]      as here, unless it says fewer
tables:
  - mart: inventory.fct_purchase_line
    name: open_orders              of its files, unless it is the mart's
    columns: [order_name, product_id, promised_date, open_units]
    rows: {supplier_id: 17, completed_date: null}

`rows` names columns and the value, or list of values, they must have, all of them; `null` is none.
`{product_id: {in: core.dim_product.product_id, where: {main_supplier_id: 17}}}` takes the values
from another mart. `rows: all` says that there is no restriction. All values are read as the texts
that stand there: 017 is no octal number, and it is compared as the column's type.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from umlauf.errors import ConfigError

FORMATS = ("parquet", "csv", "xlsx")
_FIELDS = ("partner", "until", "deliver_to", "most_rows", "most_mb", "formats", "tables")
_TABLE_FIELDS = ("mart", "name", "columns", "rows")
_OPTIONAL = {"formats", "name"}
_ID = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True, kw_only=True)
class Among:
    """The values that `column` of `mart` has in some of its rows."""

    mart: str
    column: str
    where: Rows


Rows = Mapping[str, tuple[str | None, ...] | Among]  # by column; without any: all rows


@dataclass(frozen=True, kw_only=True)
class Cut:
    """What of one mart a partner receives; `where` is its place in the file, for messages."""

    where: str
    mart: str
    name: str
    columns: tuple[str, ...]
    rows: Rows


@dataclass(frozen=True, kw_only=True)
class Declaration:
    """One file: `partner` its name without ending, `until` the last day, `deliver_to` a connection.

    `version` changes whenever what is declared does.
    """

    file: Path
    partner: str
    partner_name: str
    until: date
    deliver_to: str
    most_rows: int
    most_mb: int
    formats: tuple[str, ...]
    cuts: tuple[Cut, ...]
    version: str


def declared_partners(folder: Path) -> list[str]:
    """Return the partners that have a declaration, in order."""
    return sorted(file.stem for file in folder.glob("*.yml"))


def require_declared(folder: Path, partner: str) -> None:
    """Refuse a partner without a declaration: ConfigError names those that have one."""
    if partner not in (known := declared_partners(folder)):
        raise ConfigError(
            f"share {partner}: there is no {folder / f'{partner}.yml'}; declared are: "
            f"{', '.join(known) or 'none'}"
        )


def read_declaration(folder: Path, partner: str) -> Declaration:
    """Read what the partner receives.

    Raises:
        ConfigError: there is no such file, or it is no declaration; names file, field and what is
            allowed there. Or another partner's share goes to the same place.
    """
    require_declared(folder, partner)
    declaration = _read(folder / f"{partner}.yml")
    place = declaration.deliver_to.lower()  # the environment knows no other difference
    for other in declared_partners(folder):
        if other != partner and _place(folder / f"{other}.yml") == place:
            raise ConfigError(
                f"{declaration.file}: deliver_to: {declaration.deliver_to!r} is where {other} "
                "receives its share; each partner needs a place of its own"
            )
    return declaration


def _place(file: Path) -> str | None:
    """Return where a share goes, None if that cannot be read: it is told when its turn comes."""
    with suppress(ConfigError):
        return _read(file).deliver_to.lower()
    return None


def _read(file: Path) -> Declaration:
    partner, where = file.stem, str(file)
    if not _ID.fullmatch(partner):
        raise _wrong(where, "name of the file", "small letters, digits and _", partner)
    try:
        content = yaml.load(file.read_text(), Loader=_Texts)  # noqa: S506 - makes nothing but texts
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ConfigError(f"{where}: {' '.join(str(error).split())}") from error
    given = _fields(where, content, _FIELDS)
    cuts = tuple(_cuts(where, given["tables"]))
    return Declaration(
        file=file,
        partner=partner,
        partner_name=_text(where, "partner", given["partner"]),
        until=_day(where, given["until"]),
        deliver_to=_text(where, "deliver_to", given["deliver_to"]),
        most_rows=_number(where, "most_rows", given["most_rows"]),
        most_mb=_number(where, "most_mb", given["most_mb"]),
        formats=tuple(_formats(where, given.get("formats", list(FORMATS)))),
        cuts=cuts,
        version=hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:8],
    )


class _Texts(yaml.CBaseLoader):
    """Reads every value as a text; a field that stands twice is an error, not the last of both."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        names = [key.value for key, _ in node.value]
        for name in {str(name) for name in names if names.count(name) > 1}:
            raise yaml.MarkedYAMLError(problem=f"{name} stands twice", problem_mark=node.start_mark)
        return super().construct_mapping(node, deep)


def _cuts(where: str, given: Any) -> Iterator[Cut]:
    seen: set[str] = set()
    for number, table in enumerate(_list(where, "tables", given), 1):
        place = f"{where}: table {number}"
        fields = _fields(place, table, _TABLE_FIELDS)
        mart = _text(place, "mart", fields["mart"])
        name = _text(place, "name", fields.get("name", mart.rpartition(".")[2]))
        if not _ID.fullmatch(name) or name in seen | {"dictionary"}:
            raise _wrong(place, "name", "small letters, digits and _, another for each table", name)
        seen.add(name)
        columns = [
            _text(place, "columns", one) for one in _list(place, "columns", fields["columns"])
        ]
        if "*" in columns or len(set(columns)) < len(columns):
            raise _wrong(place, "columns", "each column by its name, once", columns)
        rows: Rows = {} if fields["rows"] == "all" else _rows(place, "rows", fields["rows"])
        yield Cut(where=place, mart=mart, name=name, columns=tuple(columns), rows=rows)


def _rows(where: str, field: str, given: Any) -> Rows:
    if not isinstance(given, dict) or not given:
        raise _wrong(where, field, "{column: value}, or `all` for a whole mart", given)
    return {column: _restriction(where, f"{field}.{column}", one) for column, one in given.items()}


def _restriction(where: str, field: str, given: Any) -> tuple[str | None, ...] | Among:
    if isinstance(given, dict):
        fields = _fields(f"{where}: {field}", given, ("in", "where"))
        mart, _, column = _text(where, f"{field}.in", fields["in"]).rpartition(".")
        return Among(
            mart=mart, column=column, where=_rows(where, f"{field}.where", fields["where"])
        )
    values = _list(where, field, given) if isinstance(given, list) else [given]
    return tuple(None if one == "null" else _text(where, field, one) for one in values)


def _formats(where: str, given: Any) -> list[str]:
    chosen = [_text(where, "formats", one) for one in _list(where, "formats", given)]
    if not set(chosen) <= set(FORMATS):
        raise _wrong(where, "formats", f"some of {', '.join(FORMATS)}", given)
    return [form for form in FORMATS if form in chosen]


def _fields(where: str, given: Any, known: Sequence[str]) -> Mapping[str, Any]:
    """Return the fields, all of which are known and none of which is missing."""
    if not isinstance(given, dict):
        raise ConfigError(f"{where}: expected fields {', '.join(known)}; found {given!r}")
    if unknown := set(given) - set(known):
        raise ConfigError(f"{where}: no field {min(unknown)!r}; there are {', '.join(known)}")
    if missing := [name for name in known if name not in given and name not in _OPTIONAL]:
        raise ConfigError(f"{where}: {missing[0]} is missing; needed are {', '.join(missing)}")
    return given


def _list(where: str, field: str, given: Any) -> list[Any]:
    if not isinstance(given, list) or not given:
        raise _wrong(where, field, "a list", given)
    return given


def _text(where: str, field: str, given: Any) -> str:
    if not isinstance(given, str) or not given.strip():
        raise _wrong(where, field, "a text", given)
    return given


def _number(where: str, field: str, given: Any) -> int:
    if not (isinstance(given, str) and given.isascii() and given.isdigit()):
        raise _wrong(where, field, "a whole number", given)
    return int(given)


def _day(where: str, given: Any) -> date:
    try:
        return date.fromisoformat(given)
    except (TypeError, ValueError):
        raise _wrong(where, "until", "a day, YYYY-MM-DD", given) from None


def _wrong(where: str, field: str, expected: str, given: Any) -> ConfigError:
    return ConfigError(f"{where}: {field}: expected {expected}; found {given!r}")
