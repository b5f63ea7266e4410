"""Newer versions of landed records, edited as a source might send them some night."""

import json
from datetime import UTC, date, datetime

import duckdb

from umlauf.landing.batch import BatchAbout, commit_batch
from umlauf.landing.columns import record_table

END = date(2026, 11, 20)
NEWEST = """
select record_key, record_version, payload
from read_parquet('{root}/{source}/{stream}/day=*/*.parquet')
where payload is not null and not is_deleted
qualify row_number() over (partition by record_key order by fetched_at desc) = 1
"""


def changed(settings, source, stream, edit, wanted=1, modified_at=None):
    """Land newer versions of the first records for which `edit` returns something.

    They keep their modified stamps, unless `modified_at` (aware UTC) is given.
    """
    query = NEWEST.format(root=settings.landing_root, source=source, stream=stream)
    landed = duckdb.sql(query + " order by length(record_key), record_key").fetchall()
    edited = [
        (key, version, result)
        for key, version, payload in landed
        if (result := edit(json.loads(payload))) is not None
    ][:wanted]
    assert edited, f"no record of {stream} to spoil"
    keys, versions, results = zip(*edited, strict=True)
    at = datetime.now(UTC)
    about = BatchAbout(source=source, stream=stream, day=END, fetched_at=at, rows_fetched=len(keys))
    versions = [modified_at or version.replace(tzinfo=UTC) for version in versions]
    deleted = [result == "deleted" for result in results]
    texts = [json.dumps(result) for result in results]
    rows = record_table(list(keys), versions, texts, at)
    place = rows.schema.get_field_index("is_deleted")
    commit_batch(
        settings.landing_root, about, rows.set_column(place, rows.schema.field(place), [deleted])
    )
