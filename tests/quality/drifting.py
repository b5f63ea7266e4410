"""A stream with a contract, and nights that land what it did not promise."""

import json
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb

from umlauf.landing.batch import BatchAbout, batch_files, commit_batch
from umlauf.landing.columns import record_table
from umlauf.quality.contract import contract_file, read_contract
from umlauf.quality.differences import find_differences
from umlauf.quality.shapes import read_shapes

AT = datetime(2026, 4, 1, 3, 0, tzinfo=UTC)
PROMISED = """\
# What the shop sells.
required:
  id: text
  total: number  # in cents? no: in euros
  placed: date
  buyer: array
optional:
  note: text
  paid: stamp
occasional:
  lines[].sku: text
"""


def order(key, **edits):
    """Return an order as promised, with `edits`; what is ... is left out."""
    record = {"id": str(key), "total": 12.5, "placed": "2026-03-01", "buyer": [7, "Anna"]}
    record |= {"note": "", "paid": "2026-03-02T10:00:00Z", "lines": [{"sku": "A"}]}
    return {name: value for name, value in (record | edits).items() if value is not ...}


@dataclass
class Shop:
    root: Path
    nights: int = field(default=0)

    @property
    def expectations(self):
        return self.root / "expectations"

    @property
    def file(self):
        return contract_file("shop", "orders", self.expectations)

    @property
    def contract(self):
        return read_contract("shop", "orders", self.expectations)

    def promise(self, text=PROMISED):
        self.file.parent.mkdir(parents=True, exist_ok=True)
        self.file.write_text(text)

    def land(self, *records):
        """Land a night's records; a text is landed as it is."""
        at = AT + timedelta(days=self.nights)
        self.nights += 1
        keys = [
            str(one["id"]) if isinstance(one, dict) else f"text {number}"
            for number, one in enumerate(records)
        ]
        texts = [json.dumps(one) if isinstance(one, dict) else one for one in records]
        about = BatchAbout(
            source="shop", stream="orders", day=date(2026, 3, 31), fetched_at=at,
            rows_fetched=len(keys),
        )  # fmt: skip
        commit_batch(self.root, about, record_table(keys, [at] * len(keys), texts, at))

    def shapes(self):
        files = list(batch_files(self.root, "shop", "orders"))
        with duckdb.connect() as connection:
            return read_shapes(connection, files, self.contract)

    def differences(self):
        return find_differences(self.contract, self.shapes())

    def said(self):
        """Return path, what was expected and what came instead, of each difference."""
        return [(one.path, one.expected, one.came) for one in self.differences()]
