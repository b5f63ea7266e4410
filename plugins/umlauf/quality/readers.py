"""Which staging models read a field of a raw stream, told from the models' own text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from umlauf.settings import PROJECT

STAGING = PROJECT / "dbt_project" / "models" / "staging"


def readers(source: str, stream: str, path: str, staging: Path = STAGING) -> list[str]:
    """Return the models that name the field, or failing that the array it stands in."""
    models = dict(_models(source, stream, staging))
    steps = path.replace("[]", "").split(".")
    endings = {".".join(steps[at:]) for at in range(len(steps))}
    arrays = {name.removesuffix("[]") for name in path.split(".") if name.endswith("[]")}
    return [name for name, words in models.items() if words & endings] or [
        name for name, words in models.items() if words & arrays
    ]


def _models(source: str, stream: str, staging: Path) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield each model that reads the stream, with all that stands in quotes in it."""
    for file in sorted((staging / source).glob("*.sql")):
        text = file.read_text()
        if f"'{source}', '{stream}'" in text:
            yield file.stem, frozenset(re.findall(r"'([^'\n]+)'", text))
