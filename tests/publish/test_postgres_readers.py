"""Readers of PostgreSQL see one build, never wait, and can do nothing but read."""

import threading
from contextlib import closing
from dataclasses import replace

import psycopg2
import pytest

from tests.publish.postgres_server import READER
from umlauf.publish.postgres.publish import publish_postgres

pytestmark = pytest.mark.integration

ONE, TWO, THREE = (f"2026040{day}T030000Z-0123456789" for day in (1, 2, 3))
FORBIDDEN = [
    "insert into pipeline.fct_deal (deal_id) values ('x')",
    "update pipeline.fct_deal set amount = 0",
    "delete from pipeline.fct_deal",
    "truncate pipeline.fct_deal",
    "drop view pipeline.fct_deal",
    "alter view pipeline.fct_deal rename to x",
    "create view pipeline.x as select 1",
    "create table x (i int)",
    "create table public.x (i int)",
    "create temporary table x (i int)",
    "create schema x",
    "create function pipeline.x() returns int language sql as 'select 1'",
    "do $$ begin end $$",
    "select * from umlauf_marts.published",
    'select * from "umlauf {build}"."pipeline.fct_deal"',
    "select rolpassword from pg_authid",
    "select pg_read_file('/etc/passwd')",
    "copy pipeline.fct_deal to '/tmp/x'",
    "copy (select 1) to program 'true'",
    "select lo_create(0)",
    "select pg_advisory_lock(1)",
    "create role x",
    "alter role bi_reader superuser",
    "set role postgres",
    "alter view pipeline.fct_deal owner to bi_reader",
    "drop extension plpgsql",
    "select pg_ls_dir('.')",
    "select pg_reload_conf()",
    "alter system set work_mem = '1GB'",
    "begin; lock table pipeline.fct_deal in access exclusive mode",
]


def test_readers_never_wait_and_never_see_two_builds(server, settings, show):
    show(ONE, rows=2000)
    publish_postgres(settings, server.connection)
    server.let_reader_in()
    found, stop = [], threading.Event()

    def read():
        with closing(server.session(**READER)) as session, session.cursor() as cursor:
            while not stop.is_set():
                cursor.execute("""
                    select count(distinct build_id), count(*), max(build_id) from (
                        select build_id from pipeline.fct_deal
                        union all select build_id from core.dim_date
                        union all select build_id from pipeline.fct_deal_daily
                    ) as all_of_them
                """)
                found.append(cursor.fetchone())

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    for number in range(10):
        show((TWO, THREE, ONE)[number % 3], rows=2000)
        publish_postgres(settings, server.connection)
    stop.set()
    for reader in readers:
        reader.join()

    assert {row[:2] for row in found} == {(1, 4001)}
    assert len({row[2] for row in found}) == 3


def test_a_reader_that_stays_keeps_its_picture_and_holds_up_nothing(
    server, settings, show, monkeypatch
):
    monkeypatch.setattr("umlauf.publish.postgres.session._LOCK_WAIT", "200ms")
    show(ONE)
    publish_postgres(settings, server.connection)
    server.let_reader_in()
    with closing(server.session(**READER)) as session, session.cursor() as cursor:
        cursor.execute("begin isolation level repeatable read")
        cursor.execute("select max(build_id) from pipeline.fct_deal")
        for build_id in (TWO, THREE):
            show(build_id)
            publish_postgres(settings, server.connection)
            assert server.seen() == [(build_id,) * 3 + (10,)]
        cursor.execute("select max(build_id), count(*) from pipeline.fct_deal")
        assert cursor.fetchone() == (ONE, 10)
    show(ONE)
    publish_postgres(settings, server.connection)
    assert server.seen() == [(ONE, ONE, ONE, 10)]
    left = server.rows("select count(*) from pg_namespace where nspname like 'umlauf 2%'")
    assert left == [(2,)]


def test_a_reader_can_select_and_nothing_else(server, settings, show):
    show(ONE)
    publish_postgres(settings, server.connection)
    server.let_reader_in()
    # Its default of reading only is a habit: what is forbidden is so without it as well.
    server.rows("alter role bi_reader reset default_transaction_read_only")

    refused = (
        psycopg2.errors.InsufficientPrivilege,
        psycopg2.errors.InvalidSchemaName,  # there is none it could create a table in
        psycopg2.errors.WrongObjectType,  # a view is truncated by nobody
    )
    for statement in FORBIDDEN:
        with pytest.raises(refused):
            server.rows(statement.replace("{build}", ONE), **READER)
    assert server.rows("select count(*) from pipeline.fct_deal", **READER) == [(10,)]


def test_a_reader_has_limits(server, settings, show):
    show(ONE)
    publish_postgres(settings, server.connection)
    server.let_reader_in()

    assert server.rows("show statement_timeout", **READER) == [("1min",)]
    with pytest.raises(psycopg2.errors.ReadOnlySqlTransaction):
        server.rows("create temporary table x (i int)", **READER)
    assert server.rows("select rolconnlimit from pg_roles where rolname = 'bi_reader'") == [(50,)]


def test_a_publisher_need_not_be_superuser_and_says_what_one_should_do(
    server, settings, show, caplog
):
    for statement in (
        "drop database marts with (force)",
        "drop role if exists bi_reader, publisher",
        "create role publisher login createrole password 'p'",
        "create database marts owner publisher",
    ):
        server.rows(statement, database="postgres")
    show(ONE)

    publish_postgres(settings, replace(server.connection, login="publisher", password="p"))

    server.let_reader_in()
    assert server.rows("select count(*) from pipeline.fct_deal", **READER) == [(10,)]
    assert "a superuser should say `revoke usage on language plpgsql" in caplog.text
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        server.rows("select * from umlauf_marts.published", **READER)
