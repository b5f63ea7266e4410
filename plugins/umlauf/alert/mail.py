"""A mail, and how it leaves without Airflow.

A task's mails leave by Airflow's own notifier (umlauf/orchestration/means.py). Both read the
connection alike:

AIRFLOW_CONN_SMTP_DEFAULT={"conn_type": "smtp", "host": "mail.example.com", "login": "umlauf",
    "password": "...", "extra": {"from_email": "umlauf@example.com", "disable_ssl": true}}

With `disable_ssl` STARTTLS (port 587), with `disable_tls` TLS from the first byte (465), with both
none (25), and then no password goes over the line.
https://airflow.apache.org/docs/apache-airflow-providers-smtp/stable/connections/smtp.html
"""

from __future__ import annotations

import smtplib
import socket
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime
from mimetypes import guess_type
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from umlauf.errors import AlertFailed, ConfigError, visible
from umlauf.landing.run import utc_now
from umlauf.spec import Connection

_TIMEOUT_SECONDS = 10.0
_ANY_FILE = "application/octet-stream"
# Some programs show the breaks of a folded subject; a line may be this long.
_UNFOLDED = policy.SMTP.clone(max_line_length=998)


@dataclass(frozen=True, kw_only=True)
class Mail:
    """What a machine has to say; two with one `id` are one mail. `attached` is a file."""

    id: str
    subject: str
    text: str
    attached: Path | None = None

    @property
    def headers(self) -> dict[str, str]:
        """Say so to mail servers, which drop a second one, and to absent people's answers."""
        return {"Message-ID": f"<{self.id}@umlauf>", "Auto-Submitted": "auto-generated"}


SendMail = Callable[[Connection, Sequence[str], Mail], None]


def send_mail(connection: Connection, addresses: Sequence[str], mail: Mail) -> None:
    """Hand the mail to the mail server.

    Raises:
        ConfigError: the connection is no use.
        AlertFailed: the server was not reached, or took the mail for none of the addresses.
    """
    require_usable(connection)
    try:
        with _server(connection) as server:
            server.send_message(_message(mail, sender_of(connection), addresses))
    except (smtplib.SMTPException, OSError) as error:
        raise not_taken(connection, error) from error


def require_usable(connection: Connection) -> None:
    """Refuse a connection that leads nowhere, or would show its password.

    Raises:
        ConfigError: it names no host, not which kind of TLS, or a password and no TLS.
    """
    whose, is_secure, is_upgraded = f"connection {connection.conn_id!r}", *_tls(connection)
    if not urlsplit(connection.url).hostname:
        raise ConfigError(f"{whose}: it names no host")
    if is_secure and is_upgraded:
        raise ConfigError(
            f"{whose}: Airflow would ask for TLS inside of TLS: say disable_ssl for STARTTLS (port "
            "587) or disable_tls for TLS from the first byte (port 465)"
        )
    if connection.password and not (is_secure or is_upgraded):
        raise ConfigError(
            f"{whose}: a password needs TLS: take disable_ssl or disable_tls away, or the password"
        )


def sender_of(connection: Connection) -> str:
    """Return the address that mails come from."""
    told = connection.extra.get("from_email") or connection.login
    return str(told) if told and "@" in str(told) else f"umlauf@{socket.getfqdn()}"


def not_taken(connection: Connection, error: Exception) -> AlertFailed:
    """Return what there is to say when a server has not taken a mail."""
    host = urlsplit(connection.url).hostname
    return AlertFailed(
        f"alert by mail: {host} did not take it: {type(error).__name__}: {visible(str(error))}"
    )


def _message(mail: Mail, sender: str, addresses: Sequence[str]) -> EmailMessage:
    message = EmailMessage(policy=_UNFOLDED)
    message["Subject"] = mail.subject
    message["From"] = sender
    message["To"] = ", ".join(addresses)
    message["Date"] = format_datetime(utc_now())
    for name, value in mail.headers.items():
        message[name] = value
    message.set_content(mail.text)
    if mail.attached:
        main, _, sub = (guess_type(mail.attached.name)[0] or _ANY_FILE).partition("/")
        message.add_attachment(
            mail.attached.read_bytes(),
            maintype=main,
            subtype=sub,
            params={"charset": "utf-8"} if main == "text" else None,
            filename=mail.attached.name,
        )
    return message


def _server(connection: Connection) -> smtplib.SMTP:
    """Connect, and log in if the connection says as whom."""
    parts, (is_secure, is_upgraded) = urlsplit(connection.url), _tls(connection)
    host, context = parts.hostname or "", ssl.create_default_context()
    server: smtplib.SMTP
    if is_secure:
        server = smtplib.SMTP_SSL(
            host, parts.port or 465, timeout=_TIMEOUT_SECONDS, context=context
        )
    else:
        port = parts.port or (587 if is_upgraded else 25)
        server = smtplib.SMTP(host, port, timeout=_TIMEOUT_SECONDS)
    try:
        if is_upgraded:
            server.starttls(context=context)
        if connection.login and connection.password:
            server.login(connection.login, connection.password)
    except BaseException:
        server.close()
        raise
    return server


def _tls(connection: Connection) -> tuple[bool, bool]:
    """Return whether TLS begins with the first byte, and whether STARTTLS asks for it."""
    is_secure, is_upgraded = (
        not _is_set(connection.extra.get(name)) for name in ("disable_ssl", "disable_tls")
    )
    return is_secure, is_upgraded


def _is_set(value: Any) -> bool:
    """Read a switch as connections have it: in JSON true, in a URI text."""
    return str(value).lower() in ("true", "1", "yes")
