"""A company of an installation, with words of its own in rows, file names and secrets."""

import json
import sqlite3
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from umlauf.sandbox.company.make import make
from umlauf.sandbox.inbox import inbox
from umlauf.sandbox.store import store_file

END = date(2026, 11, 17)
HASTE = {name: {"requests_per_second": 1e6} for name in ("bank", "hubspot", "odoo")}
_RENAMED = {"deals": "dealname", "product.product": "name", "product.template": "name"}


@dataclass(frozen=True)
class Company:
    """What nobody else may come to know of a company; its name is in every path of its own."""

    tenant: str
    seed: int

    @property
    def row(self):
        return f"canary of {self.tenant}"

    @property
    def file(self):
        return f"canary_of_{self.tenant}.sta"

    def secret(self, of):
        return f"{of}-secret-of-{self.tenant}"

    @property
    def secrets(self):
        return {self.secret(of) for of in ("source", "publisher", "reader")}

    def make(self, home: Path):
        """Make its sandbox: its row in each deal and product, its file in the bank's folder."""
        make(home, 0.01, self.seed, END, months=3)
        with sqlite3.connect(store_file(home)) as store:
            for kind, field in _RENAMED.items():
                store.execute(
                    "update record set payload = replace(payload, ?, ?) where object = ?",
                    (f'"{field}":"', f'"{field}":"{self.row} ', kind),
                )
        store.close()
        inbox(home).mkdir(parents=True, exist_ok=True)
        (inbox(home) / self.file).write_text("no statement")

    def connections(self, sources, port, partner: Path):
        """Return AIRFLOW_CONN_* as its operator enters them."""
        marts = {
            "conn_type": "postgresql", "host": "127.0.0.1", "port": port, "schema": self.tenant,
            "login": f"publisher_{self.tenant}", "password": self.secret("publisher"),
        }  # fmt: skip
        known = sources | {
            "AIRFLOW_CONN_MARTS": json.dumps(marts),
            "AIRFLOW_CONN_PARTNER": f"file://{partner}",
        }
        prefix = f"AIRFLOW_CONN_{self.tenant.upper()}__"
        return {name.replace("AIRFLOW_CONN_", prefix): text for name, text in known.items()}
