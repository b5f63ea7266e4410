"""By what a task reaches people: Airflow's connections and its mail notifier.

The notifier knows what a connection of Airflow's can have beyond a password, OAuth2 for instance.
https://airflow.apache.org/docs/apache-airflow-providers-smtp/stable/notifications/smtp_notifier_howto_guide.html
"""

from __future__ import annotations

import smtplib
from collections.abc import Sequence
from html import escape

from airflow.providers.smtp.notifications.smtp import SmtpNotifier
from airflow.sdk.exceptions import AirflowException

from umlauf.alert.mail import Mail, not_taken, require_usable, sender_of
from umlauf.alert.means import Means
from umlauf.orchestration.connections import airflow_connection
from umlauf.spec import Connection


def notify(connection: Connection, addresses: Sequence[str], mail: Mail) -> None:
    """Hand the mail to the mail server; raises what `umlauf.alert.mail.send_mail` does."""
    require_usable(connection)
    paragraphs = (escape(one).replace("\n", "<br>") for one in mail.text.strip().split("\n\n"))
    notifier = SmtpNotifier(
        smtp_conn_id=connection.conn_id,
        from_email=sender_of(connection),
        to=list(addresses),
        subject=mail.subject,
        html_content="".join(f"<p>{one}</p>\n" for one in paragraphs),
        files=[str(mail.attached)] if mail.attached else None,
        custom_headers=mail.headers,
    )
    try:
        notifier.notify({})  # not called as a callback: nothing in here is a template
    except (smtplib.SMTPException, OSError, AirflowException) as error:
        raise not_taken(connection, error) from error


AIRFLOW = Means(connect=airflow_connection, mail=notify)
