"""PostgreSQL says, row by row, what the snapshot says: of every mart of a company."""

from collections import Counter
from datetime import UTC

import duckdb
import pytest

from tests.publish.postgres_server import running_postgres
from umlauf.publish.postgres.publish import publish_postgres
from umlauf.settings import load_settings

pytestmark = pytest.mark.integration


def test_every_row_of_every_mart_is_there(company, snapshot_file, tmp_path):
    settings = load_settings(home=tmp_path)
    settings.marts_file.parent.mkdir()
    settings.marts_file.symlink_to(snapshot_file)
    settings.warehouse.symlink_to(load_settings(home=company.home).warehouse)
    with running_postgres() as server, duckdb.connect(snapshot_file, read_only=True) as snapshot:
        done = publish_postgres(settings, server.connection)

        marts = snapshot.execute(
            "select table_schema || '.' || table_name from information_schema.tables "
            "where table_schema in ('core', 'pipeline', 'inventory', 'cash_flow', 'trust')"
        ).fetchall()
        rows = 0
        for (mart,) in marts:
            expected = Counter(snapshot.execute(f"from {mart}").fetchall())
            found = Counter(map(in_utc, server.rows(f"select * from {mart}")))
            assert found == expected, mart
            rows += expected.total()

    assert len(marts) > 45
    assert done.rows == rows


def in_utc(row):
    """Return a row whose stamps are naive UTC, as DuckDB's are."""
    return tuple(
        value.astimezone(UTC).replace(tzinfo=None) if hasattr(value, "tzinfo") else value
        for value in row
    )
