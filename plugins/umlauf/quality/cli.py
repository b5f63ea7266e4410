"""`umlauf contract`: what the sources promised, what came, what people accept."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

from umlauf.errors import ConfigError
from umlauf.landing.batch import batch_files
from umlauf.quality.accept import accept as accept_into
from umlauf.quality.accept import choose
from umlauf.quality.contract import Contract, contract_file, has_contracts, read_contract
from umlauf.quality.differences import Difference, find_differences
from umlauf.quality.readers import readers
from umlauf.quality.shapes import Shape, read_shapes
from umlauf.settings import load_settings
from umlauf.sources.registry import all_sources, find_source
from umlauf.spec import Source
from umlauf.storage.parquet import connect


@click.group()
def contract() -> None:
    """Compare the fields that the sources bring with those accepted."""


@contract.command()
@click.argument("source", required=False)
@click.argument("stream", required=False)
def diff(source: str | None, stream: str | None) -> None:
    """Print where all that has landed differs from the contracts; exit 1 if it does."""
    found = 0
    for one in [find_source(source)] if source else all_sources():
        if not has_contracts(one):
            click.echo(f"{one.name}: no contract: its records are written by our own parsers")
            continue
        for name in [_known(one, stream)] if stream else [each.name for each in one.streams]:
            promised, shapes = _landed(one.name, name)
            differences = find_differences(promised, shapes)
            _print(promised, shapes, differences)
            found += len(differences)
    sys.exit(1 if found else 0)


@contract.command()
@click.argument("source")
@click.argument("stream")
@click.argument("fields", nargs=-1)
def accept(source: str, stream: str, fields: tuple[str, ...]) -> None:
    """Accept FIELDS of a stream as they come by now; without FIELDS, all that differ."""
    one = find_source(source)
    if not has_contracts(one):
        raise ConfigError(f"contract: {source} has none: its records are written by our parsers")
    promised, shapes = _landed(source, _known(one, stream))
    if not shapes:
        raise ConfigError(f"contract: nothing of {promised.name} has landed; land it first")
    chosen = choose(find_differences(promised, shapes), fields)
    file = contract_file(source, stream)
    for said in accept_into(file, promised, chosen):
        click.echo(said)
    for difference in chosen:
        if difference.field and (models := readers(source, stream, difference.path)):
            click.echo(f"{difference.shown}: still read by {', '.join(models)}", err=True)
    click.echo(f"{file}: {len(chosen)} accepted")


def _known(source: Source, stream: str) -> str:
    try:
        return source.stream(stream).name
    except KeyError as error:
        raise ConfigError(f"contract: {error.args[0]}") from None


def _landed(source: str, stream: str) -> tuple[Contract, list[Shape]]:
    promised = read_contract(source, stream)
    files = list(batch_files(load_settings().landing_root, source, stream))
    with connect(load_settings().landing_root) as connection:
        return promised, read_shapes(connection, files, promised)


def _print(promised: Contract, shapes: Sequence[Shape], differences: Sequence[Difference]) -> None:
    records = sum(shape.records for shape in shapes)
    counted = f"{len(differences)} differ" if differences else "as accepted"
    click.echo(f"{promised.name}: {len(promised.fields)} fields, {records:,} records: {counted}")
    for one in differences:
        section = f"{one.field.section} {one.expected}" if one.field else "not there"
        models = readers(promised.source, promised.stream, one.path)
        click.echo(
            f"  {one.shown}\n"
            f"    expected      {section}\n"
            f"    came          {one.came}, in {one.records:,} of {one.judged:,} records\n"
            f"    first record  {one.first_key}, fetched {one.since:%Y-%m-%d %H:%M} UTC\n"
            f"    read by       {', '.join(models) or 'no model'}"
        )
