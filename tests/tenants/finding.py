"""Where words stand in files, their names, and a database: rows are unpacked first."""

import zipfile
from contextlib import closing

import duckdb


def files_with(folder, words):
    """Return {file below the folder: words found in its path, its bytes or its rows}."""
    found = {}
    for file in sorted(folder.rglob("*")):
        name = str(file.relative_to(folder))
        held = _lower(name.encode(), *(_contents(file) if file.is_file() else ()))
        if hit := {word for word in words if any(word.encode() in one for one in held)}:
            found[name] = hit
    return found


def relations_with(server, database, words):
    """Return the same of all relations of a PostgreSQL database, and of what describes them."""
    own = (
        "select format('%s.%I', relnamespace::regnamespace, relname) from pg_class where relkind in"
        " ('r', 'v') and relnamespace not in (select oid from pg_namespace where nspname in "
        "('pg_catalog', 'information_schema', 'pg_toast'))"
    )
    described = ["pg_namespace", "pg_description", "pg_class"]
    found = {}
    with closing(server.session(database=database)) as session, session.cursor() as cursor:
        cursor.execute(own)
        for name in [*(name for (name,) in cursor.fetchall()), *described]:
            cursor.execute(f"select t::text from {name} as t")
            held = _lower(name.encode(), *(row.encode() for (row,) in cursor.fetchall()))
            if hit := {word for word in words if any(word.encode() in one for one in held)}:
                found[name] = hit
    return found


def _contents(file):
    yield file.read_bytes()
    if file.suffix == ".parquet":
        yield from _rows(":memory:", [f"read_parquet('{file}')"])
    elif file.suffix == ".duckdb":
        with duckdb.connect(file, read_only=True) as database:
            names = database.execute(
                'select format(\'"{}"."{}"\', schema_name, table_name) from duckdb_tables()'
            ).fetchall()
        yield from _rows(file, [name for (name,) in names])
    elif zipfile.is_zipfile(file):  # a workbook
        with zipfile.ZipFile(file) as archive:
            yield from (archive.read(name) for name in archive.namelist())


def _rows(place, relations):
    is_file = place != ":memory:"
    with duckdb.connect(place, read_only=is_file) as database:
        for relation in relations:
            rows = database.execute(f"select t::varchar from {relation} as t").fetchall()
            yield "\n".join(row for (row,) in rows).encode()


def _lower(*texts):
    return [text.lower() for text in texts]
