"""Tell every target that is set what is new; whatever fails is told by the next run.

Sent, then landed: killed in between, the next run sends it again with the same id, which mail
servers and webhooks may drop. The other order could lose it (docs/decisions/0069).
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from umlauf.alert.means import WITHOUT_AIRFLOW, Means
from umlauf.alert.message import Message, test_message, write_message
from umlauf.alert.news import find_news
from umlauf.alert.told import land_told, read_told
from umlauf.alert.webhook import post_message
from umlauf.errors import ConfigError, UmlaufError, storage_failed
from umlauf.health.status import read_status
from umlauf.landing.incidents import ALERT, note, settle
from umlauf.landing.lease import hold_lease
from umlauf.landing.own_records import own_files
from umlauf.landing.run import Clock, utc_now
from umlauf.settings import Settings
from umlauf.sources.registry import all_sources

log = logging.getLogger(__name__)

_WAIT_SECONDS = 60.0  # longer than telling takes: whoever waits so long leaves it to the next run


@dataclass(frozen=True, kw_only=True)
class Way:
    """One way to tell people."""

    name: str
    send: Callable[[Message], None]


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What was to be told one way, None when there is nothing new, and why it could not be."""

    way: str
    message: Message | None = None
    failure: UmlaufError | None = None


def tell(
    settings: Settings,
    *,
    clock: Clock = utc_now,
    means: Means = WITHOUT_AIRFLOW,
    is_dry: bool = False,
) -> list[Outcome]:
    """Tell each way what it has not told yet; `is_dry` tells nobody.

    Raises:
        LeaseBusy: another run is telling it.
    """
    if not (found := ways(settings, means)):
        return []
    with _one_at_a_time(settings):
        return [_tell(settings, way, clock, is_dry=is_dry) for way in found]


@contextmanager
def telling(
    settings: Settings, *, clock: Clock = utc_now, means: Means = WITHOUT_AIRFLOW
) -> Iterator[None]:
    """Tell what there is to tell once the block has ended, well or not; never fail it."""
    try:
        yield
    except Exception:
        tell_quietly(settings, clock=clock, means=means)
        raise
    tell_quietly(settings, clock=clock, means=means)


def tell_quietly(
    settings: Settings, *, clock: Clock = utc_now, means: Means = WITHOUT_AIRFLOW
) -> None:
    """Tell it; a fault here is in the log alone, and makes no good night a bad one."""
    try:
        tell(settings, clock=clock, means=means)
    except Exception:
        log.exception("alerts: nobody was told; the next run tells it")


def send_test(
    settings: Settings, *, clock: Clock = utc_now, means: Means = WITHOUT_AIRFLOW
) -> list[Outcome]:
    """Send a message that says that messages arrive; it counts as nothing told."""
    message = test_message(clock(), settings)
    return [_send(way, message) for way in ways(settings, means)]


def ways(settings: Settings, means: Means = WITHOUT_AIRFLOW) -> list[Way]:
    """Return the ways that are set."""
    alerts = settings.alerts
    found = []
    if addresses := alerts.mail_addresses:
        mail = settings.named(alerts.mail_connection)

        def send(message: Message) -> None:
            means.mail(means.connect(mail), addresses, message)

        found.append(Way(name="mail", send=send))
    if alerts.webhook_connection:
        webhook = settings.named(alerts.webhook_connection)

        def post(message: Message) -> None:
            post_message(means.connect(webhook), message)

        found.append(Way(name="webhook", send=post))
    return found


def require_ways(settings: Settings) -> None:
    """Refuse to go on when nobody would be told.

    Raises:
        ConfigError: says how somebody is.
    """
    if not ways(settings):
        raise ConfigError(
            "alert: nobody is told; UMLAUF_ALERTS__MAIL_TO=ops@example.com sends mail over the "
            "connection smtp_default, UMLAUF_ALERTS__WEBHOOK_CONNECTION=alerts posts to the "
            "connection alerts (AIRFLOW_CONN_SMTP_DEFAULT, AIRFLOW_CONN_ALERTS)"
        )


@contextmanager
def _one_at_a_time(settings: Settings) -> Iterator[None]:
    """Own the lease; a disk that is too full for it is told without, perhaps twice."""
    with ExitStack() as held:
        try:
            held.enter_context(hold_lease(settings.leases, "alert", _WAIT_SECONDS))
        except OSError as full:
            log.error("alerts: %s", storage_failed(full))
        yield


def _tell(settings: Settings, way: Way, clock: Clock, *, is_dry: bool) -> Outcome:
    status = read_status(settings, all_sources(), clock())
    mine = f"{ALERT}{way.name}"  # that this way fails is told by the others
    troubles = [trouble for trouble in status.troubles if trouble.key != mine]
    had_failed = len(troubles) < len(status.troubles)
    news = find_news(troubles, read_told(settings, way.name), settings.alerts.warning_nights)
    if not news:
        if had_failed and not is_dry:
            settle(settings, [mine], clock())
        return Outcome(way=way.name)
    number = len(own_files(settings.landing_root, "alerts"))
    message = write_message(news, way.name, number, status.at, settings)
    if is_dry:
        return Outcome(way=way.name, message=message)
    outcome = _send(way, message)
    if outcome.failure:
        note(settings, mine, outcome.failure, clock())
    else:
        try:
            land_told(settings, way.name, news.begun, news.over, clock())
            if had_failed:
                settle(settings, [mine], clock())
        except OSError as full:  # the other ways are told all the same
            log.error("alert by %s: it will be told again: %s", way.name, storage_failed(full))
    return outcome


def _send(way: Way, message: Message) -> Outcome:
    try:
        way.send(message)
    except UmlaufError as error:
        log.error("%s", error)
        return Outcome(way=way.name, message=message, failure=error)
    log.info("told by %s: %s", way.name, message.subject)
    return Outcome(way=way.name, message=message)
