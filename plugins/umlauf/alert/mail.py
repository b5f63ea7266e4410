"""Send a message by mail, over a connection as Airflow's own mail notifier reads it.

AIRFLOW_CONN_SMTP_DEFAULT={"conn_type": "smtp", "host": "mail.example.com", "login": "umlauf",
    "password": "...", "extra": {"from_email": "umlauf@example.com", "disable_ssl": true}}

TLS from the first byte (port 465); with `disable_ssl` STARTTLS (587); with `disable_tls` as well
none (25), and then no password goes over the line.
https://airflow.apache.org/docs/apache-airflow-providers-smtp/stable/connections/smtp.html
"""

from __future__ import annotations

import smtplib
import socket
import ssl
from collections.abc import Sequence
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any
from urllib.parse import urlsplit

from umlauf.alert.message import Message
from umlauf.errors import AlertFailed, ConfigError, visible
from umlauf.landing.run import utc_now
from umlauf.spec import Connection

_TIMEOUT_SECONDS = 10.0
# Some programs show the breaks of a folded subject; a line may be this long.
_UNFOLDED = policy.SMTP.clone(max_line_length=998)


def send_mail(connection: Connection, addresses: Sequence[str], message: Message) -> None:
    """Hand the message to the mail server; raises what `send` does."""
    mail = new_mail(message.id, message.subject)
    mail.set_content(message.text)
    send(connection, addresses, mail)


def new_mail(id_: str, subject: str) -> EmailMessage:
    """Return a mail that a machine wrote, without content; one `id_` is one mail."""
    mail = EmailMessage(policy=_UNFOLDED)
    mail["Subject"] = subject
    mail["Date"] = format_datetime(utc_now())
    mail["Message-ID"] = f"<{id_}@umlauf>"  # mail servers drop a second one
    mail["Auto-Submitted"] = "auto-generated"  # no answer of an absent person comes back
    return mail


def send(connection: Connection, addresses: Sequence[str], mail: EmailMessage) -> None:
    """Hand a mail to the mail server.

    Raises:
        ConfigError: the connection is no use.
        AlertFailed: the server was not reached, or took the mail for none of the addresses.
    """
    mail["From"] = _sender(connection)
    mail["To"] = ", ".join(addresses)
    parts = urlsplit(connection.url)
    try:
        with _server(connection, parts.hostname or "", parts.port) as server:
            server.send_message(mail)
    except (smtplib.SMTPException, OSError) as error:
        raise AlertFailed(
            f"alert by mail: {parts.hostname} did not take it: {type(error).__name__}: "
            f"{visible(str(error))}"
        ) from error


def _server(connection: Connection, host: str, port: int | None) -> smtplib.SMTP:
    """Connect, and log in if the connection says as whom."""
    if not host:
        raise ConfigError(f"connection {connection.conn_id!r}: it names no host")
    is_secure, is_upgraded = (
        not _is_set(connection.extra.get(name)) for name in ("disable_ssl", "disable_tls")
    )
    context = ssl.create_default_context()
    server: smtplib.SMTP
    if is_secure:
        server = smtplib.SMTP_SSL(host, port or 465, timeout=_TIMEOUT_SECONDS, context=context)
    else:
        server = smtplib.SMTP(host, port or (587 if is_upgraded else 25), timeout=_TIMEOUT_SECONDS)
    try:
        if is_upgraded and not is_secure:
            server.starttls(context=context)
        if connection.login and connection.password:
            if not (is_secure or is_upgraded):
                raise ConfigError(
                    f"connection {connection.conn_id!r}: a password needs TLS: take disable_ssl or "
                    "disable_tls away, or the password"
                )
            server.login(connection.login, connection.password)
    except BaseException:
        server.close()
        raise
    return server


def _sender(connection: Connection) -> str:
    told = connection.extra.get("from_email") or connection.login
    return str(told) if told and "@" in str(told) else f"umlauf@{socket.getfqdn()}"


def _is_set(value: Any) -> bool:
    """Read a switch as connections have it: in JSON true, in a URI text."""
    return str(value).lower() in ("true", "1", "yes")
