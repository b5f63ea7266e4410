"""The sandbox company as part of the platform: how it is started, and how Airflow reaches it."""

from __future__ import annotations

import sys

from umlauf.local.ports import Ports
from umlauf.settings import Settings


def make_command(settings: Settings, scale: float) -> list[str]:
    """Return the command that makes the company, or brings its clock up to this night."""
    return [sys.executable, "-m", "umlauf.local.make_sandbox", str(settings.home), str(scale)]


def serve_command(ports: Ports) -> list[str]:
    """Return the command that serves CRM, ERP and the bank's SFTP."""
    options = ["--port", str(ports.sandbox), "--sftp-port", str(ports.sftp)]
    return [sys.executable, "-m", "umlauf.cli", "sandbox", "serve", *options]


def connections(settings: Settings, ports: Ports) -> dict[str, str]:
    """Return AIRFLOW_CONN_* for the three sources of the served sandbox."""
    from umlauf.sandbox.serve.connections import connections as to_reach
    from umlauf.sandbox.serve.servers import addresses_at

    return to_reach(addresses_at(settings.home, ports.sandbox, ports.sftp))
