"""Write a partner's share: cut into tables of its own first, then written from those alone.

<share>/<table>.parquet, .csv, .xlsx    dictionary.csv    manifest.json    SHA256SUMS
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

import duckdb

from umlauf.errors import ConfigError
from umlauf.publish.answer import FORMS, harmless
from umlauf.publish.original import Shown
from umlauf.share.cut import Catalogue, columns_of, query_of, read_catalogue
from umlauf.share.declaration import Cut, Declaration
from umlauf.share.place import MANIFEST, SUMS, Share
from umlauf.storage.commit import sync_folder

_HEAD = ("table", "column", "type", "description")
_PLAIN = {
    "VARCHAR": "text",
    "BOOLEAN": "true or false",
    "DATE": "day",
    "TIMESTAMP": "moment, UTC",
    "DOUBLE": "number",
    "BIGINT": "whole number",
    "INTEGER": "whole number",
}


def write_share(
    connection: duckdb.DuckDBPyConnection,
    declaration: Declaration,
    share: Share,
    shown: Shown,
    *,
    at: datetime,
) -> None:
    """Cut the share out of the snapshot and write it beside its place, then rename.

    The snapshot shows the build `shown`; `at` (aware UTC) is when the share is made.

    Raises:
        ConfigError: the declaration and the snapshot do not go together; names file and field.
    """
    catalogue = read_catalogue(connection)
    rows = {cut.name: _cut(connection, catalogue, cut) for cut in declaration.cuts}
    partial = share.folder.with_name(f"{share.name}.partial")
    partial.mkdir(parents=True)
    for cut in declaration.cuts:
        for form in declaration.formats:
            answer = connection.execute(f'from temp."{cut.name}"')
            _write(partial / f"{cut.name}.{form}", _in_form(cut, form, answer))
    _write(partial / "dictionary.csv", _table(_dictionary(catalogue, declaration)))
    manifest = {
        "partner": declaration.partner,
        "name": declaration.partner_name,
        "build_id": shown.build_id,
        "as_of": shown.as_of.isoformat(),
        "made_at": f"{at:%Y-%m-%dT%H:%M:%SZ}",
        "use_until": declaration.until.isoformat(),
        "rows": sum(rows.values()),
        "tables": [
            {
                "name": cut.name,
                "mart": cut.mart,
                "rows": rows[cut.name],
                "files": [f"{cut.name}.{form}" for form in declaration.formats],
            }
            for cut in declaration.cuts
        ],
    }
    _write(partial / MANIFEST, _text(json.dumps(manifest, indent=1, ensure_ascii=False) + "\n"))
    _write(partial / SUMS, _text("".join(_sums(partial))))
    sync_folder(partial)
    partial.replace(share.folder)
    sync_folder(share.folder.parent)


def _cut(connection: duckdb.DuckDBPyConnection, catalogue: Catalogue, cut: Cut) -> int:
    """Make a table of what the partner receives of one mart; return its rows."""
    query, values = query_of(catalogue, cut)
    try:
        connection.execute(f'create temp table "{cut.name}" as {query}', values)
    except (duckdb.DataError, duckdb.ProgrammingError) as error:
        raise ConfigError(f"{cut.where}: rows: {' '.join(str(error).split())}") from error
    found = connection.execute(f'select count(*) from temp."{cut.name}"').fetchone()
    return int(found[0]) if found else 0


def _in_form(
    cut: Cut, form: str, answer: duckdb.DuckDBPyConnection
) -> Callable[[BinaryIO], object]:
    def write(target: BinaryIO) -> None:
        try:
            FORMS[form](answer, target)
        except ConfigError as error:
            raise ConfigError(f"{cut.where}: {error}; `formats` may leave {form} out") from error

    return write


def _dictionary(catalogue: Catalogue, declaration: Declaration) -> Iterator[tuple[str, ...]]:
    """Say what each table and column holds, as the snapshot does."""
    yield _HEAD
    for cut in declaration.cuts:
        yield cut.name, "", "", " ".join(catalogue.descriptions[cut.mart].split())
        for column in columns_of(catalogue, cut):
            yield cut.name, column.name, plain(column.kind), column.description


def plain(kind: str) -> str:
    """Return a type of DuckDB's in words: `number with 2 decimals` of DECIMAL(18,2)."""
    decimal = re.fullmatch(r"DECIMAL\(\d+,(\d+)\)", kind)
    return f"number with {decimal[1]} decimals" if decimal else _PLAIN.get(kind, kind.lower())


def _table(rows: Iterator[tuple[str, ...]]) -> Callable[[BinaryIO], object]:
    text = io.StringIO()
    csv.writer(text).writerows([harmless(value) for value in row] for row in rows)
    return _text(text.getvalue())


def _sums(folder: Path) -> Iterator[str]:
    """Yield a line for each file, as `sha256sum --check` reads it."""
    for file in sorted(folder.iterdir()):
        with file.open("rb") as content:
            yield f"{hashlib.file_digest(content, 'sha256').hexdigest()}  {file.name}\n"


def _text(text: str) -> Callable[[BinaryIO], object]:
    return lambda target: target.write(text.encode())


def _write(file: Path, write: Callable[[BinaryIO], object]) -> None:
    with file.open("wb") as target:
        write(target)
        target.flush()
        os.fsync(target.fileno())
