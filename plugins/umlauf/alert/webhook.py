"""POST a message as JSON: `text` as Slack, Mattermost and others show it, and the rest as fields.

AIRFLOW_CONN_ALERTS={"host": "https://hooks.example.com/services/..."}

The address is often the secret itself, so it is a connection and stands in no message. A password
goes along as a bearer token, the message's id as `Idempotency-Key`.
"""

from __future__ import annotations

from urllib.parse import urlsplit

import requests

from umlauf.alert.message import Message
from umlauf.errors import AlertFailed, ConfigError
from umlauf.spec import Connection
from umlauf.transport.deadline import DeadlineAdapter, Watchdog

_TIMEOUT_SECONDS = 10.0
_DEADLINE_SECONDS = 20.0  # for all of it: a timeout alone lets a server drip for ever


def post_message(connection: Connection, message: Message) -> None:
    """Hand the message over.

    Raises:
        ConfigError: the connection is no address.
        AlertFailed: nobody took it: no connection, no answer, or another status than 2xx.
    """
    address = urlsplit(connection.url)
    if address.scheme not in ("http", "https") or not address.hostname:
        raise ConfigError(
            f"connection {connection.conn_id!r}: expected the whole address in its host, "
            "https://...; came none"
        )
    headers = {"Idempotency-Key": message.id}
    if connection.password:
        headers["Authorization"] = f"Bearer {connection.password}"
    watchdog = Watchdog(_DEADLINE_SECONDS)
    try:
        with requests.Session() as session, watchdog.deadline() as deadline:
            session.mount(f"{address.scheme}://", DeadlineAdapter())
            answer = session.post(
                connection.url,
                json={"text": _for_chat(f"{message.subject}\n\n{message.text}")} | message.data,
                headers=headers,
                timeout=_TIMEOUT_SECONDS,
                allow_redirects=False,
            )
    except requests.RequestException as error:
        # Its text would name the address.
        reason = type(error).__name__
        raise AlertFailed(
            f"alert by webhook: {address.hostname} was not reached: {reason}"
        ) from None
    finally:
        watchdog.close()
    if deadline.is_over:
        raise AlertFailed(f"alert by webhook: {address.hostname} took too long to answer")
    if not 200 <= answer.status_code < 300:
        raise AlertFailed(
            f"alert by webhook: expected 2xx from {address.hostname}, came {answer.status_code}"
        )


def _for_chat(text: str) -> str:
    """Escape what Slack reads as links and calls: `<!channel>` in a name wakes nobody."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
