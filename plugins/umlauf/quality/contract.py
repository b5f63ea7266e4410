"""What a raw stream has promised to bring: its fields, as people have accepted them.

    expectations/<source>/contracts/<stream>.yml

    required:      in every record; a mart's key, money, quantity, date or stage depends on it
      properties.amount: number
    optional:      in every record; without it a mart shows less
      properties.dealname: text
    occasional:    may be missing
      stages[].metadata.isClosed: text

A field is a path into the payload, `[]` behind an array of objects. Its type is one of TYPES, or
several (`text or array`); null, empty text and Odoo's false are empty, whatever the type. A field
of type object or array stands for all that is in it, unless fields inside are named themselves.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from umlauf.errors import ConfigError
from umlauf.quality.suites import EXPECTATIONS
from umlauf.spec import Source

SECTIONS = ("required", "optional", "occasional")
# What can be read from text as well as the text's own type: the form the text must have.
READINGS = ("number", "date", "stamp")
TYPES = (*READINGS, "text", "boolean", "object", "array", "unknown")


@dataclass(frozen=True, kw_only=True)
class Field:
    """A promised field; `types` are those of TYPES that it may have."""

    path: str
    types: frozenset[str]
    section: str

    @property
    def expected(self) -> str:
        """The types as the file says them."""
        return " or ".join(sorted(self.types))

    @property
    def readings(self) -> frozenset[str]:
        """Forms one of which a text must have; none where any text will do."""
        return frozenset() if "text" in self.types else self.types & frozenset(READINGS)


@dataclass(frozen=True, kw_only=True)
class Contract:
    """The promised fields of one stream, by path."""

    source: str
    stream: str
    fields: Mapping[str, Field]

    @property
    def name(self) -> str:
        """`hubspot.deals`."""
        return f"{self.source}.{self.stream}"

    def covers(self, path: str, kind: str) -> bool:
        """Tell whether the field is promised, lies inside one that is, or can hold one."""
        can_hold = kind not in ("text", "number") and path in self._holders
        return can_hold or any(one in self.fields for one in (path, *holders(path)))

    @cached_property
    def _holders(self) -> frozenset[str]:
        return frozenset(holder for path in self.fields for holder in holders(path))


def contract_file(source: str, stream: str, expectations: Path = EXPECTATIONS) -> Path:
    """Return where the contract of a stream stands."""
    return expectations / source / "contracts" / f"{stream}.yml"


def read_contract(source: str, stream: str, expectations: Path = EXPECTATIONS) -> Contract:
    """Read the contract of a stream; it promises nothing while there is no file.

    Raises:
        ConfigError: the file is no contract; says which line of it.
    """
    file = contract_file(source, stream, expectations)
    content = read_texts(file.read_text()) if file.exists() else None
    where = f"expectations/{source}/contracts/{stream}.yml"
    if not isinstance(content or {}, dict):
        raise ConfigError(f"{where}: expected sections {', '.join(SECTIONS)}; found a list or text")
    fields: dict[str, Field] = {}
    for section, promised in (content or {}).items():
        for field in _fields(where, section, promised or {}):
            if field.path in fields:
                raise ConfigError(f"{where}: {field.path} stands in two sections; keep one")
            fields[field.path] = field
    return Contract(source=source, stream=stream, fields=fields)


def read_texts(text: str) -> Any:
    """Return what YAML says, `no` and `1` as the texts they are."""
    return yaml.load(text, Loader=yaml.CBaseLoader)  # noqa: S506 - it makes nothing but texts


def has_contracts(source: Source) -> bool:
    """Tell whether the source's payloads are its own: those of a source of files are ours."""
    return source.connect is not None


def holders(path: str) -> Iterator[str]:
    """Yield what the field at `path` stands in, from the inside out: `a[].b` in `a[]`, `a`, ""."""
    while path:
        path = path.removesuffix("[]") if path.endswith("[]") else path.rpartition(".")[0]
        yield path


def _fields(where: str, section: str, promised: Mapping[str, str]) -> Iterator[Field]:
    if section not in SECTIONS:
        raise ConfigError(f"{where}: expected sections {', '.join(SECTIONS)}; found {section!r}")
    for path, text in promised.items():
        types = frozenset(text.split(" or "))
        if not types <= set(TYPES):
            raise ConfigError(f"{where}: {path}: expected one of {', '.join(TYPES)}; found {text}")
        yield Field(path=path, types=types, section=section)
