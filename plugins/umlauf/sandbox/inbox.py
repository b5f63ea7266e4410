"""The bank's files: what is there at the clock, and the drop folder they appear in."""

from __future__ import annotations

import os
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from umlauf.sandbox.store import open_store


@dataclass(frozen=True)
class BankFile:
    """One file as the bank offers it; `at` is when it appeared, seconds since 1970 UTC."""

    name: str
    at: float
    size: int


def inbox(home: Path) -> Path:
    """Return the drop folder."""
    return home / "sandbox" / "bank" / "inbox"


def clear_inbox(home: Path) -> None:
    """Take a former company's files out of the drop folder."""
    for path in inbox(home).glob("*"):
        path.unlink()


def bank_files(home: Path, channel: Literal["folder", "sftp"]) -> list[BankFile]:
    """Return the files of a channel at the clock, in the order of names; the newest version each.

    Raises:
        FileNotFoundError: no company was made here yet.
    """
    sql = (
        "select name, max(visible_from), length(content) from bank_file where channel = ? and "
        "visible_from <= (select value from meta where key = 'clock') group by name order by name"
    )
    with closing(open_store(home)) as store:
        rows = store.execute(sql, (channel,)).fetchall()
    return [BankFile(name, at / 1000, size) for name, at, size in rows]


def bank_content(home: Path, channel: Literal["folder", "sftp"], name: str) -> bytes:
    """Return the bytes of a file; FileNotFoundError when it is not there at the clock."""
    sql = (
        "select content from bank_file where channel = ? and name = ? and visible_from <= "
        "(select value from meta where key = 'clock') order by visible_from desc limit 1"
    )
    with closing(open_store(home)) as store:
        row = store.execute(sql, (channel, name)).fetchone()
    if row is None:
        raise FileNotFoundError(name)
    return bytes(row[0])


def drop_bank_files(home: Path) -> list[Path]:
    """Put every file the clock has reached into the drop folder; return the new ones.

    A file appears whole, by a rename, and its modified time is when the bank wrote it. Files that
    are there already stay as they are.
    """
    folder = inbox(home)
    folder.mkdir(parents=True, exist_ok=True)
    dropped = []
    for file in bank_files(home, "folder"):
        target = folder / file.name
        if target.exists() and target.stat().st_size == file.size:
            continue
        partial = folder / f".{file.name}.{os.getpid()}.partial"
        partial.write_bytes(bank_content(home, "folder", file.name))
        os.utime(partial, (file.at, file.at))
        dropped.append(partial.replace(target))
    return dropped
