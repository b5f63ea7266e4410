"""Mail the morning page: its headline figures in words, and all of it as a PDF or one HTML file.

Once per published build; sent, then noted, as alerts are (docs/decisions/0069). A page that could
not be mailed is an incident, and the next run mails it.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from umlauf.alert.mail import Mail
from umlauf.alert.means import WITHOUT_AIRFLOW, Means
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
from umlauf.warehouse.published import published_build_id

log = logging.getLogger(__name__)

_KEY = "page"
_WAIT_SECONDS = 60.0


def mail_page_quietly(
    settings: Settings, *, clock: Clock = utc_now, means: Means = WITHOUT_AIRFLOW
) -> None:
    """Mail it; that it failed is an incident, and makes no good night a bad one."""
    try:
        mail_page(settings, clock=clock, means=means)
    except Exception as error:
        log.error("page: not mailed; the next run does: %s", error)


def mail_page(
    settings: Settings, *, clock: Clock = utc_now, means: Means = WITHOUT_AIRFLOW
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
        TemporaryDirectory(prefix="umlauf-mail-") as folder,
    ):
        language = _language(settings.alerts.page_language)
        build_id = published_build_id(settings)
        page = settings.reports / language.file_name
        if build_id is None or build_id == _mailed(settings) or not _is_of(page, build_id):
            return False
        connection = means.connect(settings.named(settings.alerts.mail_connection))
        means.mail(connection, addresses, _mail(settings, language, page, build_id, Path(folder)))
        land_open(settings, "alerts", {_KEY: {"build_id": build_id}}, [], clock())
    log.info("page of %s mailed to %d addresses", build_id, len(addresses))
    return True


def _mail(settings: Settings, language: Language, page: Path, build_id: str, folder: Path) -> Mail:
    figures = read_figures(settings.marts_file)
    as_of = figures["build"][0]["as_of_date"]
    title = language.say(
        "Pipeline, stock and cash at the end of {day}", day=language.day(as_of, is_long=True)
    )
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
    return Mail(
        id=settings.named(f"page-{build_id}"),
        subject=title,
        text="\n".join([title, "", *lines, "", money]) + "\n",
        attached=_attached(page, folder / f"umlauf-{as_of}"),
    )


def _attached(page: Path, target: Path) -> Path:
    """Write the page as `target` with the ending that it comes to."""
    if printed := print_page(page):
        file = target.with_suffix(".pdf")
        file.write_bytes(printed)
    else:
        file = target.with_suffix(".html")
        file.write_bytes(page.read_bytes())
    return file


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
