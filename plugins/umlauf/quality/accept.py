"""Write what people accept into a contract: line by line, so that comments and order stay."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import yaml

from umlauf.errors import ConfigError
from umlauf.quality.contract import SECTIONS, TYPES, Contract, Field, read_texts
from umlauf.quality.differences import Difference

_HEADER = (
    "# Fields of {name}, as accepted; what the sections and types mean: docs/decisions/0061.\n"
    "required:\n"
)
_PLAIN_KEY = re.compile(r"[A-Za-z_][\w.\[\]:-]*(?<!:)")


def accept(file: Path, contract: Contract, differences: Sequence[Difference]) -> list[str]:
    """Change the contract in `file` so that `differences` are none; return what has changed."""
    lines = _HEADER.format(name=contract.name).splitlines()
    if file.exists():
        lines = file.read_text().splitlines()
    said = []
    for path in dict.fromkeys(one.path for one in differences):
        before = contract.fields.get(path)
        after = _accepted([one for one in differences if one.path == path])
        lines = _changed(lines, before, after)
        said.append(f"{_said(before)} -> {_said(after)}: {path}")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("\n".join(lines) + "\n")
    return said


def choose(differences: Sequence[Difference], paths: Sequence[str]) -> list[Difference]:
    """Return the differences at `paths`, all of them if none is given.

    Raises:
        ConfigError: a path is none of a difference.
    """
    known = dict.fromkeys(one.path for one in differences)
    if unknown := [path for path in paths if path not in known]:
        raise ConfigError(
            f"contract: {unknown[0]!r} came as accepted; what did not: {', '.join(known) or 'none'}"
        )
    return [one for one in differences if not paths or one.path in paths]


def _accepted(differences: Sequence[Difference]) -> Field | None:
    """Return the field as it comes by now, None if it comes no more."""
    field = differences[0].field
    if field is None:
        (new,) = differences
        section = "optional" if new.records == new.judged else "occasional"
        return Field(path=new.path, types=frozenset(new.came.split(" or ")), section=section)
    for one in differences:
        if not one.is_gone:
            came = one.came if one.came in TYPES else "text"
            field = replace(field, types=field.types | {came})
        elif one.records == one.judged:
            return None
        else:
            field = replace(field, section="occasional")
    return field


def _changed(lines: Sequence[str], before: Field | None, after: Field | None) -> list[str]:
    if before and after and before.section == after.section:
        return [
            _with_type(line, after.expected) if _key(line) == before.path else line
            for line in lines
        ]
    kept = [line for line in lines if not before or _key(line) != before.path]
    return _added(kept, after) if after else kept


def _added(lines: list[str], field: Field) -> list[str]:
    """Return `lines` with the field last in its section, in the order of sections."""
    key = field.path if _PLAIN_KEY.fullmatch(field.path) else yaml.dump(
        field.path, default_style='"', width=10**6
    ).strip()  # fmt: skip
    line = f"  {key}: {field.expected}"
    if f"{field.section}:" not in lines:
        later = {f"{name}:" for name in SECTIONS[SECTIONS.index(field.section) :]}
        place = next((at for at, one in enumerate(lines) if one in later), len(lines))
        return [*lines[:place], f"{field.section}:", line, *lines[place:]]
    place = lines.index(f"{field.section}:") + 1
    inside = range(place, _end(lines, place))
    last = max((at + 1 for at in inside if _key(lines[at]) is not None), default=place)
    return [*lines[:last], line, *lines[last:]]


def _end(lines: Sequence[str], place: int) -> int:
    """Return where the section ends whose first line is at `place`."""
    heads = (at for at in range(place, len(lines)) if re.match(r"\w", lines[at]))
    return next(heads, len(lines))


def _key(line: str) -> str | None:
    """Return the field that a line of the file is about, None if it is about none."""
    if not line.startswith("  ") or line.lstrip().startswith("#") or not line.strip():
        return None
    ((path, _),) = read_texts(line).items()
    return str(path)


def _with_type(line: str, expected: str) -> str:
    told, hash_sign, comment = line.partition(" #")
    key = told.rstrip().removesuffix(told.rsplit(": ", 1)[1].rstrip())
    return f"{key}{expected}{' ' * (len(told) - len(told.rstrip()))}{hash_sign}{comment}"


def _said(field: Field | None) -> str:
    return f"{field.section} {field.expected}" if field else "not there"
