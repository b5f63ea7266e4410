"""Write the reference from the code before MkDocs reads its pages; none of it is kept."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

import click
import yaml
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from umlauf.cli import umlauf
from umlauf.publish.own_tables import OWN_COMMENTS
from umlauf.settings import PREFIX, PROJECT, Settings, SourceSettings
from umlauf.sources.registry import all_sources
from umlauf.spec import Source

MODELS = PROJECT / "dbt_project" / "models"
DOMAINS = ("core", "pipeline", "inventory", "cash_flow", "trust")
ASKED = {
    "windowed": "what was modified since the last window",
    "snapshot": "all of it, every night",
    "report": "the source's own sums, every night",
}


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the generated pages to those of the folder."""
    pages = {
        "reference/commands.md": commands(),
        "reference/settings.md": settings(),
        **{f"reference/sources/{each.name}.md": source_page(each) for each in all_sources()},
        **{f"reference/marts/{domain}.md": marts(domain) for domain in DOMAINS},
        "reference/metrics.md": metrics(),
        "decisions/index.md": decisions(),
    }
    for name, text in pages.items():
        files.append(File.generated(config, name, content=text))
    return files


def commands() -> str:
    """Return the help of every command, as it prints it itself."""
    top = click.Context(umlauf, info_name="umlauf", terminal_width=88, max_content_width=88)
    helped = (f"## {each.command_path}\n```text\n{each.get_help()}\n```" for each in contexts(top))
    return "\n\n".join(["# Commands", "Exit codes: 0 ok, 1 data failed, 2 usage.", *helped])


def contexts(parent: click.Context) -> Iterator[click.Context]:
    """Yield the context of a command and of all below it, without running any."""
    yield parent
    if isinstance(parent.command, click.Group):
        for name in parent.command.list_commands(parent):
            if command := parent.command.get_command(parent, name):
                yield from contexts(click.Context(command, parent=parent, info_name=name))


def settings() -> str:
    """Return every setting with its variable and its default."""
    return "\n\n".join([
        "# Settings",
        f"From the environment, else `umlauf.toml` (another file: `{PREFIX}CONFIG`), else the "
        "default. `umlauf settings` prints what is in force and where it came from. Secrets are "
        "connections, not settings. Of [several companies](../how-to/several-companies.md) each "
        "has a file of its own between the two.",
        setting_rows(Settings, PREFIX),
        "## Of one source\n\nIn `umlauf.toml` below `[sources.hubspot]`, for example.",
        setting_rows(SourceSettings, f"{PREFIX}SOURCES__<SOURCE>__"),
    ])  # fmt: skip


def setting_rows(model: type[BaseModel], prefix: str) -> str:
    """Return the table of a model's fields."""
    rows = [
        (
            f"`{name}`",
            f"`{prefix}{name.upper()}`",
            shown(field.default),
            prose(field.description or ""),
        )
        for name, field in model.model_fields.items()
        if name != "sources"
    ]
    return table("setting | variable | default | what it is", rows)


def quoted(names: Iterable[str]) -> str:
    """Return names as code, in a row."""
    return ", ".join(f"`{name}`" for name in names)


def shown(default: Any) -> str:
    """Return a default as a person would write it; the project's folder has no fixed name."""
    if default in (None, PydanticUndefined):
        return "-"
    if isinstance(default, Path):
        return f"`{default.relative_to(PROJECT)}` of the project"
    return f"`{default}`"


def source_page(source: Source) -> str:
    """Return the README of a source, and its streams as declared."""
    readme = (PROJECT / "plugins/umlauf/sources" / source.name / "README.md").read_text()
    readme = readme.replace("../../../../docs/", "../../")
    rows = [
        (f"`{each.name}`", f"`{each.path}`", f"`{each.key}`", f"`{each.version or '-'}`",
         ASKED[each.mode] if source.connect else "files that came", "yes" if each.census else "-")
        for each in source.streams
    ]  # fmt: skip
    streams = table("stream | path | key | version | what is asked | census", rows)
    fields = [f"- `{each.name}`: {quoted(each.fields)}" for each in source.streams if each.fields]
    about = f"Connection `{source.conn_id}`, owner {source.owner}."
    parts = [readme.rstrip(), "## Streams as declared", about, streams]
    return "\n\n".join(parts + (["Fields asked for:", "\n".join(fields)] if fields else []))


def marts(domain: str) -> str:
    """Return the marts of a domain: grain, columns, and what tells two rows apart."""
    files = sorted((MODELS / "marts" / domain).glob("*.yml"))
    parts = [f"# {domain.replace('_', ' ').capitalize()}"]
    for model in (model for file in files for model in read(file).get("models", ())):
        parts += [f"## {domain}.{model['name']}", prose(model["description"].strip())]
        if key := keys(model):
            parts.append(f"Key: {key}.")
        rows = [
            (f"`{c['name']}`", c["data_type"], prose(c["description"])) for c in model["columns"]
        ]
        parts.append(table("column | type | what it is", rows))
    for name, comments in OWN_COMMENTS.items() if domain == "trust" else ():
        rows = [(f"`{c}`", prose(text)) for c, text in comments.items() if c]
        parts += [f"## trust.{name}", prose(comments[""]), table("column | what it is", rows)]
    return "\n\n".join(parts)


def keys(model: dict[str, Any]) -> str:
    """Return the columns whose uniqueness a test of the model keeps."""
    for test in model.get("data_tests", ()):
        if isinstance(test, dict) and "unique_combination" in test:
            return quoted(test["unique_combination"]["arguments"]["columns"])
    tested = [(column["name"], column.get("data_tests", ())) for column in model["columns"]]
    return quoted(name for name, tests in tested if "key" in tests or "unique" in tests)


def metrics() -> str:
    """Return the metrics that the models' YAML defines."""
    found = [one for file in sorted(MODELS.rglob("*.yml")) for one in read(file).get("metrics", ())]
    rows = [
        (f"`{one['name']}`", one["label"], unit(one), prose(one["description"])) for one in found
    ]
    return f"# Metrics\n\n{table('metric | label | unit | what it is', rows)}"


def unit(metric: dict[str, Any]) -> str:
    """Return a metric's unit; dbt writes the reporting currency as an expression."""
    stated = str(metric["config"]["meta"]["unit"])
    return stated.replace("{{ var('reporting_currency') }}", "reporting currency")


def decisions() -> str:
    """Return the list of decisions, by number."""
    folder = PROJECT / "docs" / "decisions"
    titles = {
        name: (folder / name).read_text().partition("\n")[0] for name in decision_files().values()
    }
    lines = [f"- [{title.removeprefix('# ')}]({name})" for name, title in titles.items()]
    return "\n".join(
        ["# Decisions", "Why things are as they are, each with its price.", "", *lines]
    )


def table(heads: str, rows: list[tuple[str, ...]]) -> str:
    """Return a Markdown table; line ends and bars inside a cell would end it."""
    lines = (" | ".join(" ".join(cell.split()).replace("|", "\\|") for cell in row) for row in rows)
    rule = "|".join("---" for _ in heads.split("|"))
    return "\n".join([f"| {heads} |", f"|{rule}|", *(f"| {line} |" for line in lines)])


def prose(text: str) -> str:
    """Return a description as Markdown: nothing in it is a tag, decisions it names are links."""
    return re.sub(
        r"docs/decisions/(\d{4})(?![\w-])",
        lambda found: f"[decision {int(found[1])}](../../decisions/{decision_files()[found[1]]})",
        escape(text, quote=False),
    )


@cache
def decision_files() -> dict[str, str]:
    """Return the file of each decision by its number."""
    files = sorted((PROJECT / "docs" / "decisions").glob("[0-9]*.md"))
    return {file.name[:4]: file.name for file in files}


def read(file: Path) -> dict[str, Any]:
    """Return what a YAML file says; an empty one says nothing."""
    return yaml.load(file.read_text(), Loader=yaml.CSafeLoader) or {}
