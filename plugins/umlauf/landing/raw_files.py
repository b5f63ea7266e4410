"""Files as received, byte for byte, and what is known of those landed before.

    <landing>/bank/files/day=2026-11-22/<sha256>.bin

Names given by others never become paths.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Self

import msgspec

from umlauf.formats.values import printable
from umlauf.landing.batch import batch_files, read_about
from umlauf.landing.intact import all_set_aside, naming_damage
from umlauf.storage.bucket_path import AnyPath, BucketPath
from umlauf.storage.commit import workshop
from umlauf.storage.parquet import read_rows
from umlauf.transport.pickup import FoundFile

STREAM = "files"


class FileRecord(msgspec.Struct, frozen=True, kw_only=True):
    """Payload of the stream `files`: one received file and what became of it.

    `received_at` is the file's own stamp at its place, ISO, UTC. A rejected file has no entries
    or statements; `quarantine_reason` and `rejected_place` (a line) say why.
    """

    sha256: str
    name: str
    place: str
    size: int
    received_at: str
    format: str | None
    parser_version: int
    statements: int = 0
    entries: int = 0
    quarantined_statements: int = 0
    rejected_place: str | None = None
    quarantine_reason: str | None = None


@dataclass(slots=True)
class KnownFiles:
    """What has landed: newest records by hash, in the order the files first came.

    Seen files are known by place, name, size and stamp. `landed_at` is when a record landed (aware
    UTC), for those that this run has not told anew.
    """

    records: dict[str, FileRecord] = field(default_factory=dict)
    landed_at: dict[str, datetime] = field(default_factory=dict)
    seen: set[tuple[str, str, int, str]] = field(default_factory=set)

    @classmethod
    def read(cls, root: AnyPath, source: str) -> Self:
        """Read from the landed `files` records which files have landed: no other state."""
        known = cls()
        decoder = msgspec.json.Decoder(FileRecord)
        # A batch is named after the moment it landed, wherever its business day lies.
        for batch in sorted(batch_files(root, source, STREAM), key=lambda file: file.name):
            fetched_at = read_about(batch).fetched_at
            with naming_damage(root, [batch]):
                payloads = read_rows(batch, ["payload"]).column(0).to_pylist()
            for payload in payloads:
                record = decoder.decode(payload)
                known.add(record)
                known.landed_at[record.sha256] = fetched_at
        for lost in all_set_aside(root, source, STREAM):
            if not lost.is_back and lost.was.suffix == ".bin":
                known.forget(lost.was.stem)
        return known

    def has_seen(self, place: str, file: FoundFile) -> bool:
        """Tell whether exactly this file was landed before, without opening it."""
        return (place, printable(file.name), file.size, file.modified_at.isoformat()) in self.seen

    def add(self, record: FileRecord) -> None:
        """Remember a file, or what is newly known of it."""
        self.records[record.sha256] = record
        self.seen.add(_seen(record))
        self.landed_at.pop(record.sha256, None)

    def forget(self, sha256: str) -> None:
        """Let a file whose kept bytes are damaged be taken again, should it still be out there."""
        if record := self.records.pop(sha256, None):
            self.seen.discard(_seen(record))

    def outdated(self, parser_version: int, lost: datetime | None) -> list[FileRecord]:
        """Return the files to be read anew, in the order they first came.

        An older parser read them, or what was read of them by the moment `lost` may be.
        """
        return [
            item
            for item in self.records.values()
            if item.parser_version < parser_version
            or (lost and self.landed_at.get(item.sha256, lost) <= lost)
        ]


class KeptFiles:
    """The files kept in landing, whichever day they came; listed once, by whoever lands them."""

    def __init__(self, root: AnyPath, source: str) -> None:
        """Look into nothing yet."""
        self._folder = root / source / STREAM
        self._listed: dict[str, AnyPath] | None = None

    def find(self, sha256: str) -> AnyPath | None:
        """Return where a file is kept."""
        return self._files().get(sha256)

    def add(self, file: AnyPath) -> None:
        """Remember a file that has just been kept."""
        self._files()[file.stem] = file

    def unknown(self, known: KnownFiles) -> list[AnyPath]:
        """Return those of which no record has landed."""
        found = self._files()
        # By their names alone: a day's folder is part of them.
        return sorted((found[sha256] for sha256 in found.keys() - known.records), key=str)

    def unchanged(self, sha256: str) -> AnyPath | None:
        """Return where a file is kept; None when it is gone or its bytes are no longer the same."""
        path = self.find(sha256)
        if path is None or not path.exists():
            return None
        with at_hand(path) as local, local.open("rb") as file:
            return path if hashlib.file_digest(file, "sha256").hexdigest() == sha256 else None

    def _files(self) -> dict[str, AnyPath]:
        if self._listed is None:
            self._listed = {file.stem: file for file in self._folder.glob("day=*/*.bin")}
        return self._listed


@contextmanager
def at_hand(file: AnyPath) -> Iterator[Path]:
    """Yield a kept file as one on this machine's disk."""
    if not isinstance(file, BucketPath):
        yield file
        return
    folder = workshop(file.parent)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=folder, suffix=".partial") as copy:
        file.bucket.download(str(file.key), Path(copy.name))
        yield Path(copy.name)


@dataclass(frozen=True, kw_only=True)
class ReceivedFile:
    """A file in landing, not yet under its final name."""

    partial: Path
    folder: AnyPath
    sha256: str
    size: int

    def keep(self, extension: str) -> AnyPath:
        """Give it its final name; the folder must be flushed before a record names it."""
        target = self.folder / f"{self.sha256}.{extension}"
        if isinstance(target, BucketPath):
            target.bucket.upload(str(target.key), self.partial)
            self.discard()
        else:
            self.partial.replace(target)
        return target

    def discard(self) -> None:
        """Remove it."""
        self.partial.unlink(missing_ok=True)


def receive(chunks: Iterable[bytes], root: AnyPath, source: str, day: str) -> ReceivedFile:
    """Write what comes beside its target, flushed to disk; nothing is left behind on failure."""
    folder = root / source / STREAM / f"day={day}"
    place = workshop(folder)
    place.mkdir(parents=True, exist_ok=True)
    partial = place / f"received.{os.getpid()}.partial"
    digest, size = hashlib.sha256(), 0
    try:
        with partial.open("wb") as file:
            for chunk in chunks:
                digest.update(chunk)
                size += len(chunk)
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    return ReceivedFile(partial=partial, folder=folder, sha256=digest.hexdigest(), size=size)


def _seen(record: FileRecord) -> tuple[str, str, int, str]:
    return record.place, record.name, record.size, record.received_at
