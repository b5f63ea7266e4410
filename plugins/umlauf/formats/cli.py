"""`umlauf bank`: look into bank files on disk."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from rich.console import Console

from umlauf.formats.describe import describe_files, print_descriptions, to_json


@click.group()
def bank() -> None:
    """Look into bank files: camt.052, 053, 054, MT940, MT942."""


@bank.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Everything understood, entries too.")
def parse(files: tuple[Path, ...], as_json: bool) -> None:
    """Print what is understood of FILES; exit 1 if one of them cannot be read."""
    descriptions = describe_files(files)
    if as_json:
        click.echo(to_json(descriptions))
    else:
        wide = None if sys.stdout.isatty() else 240
        print_descriptions(descriptions, Console(width=wide))
    sys.exit(1 if any(item["rejected"] for item in descriptions) else 0)
