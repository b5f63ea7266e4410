"""What stands in a home and runs for it, as somebody from outside sees it."""

from contextlib import closing

import duckdb
import psutil
import psycopg2

# What depends on when a record was fetched differs between two ways of fetching it.
OWN = {"trust"}


def ask(home, sql):
    with duckdb.connect(home / "marts" / "marts.duckdb", read_only=True) as marts:
        return marts.execute(sql).fetchall()


def landed_days(home):
    batches = (home / "landing" / "hubspot" / "deals").rglob("*.parquet")
    return sorted({file.parent.name.removeprefix("day=") for file in batches})


def landed_batches(home):
    return {file for file in (home / "landing").rglob("*.parquet") if "umlauf" not in file.parts}


def published(home):
    return ask(home, "select max(build_id) from trust.build")


def shown(home):
    return ask(home, "select any_value(build_id) from core.dim_date")[0][0]


def seen_by(address):
    with closing(psycopg2.connect(address)) as session, session.cursor() as cursor:
        cursor.execute("select max(build_id) from core.dim_date")
        return cursor.fetchone()[0]


def contents(home):
    """Return row count and a hash of all rows per mart, without the build they came from."""
    relations = ask(
        home,
        "select table_schema, table_name from information_schema.tables where table_schema in"
        " ('core', 'pipeline', 'inventory', 'cash_flow') order by all",
    )
    return {
        f"{schema}.{table}": ask(
            home,
            f"select count(*), sum(hash(columns(* exclude (build_id)))) from {schema}.{table}",
        )
        for schema, table in relations
        if schema not in OWN
    }


def processes_of(home):
    # Asked through process_iter, a process that ends meanwhile, or a zombie, has no words.
    running = [process.info["cmdline"] or [] for process in psutil.process_iter(["cmdline"])]
    return [words for words in running if any(str(home) in word for word in words)]
