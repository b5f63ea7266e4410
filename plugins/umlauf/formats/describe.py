"""What was understood of bank files, for people and for machines; nothing is landed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from decimal import Decimal
from hashlib import file_digest
from pathlib import Path
from typing import Any, BinaryIO

import msgspec
from rich.console import Console
from rich.table import Table

from umlauf.errors import DataRejected
from umlauf.formats.archive import is_archive, members_of
from umlauf.formats.model import Entry
from umlauf.formats.read import read_bank_file
from umlauf.formats.values import printable, show


def describe_files(paths: Sequence[Path]) -> list[dict[str, Any]]:
    """Return one description per file or member of an archive.

    It has format and statements with their entries, or the rejection.
    """
    return [description for path in paths for description in _describe(path)]


def print_descriptions(descriptions: Sequence[dict[str, Any]], console: Console) -> None:
    """Print one line per statement, rejected files with their reason."""
    table = Table(box=None, pad_edge=False)
    for name in ("file", "format", "account", "no.", "from", "to"):
        table.add_column(name, no_wrap=name != "file", overflow="fold")
    for name in ("opening", "entries", "sum", "closing"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("verdict", overflow="fold")
    for item in descriptions:
        if item["rejected"]:
            verdict = f"REJECTED: {item['rejected']['reason']} ({item['rejected']['place']})"
            table.add_row(_safe(item["name"]), *[""] * 9, _safe(verdict))
        for statement in item["statements"]:
            table.add_row(*(_safe(cell) for cell in _row(item, statement)))
    console.print(table)


def to_json(descriptions: Sequence[dict[str, Any]]) -> str:
    """Return the descriptions as JSON; amounts are strings."""
    return json.dumps(descriptions, indent=2, ensure_ascii=False)


def _describe(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the file's description; of an archive, its members' instead, or its own rejection."""
    name = printable(path.name)
    try:
        with path.open("rb") as file:
            if is_archive(file):
                for member in members_of(file):
                    with member.open() as opened:
                        yield _described(f"{name}/{member.name}", opened)
            else:
                yield _described(name, file)
    except DataRejected as error:
        yield _nothing(name) | _rejection(error.reason, error.place)
    except OSError as error:
        yield _nothing(name) | _rejection(f"cannot be opened: {error.strerror}", "")


def _described(name: str, file: BinaryIO) -> dict[str, Any]:
    entries: list[Entry] = []
    sha256 = file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]  # both kinds can readinto
    described = _nothing(name) | {"sha256": sha256, "size": file.tell()}
    file.seek(0)
    try:
        understood = read_bank_file(file, sha256, entries.append)
    except DataRejected as error:
        return described | _rejection(error.reason, error.place)
    by_statement: dict[str, list[Any]] = {}
    for entry in entries:
        by_statement.setdefault(entry.statement_key, []).append(msgspec.to_builtins(entry))
    statements = [
        msgspec.to_builtins(statement) | {"entries": by_statement.pop(statement.statement_key, [])}
        for statement in understood.statements
    ]
    return described | {"format": understood.format, "statements": statements}


def _nothing(name: str) -> dict[str, Any]:
    return {
        "name": name, "size": None, "sha256": None, "format": None,
        "statements": [], "rejected": None,
    }  # fmt: skip


def _rejection(reason: str, place: str) -> dict[str, Any]:
    return {"rejected": {"reason": reason, "place": place}}


def _row(item: dict[str, Any], statement: dict[str, Any]) -> list[Any]:
    verdict = statement["quarantine_reason"]
    return [
        item["name"],
        item["format"],
        statement["account"],
        statement["sequence"] or statement["statement_id"],
        statement["from_date"] or statement["opening_date"],
        statement["to_date"] or statement["closing_date"],
        _money(statement["opening_balance"]),
        statement["entry_count"],
        _money(statement["entry_sum"]),
        _money(statement["closing_balance"]),
        f"QUARANTINE: {verdict}" if verdict else statement["warning"] or "ok",
    ]


def _money(amount: str | None) -> str | None:
    return None if amount is None else f"{Decimal(amount):,}"


def _safe(value: object) -> str:
    """Return the cell without markup or control characters: it is outside data."""
    text = "" if value is None else str(value)
    return show(text, 300)[1:-1].replace("[", "\\[")
