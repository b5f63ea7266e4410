"""What a kept file says to rows that wait for landing: entries, statements, and its own record."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
import pyarrow as pa

from umlauf.errors import DataRejected
from umlauf.formats.model import PARSER_VERSION, BankFile, Statement
from umlauf.formats.read import read_bank_file
from umlauf.formats.values import printable
from umlauf.landing.columns import WAITING, stamp_array, text_array
from umlauf.landing.entry_spool import EntrySpool
from umlauf.landing.file_batches import FileBatches
from umlauf.landing.raw_files import FileRecord, KnownFiles
from umlauf.transport.pickup import FoundFile

log = logging.getLogger(__name__)


class FileReader:
    """Reads kept files of one run; `zone` is meant where a bank states a time without one."""

    def __init__(self, zone: ZoneInfo, known: KnownFiles, batches: FileBatches) -> None:
        """Hand rows to `batches` and records to `known`."""
        self._zone, self._known, self._batches = zone, known, batches

    def take(self, place: str, file: FoundFile, path: Path, sha256: str, *, is_again: bool) -> None:
        """Read a kept file; what cannot be read is recorded with its reason."""
        spool = EntrySpool(path.parent)
        understood: BankFile | None = None
        rejected: DataRejected | None = None
        try:
            with path.open("rb") as opened:
                understood = read_bank_file(opened, sha256, spool.add)
        except DataRejected as error:
            rejected = error
        statements = understood.statements if understood else []
        self._batches.begin_file(
            sha256, {item.statement_key for item in statements}, is_again=is_again
        )
        try:
            if understood is not None:
                self._take_statements(statements, spool, file.modified_at)
        finally:
            spool.close()
        self.record(place, file, sha256, understood, rejected)

    def record(
        self,
        place: str,
        file: FoundFile,
        sha256: str,
        understood: BankFile | None,
        rejected: DataRejected | None,
    ) -> None:
        """Record what became of a kept file; its `files` row lands behind what it said."""
        if rejected:
            log.warning("%s: %r goes to quarantine: %s", place, file.name, rejected)
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
        self._known.add(record)
        self._batches.add("files", _rows([sha256], [file.modified_at], [record]))

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
            self._batches.add("entries", rows)
        keys = [item.statement_key for item in statements]
        stamps = [versions[key] for key in keys]
        self._batches.add("statements", _rows(keys, stamps, statements))

    def _version(self, statement: Statement, modified_at: datetime) -> datetime:
        """Return when the bank made the statement; files that don't say so: when they came."""
        try:
            made = datetime.fromisoformat(statement.created_at or "")
        except ValueError:
            return modified_at
        made = made if made.tzinfo else made.replace(tzinfo=self._zone)
        return made if 1990 < made.year < 2200 else modified_at


def _rows(
    keys: Sequence[str], versions: Sequence[datetime], records: Sequence[msgspec.Struct]
) -> pa.Table:
    payloads = text_array(msgspec.json.encode(record).decode() for record in records)
    stamps = stamp_array((version, 1) for version in versions)
    return pa.Table.from_arrays([text_array(keys), stamps, payloads], schema=WAITING)
