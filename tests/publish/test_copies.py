"""Copies follow the snapshot; one that fails is told, and holds no other up."""

import json

import pytest

from umlauf.errors import SourceUnavailable
from umlauf.landing.incidents import open_incidents
from umlauf.publish.copies import write_copies
from umlauf.spec import Connection

pytestmark = pytest.mark.integration

BUILD = "20260401T030000Z-0123456789"


@pytest.fixture
def everywhere(settings, tmp_path):
    return settings.model_copy(
        update={"parquet_copy": tmp_path / "lake", "postgres_connection": "marts_postgres"}
    )


def nobody_listens(conn_id):
    return Connection(conn_id=conn_id, url="postgresql://127.0.0.1:1/marts")


def test_where_nothing_is_set_nothing_is_written(settings):
    assert write_copies(settings) == {}


def test_both_show_what_readers_of_the_snapshot_see(everywhere, server, show):
    show(BUILD)

    done = write_copies(everywhere, connect=lambda _: server.connection)

    assert {name: copied.build_id for name, copied in done.items()} == {
        "Parquet": BUILD, "PostgreSQL": BUILD
    }  # fmt: skip
    assert server.seen() == [(BUILD, BUILD, BUILD, 10)]


def test_one_that_fails_is_an_incident_until_it_succeeds_and_the_other_is_written(
    everywhere, server, show
):
    show(BUILD)

    with pytest.raises(SourceUnavailable, match="postgres"):
        write_copies(everywhere, connect=nobody_listens)

    manifest = json.loads((everywhere.parquet_copy / "manifest.json").read_text())
    assert manifest["build_id"] == BUILD
    assert [one.subject for one in open_incidents(everywhere)] == ["copies"]

    write_copies(everywhere, connect=lambda _: server.connection)

    assert open_incidents(everywhere) == []


def test_a_folder_that_cannot_be_written_is_named_and_postgresql_is_not_held_up(
    everywhere, server, show
):
    show(BUILD)
    everywhere.parquet_copy.write_text("a file where the folder should be")

    with pytest.raises(SourceUnavailable, match=r"Parquet: .*lake: File exists"):
        write_copies(everywhere, connect=lambda _: server.connection)

    assert server.seen() == [(BUILD, BUILD, BUILD, 10)]
