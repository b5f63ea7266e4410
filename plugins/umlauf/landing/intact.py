"""Whether a landed file is still what was landed, and what stands instead.

    .../day=2026-11-22/<batch_id>.parquet                                   in use
    .../day=2026-11-22/<batch_id>.parquet.20261123T081500000000Z.damaged    set aside then (UTC)

A file that is set aside keeps its folder and its bytes: nothing reads it any more, and renamed back
it is in use again. Its name is the only record needed (docs/decisions/0062).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import duckdb
import pyarrow as pa

from umlauf.errors import LandingDamaged
from umlauf.landing.batch import SCHEMA, STAMP, payload_hash, read_about, stamp_text
from umlauf.landing.seal import broken_seal
from umlauf.storage.bucket_path import AnyPath, below, placed
from umlauf.storage.commit import move, sync_folder
from umlauf.storage.parquet import read_rows

_SET_ASIDE = re.compile(r"(?P<name>.+)\.(?P<at>\d{8}T\d{12}Z)\.damaged")
_SUFFIXES = (".parquet", ".bin")


@dataclass(frozen=True, kw_only=True)
class SetAside:
    """A damaged file out of use, the file it was, and since when (aware UTC)."""

    file: AnyPath
    was: AnyPath
    at: datetime

    @property
    def is_back(self) -> bool:
        """Whether a copy is in use again; a bank file that came again lies under another day."""
        return any(self.was.parent.parent.glob(f"day=*/{self.was.name}"))


def landed_files(root: AnyPath, source: str) -> Iterator[AnyPath]:
    """Yield every file of a source that is in use, batches and files as received, in order."""
    files = (root / source).glob("*/day=*/*")
    yield from sorted(file for file in files if file.suffix in _SUFFIXES)


def fault_of(root: AnyPath, file: AnyPath) -> str:
    """Return what is wrong with a landed file - expected, came - and nothing when it is sound."""
    try:
        content = bytearray(file.read_bytes())
    except OSError as error:
        return f"it cannot be read ({error.strerror})"
    if file.suffix == ".bin":
        now = hashlib.sha256(content).hexdigest()
        return "" if file.stem == now else _differ(file.stem, now)
    try:
        return _fault_of_batch(root, file, content)
    except LandingDamaged as damaged:
        return damaged.reason


def refuse_damaged(root: AnyPath, files: Iterable[AnyPath]) -> None:
    """Read all the files' bytes and refuse to go on if one is not what was landed.

    Raises:
        LandingDamaged: names the first one.
    """
    for file in files:
        if reason := fault_of(root, file):
            raise LandingDamaged(str(file), reason)


@contextmanager
def naming_damage(root: AnyPath, files: Iterable[AnyPath | str]) -> Iterator[None]:
    """Say which of the files is damaged when they cannot be read.

    Raises:
        LandingDamaged: one is; any other error of the readers passes.
    """
    try:
        yield
    except (duckdb.Error, pa.ArrowException, OSError) as error:
        try:
            refuse_damaged(root, (placed(root, file) for file in files))
        except LandingDamaged as damaged:
            raise damaged from error
        raise


def set_aside(file: AnyPath, at: datetime) -> AnyPath:
    """Take a damaged file out of use and return its new name; its bytes stay.

    Of a file that is gone an empty one takes that name: what it held has to be read again as well.
    """
    target = file.with_name(f"{file.name}.{stamp_text(at)}.damaged")
    if file.exists():
        move(file, target)
    else:
        file.parent.mkdir(parents=True, exist_ok=True)
        target.touch()
    sync_folder(file.parent)
    return target


def all_set_aside(root: AnyPath, source: str, stream: str) -> list[SetAside]:
    """Return the stream's files that are set aside, the oldest first."""
    found = []
    for file in (root / source / stream).glob("day=*/*.damaged"):
        if match := _SET_ASIDE.fullmatch(file.name):
            at = datetime.strptime(match["at"], STAMP).replace(tzinfo=UTC)
            found.append(SetAside(file=file, was=file.with_name(match["name"]), at=at))
    return sorted(found, key=lambda one: (one.at, one.file))


def lost_at(root: AnyPath, source: str, stream: str) -> datetime | None:
    """Return when a batch of the stream was last set aside and not put back; None if never.

    What it held is in no other batch: all of the stream has to be read again behind this moment.
    """
    out = (one for one in all_set_aside(root, source, stream) if not one.is_back)
    return max((one.at for one in out if one.was.suffix == ".parquet"), default=None)


def _fault_of_batch(root: AnyPath, file: AnyPath, content: bytearray) -> str:
    try:
        seal = broken_seal(content)
    except KeyError:
        return _fault_of_unsealed(root, file)
    if seal:
        return _differ(*seal)
    return _misplaced(root, file)


def _fault_of_unsealed(root: AnyPath, file: AnyPath) -> str:
    """Judge a batch from before there were seals by its schema, counts, keys and payloads."""
    about = read_about(file)
    if about.is_sealed:
        return "its seal is gone"
    try:
        rows = read_rows(file)
    except (pa.ArrowException, OSError) as error:
        return f"its rows cannot be read ({error})"
    if not rows.schema.equals(SCHEMA):
        return f"expected columns {SCHEMA.names}, came {rows.schema.names}"
    if rows.num_rows != about.rows_fetched:
        return f"expected {about.rows_fetched} rows, came {rows.num_rows}"
    if (now := payload_hash(rows)) != about.payload_sha256:
        return f"keys and payloads: {_differ(about.payload_sha256, now)}"
    return _misplaced(root, file)


def _differ(stated: str, now: str) -> str:
    return f"expected SHA-256 {stated[:12]}..., came {now[:12]}..."


def _misplaced(root: AnyPath, file: AnyPath) -> str:
    stated = read_about(file).file_below(root)
    return "" if stated == file else f"it says that it is {below(root, stated)}"
