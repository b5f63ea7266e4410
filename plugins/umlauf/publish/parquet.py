"""Make the published marts a folder of Parquet files, and a manifest that says which to read.

    <folder>/manifest.json                        what is published: replaced in one step, last
    <folder>/<build_id>/<schema>/<mart>.parquet   never changed; the build before stays as well

Whoever reads the manifest first, and then the files it names, sees one build; files that were open
before stay readable until the publishing after next.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import duckdb

from umlauf.landing.janitor import sweep_partials
from umlauf.landing.lease import Lease
from umlauf.publish.comments import quoted
from umlauf.publish.disk import disk_errors
from umlauf.publish.marts import keys_of
from umlauf.publish.original import Copied, columns_of, open_original, relations_for_readers
from umlauf.settings import Settings
from umlauf.storage.commit import sync_folder

MANIFEST = "manifest.json"


def publish_parquet(settings: Settings, folder: Path, lease: Lease) -> Copied:
    """Publish the snapshot that readers see, whichever build it is, and keep the one before.

    Killed anywhere, the manifest names the old build or the new; the next call clears up.

    Raises:
        ConfigError: nothing is published yet.
        LeaseLost: a newer publisher took over.
        OSError: the folder cannot be written to.
    """
    begun = time.monotonic()
    folder.mkdir(parents=True, exist_ok=True)
    for ours in ("*Z-*.partial", f"{MANIFEST}.partial"):  # the folder may be others' as well
        sweep_partials(folder, ours)
    with open_original(settings) as (snapshot, shown):
        build_id, rows = shown.build_id, 0
        if not (folder / build_id / MANIFEST).exists():
            shutil.rmtree(folder / build_id, ignore_errors=True)  # a manifest is missing from it
            partial = folder / f"{build_id}.partial"
            tables = list(_write_all(settings, snapshot, partial, build_id))
            about = {"build_id": build_id, "as_of": f"{shown.as_of}", "tables": tables}
            _write_text(partial / MANIFEST, json.dumps(about, indent=1) + "\n")
            lease.check()
            partial.rename(folder / build_id)
            sync_folder(folder)
            rows = sum(table["rows"] for table in tables)
    before = _published(folder)
    partial = folder / f"{MANIFEST}.partial"
    _write_text(partial, (folder / build_id / MANIFEST).read_text())
    lease.check()
    partial.replace(folder / MANIFEST)
    sync_folder(folder)
    _remove_all_but(folder, {build_id, before})
    return Copied(build_id=build_id, rows=rows, seconds=round(time.monotonic() - begun, 3))


def _write_all(
    settings: Settings, snapshot: duckdb.DuckDBPyConnection, folder: Path, build_id: str
) -> Iterator[dict[str, Any]]:
    keys = keys_of(settings)
    folder.mkdir()
    for schema, name, comment in relations_for_readers(snapshot):
        (folder / schema).mkdir(exist_ok=True)
        file = folder / schema / f"{name}.parquet"
        columns = columns_of(snapshot, schema, name)
        rows = _write(snapshot, f"{schema}.{name}", columns, file)
        with file.open("rb") as written:
            os.fsync(written.fileno())
            digest = hashlib.file_digest(written, "sha256").hexdigest()
        yield {
            "table": f"{schema}.{name}",
            "comment": comment,
            "file": f"{build_id}/{schema}/{file.name}",
            "rows": rows,
            "bytes": file.stat().st_size,
            "sha256": digest,
            "key": keys.get(f"{schema}.{name}", ()),
            "columns": [
                {"name": column, "type": kind, "comment": said} for column, kind, said in columns
            ],
        }
    for written_to in (*folder.iterdir(), folder):
        sync_folder(written_to)


def _write(
    snapshot: duckdb.DuckDBPyConnection,
    relation: str,
    columns: Iterable[tuple[str, str, str]],
    file: Path,
) -> int:
    """Write a mart and return its rows. Stamps are UTC in the marts; here they say so."""
    names = (
        f'"{name}"::timestamptz as "{name}"' if kind == "TIMESTAMP" else f'"{name}"'
        for name, kind, _ in columns
    )
    with disk_errors(file):
        found = snapshot.execute(
            f"copy (select {', '.join(names)} from {relation}) to {quoted(str(file))} "
            "(format parquet, compression zstd)"
        ).fetchone()
    return int(found[0]) if found else 0


def _write_text(file: Path, text: str) -> None:
    with file.open("w") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())


def _published(folder: Path) -> str:
    try:
        return str(json.loads((folder / MANIFEST).read_text())["build_id"])
    except FileNotFoundError:
        return ""


def _remove_all_but(folder: Path, kept: set[str]) -> None:
    """Remove other builds; what is no build of ours is not touched."""
    for manifest in list(folder.glob(f"*/{MANIFEST}")):
        if manifest.parent.name not in kept:
            shutil.rmtree(manifest.parent)
