"""PostgreSQL holds what the snapshot holds, whichever build that is, wherever a publisher died."""

import os
import signal
import subprocess
import sys
from contextlib import closing
from datetime import UTC, date, datetime
from decimal import Decimal

import duckdb
import pytest

from tests.publish.conftest import DEALS
from tests.publish.postgres_server import PASSWORD, READER
from umlauf.errors import ConfigError, LeaseBusy, SourceUnavailable
from umlauf.publish.postgres import load, publish
from umlauf.publish.postgres.publish import publish_postgres
from umlauf.spec import Connection

pytestmark = pytest.mark.integration

ONE, TWO, THREE = (f"2026040{day}T030000Z-0123456789" for day in (1, 2, 3))


def test_values_types_comments_and_keys_arrive(server, settings, show):
    show(ONE)

    done = publish_postgres(settings, server.connection)

    assert (done.build_id, done.rows) == (ONE, 22)
    assert server.rows("select * from pipeline.fct_deal where n < 3 order by n") == [
        (f"d{n}", Decimal(n) / 4, n % 2 == 0, date(2026, 3, 31 - n), name,
         datetime(2026, 3, 31, 22, 30, tzinfo=UTC), n / 3, n, ONE)
        for n, name in ((0, None), (1, ""), (2, 'a"b\n,ü'))
    ]  # fmt: skip
    kinds = server.rows("""
        select column_name, data_type, numeric_precision, numeric_scale
        from information_schema.columns where table_name = 'fct_deal' and column_name = 'amount'
    """)
    assert kinds == [("amount", "numeric", 18, 2)]
    assert server.rows("select obj_description('pipeline.fct_deal'::regclass)") == [
        ("One row per deal; it's small.",)
    ]
    assert server.rows("select col_description('pipeline.fct_deal'::regclass, 1)") == [
        ("The CRM's.",)
    ]
    indexes = server.rows("select indexdef from pg_indexes where tablename = 'pipeline.fct_deal'")
    assert ["UNIQUE" in text for (text,) in indexes if "(deal_id)" in text] == [True]
    assert any("(day)" in text for (text,) in indexes)
    assert server.rows("select to_regclass('intermediate.int_rates')") == [(None,)]


def test_a_mart_of_days_lies_by_day_and_one_index_finds_days_and_keys(
    server, settings, show, monkeypatch
):
    monkeypatch.setattr(publish, "keys_of", lambda _: {"pipeline.fct_deal": ("deal_id", "day")})
    show(ONE, rows=1000)

    publish_postgres(settings, server.connection)

    indexes = server.rows("""
        select indexdef from pg_indexes where tablename = 'pipeline.fct_deal'
    """)
    ((index,),) = indexes
    assert "UNIQUE" in index
    assert "(day, deal_id)" in index
    place = f'"umlauf {ONE}"."pipeline.fct_deal"'
    days = [day for (day,) in server.rows(f"select day from {place} order by ctid")]
    assert days == sorted(days)


def test_a_mart_that_lists_builds_of_before_lists_them_as_they_are(server, settings, show):
    show(ONE)
    with duckdb.connect(settings.marts_file) as marts:
        marts.execute(f"insert into trust.build values (date '2026-03-30', '{TWO}')")

    publish_postgres(settings, server.connection)

    assert server.rows("select build_id, as_of_date::text from trust.build order by 1") == [
        (ONE, "2026-03-31"), (TWO, "2026-03-30")
    ]  # fmt: skip


def test_a_text_that_postgresql_cannot_hold_loses_that_character_alone(server, settings, show):
    show(ONE, deals="select 'a' || chr(0) || 'b' as deal_id, null::date as day")

    publish_postgres(settings, server.connection)

    assert server.rows("select deal_id from pipeline.fct_deal") == [("a\ufffdb",)]


def test_the_next_build_takes_its_place_and_the_one_before_is_kept_to_go_back_to(
    server, settings, show
):
    for build_id in (ONE, TWO, THREE):
        show(build_id)
        publish_postgres(settings, server.connection)
        assert server.seen() == [(build_id, build_id, build_id, 10)]
    kept = server.rows("select nspname from pg_namespace where nspname like 'umlauf 2%'")
    assert sorted(kept) == [(f"umlauf {TWO}",), (f"umlauf {THREE}",)]

    show(TWO)
    back = publish_postgres(settings, server.connection)

    assert back.rows == 0
    assert server.seen() == [(TWO, TWO, TWO, 10)]


def test_twice_pours_nothing(server, settings, show):
    show(ONE)
    publish_postgres(settings, server.connection)

    assert publish_postgres(settings, server.connection).rows == 0


def test_a_column_that_came_and_one_that_went_change_with_the_build(server, settings, show):
    show(ONE)
    publish_postgres(settings, server.connection)
    server.let_reader_in()
    show(TWO, deals="select 'd1' as deal_id, date '2026-03-31' as day, 7 as priority")

    publish_postgres(settings, server.connection)

    assert server.rows("select * from pipeline.fct_deal", **READER) == [
        ("d1", date(2026, 3, 31), 7, TWO)
    ]
    show(ONE)
    publish_postgres(settings, server.connection)
    assert server.seen() == [(ONE, ONE, ONE, 10)]


def killed_at(step, server, settings):
    """Publish in a process that is killed before statement number `step`; return its exit code."""
    program = f"""
import os, signal
from psycopg2.extensions import cursor as Cursor
import psycopg2
count = 0
class Counted(Cursor):
    def execute(self, *given):
        global count
        count += 1
        if count == {step}:
            os.kill(os.getpid(), signal.SIGKILL)
        return super().execute(*given)
connect = psycopg2.connect
psycopg2.connect = lambda **named: connect(cursor_factory=Counted, **named)
from umlauf.publish.postgres.publish import publish_postgres
from umlauf.settings import load_settings
from umlauf.spec import Connection
publish_postgres(load_settings(home={str(settings.home)!r}), Connection(
    conn_id="c", url={server.connection.url!r}, login="postgres", password={PASSWORD!r}))
"""
    return subprocess.run([sys.executable, "-c", program], env=os.environ, check=False).returncode


@pytest.mark.parametrize("step", range(1, 90, 7))
def test_killed_at_any_statement_readers_see_the_old_build_and_a_rerun_the_new(
    server, settings, show, step
):
    show(ONE)
    publish_postgres(settings, server.connection)
    show(TWO)

    assert killed_at(step, server, settings) in (-signal.SIGKILL, 0)

    ((build_id, *others, count),) = server.seen()
    assert (others, count) == ([build_id] * 2, 10)
    assert build_id in (ONE, TWO)
    publish_postgres(settings, server.connection)
    assert server.seen() == [(TWO, TWO, TWO, 10)]


@pytest.mark.parametrize("step", [4, 6, 9, 20, 40, 70])
def test_killed_in_the_first_publishing_a_rerun_does_it(server, settings, show, step):
    show(ONE)

    assert killed_at(step, server, settings) == -signal.SIGKILL

    publish_postgres(settings, server.connection)
    assert server.seen() == [(ONE, ONE, ONE, 10)]
    server.let_reader_in()
    assert server.rows("select count(*) from pipeline.fct_deal", **READER) == [(10,)]


def test_a_row_that_breaks_the_key_leaves_readers_where_they_are(server, settings, show):
    show(ONE)
    publish_postgres(settings, server.connection)
    show(TWO, deals=DEALS + "union all select 'd1', 0, true, null, null, null, 0, 0")

    with pytest.raises(SourceUnavailable, match="d1"):
        publish_postgres(settings, server.connection)

    assert server.seen() == [(ONE, ONE, ONE, 10)]


def test_one_publisher_at_a_time(server, settings, show):
    show(ONE)
    with closing(server.session()) as other, other.cursor() as cursor:
        cursor.execute("select pg_advisory_lock(%s)", [publish._LOCK])

        with pytest.raises(LeaseBusy, match="another publisher"):
            publish_postgres(settings, server.connection)


def test_what_a_killed_publisher_still_loads_is_waited_for(server, settings, show, monkeypatch):
    monkeypatch.setattr("umlauf.publish.postgres.session._LOCK_WAIT", "200ms")
    show(ONE)
    with closing(server.session()) as other, other.cursor() as cursor:
        cursor.execute("select pg_advisory_lock_shared(%s)", [load._LOADING])

        with pytest.raises(LeaseBusy, match="still being loaded"):
            publish_postgres(settings, server.connection)

    publish_postgres(settings, server.connection)
    assert server.seen() == [(ONE, ONE, ONE, 10)]


def test_what_cannot_be_is_said_in_a_line(server, settings, show):
    with pytest.raises(ConfigError, match="nothing is published yet"):
        publish_postgres(settings, server.connection)
    show(ONE)
    with pytest.raises(ConfigError, match="must name a host and a database"):
        publish_postgres(settings, Connection(conn_id="c", url="postgresql://127.0.0.1:1"))
    with pytest.raises(SourceUnavailable, match=r"127\.0\.0\.1"):
        publish_postgres(settings, Connection(conn_id="c", url="postgresql://127.0.0.1:1/marts"))
    show(ONE, deals="select [1] as deal_id, null::date as day")
    with pytest.raises(ConfigError, match=r"pipeline.fct_deal.deal_id is INTEGER\[\]"):
        publish_postgres(settings, server.connection)
