"""How far each source's landed data reaches, and what of it waits to be built."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from umlauf.landing.batch import BatchAbout, batch_files, read_about, read_counted, stamp_text
from umlauf.landing.intact import naming_damage
from umlauf.settings import Settings
from umlauf.spec import Source
from umlauf.storage.bucket_path import AnyPath


@dataclass(frozen=True, kw_only=True)
class Reach:
    """The last window of a source: the stream that reaches least far speaks for it.

    Stamps are aware UTC, and None unless every stream has landed. `age_seconds`: since the window's
    end.
    """

    source: str
    window_start: datetime | None = None
    covered_until: datetime | None = None
    landed_at: datetime | None = None
    age_seconds: float | None = None


@dataclass(frozen=True, kw_only=True)
class Queued:
    """What has landed of a source since what readers see was built; `since` is aware UTC."""

    source: str
    files: int
    rows: int
    since: datetime


def read_reach(settings: Settings, source: Source, at: datetime) -> Reach:
    """Return the last window of the source as it stands at the moment `at` (aware UTC)."""
    root = settings.landing_root
    windows = [_last_window(root, source.name, stream.name) for stream in source.streams]
    ends = [(about.window_end, about) for about in windows if about and about.window_end]
    if len(ends) < len(windows):
        return Reach(source=source.name)
    end, about = min(ends, key=lambda one: one[0])
    return Reach(
        source=source.name,
        window_start=about.window_start,
        covered_until=end,
        landed_at=about.fetched_at,
        age_seconds=(at - end).total_seconds(),
    )


def read_queue(
    settings: Settings, sources: Sequence[Source], known_on: datetime | None
) -> Iterator[Queued]:
    """Yield what has landed behind the moment (aware UTC) that the published build knows of."""
    # A batch's name begins with its moment of fetching, and the names grow with it.
    known = f"{stamp_text(known_on)}~" if known_on else ""
    for source in sources:
        files = [
            file
            for stream in source.streams
            for file in batch_files(settings.landing_root, source.name, stream.name)
            if file.name > known and "-declared-" not in file.name
        ]
        if files:
            with naming_damage(settings.landing_root, files):
                rows = sum(read_counted(file)[1] for file in files)
            first = min(files, key=lambda file: file.name)
            since = read_about(first).fetched_at
            yield Queued(source=source.name, files=len(files), rows=rows, since=since)


def _last_window(root: AnyPath, source: str, stream: str) -> BatchAbout | None:
    for file in batch_files(root, source, stream):
        about = read_about(file)
        if about.is_complete and about.kind == "records":
            return about
    return None
