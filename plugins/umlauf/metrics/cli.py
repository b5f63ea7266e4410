"""`umlauf metrics`: what each headline number is, and what it says."""

from __future__ import annotations

from datetime import datetime

import click

from umlauf.metrics.question import GRAINS, Question
from umlauf.publish.answer import FORMS, print_answer
from umlauf.publish.query import published
from umlauf.settings import load_settings

_DAY = click.DateTime(["%Y-%m-%d"])


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--by", multiple=True, metavar="DIM", help="Group by a dimension; several if wanted.")
@click.option("--grain", type=click.Choice(GRAINS), help="Group by period.")
@click.option("--from", "first", type=_DAY, help="First day; default: the first there is.")
@click.option("--to", "last", type=_DAY, help="Last day; default: the business date.")
@click.option(
    "--format", "form", type=click.Choice(list(FORMS)), default="table", show_default=True
)
@click.option("--sql", "is_sql", is_flag=True, help="Print the SQL instead of running it.")
def metrics(
    names: tuple[str, ...],
    by: tuple[str, ...],
    grain: str | None,
    first: datetime | None,
    last: datetime | None,
    form: str,
    is_sql: bool,
) -> None:
    """Say what headline numbers are in the published snapshot; without NAME list them all.

    A balance is that of the last day of each period, and never the sum of several days.
    """
    from umlauf.metrics.compile import compile_sql
    from umlauf.metrics.definitions import metric_table, read_definitions

    if not names and (by or grain or first or last or is_sql):
        raise click.UsageError("name a metric; `umlauf metrics` alone lists them")
    # One connection: the numbers are asked of the snapshot that the definitions came with.
    with published(load_settings()) as snapshot:
        definitions = read_definitions(snapshot)
        if not names:
            snapshot.register("metrics", metric_table(definitions))
            print_answer(snapshot.execute("from metrics"), form)
            return
        question = Question(
            metrics=names,
            by=by,
            grain=grain,
            first=first.date() if first else None,
            last=last.date() if last else None,
        )
        sql = compile_sql(definitions, question)
        if is_sql:
            click.echo(sql)
        else:
            print_answer(snapshot.execute(sql), form)
