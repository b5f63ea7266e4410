"""Several companies in one installation: what each is called by, and where each keeps its own.

    <tenants>/acme.toml    settings of the company acme, written as umlauf.toml is

What a tenant has of its own (a DAG, a pool, a connection) is named `acme__<name>`. A tenant's name
has no two underscores in a row, so no name of one can be read as another's.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import combinations, product
from pathlib import Path
from typing import Any

from umlauf.errors import ConfigError
from umlauf.storage.bucket_path import SCHEME, AnyPath, BucketPath

SEPARATOR = "__"
# What the installation sets of these is divided among its tenants, whichever way it is set.
PLACES = ("home", "landing", "parquet_copy", "shares")
_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_LONGEST = 20
_VARIABLE = "UMLAUF_TENANT"
_OF_THE_INSTALLATION = ("tenants", "tenant")


def qualified(tenant: str | None, name: str) -> str:
    """Return what is called `name` where there is one company, under the tenant's own name."""
    return f"{tenant}{SEPARATOR}{name}" if tenant else name


def declared_tenants(folder: Path) -> list[str]:
    """Return the names of the tenants' files, in order; whether they can be read is not asked.

    Raises:
        ConfigError: there is no such folder, or no tenant in it.
    """
    if names := sorted(file.stem for file in folder.glob("*.toml")):
        return names
    raise ConfigError(
        f"settings: UMLAUF_TENANTS names {folder}, where there is no <tenant>.toml; write one for "
        "each company, or unset it"
    )


def read_tenant(folder: Path, tenant: str) -> dict[str, Any]:
    """Return what the tenant's file sets.

    Raises:
        ConfigError: there is no such tenant, its name is no name, or its file no settings.
    """
    if tenant not in (known := declared_tenants(folder)):
        raise ConfigError(f"settings: there is no tenant {tenant!r}; there are {', '.join(known)}")
    if not _NAME.fullmatch(tenant) or len(tenant) > _LONGEST:
        raise ConfigError(
            f"settings: {tenant!r} is no name of a tenant: expected at most {_LONGEST} small "
            f"letters, digits and single underscores, a letter first; rename {tenant}.toml"
        )
    try:
        own = tomllib.loads((folder / f"{tenant}.toml").read_text())
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"settings: {tenant}.toml cannot be read: {error}") from error
    if misplaced := [name for name in _OF_THE_INSTALLATION if name in own]:
        raise ConfigError(
            f"settings: {tenant}.toml sets {misplaced[0]}, which is the installation's alone"
        )
    return own


@contextmanager
def meaning(tenant: str) -> Iterator[None]:
    """Say which company is meant, to this process and what it starts, as long as the block runs."""
    before = os.environ.get(_VARIABLE)
    os.environ[_VARIABLE] = tenant
    try:
        yield
    finally:
        del os.environ[_VARIABLE]
        if before is not None:
            os.environ[_VARIABLE] = before


def divided(places: Mapping[str, AnyPath | None], tenant: str) -> dict[str, Path | str]:
    """Return the tenant's part of the places of an installation.

    A home holds more than tenants, so theirs are in a folder of it.
    """
    parts = {}
    for name, place in places.items():
        if place is not None:
            part = place / "tenants" / tenant if name == "home" else place / tenant
            parts[name] = str(part) if isinstance(part, BucketPath) else part
    return parts


def not_apart(kept: Mapping[str, Mapping[str, AnyPath]]) -> dict[str, ConfigError]:
    """Return what is wrong with each tenant one of whose places is, or is in, one of another's."""
    told = {tenant: list(_taken(places)) for tenant, places in kept.items()}
    wrong: dict[str, ConfigError] = {}
    for one, other in combinations(told, 2):
        for (what, place, mine), (whats, its, theirs) in product(told[one], told[other]):
            if mine.startswith(theirs) or theirs.startswith(mine):
                error = ConfigError(
                    f"settings: the tenants {one} and {other} do not lie apart: {what} of {one} is "
                    f"{place}, {whats} of {other} is {its}; give each a place of its own"
                )
                wrong = {one: error, other: error} | wrong
    return wrong


def _taken(places: Mapping[str, AnyPath]) -> Iterator[tuple[str, AnyPath, str]]:
    for what, place in places.items():
        yield what, place, _told(place)
        if isinstance(place, BucketPath):  # a backfill of it is staged beside it
            staged = place.with_name(f"{place.name}.backfill")
            yield f"a backfill of the {what}", staged, _told(staged)


def _told(place: AnyPath) -> str:
    """Return a place as text that ends in a slash; a bucket is one, whichever server it is on."""
    text = str(place)
    return f"{text if text.startswith(SCHEME) else Path(text).resolve()}/"
