"""How Superset is started: its own packages, its whole configuration in environment variables."""

from __future__ import annotations

import os

from umlauf.dashboards.assets import DASHBOARDS
from umlauf.local.credentials import Credentials
from umlauf.local.ports import HOST, Ports
from umlauf.local.postgres import SUPERSET, database_url, marts_url
from umlauf.publish.postgres.reader_role import READER
from umlauf.settings import PROJECT, Settings

PYTHON = PROJECT / ".venv-superset" / "bin" / "python"
_CODE = PROJECT / "plugins" / "umlauf" / "dashboards"


def superset_command(port: int) -> list[str]:
    """Return the server: one process, as a handful of readers need, in 8 threads."""
    threads = ("--worker-class", "gthread", "--workers", "1", "--threads", "8", "--timeout", "120")
    address = ("--bind", f"{HOST}:{port}")
    return [str(PYTHON), "-m", "gunicorn", *threads, *address, "superset.app:create_app()"]


def prepare_command() -> list[str]:
    """Return what makes database, administrator and dashboards ready for the server."""
    # -P: the script's folder is no place for Superset to import from.
    return [str(PYTHON), "-P", str(_CODE / "prepare_server.py"), str(DASHBOARDS)]


def superset_environment(settings: Settings, ports: Ports, keys: Credentials) -> dict[str, str]:
    """Return the environment of both; little of this one's, whose packages are others."""
    marts = marts_url(ports.postgres, keys.reader_password, READER)
    return {
        "PATH": os.environ.get("PATH", ""),
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
        "FLASK_APP": "superset",
        "SUPERSET_HOME": str(settings.home / "superset"),
        "SUPERSET_CONFIG_PATH": str(_CODE / "server_config.py"),
        "SUPERSET_SECRET_KEY": keys.superset_secret_key,
        "SUPERSET_ADMIN_PASSWORD": keys.superset_password,
        "SUPERSET_DATABASE_URL": database_url(ports.postgres, keys.postgres_password, SUPERSET),
        "UMLAUF_MARTS_URL": marts.replace("postgresql:", "postgresql+psycopg2:", 1),
        "UMLAUF_REPORTING_CURRENCY": settings.reporting_currency,
    }
