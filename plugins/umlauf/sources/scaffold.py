"""Write the four places of a new source, ready to be filled in; no existing Python file changes.

The places are `plugins/umlauf/sources/<name>/`, `dbt_project/models/staging/<name>/`,
`expectations/<name>/` and `tests/sources/<name>/`.
"""

from __future__ import annotations

import re
from pathlib import Path
from string import Template

from umlauf.errors import ConfigError

TEMPLATES = Path(__file__).with_name("templates")
STREAM = "records"


def write_source(name: str, root: Path) -> list[Path]:
    """Write the files of source `name` under the project at `root`; return them.

    Raises:
        ConfigError: the name cannot be a source's, or it is taken.
    """
    if not re.fullmatch(r"[a-z][a-z0-9]{1,29}", name):
        raise ConfigError(
            f"new-source: expected a short lower-case name like 'erpnext', got {name!r}"
        )
    if not (root / "dbt_project").is_dir():
        raise ConfigError(f"new-source: {root} is not the project's folder; run it from there")
    if (root / "plugins" / "umlauf" / "sources" / name).exists():
        raise ConfigError(f"new-source: source {name!r} exists already")
    words = {"name": name, "stream": STREAM, "title": name.capitalize(), "shout": name.upper()}
    written = []
    for template in sorted(TEMPLATES.rglob("*.txt")):
        relative = str(template.relative_to(TEMPLATES)).removesuffix(".txt")
        target = root / relative.replace("NAME", name).replace("STREAM", STREAM)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(Template(template.read_text()).substitute(words))
        written.append(target)
    return written
