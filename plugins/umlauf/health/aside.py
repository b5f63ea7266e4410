"""Damaged files out of use: how they get there, and what is to be told of them until it is over."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import ExitStack

from umlauf.health.lineage import Lineage
from umlauf.health.trouble import Trouble
from umlauf.landing.batch import batch_files, read_about
from umlauf.landing.census import listed_at
from umlauf.landing.commits import counting, growing_clock
from umlauf.landing.counted import expect_no_more
from umlauf.landing.incidents import FILE
from umlauf.landing.intact import SetAside, all_set_aside, set_aside
from umlauf.landing.lease import WAREHOUSE_LEASE, hold_lease
from umlauf.landing.own_records import SOURCE as OWN
from umlauf.landing.run import Clock
from umlauf.settings import Settings
from umlauf.spec import Source
from umlauf.storage.bucket_path import AnyPath, below

log = logging.getLogger(__name__)

_OWN_STREAMS = ("alerts", "batches", "builds", "checks", "erasures", "forecasts", "incidents")


def set_all_aside(settings: Settings, files: Sequence[AnyPath], clock: Clock) -> None:
    """Take the files out of use while nobody reads or writes landing."""
    root, wait = settings.landing_root, settings.lease_wait_seconds
    with ExitStack() as held:
        for name in (WAREHOUSE_LEASE, *(f"land_{name}" for name in _sources(root, files))):
            held.enter_context(hold_lease(settings.leases, name, wait))
        held.enter_context(counting(settings.leases, settings.lease_wait_seconds))
        at = growing_clock(clock, root)()
        expect_no_more(root, [file for file in files if file.suffix == ".parquet"], at)
        for file in files:
            log.warning("set aside as %s", set_aside(file, at))


def set_aside_troubles(
    settings: Settings, sources: Sequence[Source], lineage: Lineage
) -> Iterator[Trouble]:
    """Tell of every file that is set aside: wrong until what it held has been read again."""
    root = settings.landing_root
    for source in sources:
        for stream in source.streams:
            for one in all_set_aside(root, source.name, stream.name):
                if not one.is_back:
                    is_wrong = not _is_read_again(root, source, stream.name, one)
                    yield _aside(root, one, lineage, is_wrong=is_wrong)
    for name in _OWN_STREAMS:
        for one in all_set_aside(root, OWN, name):
            yield _aside(root, one, lineage, is_wrong=False)


def _is_read_again(root: AnyPath, source: Source, stream: str, one: SetAside) -> bool:
    if one.was.suffix == ".bin":
        return False
    spec = source.stream(stream)
    if spec.census or (spec.mode == "windowed" and source.land is None):
        last = listed_at(root, source.name, stream)
    else:  # read whole every night, or anew from the kept files
        abouts = map(read_about, batch_files(root, source.name, stream))
        last = max((about.fetched_at for about in abouts if about.is_complete), default=None)
    return last is not None and last > one.at


def _aside(root: AnyPath, one: SetAside, lineage: Lineage, *, is_wrong: bool) -> Trouble:
    source, stream = stream_of(root, one.was)
    if is_wrong and one.was.suffix == ".bin":
        to_do = "restore its bytes from a backup, or ask the bank for it again"
    elif is_wrong:
        full = f"`umlauf land {source} {stream} --full`"
        to_do = f"`umlauf nightly`; of a stream without census {full}"
    else:
        to_do = "restore it from a backup for its older versions; or delete it to end this line"
    return Trouble(
        key=f"{FILE}{below(root, one.was)}",
        what=f"{below(root, one.file)} is damaged and set aside"
        + ("" if is_wrong else "; what the source still had of it has been read again"),
        since=one.at,
        marts=lineage.sentence(f"{source}.{stream}"),
        to_do=to_do,
        entry="LandingDamaged",
        is_wrong=is_wrong,
    )


def _sources(root: AnyPath, files: Sequence[AnyPath]) -> list[str]:
    return sorted({stream_of(root, file)[0] for file in files})


def stream_of(root: AnyPath, file: AnyPath) -> tuple[str, str]:
    """Return the source and stream that a landed file belongs to."""
    source, stream, *_ = below(root, file).split("/")
    return source, stream
