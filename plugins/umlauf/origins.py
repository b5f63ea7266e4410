"""Where each setting in force came from."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

from umlauf import settings as of_settings
from umlauf.settings import PREFIX, Settings
from umlauf.tenants import PLACES, read_tenant


def explain(settings: Settings) -> Iterator[tuple[str, object, str]]:
    """Yield each setting in force: dotted name, value, and the place that set it."""
    files = _files(settings)
    for name, value in settings.model_dump(exclude={"alerts", "sources", "spark"}).items():
        yield name, value, _origin(name, files)
    for name, value in settings.alerts.model_dump().items():
        yield f"alerts.{name}", value, _origin(f"alerts.{name}", files)
    for name, value in settings.spark.model_dump().items():
        yield f"spark.{name}", value, _origin(f"spark.{name}", files)
    for source, chosen in settings.sources.items():
        for name, value in chosen.model_dump().items():
            yield f"sources.{source}.{name}", value, _origin(f"sources.{source}.{name}", files)


def _files(settings: Settings) -> dict[str, dict[str, Any]]:
    """Return what each file sets, the one that wins first."""
    files = {}
    if settings.tenants and settings.tenant:
        files[f"{settings.tenant}.toml"] = read_tenant(settings.tenants, settings.tenant)
    if of_settings.CONFIG_FILE.exists():
        files[of_settings.CONFIG_FILE.name] = tomllib.loads(of_settings.CONFIG_FILE.read_text())
    return files


def _origin(name: str, files: Mapping[str, Mapping[str, Any]]) -> str:
    variable = f"{PREFIX}{name.replace('.', '__')}".upper()
    found = [file for file, content in files.items() if _sets(content, name)]
    is_set = variable in (key.upper() for key in os.environ)
    # A tenant's file has the last word of its places.
    if is_set and not (name in PLACES and found and found[0] != of_settings.CONFIG_FILE.name):
        return f"environment {variable}"
    return found[0] if found else "default"


def _sets(content: Any, name: str) -> bool:
    for part in name.split("."):
        content = content.get(part) if isinstance(content, dict) else None
    return content is not None
