"""Load the expectation suites.

    expectations/<source>/<stream>.yml    raw stream, checked before anyone reads it
    expectations/marts/<model>.yml        mart, checked before it is published

YAML with Great Expectations' own keys. A raw suite names the JSON paths it looks at under
`meta.columns`: `amount: properties.amount::decimal(18, 2)`. An expectation of a mart that makes no
sense without some source names it under `meta.about`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from umlauf.errors import ConfigError
from umlauf.settings import PROJECT, source_names

EXPECTATIONS = PROJECT / "expectations"
MARTS = "marts"
_ROW_COUNT = "expect_table_row_count_to_be_between"


@dataclass(frozen=True, kw_only=True)
class Suite:
    """One YAML file: `kind` is a source's name or "marts", `subject` a stream or model."""

    kind: str
    subject: str
    content: Mapping[str, Any]

    @property
    def name(self) -> str:
        """`hubspot.deals` or `marts.fct_deal`."""
        return f"{self.kind}.{self.subject}"

    @property
    def columns(self) -> Mapping[str, str]:
        """JSON paths a raw suite looks at, by column name."""
        found: Mapping[str, str] = self.content.get("meta", {}).get("columns", {})
        return found

    def asked_without(self, disabled: Collection[str], *, is_fed_in_part: bool) -> Suite:
        """Return the suite without what nobody can mend while these sources are disabled.

        That is what is `about` one of them, and, of a mart that one of them feeds as well, how many
        rows it has.
        """
        asked = [
            one
            for one in self.content["expectations"]
            if one["meta"].get("about") not in disabled
            and not (is_fed_in_part and one["type"] == _ROW_COUNT)
        ]
        return replace(self, content={**self.content, "expectations": asked})


def load_suites(folder: Path = EXPECTATIONS) -> Iterator[Suite]:
    """Yield every suite, ordered by name.

    Raises:
        ConfigError: a file is no suite, or an expectation lacks its severity or its why, or is
            about a source that is not there.
    """
    known = source_names()
    for file in sorted(folder.glob("*/*.yml")):
        content = yaml.safe_load(file.read_text())
        where = f"expectations/{file.parent.name}/{file.name}"
        if not isinstance(content, dict) or not content.get("expectations"):
            raise ConfigError(f"{where}: expected a suite with `name` and `expectations`")
        for number, expectation in enumerate(content["expectations"], 1):
            if expectation.get("severity") not in ("critical", "warning"):
                raise ConfigError(f"{where}: expectation {number} lacks a severity")
            if not expectation.get("meta", {}).get("why"):
                raise ConfigError(f"{where}: expectation {number} lacks meta.why")
            if expectation["meta"].get("about", known[0]) not in known:
                raise ConfigError(
                    f"{where}: expectation {number}: meta.about: expected one of "
                    f"{', '.join(known)}; found {expectation['meta']['about']!r}"
                )
        yield Suite(kind=file.parent.name, subject=file.stem, content=content)
