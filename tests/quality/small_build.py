"""A build as the gates meet it: landed batches, a warehouse file, dbt's manifest, build.json."""

import json
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import yaml

from umlauf.landing.batch import BatchAbout, commit_batch
from umlauf.landing.columns import record_table
from umlauf.settings import Settings

AT = datetime(2026, 4, 1, 3, 0, tzinfo=UTC)
BUILD_ID = "20260401T030000Z-0123456789"
DAY = date(2026, 3, 31)
_MARTS = {
    "fct_deal": ("pipeline", "table", "select 1 as deal_id, 5.00::decimal(18, 2) as amount"),
    "dim_date": ("core", "table", "select date '2026-03-31' as day"),
    "forecast_ledger": (
        "trust",
        "table",
        "select timestamp '2026-04-01 03:00:00' as known_on, date '2026-03-31' as forecast_date, "
        "'cash' as forecast, 'all' as series, 1::bigint as horizon, "
        "date '2026-04-01' as target_from_date, date '2026-04-07' as target_to_date, "
        "1.5::decimal(18, 4) as p10, 2::decimal(18, 4) as p50, 3::decimal(18, 4) as p90, "
        "null::decimal(18, 4) as baseline",
    ),
    "fct_deal_daily": (
        "pipeline",
        "view",
        'select day, deal_id, rank from "warehouse"."core"."dim_date" '
        'cross join "warehouse"."pipeline"."fct_deal" cross join "warehouse"."seeds"."ranks"',
    ),
}


@dataclass(frozen=True)
class SmallBuild:
    settings: Settings
    expectations: Path

    def land(self, *payloads, stream="deals", fetched_at=AT):
        keys = [str(number) for number in range(1, len(payloads) + 1)]
        texts = [json.dumps(payload) for payload in payloads]
        about = BatchAbout(
            source="shop", stream=stream, day=DAY, fetched_at=fetched_at, rows_fetched=len(keys)
        )
        rows = record_table(keys, [fetched_at] * len(keys), texts, fetched_at)
        commit_batch(self.settings.landing_root, about, rows)

    def expect(self, *expectations, kind="shop", subject="deals", **columns):
        suite = {"name": f"{kind}.{subject}", "expectations": list(expectations)}
        suite["meta"] = {"columns": columns}
        file = self.expectations / kind / f"{subject}.yml"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(yaml.safe_dump(suite))

    def feed(self, **origins):
        """Say of models by name which nodes they are built from."""
        file = self.settings.warehouse / "dbt" / "manifest.json"
        manifest = json.loads(file.read_text())
        for model, names in origins.items():
            manifest["nodes"][f"model.umlauf.{model}"]["depends_on"]["nodes"] = names
        file.write_text(json.dumps(manifest))

    def state(self, build_id=BUILD_ID, tests=(), contracts=()):
        """Say which build stands in the warehouse, with what dbt's tests and contracts said."""
        about = {"build_id": build_id, "known_on": AT.isoformat(), "as_of": DAY.isoformat()}
        about |= {"code_version": "0.1.0", "seconds": 1.0, "results": list(tests)}
        about |= {"contracts": [asdict(result) for result in contracts]}
        (self.settings.warehouse / "build.json").write_text(json.dumps(about))


def make_build(settings, expectations):
    build = SmallBuild(settings, expectations)
    settings.warehouse_file.parent.mkdir(parents=True, exist_ok=True)
    nodes = {"seed.umlauf.ranks": _node("seed", "ranks", "seeds", "table", "", ["rank"])}
    with duckdb.connect(settings.warehouse_file) as connection:
        connection.execute("create schema seeds; create table seeds.ranks as select 7 as rank")
        for name, (schema, kind, sql) in _MARTS.items():
            connection.execute(f"create schema if not exists {schema}")
            connection.execute(f"create {kind} {schema}.{name} as {sql}")
            found = connection.execute(f"describe {schema}.{name}").fetchall()
            nodes[f"model.umlauf.{name}"] = _node(
                "model", name, schema, kind, sql, [column[0] for column in found]
            )
    manifest = settings.warehouse / "dbt" / "manifest.json"
    manifest.parent.mkdir(parents=True)
    manifest.write_text(json.dumps({"nodes": nodes}))
    manifest.with_name("semantic_manifest.json").write_text("{}")
    build.state()
    return build


def _node(resource, name, schema, kind, sql, columns):
    depends = [f"model.umlauf.{other}" for other in ("fct_deal", "dim_date")]
    return {
        "resource_type": resource,
        "name": name,
        "schema": schema,
        "fqn": ["umlauf", "marts" if resource == "model" else "seeds", name],
        "description": f"One row per {name}; it's for 'tests'.",
        "columns": {column: {"description": f"The {column}."} for column in columns},
        "config": {"materialized": kind},
        "compiled_code": sql,
        "depends_on": {"nodes": [*depends, "seed.umlauf.ranks"] if kind == "view" else []},
    }
