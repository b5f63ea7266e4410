"""Make the partners' shares of the published build and deliver them; each step may be repeated.

A share that was delivered is not delivered again. One that failed, is held or was cut off does not
hold the others up; it is an incident until it has been delivered.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from umlauf.errors import DeliveryFailed, ShareHeld, SourceError, UmlaufError
from umlauf.landing.incidents import noting, open_incidents, settle, share_of
from umlauf.landing.janitor import sweep_partials
from umlauf.landing.lease import hold_lease
from umlauf.landing.run import Clock, utc_now
from umlauf.publish.comments import quoted
from umlauf.publish.original import open_original
from umlauf.settings import Settings
from umlauf.share.declaration import (
    Declaration,
    declared_partners,
    read_declaration,
    require_declared,
)
from umlauf.share.place import Share, prune, share_of_build, shares_root
from umlauf.share.standing import Outcome, State, expiry, reasons_to_hold
from umlauf.share.write import write_share
from umlauf.spec import Connection, Limits
from umlauf.transport.auth import load_connection
from umlauf.transport.dropoff import dropoff_of

log = logging.getLogger(__name__)

Connect = Callable[[str], Connection]


def make(settings: Settings, partner: str, clock: Clock = utc_now) -> Outcome:
    """Cut the partner's share of the published build, unless that has been done.

    Raises:
        ConfigError: the declaration is wrong, does not fit the snapshot, or nothing is published.
    """
    with _declared(settings, partner) as declaration:
        if expired := expiry(settings, declaration, clock()):
            return expired
        share = _made(settings, declaration, clock)
    return Outcome(partner=partner, state="made", text=str(share.folder))


def deliver(
    settings: Settings,
    partner: str,
    *,
    is_approved: bool = False,
    connect: Connect = load_connection,
    clock: Clock = utc_now,
) -> Outcome:
    """Deliver the partner's share of the published build, unless that has been done.

    With `is_approved` a person has looked at what holds it, and lets it out.

    Raises:
        ConfigError: as in `make`; or there is no such connection.
        ShareHeld: it is empty or too large, and nobody has approved it.
        DeliveryFailed: its place could not be written to; a rerun ends the same.
    """
    require_declared(settings.shares, partner)  # a slip of the pen is no incident
    with noting(settings, share_of(partner), clock), _declared(settings, partner) as declaration:
        if expired := expiry(settings, declaration, clock()):
            return expired
        share = _made(settings, declaration, clock)
        if share.receipt is None:
            _require_release(settings, declaration, share, is_approved=is_approved)
            _put(declaration, share, connect(settings.named(declaration.deliver_to)))
            share.note_delivered(declaration.deliver_to, clock())
    return Outcome(partner=partner, state="delivered", text=share.name)


def deliver_all(
    settings: Settings,
    partners: Iterable[str] = (),
    *,
    connect: Connect = load_connection,
    clock: Clock = utc_now,
) -> list[Outcome]:
    """Deliver to these partners, by default to all that are declared; never raises for one."""
    _forget_undeclared(settings, clock)
    outcomes = []
    for partner in partners or declared_partners(settings.shares):
        try:
            outcome = deliver(settings, partner, connect=connect, clock=clock)
        except Exception as error:  # noted as an incident: neither the night nor others wait for it
            state: State = "held" if isinstance(error, ShareHeld) else "failed"
            outcome = Outcome(partner=partner, state=state, text=str(error), error=error)
        outcomes.append(outcome)
    return outcomes


@contextmanager
def _declared(settings: Settings, partner: str) -> Iterator[Declaration]:
    """Yield the declaration, and be the only one who makes or delivers the share meanwhile."""
    declaration = read_declaration(settings.shares, partner)
    with hold_lease(settings.leases, f"share_{partner}", settings.lease_wait_seconds):
        sweep_partials(shares_root(settings) / partner)
        yield declaration


def _made(settings: Settings, declaration: Declaration, clock: Clock) -> Share:
    with open_original(settings) as (snapshot, shown):
        share = share_of_build(settings, declaration, shown.build_id)
        if not share.is_made:
            snapshot.execute(f"set temp_directory = {quoted(f'{share.folder}.partial.tmp')}")
            write_share(snapshot, declaration, share, shown, at=clock())
            prune(settings, declaration.partner)
            log.info("share %s: cut %s", declaration.partner, share.name)
    return share


def _require_release(
    settings: Settings, declaration: Declaration, share: Share, *, is_approved: bool
) -> None:
    reasons = reasons_to_hold(settings, declaration, share)
    if reasons and is_approved:
        share.approve(reasons)
    elif reasons:
        raise ShareHeld(
            f"{declaration.partner}: held: {'; '.join(reasons)}. Look at {share.folder}, then "
            f"`umlauf share approve {declaration.partner}`, or mend {declaration.file}"
        )


def _put(declaration: Declaration, share: Share, connection: Connection) -> None:
    try:
        with dropoff_of(connection, Limits()) as dropoff:
            for file in share.files:
                dropoff.put(share.name, file)
    except (SourceError, OSError) as error:
        raise DeliveryFailed(f"{declaration.partner}: not delivered: {error}") from error
    log.info("share %s: delivered %s", declaration.partner, share.name)


def _forget_undeclared(settings: Settings, clock: Clock) -> None:
    """Settle the incidents of partners that have no declaration any more."""
    declared = {share_of(partner) for partner in declared_partners(settings.shares)}
    begin = share_of("")
    try:
        failed = {one.subject for one in open_incidents(settings) if one.subject.startswith(begin)}
        settle(settings, failed - declared, clock())
    except (UmlaufError, OSError) as error:  # `umlauf status` tells of it, or cannot either
        log.error("incidents: %s", error)
