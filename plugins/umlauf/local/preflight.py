"""What must be true of this machine before anything starts; each failure is one sentence."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from umlauf.errors import ConfigError
from umlauf.local.ports import Ports, require_free
from umlauf.local.record import read_record
from umlauf.local.redis import require_redis
from umlauf.settings import Settings

# Company, landing, warehouse, snapshot and Airflow's database and logs take under 1 GB.
NEEDED_GB = 3.0


def check_machine(settings: Settings, ports: Ports, workers: int = 0) -> None:
    """Check Python, disk, an earlier platform, the ports, and what `workers` need.

    Raises:
        ConfigError: the first thing that is wrong.
    """
    require_python(sys.version_info[:2])
    settings.home.mkdir(parents=True, exist_ok=True)
    require_space(settings.home)
    record = read_record(settings.home)
    if record is not None and record.is_alive():
        raise ConfigError("the platform is running already; stop it with `umlauf down`")
    require_free(ports)
    if workers:
        require_redis()


def require_python(found: tuple[int, int]) -> None:
    """Airflow, dbt and DuckDB are locked together on 3.11."""
    if found != (3, 11):
        raise ConfigError(f"umlauf needs Python 3.11, this is {found[0]}.{found[1]}")


def require_space(folder: Path, needed_gb: float = NEEDED_GB) -> None:
    """Ask for room on the disk that holds `folder`, and for leave to write there."""
    if not os.access(folder, os.W_OK):
        raise ConfigError(f"{folder} cannot be written to; set UMLAUF_HOME to a folder that can")
    free_gb = shutil.disk_usage(folder).free / 1e9
    if free_gb < needed_gb:
        raise ConfigError(
            f"{folder} has {free_gb:.1f} GB free, {needed_gb:g} GB are needed; make room, or set "
            "UMLAUF_HOME to a folder on another disk"
        )
