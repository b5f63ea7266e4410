"""A private app's token, or an OAuth app's access token that is refreshed when it expires."""

from __future__ import annotations

import msgspec

from umlauf.errors import ConfigError
from umlauf.spec import Connection, Limits
from umlauf.transport.decode import json_reader
from umlauf.transport.http import Ask, Session
from umlauf.transport.secrets import Token

TOKEN_PATH = "/oauth/v3/token"  # noqa: S105 - an address


class _Granted(msgspec.Struct):
    access_token: str


def token_of(connection: Connection, url: str, limits: Limits) -> Token:
    """Return the token to log in with.

    The password is the token. With `refresh_token`, `client_id` and `client_secret` in the
    connection's extra, an expired one is replaced.

    Raises:
        ConfigError: there is neither.
    """
    names = ("client_id", "client_secret", "refresh_token")
    form = {name: str(connection.extra.get(name, "")) for name in names}
    is_oauth = bool(form["refresh_token"])
    missing = [name for name in names if not form[name]]
    if is_oauth and missing:
        raise ConfigError(f"connection {connection.conn_id!r}: extra lacks {', '.join(missing)}")
    if not (connection.password or is_oauth):
        raise ConfigError(f"connection {connection.conn_id!r}: expected a token as its password")

    def refresh() -> str:
        session = Session("hubspot", url, limits=limits)
        try:
            ask = Ask(method="POST", path=TOKEN_PATH, form={**form, "grant_type": "refresh_token"})
            return session.send(ask, json_reader(_Granted, "hubspot: token")).access_token
        finally:
            session.close()

    return Token(value=connection.password, refresh=refresh if is_oauth else None)
