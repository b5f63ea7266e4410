"""The commands that the documentation names, and what is wrong with one, without running it."""

import os
import re
import shlex
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import click
import yaml

from umlauf.cli import umlauf
from umlauf.errors import ConfigError
from umlauf.settings import Settings, load_installation
from umlauf.transport.auth import load_connection

ROOT = Path(__file__).parents[2]
PAGES = [
    ROOT / "README.md",
    *sorted((ROOT / "docs").rglob("*.md")),
    *sorted((ROOT / "plugins/umlauf/sources").glob("*/README.md")),
]
PROGRAMS = ("umlauf", "make", "docker", "export", "python", "pytest")
_FENCE = re.compile(r"^ *```(\w*)\n(.*?)^ *```$", re.DOTALL | re.MULTILINE)
_INLINE = re.compile(r"`((?:[A-Z_]+=\S+ )*(?:umlauf|make|docker|python|pytest) [^`\n]+)`")
_PLACEHOLDER = re.compile(r"[A-Z_]{3,}")


@dataclass(frozen=True)
class Command:
    """One command as a reader would type it; `is_whole` if it stands in a block of its own."""

    page: str
    text: str
    is_whole: bool

    def __str__(self):
        return f"{self.page}: {self.text}"


def read_commands(page):
    """Yield the commands of a page: behind `$ ` in console blocks, and those in a sentence."""
    text, name = page.read_text(), str(page.relative_to(ROOT))
    for kind, block in _FENCE.findall(text):
        if kind == "console":
            lines = (line.strip() for line in block.splitlines())
            yield from (Command(name, line[2:], True) for line in lines if line.startswith("$ "))
    for found in _INLINE.findall(_FENCE.sub("", text)):
        yield Command(name, found, False)


def stray_commands(page):
    """Return lines of other blocks that begin like a command: they would be checked by nothing."""
    blocks = (block for kind, block in _FENCE.findall(page.read_text()) if kind != "console")
    lines = (line.strip() for block in blocks for line in block.splitlines())
    return [line for line in lines if line.removeprefix("$ ").split(" ")[0] in PROGRAMS]


def fault(text, *, is_whole=True):
    """Return what is wrong with a command, or None. One in a sentence may lack its arguments."""
    words = shlex.split(text.partition(" > ")[0])
    while words and re.match(r"[A-Z_]+=", words[0]):
        if found := _bad_variable(words.pop(0)):
            return found
    if not words:
        return "no command"
    check = _CHECKS.get(words[0])
    return check(words[1:], is_whole) if check else f"unknown program {words[0]}"


def _bad_umlauf(words, is_whole):
    command, context = umlauf, click.Context(umlauf)
    rest = words[2:] if words[:1] == ["--tenant"] else list(words)
    while isinstance(command, click.Group) and rest and rest != ["--help"]:
        name = rest.pop(0)
        command = command.get_command(context, name)
        if command is None:
            return f"no command {name}"
    if isinstance(command, click.Group):
        return "a command of it is missing" if is_whole and not rest else None
    return _bad_words(command, rest, is_whole)


def _bad_words(command, words, is_whole):
    try:
        command.make_context(command.name, list(words))
    except click.exceptions.Exit:
        return None  # --help
    except click.MissingParameter as error:
        return error.format_message() if is_whole else None
    except click.BadParameter as error:
        is_form = any(_PLACEHOLDER.fullmatch(word) for word in words)
        return None if is_form else error.format_message()
    except click.UsageError as error:
        return error.format_message()
    return None


def _bad_make(words, is_whole):
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE)
    return next((f"no target {word}" for word in words if word not in targets), None)


def _bad_docker(words, is_whole):
    if words[:2] != ["compose", "exec"]:
        return None if words[:2] == ["compose", "up"] else "only compose up and exec are known"
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    if words[2] not in services:
        return f"no service {words[2]}"
    return fault(shlex.join(words[3:]), is_whole=is_whole)


def _bad_python(words, is_whole):
    if words[:1] != ["-m"]:
        return "only -m is known"
    return None if find_spec(words[1]) else f"no module {words[1]}"


def _bad_pytest(words, is_whole):
    return next((f"no file {word}" for word in words if not (ROOT / word).exists()), None)


def _bad_export(words, is_whole):
    return next(filter(None, map(_bad_variable, words)), None)


@cache
def _sizes():
    """Return the variables by which a benchmark or a test is told how much to do."""
    files = [*(ROOT / "bench").rglob("*.py"), *(ROOT / "tests").rglob("*.py")]
    read = re.compile(r'os\.environ(?:\.get\(|\[)"([A-Z]+)"')
    return {name for file in files for name in read.findall(file.read_text())}


def _bad_variable(word):
    """Return what is wrong with NAME=VALUE, as Umlauf itself would read it."""
    name, _, value = word.partition("=")
    before = dict(os.environ)
    try:
        os.environ[name] = value
        if name.startswith("AIRFLOW_CONN_"):
            load_connection(name.removeprefix("AIRFLOW_CONN_"))
        elif name.split("__")[0].removeprefix("UMLAUF_").lower() in Settings.model_fields:
            load_installation()  # which tenants there are is not the page's to say
        elif name != "PATH" and name not in _sizes():
            return f"no setting {name}"
    except ConfigError as error:
        return str(error)
    finally:
        os.environ.clear()
        os.environ.update(before)
    return None


_CHECKS = {
    "umlauf": _bad_umlauf,
    "make": _bad_make,
    "docker": _bad_docker,
    "python": _bad_python,
    "pytest": _bad_pytest,
    "export": _bad_export,
}
