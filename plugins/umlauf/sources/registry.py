"""Find every folder beside this file that defines a SOURCE."""

from __future__ import annotations

from functools import cache
from importlib import import_module

from umlauf import sources
from umlauf.errors import ConfigError
from umlauf.settings import source_names
from umlauf.spec import Source


@cache
def all_sources() -> tuple[Source, ...]:
    """Return every declared source, ordered by name.

    Raises:
        ConfigError: a folder declares no SOURCE, or one of another name.
    """
    return tuple(_declared(name) for name in source_names())


def find_source(name: str) -> Source:
    """Return the source called `name`.

    Raises:
        ConfigError: there is none; the message names those there are.
    """
    for source in all_sources():
        if source.name == name:
            return source
    known = ", ".join(source.name for source in all_sources())
    raise ConfigError(f"no source {name!r}; there are {known}")


def _declared(name: str) -> Source:
    source = getattr(import_module(f"{sources.__name__}.{name}"), "SOURCE", None)
    if not isinstance(source, Source):
        raise ConfigError(f"sources/{name}: expected SOURCE, a Source, in __init__.py; found none")
    if source.name != name:
        raise ConfigError(f"sources/{name}: SOURCE is named {source.name!r}; use the folder's name")
    return source
