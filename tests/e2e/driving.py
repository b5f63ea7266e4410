"""How the e2e tests start things and wait for them."""

import os
import socket
import subprocess
import sys
import time

from umlauf.local.ports import Ports
from umlauf.settings import PROJECT


def umlauf(home, *arguments, **environment):
    command = [sys.executable, "-m", "umlauf.cli", *arguments]
    inherited = {**os.environ, "PYTHONPATH": str(PROJECT / "plugins"), "UMLAUF_HOME": str(home)}
    return subprocess.run(
        command, env={**inherited, **environment}, capture_output=True, text=True, check=False
    )


def free_ports():
    names = Ports().by_name()
    sockets = [socket.socket() for _ in names]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    numbers = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return Ports(**dict(zip(names, numbers, strict=True)))


def as_options(ports):
    return [
        word for name, port in ports.by_name().items() for word in (f"--{name}-port", str(port))
    ]


def wait_until(is_so, seconds=900, every=1.0):
    deadline = time.monotonic() + seconds
    while not (found := is_so()):
        assert time.monotonic() < deadline
        time.sleep(every)
    return found
