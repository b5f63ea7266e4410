"""A PostgreSQL of our own with an empty database `marts`, for as long as a block runs."""

import shutil
import signal
import socket
import subprocess
import tempfile
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg2

from umlauf.local.postgres import make_database, open_database, server_command, server_user
from umlauf.spec import Connection

PASSWORD = "of-the-publisher"
READER = {"user": "bi_reader", "password": "of-the-reader"}


@dataclass(frozen=True)
class Server:
    port: int

    @property
    def connection(self):
        """The publisher's, as Airflow or the environment would give it."""
        return Connection(
            conn_id="marts_postgres",
            url=f"postgresql://127.0.0.1:{self.port}/marts",
            login="postgres",
            password=PASSWORD,
        )

    def session(self, user="postgres", password=PASSWORD, database="marts"):
        opened = psycopg2.connect(
            host="127.0.0.1", port=self.port, user=user, password=password, dbname=database
        )
        opened.autocommit = True
        return opened

    def rows(self, sql, **who):
        with closing(self.session(**who)) as session, session.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall() if cursor.description else []

    def let_reader_in(self):
        self.rows(f"alter role bi_reader login password '{READER['password']}'")

    def seen(self):
        """Return the builds that one statement over all views finds, and how many deals."""
        return self.rows("""
            select deals.build_id, dates.build_id, daily.build_id, count(*)
            from pipeline.fct_deal as deals
            cross join core.dim_date as dates
            inner join pipeline.fct_deal_daily as daily on deals.deal_id = daily.deal_id
            group by 1, 2, 3
        """)


@contextmanager
def running_postgres():
    """Yield a Server; as root it runs as `nobody`, who must be able to enter its folder."""
    folder = Path(tempfile.mkdtemp(prefix="umlauf-"))
    folder.chmod(0o755)
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    make_database(folder / "var", PASSWORD)
    command = [*server_command(folder / "var", port), "-c", "fsync=off"]
    process = subprocess.Popen(command, user=server_user(), cwd="/", stderr=subprocess.DEVNULL)
    try:
        open_database(port, PASSWORD)
        server = Server(port)
        server.rows("create database marts", database="postgres")
        yield server
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(20)
        shutil.rmtree(folder)
