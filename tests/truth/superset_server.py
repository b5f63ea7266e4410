"""A Superset of our own, on a PostgreSQL with a company's marts, for as long as a block runs."""

import re
import signal
import socket
import subprocess
import time
from contextlib import closing, contextmanager
from dataclasses import dataclass

import requests

from tests.publish.postgres_server import PASSWORD, READER
from umlauf.local.credentials import Credentials
from umlauf.local.ports import Ports
from umlauf.local.postgres import open_superset
from umlauf.local.superset_environment import (
    prepare_command,
    superset_command,
    superset_environment,
)

KEYS = Credentials(
    password="", postgres_password=PASSWORD, reader_password=READER["password"], jwt_secret="",
    secret_key="", fernet_key="", superset_password="of-the-admin",
    superset_secret_key="of-this-test-alone-and-long-enough", redis_password="",
)  # fmt: skip


@dataclass(frozen=True)
class Superset:
    url: str
    environment: dict[str, str]

    def prepare(self, *folder):
        """Make tables, administrator and dashboards ready, those of a folder if one is named."""
        command = [*prepare_command()[:-1], *map(str, folder)] if folder else prepare_command()
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr[-3000:]

    def ask(self, path):
        """Return what the API answers to an administrator."""
        who = {"username": "admin", "password": KEYS.superset_password, "provider": "db"}
        answer = requests.post(f"{self.url}/api/v1/security/login", json=who, timeout=60)
        bearer = {"Authorization": f"Bearer {answer.json()['access_token']}"}
        return requests.get(f"{self.url}/api/v1/{path}", headers=bearer, timeout=60).json()

    def charts(self):
        """Return the titles of all charts by their ids."""
        found = self.ask("chart/?q=(page_size:1000,columns:!(id,slice_name))")["result"]
        return {chart["id"]: chart["slice_name"] for chart in found}

    def session_cookie(self):
        """Return what a browser holds after logging in."""
        session = requests.Session()
        page = session.get(f"{self.url}/login/", timeout=60).text
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
        found = token or re.search(r"csrf_token&#34;: &#34;([^&]+)&#34;", page)
        form = {"username": "admin", "password": KEYS.superset_password, "csrf_token": found[1]}
        session.post(f"{self.url}/login/", data=form, timeout=60, allow_redirects=False)
        return session.cookies["session"]


@contextmanager
def running_superset(settings, server):
    """Yield a Superset whose reader sees the marts in a PostgreSQL."""
    server.let_reader_in()
    open_superset(server.port, PASSWORD)
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    (settings.home / "superset").mkdir()
    environment = superset_environment(settings, Ports(postgres=server.port, superset=port), KEYS)
    superset = Superset(f"http://127.0.0.1:{port}", environment)
    superset.prepare()
    with (settings.home / "superset.log").open("wb") as log:
        process = subprocess.Popen(
            superset_command(port), env=environment, cwd="/", stdout=log, stderr=log
        )
    try:
        wait_for_health(superset.url, process)
        yield superset
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def wait_for_health(url, process):
    end = time.monotonic() + 180
    while True:
        assert process.poll() is None, "Superset ended"
        assert time.monotonic() < end, "Superset does not answer"
        try:
            if requests.get(f"{url}/health", timeout=5).ok:
                return
        except requests.RequestException:
            time.sleep(0.2)
