"""The newest version of every record of a stream, kept so that a night opens few batches for it.

    <home>/cache/live/<source>.<stream>.parquet

It says which batches it covers, by name and version of the file; a batch that is gone or was
written anew makes it worthless, and all are read again. It may be removed at any time.
"""

from __future__ import annotations

import json
import logging
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from umlauf.landing.batch import batch_files
from umlauf.landing.intact import naming_damage
from umlauf.storage.bucket_path import AnyPath, below, version_of

log = logging.getLogger(__name__)

MOST_NEW = 50  # batches that are read beside it; more are taken in, at a cost like that of reading
_METADATA_KEY = b"covers"
_NEWEST = """
    select
        record_key,
        arg_max(record_version, (fetched_at, record_version)) as record_version,
        arg_max(is_deleted, (fetched_at, record_version)) as is_deleted,
        max(fetched_at) as fetched_at
    from read_parquet($files)
    group by record_key
"""


def newest_versions(
    connection: duckdb.DuckDBPyConnection, root: AnyPath, source: str, stream: str, cache: Path
) -> list[str]:
    """Return few files that together hold the newest version of every record, tombstones included.

    Columns are those of a batch but for the payload. The caller is the only one to land the source.

    Raises:
        LandingDamaged: a batch cannot be read.
    """
    kept = cache / "live" / f"{source}.{stream}.parquet"
    files = {below(root, file): file for file in batch_files(root, source, stream)}
    versions = {name: version_of(file) for name, file in files.items()}
    covered = _covered(kept)
    if any(versions.get(name) != version for name, version in covered.items()):
        covered = {}
    new = [str(file) for name, file in files.items() if name not in covered]
    known = [str(kept)] if covered else []
    if len(new) <= MOST_NEW:
        return known + new
    log.info("%s.%s: %d batches taken into what is kept of it", source, stream, len(new))
    with naming_damage(root, new):
        rows = connection.execute(_NEWEST, {"files": known + new}).to_arrow_table()
    _keep(kept, rows, versions)
    return [str(kept)]


def forget_versions(cache: Path) -> None:
    """Keep nothing of any record."""
    for kept in (cache / "live").glob("*"):
        kept.unlink()


def _covered(kept: Path) -> dict[str, str]:
    """Return the batches that the kept file covers; none if it cannot be read whole."""
    try:
        metadata = pq.read_table(kept).schema.metadata or {}
        covers: dict[str, str] = json.loads(metadata[_METADATA_KEY])
    except (OSError, LookupError, ValueError, pa.ArrowException):
        return {}
    return covers


def _keep(kept: Path, rows: pa.Table, versions: dict[str, str]) -> None:
    kept.parent.mkdir(parents=True, exist_ok=True)
    partial = kept.with_suffix(".partial")
    pq.write_table(rows.replace_schema_metadata({_METADATA_KEY: json.dumps(versions)}), partial)
    partial.replace(kept)
