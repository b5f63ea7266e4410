"""How a client reaches the served sandbox: the connections a user would enter in Airflow."""

from __future__ import annotations

import json
from typing import Any

from umlauf.sandbox.serve.hubspot import TOKEN
from umlauf.sandbox.serve.odoo import DATABASE, KEY
from umlauf.sandbox.serve.servers import Addresses
from umlauf.sandbox.serve.sftp import PASSWORD, USER


def connections(addresses: Addresses) -> dict[str, str]:
    """Return AIRFLOW_CONN_* for the three sources; the keys are constants of the sandbox."""
    sftp = {
        "url": addresses.sftp,
        "login": USER,
        "password": PASSWORD,
        "host_key": addresses.sftp_host_key,
    }
    declared: dict[str, dict[str, Any]] = {
        "hubspot": {"conn_type": "http", "host": addresses.hubspot, "password": TOKEN},
        "odoo": {
            "conn_type": "http",
            "host": addresses.odoo,
            "password": KEY,
            "extra": {"database": DATABASE},
        },
        "bank": {
            "conn_type": "file",
            "host": f"file://{addresses.bank_inbox}",
            "extra": {"places": [sftp]},
        },
    }
    return {
        f"AIRFLOW_CONN_{name.upper()}_DEFAULT": json.dumps(about)
        for name, about in declared.items()
    }
