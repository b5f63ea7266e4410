"""Land a source of files: keep the bytes, then land what they say.

    <landing>/bank/files/day=2026-11-22/<sha256>.bin            as received
    <landing>/bank/{entries,statements,files}/day=.../<batch>   derived

An archive is kept too, and its members land like files of their own (docs/decisions/0052). Files
that an older parser read, or of which a batch was set aside as damaged, are read anew from the kept
bytes before any new one is taken.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import BinaryIO

from umlauf.errors import ConfigError, DataRejected, SourceError, SourceUnavailable
from umlauf.formats.archive import is_archive, members_of
from umlauf.formats.model import PARSER_VERSION, BankFile
from umlauf.landing.commits import committing
from umlauf.landing.file_batches import STREAMS, FileBatches
from umlauf.landing.file_reader import FileReader
from umlauf.landing.intact import lost_at
from umlauf.landing.raw_files import KeptFiles, KnownFiles, at_hand, receive
from umlauf.landing.run import Run, StreamReport
from umlauf.landing.windows import covered_until
from umlauf.spec import Window
from umlauf.storage.bucket_path import AnyPath
from umlauf.transport.pickup import FoundFile, Pickup, pickups_of, ready_files

log = logging.getLogger(__name__)

_CHUNK = 256 * 1024


class _Landing:
    """One run over all places of one source."""

    def __init__(self, run: Run) -> None:
        self.run = run
        root, source = run.settings.landing_root, run.source.name
        self.known = KnownFiles.read(root, source)
        self.kept = KeptFiles(root, source)
        self.window: Window = run.window(run.source.stream("files"))
        self.batches = FileBatches(run, self.window)
        self.reader = FileReader(run.settings.zone, self.known, self.batches)

    def read_anew(self) -> None:
        """Read again what an older parser read or what was lost, in the order it first came.

        Builds wait for it.
        """
        root, source = self.run.settings.landing_root, self.run.source.name
        lost = max(filter(None, (lost_at(root, source, name) for name in STREAMS)), default=None)
        outdated = self.known.outdated(PARSER_VERSION, lost)
        if not outdated:
            return
        log.info("%d kept files are read anew by parser %d", len(outdated), PARSER_VERSION)
        with committing(self.run.settings.leases, self.run.settings.lease_wait_seconds):
            for record in outdated:
                path = self.kept.unchanged(record.sha256)
                if path is None:
                    log.error(
                        "%s: the kept bytes of %r (%s) are gone or damaged; restore them. What "
                        "parser %d read of them stays",
                        record.place, record.name, record.sha256, record.parser_version,
                    )  # fmt: skip
                    continue
                file = FoundFile(
                    name=record.name,
                    size=record.size,
                    modified_at=datetime.fromisoformat(record.received_at),
                )
                self._take(record.place, file, path, record.sha256, is_again=True)
            self.batches.commit()

    def take_unknown(self) -> None:
        """Read kept files whose record stood in a batch that was set aside, when no place has them.

        Their names and stamps are lost: they are called by their hash.
        """
        root, source = self.run.settings.landing_root, self.run.source.name
        if lost_at(root, source, "files") is None:
            return
        for path in self.kept.unknown(self.known):
            stat = path.stat()
            stamp = datetime.fromtimestamp(stat.st_mtime, UTC)
            file = FoundFile(name=path.name, size=stat.st_size, modified_at=stamp)
            self._take("landing", file, path, path.stem, is_again=True)

    def take_place(self, pickup: Pickup) -> None:
        """Land every new file of a place that is ready, the oldest first.

        Raises:
            SourceUnavailable: a file could not be fetched; the others have landed, unless two in
                a row failed, which means the place and not the file.
        """
        files = ready_files(
            pickup, lambda file: self.known.has_seen(pickup.place, file), self.run.clock()
        )
        failed: SourceUnavailable | None = None
        has_just_failed = False
        for file in sorted(files, key=lambda file: (file.modified_at, file.name)):
            try:
                self._land(pickup.place, file, pickup.read(file))
                has_just_failed = False
            except SourceUnavailable as error:
                if has_just_failed:
                    raise
                log.warning("%s: %s", pickup.place, error)
                failed, has_just_failed = failed or error, True
        if failed is not None:
            raise failed

    def _land(self, place: str, file: FoundFile, chunks: Iterable[bytes]) -> None:
        day = self.run.day.isoformat()
        root, source = self.run.settings.landing_root, self.run.source.name
        received = receive(chunks, root, source, day)
        if received.sha256 in self.known.records:
            log.info("%s: %r has landed before under another name", place, file.name)
            received.discard()
            return
        # Bytes kept without a record: a run died over them, and may have landed some of their rows.
        is_again = self.kept.find(received.sha256) is not None
        path = received.keep("bin")
        self.kept.add(path)
        self._take(place, file, path, received.sha256, is_again=is_again)

    def _take(
        self, place: str, file: FoundFile, path: AnyPath, sha256: str, *, is_again: bool
    ) -> None:
        with at_hand(path) as local:
            with local.open("rb") as opened:
                if is_archive(opened):
                    self._take_archive(place, file, opened, sha256)
                    return
            self.reader.take(place, file, local, sha256, is_again=is_again)

    def _take_archive(self, place: str, file: FoundFile, archive: BinaryIO, sha256: str) -> None:
        """Land the members, then the archive's own record: a crash between repeats the members."""
        understood, rejected = None, None
        try:
            for member in members_of(archive):
                # No file at a place has a slash in its name. Stamps inside say no time zone.
                inner = replace(file, name=f"{file.name}/{member.name}", size=member.size)
                with member.open() as opened:
                    self._land(place, inner, iter(partial(opened.read, _CHUNK), b""))
            understood = BankFile(format="zip", statements=[])
        except DataRejected as error:
            rejected = error
        self.reader.record(place, file, sha256, understood, rejected)

    def is_done(self) -> bool:
        """Tell whether this window has landed whole before, and there is nothing to add."""
        if self.batches.has_news():
            return False
        root, source = self.run.settings.landing_root, self.run.source.name
        covered = covered_until(root, source, "files")
        return covered is not None and covered >= self.window.end


def land_files(run: Run) -> list[StreamReport]:
    """Land every file that has come since the last run; running it twice changes nothing.

    All three streams land together, whichever were asked for. A place that fails does not hold
    the others up: its error is raised when they have landed.

    Raises:
        ConfigError: no place, or a place without what it needs.
        SourceError: a place misbehaved.
    """
    begun = time.monotonic()
    landing = _Landing(run)
    landing.read_anew()
    failed: list[ConfigError | SourceError] = []
    limits = run.settings.source(run.source.name).limits()
    for pickup in pickups_of(run.connection, limits):
        try:
            landing.take_place(pickup)
        except (ConfigError, SourceError) as error:
            log.error("%s: %s", pickup.place, error)
            failed.append(error)
    landing.take_unknown()
    if failed:
        landing.batches.commit()
        raise failed[0]
    if not landing.is_done():
        landing.batches.commit(is_last=True)
    return _reports(landing, time.monotonic() - begun)


def _reports(landing: _Landing, seconds: float) -> list[StreamReport]:
    return [
        StreamReport(
            stream=stream,
            window_start=landing.window.start,
            window_end=landing.window.end,
            rows=landing.batches.landed[stream],
            deleted=landing.batches.deleted[stream],
            seconds=round(seconds, 3) if stream == "files" else 0.0,
        )
        for stream in STREAMS
    ]
