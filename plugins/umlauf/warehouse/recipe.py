"""What a build is made of, and the names that follow from it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from umlauf import __version__
from umlauf.landing.ledger import Landed
from umlauf.settings import PROJECT
from umlauf.warehouse.dbt import DBT_PROJECT, OF_THE_NIGHT
from umlauf.warehouse.engine import Engine

# Besides the landing, a build is made of these; all of them, since a changed check is news as well.
_FOLDERS = ("dbt_project/macros", "dbt_project/models", "dbt_project/seeds", "dbt_project/tests",
            "expectations")  # fmt: skip
_KINDS = (".csv", ".sql", ".yml")


def name_recipe(variables: Mapping[str, Any], engine: Engine) -> str:
    """Name all that a warehouse is made of besides landing: settings, models, code and engine."""
    lasting = {name: value for name, value in variables.items() if name not in OF_THE_NIGHT}
    parts = [lasting, __version__, *engine.versions]
    digest = hashlib.sha256(json.dumps(parts, sort_keys=True).encode())
    for file in (*ingredients(), *sorted(Path(__file__).parent.glob("*.py"))):
        digest.update(file.relative_to(PROJECT).as_posix().encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


def name_build(landed: Landed, variables: Mapping[str, Any]) -> str:
    """Name a build after what goes into it: landing, settings, models and checks."""
    digest = hashlib.sha256(__version__.encode())
    digest.update(json.dumps(variables, sort_keys=True).encode())
    for name in landed.batch_ids:
        digest.update(name.encode())
    for file in ingredients():
        digest.update(file.relative_to(PROJECT).as_posix().encode())
        digest.update(file.read_bytes())
    return f"{landed.known_on:%Y%m%dT%H%M%SZ}-{digest.hexdigest()[:10]}"


def ingredients() -> Iterator[Path]:
    """Yield the files a build is made of; what dbt leaves behind beside them is none."""
    yield DBT_PROJECT / "dbt_project.yml"
    for folder in _FOLDERS:
        files = (PROJECT / folder).rglob("*")
        yield from sorted(file for file in files if file.suffix in _KINDS)
