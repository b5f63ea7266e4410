"""What lies on the disk, and how much room is left."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from stat import S_ISDIR

from umlauf.settings import Settings
from umlauf.storage.bucket_path import AnyPath, BucketPath


@dataclass(frozen=True, kw_only=True)
class Disk:
    """Bytes; a snapshot that is kept under a second name counts once. A bucket has no end."""

    landing: int
    warehouse: int
    snapshot: int
    kept_snapshots: int
    free_for_landing: int | None
    free_for_marts: int


def read_disk(settings: Settings) -> Disk:
    """Return how much room everything takes now; what is replaced meanwhile counts as nothing."""
    marts, root = settings.marts_file, settings.landing_root
    kept = list(marts.with_name("kept").glob("*.duckdb"))
    return Disk(
        landing=_landed_size(root),
        warehouse=_size(settings.warehouse.rglob("*")),
        snapshot=(snapshot := _size([marts])),
        kept_snapshots=_size([marts, *kept]) - snapshot,
        free_for_landing=(
            None if isinstance(root, BucketPath) else shutil.disk_usage(existing(root)).free
        ),
        free_for_marts=shutil.disk_usage(existing(settings.home)).free,
    )


def existing(folder: Path) -> Path:
    """Return the folder, or the nearest above it that is there."""
    return folder if folder.exists() else existing(folder.parent)


def _landed_size(root: AnyPath) -> int:
    if isinstance(root, BucketPath):
        return sum(file.stat().st_size for file in root.rglob())
    return _size(root.rglob("*"))


def _size(files: Iterable[Path]) -> int:
    sizes = {}
    for file in files:
        try:
            stated = file.lstat()
        except FileNotFoundError:
            continue
        if not S_ISDIR(stated.st_mode):  # a folder's own size is its file system's affair
            sizes[stated.st_dev, stated.st_ino] = stated.st_size
    return sum(sizes.values())
