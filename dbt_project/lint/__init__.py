"""What sqlfluff needs to know of dbt to read our models without running dbt.

A dispatched macro becomes a plain function call of its name: enough to lint the SQL around it.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

_VARS = yaml.safe_load((Path(__file__).parents[1] / "dbt_project.yml").read_text())["vars"]


class adapter:  # noqa: N801 - dbt's own name in templates
    """Stands in for dbt's adapter."""

    @staticmethod
    def dispatch(name: str, *_: Any) -> Callable[..., str]:
        """Return a function that writes `name(arguments)`, paths into JSON left out."""
        most = 1 if name.startswith("json_") else None
        return lambda *arguments, **_: f"{name}({', '.join(map(str, arguments[:most]))})"


def env_var(name: str, default: str = "") -> str:
    """Return the default, or the variable's name."""
    return default or name


def var(name: str, default: Any = None) -> Any:
    """Return the project's own default."""
    return _VARS.get(name, default)


execute = False
graph: dict[str, Any] = {"nodes": {}}
project_name = "umlauf"
