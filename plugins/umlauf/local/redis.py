"""Redis, between Airflow's scheduler and its Celery workers; the program is the machine's own.

It listens on TCP on 127.0.0.1 and asks for a password: who can write to it runs tasks.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from umlauf.errors import ConfigError
from umlauf.local.ports import HOST

PROGRAM = "redis-server"


def require_redis() -> None:
    """Look for the server.

    Raises:
        ConfigError: it is not on the path.
    """
    if shutil.which(PROGRAM) is None:
        raise ConfigError(
            f"workers: they get their tasks by Redis, and there is no {PROGRAM} on the path; "
            f"`apt-get install {PROGRAM}`, or leave --workers out"
        )


def server_command(home: Path) -> list[str]:
    """Return the server as a foreground process."""
    return [PROGRAM, str(_config_file(home))]


def write_config(home: Path, port: int, password: str) -> None:
    """Write the server's configuration, mode 0600: a command line can be read by everybody.

    It keeps nothing on disk: tasks whose message is gone are queued again by Airflow.
    """
    lines = [f"bind {HOST}", f"port {port}", f"requirepass {password}", 'save ""', "appendonly no"]
    file = _config_file(home)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.unlink(missing_ok=True)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as out:
        out.write("\n".join(lines) + "\n")


def broker_url(port: int, password: str) -> str:
    """Return the server's address as Celery reads it; it holds the password."""
    return f"redis://:{password}@{HOST}:{port}/0"


def _config_file(home: Path) -> Path:
    return home / "airflow" / "redis.conf"
