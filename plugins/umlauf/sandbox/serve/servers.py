"""Run the sandbox's servers: in this process for the command and tests, or in one of their own.

with running(home) as addresses:
    requests.get(f"{addresses.hubspot}/crm/v3/owners", headers=...)
"""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import uvicorn

from umlauf.errors import ConfigError
from umlauf.sandbox.inbox import drop_bank_files, inbox
from umlauf.sandbox.serve.keys import client_key_file, host_key, public_text
from umlauf.sandbox.serve.rates import RateLimits
from umlauf.sandbox.serve.sftp import FOLDER, USER, SftpServer
from umlauf.sandbox.serve.web import app

HOST = "127.0.0.1"
START_SECONDS = 300.0  # a server that ended by itself is told at once
GRACE_SECONDS = 2


@dataclass(frozen=True, kw_only=True)
class Addresses:
    """Where to find what."""

    hubspot: str
    odoo: str
    health: str
    sftp: str
    sftp_host_key: str
    sftp_client_key: str
    bank_inbox: str


def addresses_at(home: Path, port: int, sftp_port: int) -> Addresses:
    """Return where everything is once it is served there; makes the SFTP keys if there are none."""
    base = f"http://{HOST}:{port}"
    return Addresses(
        hubspot=f"{base}/hubspot",
        odoo=f"{base}/odoo",
        health=f"{base}/health",
        sftp=f"sftp://{USER}@{HOST}:{sftp_port}{FOLDER}",
        sftp_host_key=public_text(host_key(home)),
        sftp_client_key=str(client_key_file(home)),
        bank_inbox=str(inbox(home)),
    )


class _Web(uvicorn.Server):
    """Ends with its process's own exit code: uvicorn would raise the signal once more."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {
            one: signal.signal(one, self.handle_exit) for one in (signal.SIGTERM, signal.SIGINT)
        }
        try:
            yield
        finally:
            for one, handler in before.items():
                signal.signal(one, handler)


class Servers:
    """Both servers, bound to their ports on 127.0.0.1, not yet answering.

    Raises:
        ConfigError: a port is taken.
        FileNotFoundError: no company was made here yet.
    """

    def __init__(
        self, home: Path, port: int = 0, sftp_port: int = 0, limits: RateLimits | None = None
    ) -> None:
        self.home = home
        application = app(home, limits)
        self.socket = _bound(port, "HTTP", "--port")
        try:
            sftp_socket = _bound(sftp_port, "SFTP", "--sftp-port")
        except ConfigError:
            self.socket.close()
            raise
        self.sftp = SftpServer(home, sftp_socket)
        config = uvicorn.Config(
            application, log_level="warning", access_log=False, lifespan="on", server_header=False,
            timeout_graceful_shutdown=GRACE_SECONDS,
        )  # fmt: skip
        self.web = _Web(config)
        ports = self.socket.getsockname()[1], sftp_socket.getsockname()[1]
        self.addresses = addresses_at(home, *ports)

    def listen(self) -> None:
        """Accept connections from now on; HTTP answers once `serve` runs."""
        drop_bank_files(self.home)
        self.socket.listen(128)
        self.sftp.start()

    def serve(self) -> None:
        """Answer until told to stop: SIGTERM, SIGINT, or `stop` from another thread."""
        try:
            self.web.run(sockets=[self.socket])
        finally:
            self.sftp.close()

    def stop(self) -> None:
        """Let `serve` return soon."""
        self.web.should_exit = True


@contextmanager
def running(
    home: Path, *, port: int = 0, sftp_port: int = 0, limits: RateLimits | None = None
) -> Iterator[Addresses]:
    """Serve from a thread of this process as long as the block runs."""
    servers = Servers(home, port, sftp_port, limits)
    servers.listen()
    thread = threading.Thread(target=servers.serve, name="sandbox", daemon=True)
    thread.start()
    try:
        _wait_for(servers.web, thread)
        yield servers.addresses
    finally:
        servers.stop()
        thread.join(GRACE_SECONDS + 5)


@contextmanager
def running_apart(home: Path, limits: RateLimits | None = None) -> Iterator[Addresses]:
    """Serve from a process of its own as long as the block runs: for measurements."""
    rates = limits or RateLimits()
    command = [
        sys.executable, "-m", "umlauf.sandbox.serve", "--home", str(home), "--port", "0",
        "--sftp-port", "0", "--json",
        "--requests-per-second", str(rates.requests_per_second),
        "--searches-per-second", str(rates.searches_per_second),
    ]  # fmt: skip
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            first = process.stdout.readline() if process.stdout else ""
            if not first:
                raise ConfigError(f"the sandbox's servers did not start (exit {process.wait()})")
            yield Addresses(**json.loads(first))
        finally:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(GRACE_SECONDS + 5)
            process.kill()


def as_json(addresses: Addresses) -> str:
    """Return the addresses as one line of JSON."""
    return json.dumps(asdict(addresses))


def _bound(port: int, what: str, option: str) -> socket.socket:
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((HOST, port))
    except OSError as error:
        bound.close()
        raise ConfigError(
            f"the sandbox's {what} server cannot use port {port} of {HOST}: {error.strerror}; "
            f"choose another one with {option} (0 finds a free one)"
        ) from error
    return bound


def _wait_for(web: uvicorn.Server, thread: threading.Thread) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not web.started:
        if not thread.is_alive() or time.monotonic() > deadline:
            raise ConfigError("the sandbox's HTTP server did not start; its log says why")
        time.sleep(0.005)
