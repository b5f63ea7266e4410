"""Entries of one file on their way to landing: few in memory, many in a nameless temporary file.

A file counts whole or not at all, and only its end tells which statements are in quarantine. So
its entries wait here, and nothing of a broken file becomes visible.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import IO

import msgspec
import pyarrow as pa

from umlauf.formats.model import Entry
from umlauf.landing.columns import WAITING, TextColumn, stamp_array, text_array

CHUNK_BYTES = 8 * 1024 * 1024
_SPOOLED = pa.schema([("key", pa.string()), ("payload", pa.string())])


class EntrySpool:
    """Collects encoded entries; `folder` is where a large file's entries wait on disk."""

    def __init__(self, folder: Path) -> None:
        """Start empty, in memory."""
        self._folder = folder
        self._encode = msgspec.json.Encoder().encode
        self._keys, self._payloads = TextColumn(), TextColumn()
        self._runs: list[list[tuple[str, int]]] = [[]]  # per chunk: statement, number of entries
        self._statement, self._count = "", 0  # the run that is being counted
        self._file: IO[bytes] | None = None
        self._writer: pa.RecordBatchStreamWriter | None = None

    def add(self, entry: Entry) -> None:
        """Take one entry."""
        self._keys.add(entry.entry_key.encode())
        self._payloads.add(self._encode(entry))
        statement = entry.statement_key
        if statement != self._statement:
            self._runs[-1].append((self._statement, self._count))
            self._statement, self._count = statement, 0
        self._count += 1
        if self._payloads.size > CHUNK_BYTES:
            self._spill()

    def chunks(
        self, reasons: Mapping[str, str], versions: Mapping[str, datetime]
    ) -> Iterator[pa.Table]:
        """Yield rows for landing; entries of a statement in `reasons` carry its reason."""
        for batch, runs in zip(self._batches(), self._runs, strict=True):
            payloads = batch.column("payload")
            if reasons:
                payloads = _with_reasons(payloads, runs, reasons)
            stamps = stamp_array((versions[key], count) for key, count in runs if count)
            yield pa.Table.from_arrays([batch.column("key"), stamps, payloads], schema=WAITING)

    def close(self) -> None:
        """Free the disk."""
        if self._file is not None:
            self._file.close()

    def _batch(self) -> pa.RecordBatch:
        self._runs[-1].append((self._statement, self._count))
        self._count = 0
        columns = [self._keys.take(), self._payloads.take()]
        return pa.RecordBatch.from_arrays(columns, schema=_SPOOLED)

    def _spill(self) -> None:
        if self._writer is None:
            self._folder.mkdir(parents=True, exist_ok=True)
            # Where the system has no nameless files, it bears a name for a moment.
            self._file = tempfile.TemporaryFile(dir=self._folder, suffix=".partial")  # noqa: SIM115  # until close()
            self._writer = pa.ipc.new_stream(self._file, _SPOOLED)
        self._writer.write_batch(self._batch())
        self._runs.append([])

    def _batches(self) -> Iterator[pa.RecordBatch]:
        if self._writer is not None and self._file is not None:
            self._writer.close()
            self._file.seek(0)
            yield from pa.ipc.open_stream(self._file)
        yield self._batch()


def _with_reasons(
    payloads: pa.StringArray, runs: list[tuple[str, int]], reasons: Mapping[str, str]
) -> pa.StringArray:
    statements = (statement for statement, count in runs for _ in range(count))
    told = zip(payloads.to_pylist(), statements, strict=True)
    return text_array(_with_reason(payload, reasons.get(statement)) for payload, statement in told)


def _with_reason(payload: str, reason: str | None) -> str:
    if reason is None:
        return payload
    entry = msgspec.json.decode(payload)
    entry["quarantine_reason"] = entry["quarantine_reason"] or f"its statement: {reason}"
    return msgspec.json.encode(entry).decode()
