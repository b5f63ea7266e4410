"""By what people are reached; Airflow has its own (umlauf/orchestration/means.py)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from umlauf.alert.mail import SendMail, send_mail
from umlauf.spec import Connection
from umlauf.transport.auth import load_connection


@dataclass(frozen=True, kw_only=True)
class Means:
    """Where connections come from by their id, and what sends a mail over one."""

    connect: Callable[[str], Connection]
    mail: SendMail


WITHOUT_AIRFLOW = Means(connect=load_connection, mail=send_mail)
