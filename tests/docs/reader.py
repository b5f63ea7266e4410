"""Somebody who types what a page says, in a shell, a checkout and a home of their own."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from tests.docs.commands import ROOT, read_commands

# What commands read and write of the project: neither its packages nor anybody's state.
_PARTS = ("dashboards", "dbt_project", "examples", "expectations", "plugins", "shares")
_PATIENCE_SECONDS = 600


@dataclass
class Reader:
    """Types into bash, in the folder of a checkout; what a page exports stays for that page."""

    checkout: Path
    environment: dict[str, str]
    typed: set[str] = field(default_factory=set)

    def follow(self, page, *, part=slice(None), leaves=(), instead=None, ends=None, answers=""):
        """Type the commands of a page, each of which must end as the page has its reader expect.

        What neither exports nor writes into a file must say something.

        Args:
            page: path below the project.
            part: which of its commands, by their place among them.
            leaves: commands that are not typed.
            instead: printed piece -> what this reader's company has in its place.
            ends: command as printed -> its exit code, where that is not 0.
            answers: what is typed when a command asks.

        Returns:
            What each command said, by its text as printed.
        """
        exports, said = [], {}
        for printed_text in typed_on(page)[part]:
            if printed_text in leaves:
                continue
            text = printed_text
            for printed, own in (instead or {}).items():
                text = text.replace(printed, own)
            if text.startswith("export "):
                exports.append(text)
            done = self._type("\n".join([*exports, text]), answers)
            told = said[printed_text] = done.stdout + done.stderr
            assert done.returncode == (ends or {}).get(printed_text, 0), f"{text}\n{told}"
            is_silent = text.startswith("export ") or " > " in text
            assert is_silent or done.stdout.strip(), f"{text}\nsaid nothing. {told}"
        self.typed |= said.keys()
        return said

    def _type(self, script, answers):
        return subprocess.run(
            ["/bin/bash", "-euc", script],
            cwd=self.checkout,
            env=self.environment,
            input=answers,
            capture_output=True,
            text=True,
            timeout=_PATIENCE_SECONDS,
            check=False,
        )


def typed_on(page):
    """Return the commands of a page that stand in blocks of their own, in their order."""
    return [command.text for command in read_commands(ROOT / page) if command.is_whole]


def check_out(folder):
    """Copy the project to a folder, with an `umlauf` below `.venv` as `make` writes one."""
    for part in _PARTS:
        shutil.copytree(
            ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__", "target")
        )
    program = folder / ".venv" / "bin" / "umlauf"
    program.parent.mkdir(parents=True)
    program.write_text(f"#!{sys.executable}\nfrom umlauf.cli import main\n\nmain()\n")
    program.chmod(0o755)
    return folder


def environment_of(checkout, home, connections):
    """Return the environment of somebody who has entered these connections."""
    of_this_machine = {name: os.environ[name] for name in ("LANG", "TMPDIR") if name in os.environ}
    own = {
        "HOME": str(home.parent),
        "PATH": f"{checkout}/.venv/bin:{os.environ['PATH']}",
        "PYTHONPATH": str(checkout / "plugins"),
        "UMLAUF_HOME": str(home),
    }
    return of_this_machine | connections | own
