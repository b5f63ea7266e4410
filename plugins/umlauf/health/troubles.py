"""What can be wrong, and how each of it is told."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from umlauf import errors
from umlauf.errors import UmlaufError
from umlauf.health.aside import stream_of
from umlauf.health.damage import file_to_do
from umlauf.health.disk import existing
from umlauf.health.snapshot import Published
from umlauf.health.trouble import Trouble
from umlauf.landing.incidents import (
    ALERT,
    COPIES,
    FILE,
    MARTS,
    PAGE,
    Incident,
    landing_of,
    share_of,
)
from umlauf.landing.lease import leases_held, this_machine
from umlauf.landing.windows import day_bounds, due_day
from umlauf.settings import Settings
from umlauf.share.standing import expired_shares
from umlauf.storage.commit import workshop
from umlauf.warehouse.published import returned_from

_LONGEST_RUN = timedelta(hours=6)  # no night takes longer; Airflow ends a run of the marts by then
_SPARE_BYTES = 10**9
_ONE_PARTNER = "what this partner receives, no mart"
UNKNOWN = "landing cannot be read"  # as long as this is wrong, nobody knows what else is


def of_late_sources(
    settings: Settings,
    reaches: Iterable[tuple[str, datetime | None]],
    published: Published,
    at: datetime,
) -> Iterator[Trouble]:
    """Tell of sources that do not reach as far (aware UTC) as is due, or as the marts do."""
    due = due_day(at, settings.zone)
    due = max(due, published.as_of) if published.as_of else due
    zone = settings.zone
    _, expected = day_bounds(due, zone)
    for source, covered in reaches:
        if covered is None or covered < expected:
            came = f"up to {_shown(covered, zone)}" if covered else "not all of its streams"
            yield Trouble(
                key=landing_of(source),  # the same thing as a landing that failed
                what=f"{source} is late: expected up to {_shown(expected, zone)}, came {came}",
                since=covered,
                marts=published.lineage.sentence(source),
                to_do=f"`umlauf land {source}` says why; then `umlauf build`",
                entry="Late source",
            )


def of_late_marts(settings: Settings, published: Published, at: datetime) -> Iterator[Trouble]:
    """Tell that the marts are not as of the day that is due, if they are not meant to stay."""
    due = due_day(at, settings.zone)
    if published.as_of and published.as_of < due and not returned_from(settings):
        yield Trouble(
            key=MARTS,  # the same thing as a build that failed
            what=f"the marts are late: expected as of {due}, came as of {published.as_of}",
            since=day_bounds(published.as_of, settings.zone)[1],
            marts="all marts",
            to_do="`umlauf build` says why",
            entry="Late marts",
        )


def of_incident(settings: Settings, one: Incident, published: Published) -> Trouble:
    """Tell of something that failed and has not succeeded since."""
    kind = getattr(errors, one.kind, None)
    is_ours = isinstance(kind, type) and issubclass(kind, UmlaufError)
    to_do = kind.to_do if is_ours and kind else UmlaufError.to_do
    root = settings.landing_root
    if one.subject.startswith(FILE):
        file = root / one.subject.removeprefix(FILE)
        source, stream = stream_of(root, file)
        marts, to_do = published.lineage.sentence(f"{source}.{stream}"), file_to_do(root, file)
    elif one.subject in (MARTS, COPIES, PAGE):
        stay = f"all marts: they stay as of {published.as_of}" if published.as_of else "all marts"
        marts = {
            MARTS: stay,
            COPIES: "all marts in PostgreSQL or as Parquet: they stay as they were",
            PAGE: "the morning page alone",
        }[one.subject]
    elif one.subject.startswith(share_of("")):
        marts = _ONE_PARTNER
    elif one.subject.startswith(ALERT):
        marts = "no mart; nobody is told that way"
    else:
        marts = published.lineage.sentence(one.subject.removeprefix(landing_of("")))
    return Trouble(
        key=one.subject,
        what=f"{one.subject}: {one.kind}: {one.message.rstrip('.')}",
        since=one.since,
        marts=marts,
        to_do=to_do,
        entry=one.kind if is_ours else "Any other error",
    )


def of_shares(settings: Settings, at: datetime) -> Iterator[Trouble]:
    """Tell of partners that receive nothing any more, as was declared."""
    for one in expired_shares(settings, at):
        yield Trouble(
            key=f"expired {share_of(one.partner)}",
            what=f"{share_of(one.partner)}: {one.text}",
            since=None,
            marts=_ONE_PARTNER,
            to_do=f"set another day in {settings.shares}/{one.partner}.yml, or remove it",
            entry="Expired share",
            is_wrong=False,
        )


def of_error(error: UmlaufError, published: Published) -> Trouble:
    """Tell of an error that keeps the rest from being known."""
    kind = type(error)
    return Trouble(
        key=UNKNOWN,
        what=f"{kind.__name__}: {str(error).rstrip('.')}",
        since=None,
        marts=f"all marts: they stay as of {published.as_of}",
        to_do=kind.to_do,
        entry=kind.__name__,
    )


def of_snapshot(settings: Settings, published: Published) -> Iterator[Trouble]:
    """Tell what is wrong with, or in, what readers see."""
    if published.fault:
        yield Trouble(
            key="snapshot",
            what=f"snapshot {settings.marts_file} cannot be read: {published.fault}",
            since=None,
            marts="all marts",
            to_do="`umlauf restore` builds it again from landing",
            entry="Damaged snapshot",
        )
        return
    if not published.build_id:
        yield Trouble(
            key="snapshot",
            what="nothing is published yet",
            since=None,
            marts="all marts",
            to_do="`umlauf nightly`, or `umlauf restore` if there was a snapshot",
            entry="No snapshot",
        )
    for one in published.warnings:
        yield Trouble(
            key=f"check {one.check} of {one.subject}: {one.why}",
            what=f"check {one.check} of {one.subject} did not hold: {one.message}",
            since=one.since,
            marts=published.lineage.sentence(one.subject),
            to_do="look at the rows in trust.quality_result; mend them at their source",
            entry="Failed check",
            is_wrong=False,
            nights=one.nights,
        )
    if len(published.quarantine) > 1 and published.quarantine[0] > published.quarantine[1]:
        now, before = published.quarantine
        reasons = ", ".join(f"{name}: {why} ({rows})" for name, why, rows in published.reasons)
        marts = {published.lineage.sentence(name) for name, *_ in published.reasons}
        yield Trouble(
            key="quarantine",
            what=f"quarantine grew from {before} to {now} records; the commonest: {reasons}",
            since=published.published_at,
            marts="; ".join(sorted(marts)),
            to_do="mend the records at their source; `select * from trust.quarantine` has them",
            entry="Quarantine grown",
        )


def of_leases(settings: Settings, at: datetime) -> Iterator[Trouble]:
    """Tell who is at work; who is so for longer than any night takes, hangs."""
    me = (os.getpid(), this_machine())
    for held in leases_held(settings.leases):
        if (held.pid, held.host) == me:
            continue
        is_long = held.since is not None and at - held.since > _LONGEST_RUN
        yield Trouble(
            key=f"lease {held.name}",
            what=f"{held.owner} is at work with the lease {held.name}",
            since=held.since,
            marts="none; other runs of it wait",
            to_do=f"see what hangs, or end {held.owner}" if is_long else "let it finish",
            entry="LeaseBusy",
            is_wrong=is_long,
        )


def of_disks(settings: Settings) -> Iterator[Trouble]:
    """Tell of disks without room for a second warehouse and snapshot, as a night may need."""
    files = (settings.warehouse_file, settings.marts_file)
    needed = 2 * sum(file.stat().st_size for file in files if file.exists()) + _SPARE_BYTES
    folders = {existing(folder) for folder in (settings.home, workshop(settings.landing_root))}
    for folder in sorted({folder.stat().st_dev: folder for folder in folders}.values()):
        free = shutil.disk_usage(folder).free
        if free < needed:
            yield Trouble(
                key=f"disk of {folder}",
                what=f"disk of {folder} is nearly full: a night may need {needed / 1e9:.1f} GB, "
                f"{free / 1e9:.1f} GB are free",
                since=None,
                marts="all marts, from the next night on",
                to_do=f"make room; {settings.home / 'past'} and {settings.home / 'cache'} may go",
                entry="Full disk",
            )


def _shown(moment: datetime, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}"
