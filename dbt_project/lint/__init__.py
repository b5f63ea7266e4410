"""What sqlfluff needs to know of dbt to read our models without running dbt.

A dispatched macro becomes a plain function call of its name: enough to lint the SQL around it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


class adapter:  # noqa: N801 - dbt's own name in templates
    """Stands in for dbt's adapter."""

    @staticmethod
    def dispatch(name: str, *_: Any) -> Callable[..., str]:
        """Return a function that writes `name(arguments)`."""
        return lambda *arguments, **_: f"{name}({', '.join(map(str, arguments))})"


def env_var(name: str, default: str = "") -> str:
    """Return the default, or the variable's name."""
    return default or name


execute = False
graph: dict[str, Any] = {"nodes": {}}
project_name = "umlauf"
