"""Land a source of files: keep the bytes, then land what they say.

    <landing>/bank/files/day=2026-11-22/<sha256>.bin            as received
    <landing>/bank/{entries,statements,files}/day=.../<batch>   derived

Order is the safety: bytes, entries, statements, and the `files` record last. A file counts as
landed when its record is there; after a crash before that it is simply read again, and equal keys
make the repetition free.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import msgspec
import pyarrow as pa

from umlauf.errors import ConfigError, DataRejected, SourceError, SourceUnavailable
from umlauf.formats.model import PARSER_VERSION, BankFile, Statement
from umlauf.formats.read import read_bank_file
from umlauf.landing.batch import BatchAbout, commit_batch, sync_folder
from umlauf.landing.columns import WAITING, landed_table, stamp_array, text_array
from umlauf.landing.commits import committing
from umlauf.landing.entry_spool import CHUNK_BYTES, EntrySpool
from umlauf.landing.land import Run, StreamReport
from umlauf.landing.raw_files import FileRecord, KnownFiles, known_files, printable, receive
from umlauf.landing.windows import covered_until
from umlauf.spec import Window
from umlauf.transport.pickup import FoundFile, Pickup, pickups_of, ready_files

log = logging.getLogger(__name__)

STREAMS = ("entries", "statements", "files")  # in the order they are committed


class _Landing:
    """One run over all places of one source."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.root = run.settings.landing_root
        self.known: KnownFiles = known_files(self.root, run.source.name)
        self.window: Window = run.window(run.source.stream("files"))
        self.waiting: dict[str, list[pa.Table]] = {stream: [] for stream in STREAMS}
        self.waiting_bytes = 0
        self.landed = dict.fromkeys(STREAMS, 0)
        self.parts = dict.fromkeys(STREAMS, 0)

    def take_place(self, pickup: Pickup) -> None:
        """Land every new file of a place that is ready.

        Raises:
            SourceUnavailable: a file could not be fetched; the others have landed, unless two in
                a row failed, which means the place and not the file.
        """
        files = ready_files(
            pickup, lambda file: self.known.has_seen(pickup.place, file), self.run.clock()
        )
        failed: SourceUnavailable | None = None
        has_just_failed = False
        for file in files:
            try:
                self._fetch(pickup, file)
                has_just_failed = False
            except SourceUnavailable as error:
                if has_just_failed:
                    raise
                log.warning("%s: %s", pickup.place, error)
                failed, has_just_failed = failed or error, True
        if failed is not None:
            raise failed

    def _fetch(self, pickup: Pickup, file: FoundFile) -> None:
        day = self.run.day.isoformat()
        kept = receive(pickup.read(file), self.root, self.run.source.name, day)
        if kept.sha256 in self.known.hashes:
            log.info("%s: %r has landed before under another name", pickup.place, file.name)
            kept.discard()
        else:
            self.take_file(pickup.place, file, kept.keep("bin"), kept.sha256)

    def take_file(self, place: str, file: FoundFile, path: Path, sha256: str) -> None:
        """Read a kept file; what cannot be read is recorded with its reason."""
        spool = EntrySpool(path.parent)
        understood: BankFile | None = None
        rejected: DataRejected | None = None
        try:
            with path.open("rb") as opened:
                understood = read_bank_file(opened, sha256, spool.add)
        except DataRejected as error:
            rejected = error
            log.warning("%s: %r goes to quarantine: %s", place, file.name, error)
        try:
            if understood is not None:
                self._take_statements(understood.statements, spool, file.modified_at)
        finally:
            spool.close()
        statements = understood.statements if understood else []
        record = FileRecord(
            sha256=sha256,
            name=printable(file.name),
            place=place,
            size=file.size,
            received_at=file.modified_at.isoformat(),
            format=understood.format if understood else None,
            parser_version=PARSER_VERSION,
            statements=len(statements),
            entries=sum(statement.entry_count for statement in statements),
            quarantined_statements=sum(bool(item.quarantine_reason) for item in statements),
            rejected_place=rejected.place if rejected else None,
            quarantine_reason=rejected.reason if rejected else None,
        )
        self.known.add(record)
        self._wait("files", _rows([sha256], [file.modified_at], [record]))
        if self.waiting_bytes > CHUNK_BYTES:
            self.commit()

    def _take_statements(
        self, statements: Sequence[Statement], spool: EntrySpool, modified_at: datetime
    ) -> None:
        versions = {item.statement_key: self._version(item, modified_at) for item in statements}
        reasons = {
            item.statement_key: item.quarantine_reason
            for item in statements
            if item.quarantine_reason
        }
        for rows in spool.chunks(reasons, versions):
            self._wait("entries", rows)
            if self.waiting_bytes > CHUNK_BYTES:  # the file is judged: they may land
                self._commit_stream("entries")
        keys = [item.statement_key for item in statements]
        stamps = [versions[key] for key in keys]
        self._wait("statements", _rows(keys, stamps, statements))

    def _wait(self, stream: str, rows: pa.Table) -> None:
        self.waiting[stream].append(rows)
        self.waiting_bytes += rows.nbytes

    def _version(self, statement: Statement, modified_at: datetime) -> datetime:
        """Return when the bank made the statement; files that don't say so: when they came."""
        try:
            made = datetime.fromisoformat(statement.created_at or "")
        except ValueError:
            return modified_at
        made = made if made.tzinfo else made.replace(tzinfo=self.run.settings.zone)
        return made if 1990 < made.year < 2200 else modified_at

    def commit(self, *, is_last: bool = False) -> None:
        """Commit what waits, the `files` record last; the run's last batch may be empty."""
        if self.waiting["files"]:
            day = f"day={self.run.day.isoformat()}"
            sync_folder(self.root / self.run.source.name / "files" / day)
        for stream in STREAMS:
            if self.waiting[stream] or is_last:
                self._commit_stream(stream, is_last=is_last)

    def is_done(self) -> bool:
        """Tell whether this window has landed whole before, and there is nothing to add."""
        if any(self.landed.values()) or any(self.waiting.values()):
            return False
        covered = covered_until(self.root, self.run.source.name, "files")
        return covered is not None and covered >= self.window.end

    def _commit_stream(self, stream: str, *, is_last: bool = False) -> None:
        waiting, self.waiting[stream] = self.waiting[stream], []
        self.waiting_bytes = sum(rows.nbytes for kept in self.waiting.values() for rows in kept)
        with committing(self.run.settings.leases):
            fetched_at = self.run.stamp()
            rows = landed_table(waiting, fetched_at)
            about = BatchAbout(
                source=self.run.source.name,
                stream=stream,
                day=self.run.day,
                fetched_at=fetched_at,
                window_start=self.window.start,
                window_end=self.window.end,
                part=self.parts[stream],
                is_complete=is_last,
                rows_fetched=rows.num_rows,
            )
            commit_batch(self.root, about, rows, self.run.lease)
        self.parts[stream] += 1
        self.landed[stream] += rows.num_rows


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
    failed: list[ConfigError | SourceError] = []
    limits = run.settings.source(run.source.name).limits()
    for pickup in pickups_of(run.connection, limits):
        try:
            landing.take_place(pickup)
        except (ConfigError, SourceError) as error:
            log.error("%s: %s", pickup.place, error)
            failed.append(error)
    if failed:
        landing.commit()
        raise failed[0]
    if not landing.is_done():
        landing.commit(is_last=True)
    return _reports(landing, time.monotonic() - begun)


def _reports(landing: _Landing, seconds: float) -> list[StreamReport]:
    return [
        StreamReport(
            stream=stream,
            window_start=landing.window.start,
            window_end=landing.window.end,
            rows=landing.landed[stream],
            seconds=round(seconds, 3) if stream == "files" else 0.0,
        )
        for stream in STREAMS
    ]


def _rows(
    keys: Sequence[str], versions: Sequence[datetime], records: Sequence[msgspec.Struct]
) -> pa.Table:
    payloads = text_array(msgspec.json.encode(record).decode() for record in records)
    stamps = stamp_array((version, 1) for version in versions)
    return pa.Table.from_arrays([text_array(keys), stamps, payloads], schema=WAITING)
