"""Find landed files that are not what was landed, and say what that means and what to do."""

from __future__ import annotations

import time
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from umlauf.errors import LandingDamaged
from umlauf.health.aside import set_all_aside, stream_of
from umlauf.health.chain import chain_breaks
from umlauf.health.lineage import Lineage
from umlauf.health.snapshot import faults_of, read_published
from umlauf.health.trouble import Trouble
from umlauf.landing.batch import batch_files
from umlauf.landing.counted import missing_batches
from umlauf.landing.erasures import read_erasures, unexplained
from umlauf.landing.incidents import FILE, note_all, open_incidents, settle
from umlauf.landing.intact import fault_of, landed_files
from umlauf.landing.own_records import SOURCE as OWN
from umlauf.landing.raw_files import KeptFiles, KnownFiles
from umlauf.landing.run import Clock
from umlauf.settings import Settings
from umlauf.spec import Source
from umlauf.storage.bucket_path import AnyPath, below


@dataclass(frozen=True, kw_only=True)
class Verified:
    """What was read, and what of it is wrong; `breaks` of bank chains are information."""

    files: int
    gigabytes: float
    seconds: float
    aside: int
    troubles: tuple[Trouble, ...]
    breaks: tuple[str, ...]


def verify(
    settings: Settings, sources: Sequence[Source], clock: Clock, *, is_setting_aside: bool = False
) -> Verified:
    """Read every landed file of these sources, our own records and the published snapshot.

    What is damaged is noted, so that `umlauf status` and the page tell it until it is mended.
    With `is_setting_aside` it is taken out of use: nothing may run meanwhile, so leases are held.

    Raises:
        LeaseBusy: a file is to be set aside, and another run is at work.
    """
    begun, root = time.monotonic(), settings.landing_root
    damaged, size, count = dict[AnyPath, str](), 0, 0
    for name in (*(source.name for source in sources), OWN):
        for file in landed_files(root, name):
            count, size = count + 1, size + file.stat().st_size
            if reason := fault_of(root, file):
                damaged[file] = reason
    for source in sources:
        damaged |= dict(_missing_bytes(settings, source))
        damaged |= dict(_unexplained(root, source, damaged))
    damaged |= dict(_deleted(root, {source.name for source in sources} | {OWN}))
    lineage = read_published(settings.marts_file).lineage
    troubles = [_damage(root, file, reason, lineage) for file, reason in damaged.items()]
    troubles += [_of_snapshot(settings, fault) for fault in faults_of(settings)]
    # The bytes of a bank's file that are gone can only come back.
    out = [file for file in damaged if file.exists() or file.suffix == ".parquet"]
    out = out if is_setting_aside else []
    if out:
        set_all_aside(settings, out, clock)
    in_use = {file: reason for file, reason in damaged.items() if file not in out}
    if not any(stream_of(root, file) == (OWN, "incidents") for file in in_use):
        _note(settings, sources, in_use, clock())
    doubtful = {stream_of(root, file)[0] for file in damaged}
    of_files = {source.name for source in sources if source.land is not None}
    return Verified(
        files=count,
        gigabytes=size / 1e9,
        seconds=round(time.monotonic() - begun, 3),
        aside=len(out),
        troubles=tuple(troubles),
        breaks=tuple(chain_breaks(root, sorted(of_files - doubtful))),
    )


def file_to_do(root: AnyPath, file: AnyPath) -> str:
    """Say how a damaged file is mended: a backup brings all of it, its source what it has today."""
    source, stream = stream_of(root, file)
    if source == OWN:
        return (
            f"restore it from a backup, the only place that has our {stream} of then; or go on "
            "without: `umlauf verify --set-aside`"
        )
    if file.suffix == ".bin":
        return (
            "restore it from a backup; or `umlauf verify --set-aside`: the next landing takes the "
            "file again if it is still at its place, else ask the bank. What was read of it stays"
        )
    return (
        "restore it from a backup; or `umlauf verify --set-aside`: the next landing reads again "
        "what the source has today, older versions are lost"
    )


def _unexplained(
    root: AnyPath, source: Source, damaged: Container[AnyPath]
) -> Iterator[tuple[AnyPath, str]]:
    """Yield sound batches that were rewritten without an erasure, or not as theirs says."""
    try:
        erasures = read_erasures(root)
    except LandingDamaged:
        return  # it is told anyway; without it nobody knows
    for stream in source.streams:
        if stream.is_erasable:
            for file in batch_files(root, source.name, stream.name):
                if file not in damaged and (reason := unexplained(root, erasures, file)):
                    yield file, reason


def _deleted(root: AnyPath, sources: Container[str]) -> Iterator[tuple[AnyPath, str]]:
    """Yield batches that a build has met and that are gone."""
    try:
        missing = missing_batches(root)
    except LandingDamaged:
        return  # it is told anyway; without it nobody knows
    for file in missing:
        if stream_of(root, file)[0] in sources:
            yield file, "a build has read it, and it is gone"


def _missing_bytes(settings: Settings, source: Source) -> Iterator[tuple[AnyPath, str]]:
    """Yield files whose record has landed and whose bytes are gone."""
    if source.land is None:
        return
    root = settings.landing_root
    try:
        known, kept = KnownFiles.read(root, source.name), KeptFiles(root, source.name)
    except LandingDamaged:
        return  # it is told anyway; without it nobody knows
    for sha256, record in known.records.items():
        if kept.find(sha256) is None:
            yield (
                root / source.name / "files" / f"{sha256}.bin",
                f"expected the bytes of {record.name!r}, came no file",
            )


def _damage(root: AnyPath, file: AnyPath, reason: str, lineage: Lineage) -> Trouble:
    source, stream = stream_of(root, file)
    name = f"{FILE}{below(root, file)}"
    return Trouble(
        key=name,
        what=f"{name}: {reason}",
        since=datetime.fromtimestamp(file.stat().st_mtime, UTC) if file.exists() else None,
        marts=lineage.sentence(f"{source}.{stream}"),
        to_do=file_to_do(root, file),
        entry="LandingDamaged",
    )


def _of_snapshot(settings: Settings, fault: str) -> Trouble:
    return Trouble(
        key="snapshot",
        what=f"snapshot {settings.marts_file}: {fault}",
        since=datetime.fromtimestamp(settings.marts_file.stat().st_mtime, UTC),
        marts=fault.partition(":")[0],
        to_do="`umlauf restore` builds it again from landing",
        entry="Damaged snapshot",
    )


def _note(
    settings: Settings, sources: Sequence[Source], damaged: dict[AnyPath, str], at: datetime
) -> None:
    """Land what is damaged and still in use, and that what was noted before is mended."""
    root = settings.landing_root
    now = {f"{FILE}{below(root, file)}": reason for file, reason in damaged.items()}
    looked_at = tuple(f"{FILE}{name}/" for name in (*(s.name for s in sources), OWN))
    known = {one.subject for one in open_incidents(settings)}
    settle(settings, [s for s in known - now.keys() if s.startswith(looked_at)], at)
    news = {what: ("LandingDamaged", why) for what, why in now.items() if what not in known}
    note_all(settings, news, at)
