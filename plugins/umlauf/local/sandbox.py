"""The sandbox company as part of the platform: how it is started, and how Airflow reaches it."""

from __future__ import annotations

import json
import sys

from umlauf.local.ports import HOST, Ports
from umlauf.settings import Settings


def make_command(settings: Settings, scale: float) -> list[str]:
    """Return the command that makes the company, or brings its clock up to this night."""
    return [sys.executable, "-m", "umlauf.local.make_sandbox", str(settings.home), str(scale)]


def serve_command(ports: Ports) -> list[str]:
    """Return the command that serves CRM, ERP and the bank's SFTP."""
    options = ["--port", str(ports.sandbox), "--sftp-port", str(ports.sftp)]
    return [sys.executable, "-m", "umlauf.cli", "sandbox", "serve", *options]


def connections(settings: Settings, ports: Ports) -> dict[str, str]:
    """Return AIRFLOW_CONN_* for the three sources; the keys are constants of the sandbox."""
    site = f"http://{HOST}:{ports.sandbox}"
    declared = {
        "hubspot_default": {
            "conn_type": "http",
            "host": f"{site}/hubspot",
            "password": "sandbox-token",
        },
        "odoo_default": {
            "conn_type": "http",
            "host": f"{site}/odoo",
            "password": "sandbox-key",
            "extra": {"database": "sandbox"},
        },
        "bank_default": {
            "conn_type": "file",
            "host": f"file://{settings.sandbox / 'bank' / 'inbox'}",
            "extra": {"places": [_sftp(settings, ports)]},
        },
    }
    return {f"AIRFLOW_CONN_{name.upper()}": json.dumps(about) for name, about in declared.items()}


def _sftp(settings: Settings, ports: Ports) -> dict[str, str]:
    from umlauf.sandbox.serve.keys import host_key, public_text
    from umlauf.sandbox.serve.sftp import FOLDER, PASSWORD, USER

    return {
        "url": f"sftp://{HOST}:{ports.sftp}{FOLDER}",
        "login": USER,
        "password": PASSWORD,
        "host_key": public_text(host_key(settings.home)),  # made now, if the company is not there
    }
