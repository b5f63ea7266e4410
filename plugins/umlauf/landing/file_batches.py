"""What files said, on its way to landing: rows wait, then are committed in the order that is safe.

Entries, statements, then tombstones of what earlier readings said and nothing says any more, and
the `files` record last: a file counts as landed when its record is there. After a crash before
that it is simply read again, and equal keys make the repetition free.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Literal

import pyarrow as pa

from umlauf.landing.batch import BatchAbout, commit_batch
from umlauf.landing.columns import landed_table, record_table
from umlauf.landing.commits import committing
from umlauf.landing.entry_spool import CHUNK_BYTES
from umlauf.landing.replaced import has_landed_before, replaced_keys
from umlauf.landing.run import Run
from umlauf.spec import Window
from umlauf.storage.commit import sync_folder

Name = Literal["entries", "statements", "files"]
STREAMS: tuple[Name, ...] = ("entries", "statements", "files")  # in the order they are committed
READ: tuple[Name, ...] = ("entries", "statements")  # what is read from a file


class FileBatches:
    """The three streams of one run; a build sees each `commit` whole or not at all."""

    def __init__(self, run: Run, window: Window) -> None:
        """Start empty."""
        self._run, self._window = run, window
        self._root, self._source = run.settings.landing_root, run.source.name
        self._waiting: dict[Name, list[pa.Table]] = {stream: [] for stream in STREAMS}
        self._waiting_bytes = 0
        self._parts = dict.fromkeys(STREAMS, 0)
        self._told: dict[str, datetime] = {}  # files and statements, and since when they are anew
        self._is_again = False
        self.landed = dict.fromkeys(STREAMS, 0)
        self.deleted = dict.fromkeys(STREAMS, 0)

    def begin_file(self, sha256: str, statements: Collection[str], *, is_again: bool) -> None:
        """Announce a file's statements; `is_again`: an earlier run may have landed some of it."""
        if not self._told.keys().isdisjoint(statements):
            # One statement from two files: only the later file's entries are its entries, and the
            # stamps must tell them apart.
            for stream in READ:
                self._commit_waiting(stream)
        self._told |= dict.fromkeys((sha256, *statements), self._run.stamp())
        self._is_again |= is_again

    def add(self, stream: Name, rows: pa.Table) -> None:
        """Let rows wait; entries of a file that has been judged may land at once."""
        self._waiting[stream].append(rows)
        self._waiting_bytes += rows.nbytes
        if self._waiting_bytes > CHUNK_BYTES:
            if stream == "entries":
                self._commit_waiting(stream)
            elif stream == "files":
                self.commit()

    def has_news(self) -> bool:
        """Tell whether this run has landed anything or is going to."""
        return any(self.landed.values()) or any(self._waiting.values())

    def commit(self, *, is_last: bool = False) -> None:
        """Commit what waits, the `files` record last; the run's last batches may be empty."""
        with committing(self._run.settings.leases, self._run.settings.lease_wait_seconds):
            for stream in READ:
                self._commit_waiting(stream, is_last=is_last)
            self._retire()
            kept = self._root / self._source / "files" / f"day={self._run.day.isoformat()}"
            if self._waiting["files"] and kept.exists():  # files read anew lie in older folders
                sync_folder(kept)
            self._commit_waiting("files", is_last=is_last)

    def _commit_waiting(self, stream: Name, *, is_last: bool = False) -> None:
        waiting, self._waiting[stream] = self._waiting[stream], []
        self._waiting_bytes = sum(rows.nbytes for kept in self._waiting.values() for rows in kept)
        if not waiting and not is_last:
            return
        with committing(self._run.settings.leases, self._run.settings.lease_wait_seconds):
            fetched_at = self._run.stamp()
            rows = landed_table(waiting, fetched_at)
            about = BatchAbout(
                source=self._source,
                stream=stream,
                day=self._run.day,
                fetched_at=fetched_at,
                window_start=self._window.start,
                window_end=self._window.end,
                part=self._parts[stream],
                is_complete=is_last,
                rows_fetched=rows.num_rows,
            )
            commit_batch(self._root, about, rows, self._run.lease)
        self._parts[stream] += 1
        self.landed[stream] += rows.num_rows

    def _retire(self) -> None:
        """Land tombstones of rows that a file or statement, told anew, no longer has."""
        told, self._told = self._told, {}
        is_again, self._is_again = self._is_again, False
        if not told or not (is_again or has_landed_before(self._root, self._source, told)):
            return
        for stream in READ:
            keys = replaced_keys(self._root, self._source, stream, told)
            if keys:
                self._commit_tombstones(stream, keys)

    def _commit_tombstones(self, stream: Name, keys: list[str]) -> None:
        found_at = self._run.stamp()
        about = BatchAbout(
            source=self._source,
            stream=stream,
            day=self._run.day,
            fetched_at=found_at,
            kind="tombstones",
            rows_fetched=len(keys),
        )
        rows = record_table(keys, [found_at] * len(keys), None, found_at)
        commit_batch(self._root, about, rows, self._run.lease)
        self.deleted[stream] += len(keys)
