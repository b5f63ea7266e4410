"""A Parquet file that carries the SHA-256 of its own bytes: no bit of it can change unseen.

The footer's metadata holds 64 zeros when the file is written; its hash, taken over these zeros,
then takes their place. So one rename still commits everything, and no second file has to be kept in
step. Page checksums would not do: they leave out the footer, with its counts and statistics.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import pyarrow as pa
import pyarrow.parquet as pq

_KEY = "umlauf_sha256"
_ZEROS = "0" * 64
# Thrift's compact protocol writes a value of 64 bytes behind its key in this way. No text of ours
# holds a control character, and statistics of payloads stand further ahead in the footer.
_PLACE = f"{_KEY}\x18@".encode()


def sealed_parquet(rows: pa.Table, metadata: Mapping[str, str]) -> bytearray:
    """Return `rows` as a Parquet file with `metadata` and the hash of its own bytes."""
    sink = pa.BufferOutputStream()
    with pq.ParquetWriter(
        sink, rows.schema.with_metadata(dict(metadata)), compression="zstd"
    ) as to:
        to.write_table(rows.replace_schema_metadata(dict(metadata)))
        to.add_key_value_metadata({_KEY: _ZEROS})
    content = bytearray(sink.getvalue())
    start = content.rindex(_PLACE) + len(_PLACE)
    content[start : start + len(_ZEROS)] = hashlib.sha256(content).hexdigest().encode()
    return content


def broken_seal(content: bytearray) -> tuple[str, str] | None:
    """Return the hash that was sealed in and the one of the bytes now, unless they are the same.

    Raises:
        KeyError: there is no seal, as in files from before there were any.
    """
    found = content.rfind(_PLACE)
    if found < 0:
        raise KeyError(_KEY)
    start = found + len(_PLACE)
    place = slice(start, start + len(_ZEROS))
    stated = bytes(content[place]).decode("ascii", "backslashreplace")
    content[place] = _ZEROS.encode()
    now = hashlib.sha256(content).hexdigest()
    return None if stated == now else (stated, now)
