"""Homes and ports for platforms that tests start."""

import shutil
import socket
import tempfile
from pathlib import Path

import pytest

from umlauf.local.ports import HOST, Ports
from umlauf.settings import load_settings


@pytest.fixture
def open_home():
    """Return a folder that `nobody` may enter: as root PostgreSQL runs as that user."""
    folder = Path(tempfile.mkdtemp(prefix="umlauf-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def open_settings(open_home):
    return load_settings(home=open_home / "var")


@pytest.fixture
def free_ports():
    sockets = [socket.socket() for _ in Ports().by_name()]
    for one in sockets:
        one.bind((HOST, 0))
    numbers = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return Ports(**dict(zip(Ports().by_name(), numbers, strict=True)))
