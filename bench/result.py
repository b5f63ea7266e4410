"""One measured figure, and peak memory of a child process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Result:
    """`goal` is written like `>= 15`, or empty for a figure without one."""

    name: str
    value: float
    unit: str
    goal: str = ""

    @property
    def met(self) -> bool | None:
        """Whether the goal is reached; None without a goal."""
        if not self.goal:
            return None
        compare, bound = self.goal.split()
        return self.value >= float(bound) if compare == ">=" else self.value <= float(bound)

    def to_dict(self) -> dict[str, Any]:
        """Return what results.json holds of it."""
        return {
            "value": round(self.value, 3),
            "unit": self.unit,
            "goal": self.goal or None,
            "met": self.met,
        }


def run_child(module: str, *arguments: str, python: Path | None = None) -> dict[str, float]:
    """Run `python -m module` on its own and return the figures it prints as its last JSON line.

    A process of its own starts from nothing, so peak memory and imports are its alone.
    `peak_mb` (maximum resident set, MB) is added.
    """
    command = [str(python or sys.executable), "-m", module, *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        lines = (process.stdout.read() if process.stdout else "").strip().splitlines()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0 or not lines:
        raise RuntimeError(f"bench: {' '.join(command)} ended with {process.returncode}")
    figures: dict[str, float] = json.loads(lines[-1])
    return figures | {"peak_mb": usage.ru_maxrss / 1024}


Measure = Callable[[Path], Any]
