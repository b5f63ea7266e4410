"""Mail the morning page: its headline figures in words, and all of it as a PDF or one HTML file.

Once per published build; sent, then noted, as alerts are (docs/decisions/0069). A page that could
not be mailed is an incident, and the next run mails it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from pathlib import Path

from umlauf.alert.mail import new_mail, send
from umlauf.errors import ConfigError
from umlauf.landing.incidents import ALERT, noting
from umlauf.landing.lease import hold_lease
from umlauf.landing.open_records import land_open, read_open
from umlauf.landing.run import Clock, utc_now
from umlauf.report.figures import read_figures
from umlauf.report.language import Language, languages
from umlauf.report.printed import print_page
from umlauf.report.totals import headline
from umlauf.settings import Settings
from umlauf.spec import Connection
from umlauf.transport.auth import load_connection
from umlauf.warehouse.published import published_build_id

log = logging.getLogger(__name__)

_KEY = "page"
_WAIT_SECONDS = 60.0

Connect = Callable[[str], Connection]


def mail_page_quietly(
    settings: Settings, *, clock: Clock = utc_now, connect: Connect = load_connection
) -> None:
    """Mail it; that it failed is an incident, and makes no good night a bad one."""
    try:
        mail_page(settings, clock=clock, connect=connect)
    except Exception as error:
        log.error("page: not mailed; the next run does: %s", error)


def mail_page(
    settings: Settings, *, clock: Clock = utc_now, connect: Connect = load_connection
) -> bool:
    """Mail the page of the published build to `alerts.page_to`; False if that has been done.

    Raises:
        ConfigError: the language or the connection is no use.
        AlertFailed: the mail server did not take it.
        LeaseBusy: another run is mailing it.
    """
    addresses = settings.alerts.page_addresses
    if not addresses:
        return False
    with (
        noting(settings, f"{ALERT}{_KEY}", clock),
        hold_lease(settings.leases, "page_mail", _WAIT_SECONDS),
    ):
        language = _language(settings.alerts.page_language)
        build_id = published_build_id(settings)
        page = settings.reports / language.file_name
        if build_id is None or build_id == _mailed(settings) or not _is_of(page, build_id):
            return False
        mail = _mail(settings, language, page, build_id)
        send(connect(settings.named(settings.alerts.mail_connection)), addresses, mail)
        land_open(settings, "alerts", {_KEY: {"build_id": build_id}}, [], clock())
    log.info("page of %s mailed to %d addresses", build_id, len(addresses))
    return True


def _mail(settings: Settings, language: Language, page: Path, build_id: str) -> EmailMessage:
    figures = read_figures(settings.marts_file)
    as_of = figures["build"][0]["as_of_date"]
    title = language.say(
        "Pipeline, stock and cash at the end of {day}", day=language.day(as_of, is_long=True)
    )
    mail = new_mail(settings.named(f"page-{build_id}"), title)
    money = language.say(
        "All money in {currency} unless it says otherwise.", currency=settings.reporting_currency
    )
    totals = headline(figures)
    lines = (
        f"{language.say(label)}: {language.number(totals[name])}"
        for label, name in (
            ("Open pipeline", "open"),
            ("Weighted pipeline", "weighted"),
            ("Stock value", "stock"),
            ("To order within a week", "orders_due"),
            ("Cash", "cash"),
            ("Owed to us", "receivables"),
        )
    )
    mail.set_content("\n".join([title, "", *lines, "", money]) + "\n")
    name = f"umlauf-{as_of}"
    if printed := print_page(page):
        mail.add_attachment(printed, maintype="application", subtype="pdf", filename=f"{name}.pdf")
    else:
        mail.add_attachment(
            page.read_bytes(),
            maintype="text",
            subtype="html",
            params={"charset": "utf-8"},
            filename=f"{name}.html",
        )
    return mail


def _language(code: str) -> Language:
    known = {language.code: language for language in languages()}
    if code not in known:
        raise ConfigError(
            f"settings: alerts.page_language: expected one of {', '.join(known)}; found {code!r}"
        )
    return known[code]


def _is_of(page: Path, build_id: str) -> bool:
    """Whether the page is there and shows this build; else the next run writes and mails it."""
    return page.exists() and f'"{build_id}"' in page.read_text(encoding="utf-8")


def _mailed(settings: Settings) -> str | None:
    found: Iterator[str] = (
        one.payload["build_id"] for one in read_open(settings, "alerts") if one.key == _KEY
    )
    return next(found, None)
