"""What the user sees while it works: which step runs, how far it is, for how long."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from rich.console import Console
from rich.live import Live
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text


@dataclass(kw_only=True)
class Step:
    """One line of the board; times on the monotonic clock."""

    name: str
    detail: str = ""
    begun: float = 0.0
    ended: float | None = None
    is_failed: bool = False

    @property
    def seconds(self) -> float:
        """How long it has been running, or ran."""
        return (self.ended or time.monotonic()) - self.begun


class Board:
    """The steps in order. On a terminal they move; elsewhere each prints a line when it ends."""

    def __init__(self, console: Console | None = None) -> None:
        self.console = console or Console(file=sys.stderr, highlight=False)
        self.steps: list[Step] = []
        self._spinner = Spinner("dots")

    @contextmanager
    def showing(self) -> Iterator[None]:
        """Draw while the block runs."""
        if not self.console.is_terminal:
            yield
            return
        with Live(self, console=self.console, refresh_per_second=8):
            yield

    def begin(self, name: str, detail: str = "") -> Step:
        """Add a step that runs from now on."""
        step = Step(name=name, detail=detail, begun=time.monotonic())
        self.steps.append(step)
        if not self.console.is_terminal:
            self.console.print(f"  .. {name}")
        return step

    def end(self, step: Step, detail: str | None = None, *, is_failed: bool = False) -> None:
        """Close a step; ending it twice changes nothing."""
        if step.ended is not None:
            return
        step.ended, step.is_failed = time.monotonic(), is_failed
        step.detail = step.detail if detail is None else detail
        if not self.console.is_terminal:
            mark = "!!" if is_failed else "ok"
            line = f"  {mark} {step.name:<24} {step.seconds:>7.1f} s  {step.detail}"
            self.console.print(line.rstrip(), soft_wrap=True, markup=False)

    @contextmanager
    def step(self, name: str, detail: str = "") -> Iterator[Step]:
        """Run a block as one step."""
        step = self.begin(name, detail)
        try:
            yield step
        except BaseException:
            self.end(step, is_failed=True)
            raise
        self.end(step)

    def fail_open_steps(self) -> None:
        """Close whatever still runs as failed."""
        for step in self.steps:
            self.end(step, is_failed=True)

    def __rich__(self) -> Table:
        """Draw the steps: mark, name, seconds, how far."""
        table = Table.grid(padding=(0, 1))
        for step in self.steps:
            mark: Spinner | Text = self._spinner
            if step.ended is not None:
                mark = Text("x", "bold red") if step.is_failed else Text("v", "green")
            table.add_row(mark, step.name, f"{step.seconds:6.1f} s", Text(step.detail, "dim"))
        return table
