"""`umlauf sandbox serve`: the simulated company's HubSpot, Odoo and bank, until stopped."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from umlauf.errors import ConfigError
from umlauf.sandbox.serve.rates import RateLimits
from umlauf.sandbox.serve.servers import Servers, as_json
from umlauf.settings import load_settings

PORT, SFTP_PORT = 8070, 8022


class _Usage(click.ClickException):
    exit_code = 2


@click.command()
@click.option("--port", default=PORT, show_default=True, help="HTTP; 0 finds a free one.")
@click.option("--sftp-port", default=SFTP_PORT, show_default=True, help="0 finds a free one.")
@click.option(
    "--requests-per-second",
    default=RateLimits.requests_per_second,
    show_default=True,
    help="What HubSpot allows, counted over ten seconds; 0: no limit.",
)
@click.option(
    "--searches-per-second",
    default=RateLimits.searches_per_second,
    show_default=True,
    help="What HubSpot's search allows; 0: no limit.",
)
@click.option("--json", "is_json", is_flag=True, help="Print the addresses as one line of JSON.")
@click.option(
    "--home",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where the sandbox is kept. Default: the setting `home`.",
)
def serve(
    port: int,
    sftp_port: int,
    requests_per_second: float,
    searches_per_second: float,
    is_json: bool,
    home: Path | None,
) -> None:
    """Serve the sandbox on 127.0.0.1 until SIGTERM or Ctrl-C."""
    limits = RateLimits(
        requests_per_second=requests_per_second, searches_per_second=searches_per_second
    )
    try:
        servers = Servers(home or load_settings().home, port, sftp_port, limits)
    except (ConfigError, FileNotFoundError) as error:
        raise _Usage(str(error)) from error
    servers.listen()
    addresses = servers.addresses
    if is_json:
        click.echo(as_json(addresses))
    else:
        for name, address in asdict(addresses).items():
            click.echo(f"{name:<16} {address}")
    servers.serve()
