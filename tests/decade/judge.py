"""What each noon is compared: windows, records, deletions and late rows, what readers see."""

from collections import Counter
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta

from tests.decade.company import STREAMS
from tests.decade.light import stated, take_newest
from umlauf.errors import UmlaufError
from umlauf.landing.batch import batch_files
from umlauf.landing.windows import NIGHT, business_day, day_bounds

BUDGET = timedelta(hours=3)
MOST_SAID = 20


@dataclass
class Nights:
    """What was counted; `wrong` says in words what must never be."""

    nights: int = 0
    faults: Counter = field(default_factory=Counter)
    clock_changes: int = 0
    leap_days: int = 0
    year_ends: int = 0
    late: list[str] = field(default_factory=list)
    days: int = 0  # business days of streams that landed
    made_good: int = 0  # of them those that a later night brought
    not_landed: int = 0  # at the end, as after a source that is down in the last night
    tries: int = 0
    requests: int = 0
    compared: int = 0  # records with the truth
    read: int = 0  # snapshots with all that had landed
    deletions: int = 0
    late_rows: int = 0
    after_an_outage: int = 0  # of the deletions and late rows those found in a later night
    wrong: list[str] = field(default_factory=list)

    def __add__(self, other):
        pairs = {
            one.name: (getattr(self, one.name), getattr(other, one.name)) for one in fields(self)
        }
        return Nights(**{name: mine + theirs for name, (mine, theirs) in pairs.items()})


class Judge:
    """Follows one world from noon to noon."""

    def __init__(self, world):
        self.world, self.nights = world, Nights()
        self.whole = {}  # source: when (real) the last try began that read all of it
        self.covered, self.missing, self.seen, self.view = {}, {}, set(), {}
        self.newest = ""
        self.open = sorted(world.truth.deleted + world.truth.late, key=lambda one: one[2])
        self.sources = {kind: source for (source, _), kind in STREAMS.items()}
        self.asked = 0

    def judge(self, day, fault):
        """Judge the night of a business day at the noon behind it; return what is wrong."""
        self._count(day, fault)
        said = list(self._said(day, fault))
        if len(said) > MOST_SAID:
            said[MOST_SAID:] = [f"and {len(said) - MOST_SAID} more"]
        said = [f"{day} ({fault or 'no fault'}): {one}" for one in said]
        self.nights.wrong += said
        return said

    def _count(self, day, fault):
        nights = self.nights
        begun, ended = day_bounds(day, self.world.settings.zone)
        nights.nights += 1
        nights.clock_changes += ended - begun != timedelta(days=1)
        nights.leap_days += (day.month, day.day) == (2, 29)
        nights.year_ends += (day.month, day.day) == (12, 31)
        nights.faults.update([fault] if fault else [])
        nights.requests += self.world.vendors.asked - self.asked
        self.asked = self.world.vendors.asked

    def _said(self, day, fault):
        yield from self._runs()
        for stream in STREAMS:
            yield from self._landed(stream, day)
        self.nights.not_landed = sum(map(len, self.missing.values()))
        self._on_time(day, fault)
        for stream, kind in STREAMS.items():
            yield from self._records(stream, kind)
        yield from self._readers()
        self._found(day)

    def _runs(self):
        """Errors are only such as were written for a reader; each day is due once."""
        scheduler, zone = self.world.scheduler, self.world.settings.zone
        for run in scheduler.runs:
            for one in run.tries:
                self.nights.tries += 1
                if one.how == "failed" and not isinstance(one.outcome, UmlaufError | OSError):
                    yield f"{run.dag.dag_id} {run.key}: {one.outcome!r}"
                is_newest = run.key == business_day(one.begun, zone).isoformat()
                if (one.task, one.how) == ("land", "well") and is_newest:
                    self.whole[run.dag.dag_id.removeprefix("land_")] = one.begun
        scheduler.forget_ended()
        twice = [
            key for key, times in Counter(scheduler.keys[-10:]).items() if times > 1 and key[1]
        ]
        yield from (f"{name} {key}: scheduled twice" for name, key in twice)
        yield from (f"{error!r}" for error in self.world.timeline.crashes)
        self.world.timeline.crashes.clear()

    def _landed(self, stream, day):
        """New windows meet those before them; a day that did not land is landed later."""
        source, name = stream
        missing = self.missing.setdefault(stream, set())
        missing.add(day)
        root = self.world.settings.landing_root
        files = batch_files(root, source, name)
        new = [file for file in files if file not in self.seen]
        self.seen.update(new)
        abouts = sorted(map(self.world.landed.read_about, new), key=lambda one: one.fetched_at)
        for about in abouts:
            rows = self.world.landed.rows(str(about.file_below(root)))
            take_newest(self.view.setdefault(stream, {}), rows)
            self.newest = max(self.newest, about.fetched_at.isoformat())
            if about.kind == "records" and about.is_complete:
                yield from self._window(stream, about, missing)

    def _window(self, stream, about, missing):
        covered = self.covered.get(stream, about.window_end)
        if about.window_start > covered:
            yield f"{'.'.join(stream)}: nothing read from {covered} to {about.window_start}"
        self.covered[stream] = max(covered, about.window_end)
        zone = self.world.settings.zone
        done = {day for day in missing if day_bounds(day, zone)[1] <= about.window_end}
        missing -= done
        self.nights.days += len(done)
        self.nights.made_good += len(done - {about.day})

    def _on_time(self, day, fault):
        """A night is on time when readers see its day three hours after it was due."""
        zone, published = self.world.settings.zone, self.world.light.published
        due = datetime.combine(day + timedelta(days=1), NIGHT, tzinfo=zone)
        seen = [at for at, as_of in published if as_of >= day]
        if not seen or min(seen) - due > BUDGET:
            when = f"at {min(seen).astimezone(zone):%H:%M}" if seen else "not by noon"
            self.nights.late.append(f"{day} ({fault or 'no fault'}): {when}")
        published.clear()

    def _records(self, stream, kind):
        """Landing knows each record as it was at some time since the last whole read began."""
        begun, now = self.whole.get(stream[0]), _ms(self.world.timeline.true)
        if begun is None:
            return
        view = self.view[stream]
        for key, shown in self.world.truth.shown(kind, _ms(begun), now):
            _, stamp, is_deleted = view.get(str(key), (None, None, True))
            self.nights.compared += 1
            if (None if is_deleted else stamp) not in shown:
                landed = "not there" if is_deleted else f"with stamp {stamp}"
                yield f"{'.'.join(stream)} {key}: landed {landed}, at the source {shown}"

    def _readers(self):
        """Once all that has landed is published, readers see all of it."""
        shown = stated(self.world.settings.marts_file)
        if shown and shown["known_on"] >= self.newest:
            self.nights.read += 1
            view = {".".join(stream): rows for stream, rows in self.view.items()}
            if shown["streams"] != view:
                yield f"the snapshot of {shown['known_on']} is not what has landed"

    def _found(self, day):
        """Count the deletions and late rows that a whole read has been held to."""
        before, _ = day_bounds(day, self.world.settings.zone)
        still = []
        for one in self.open:
            kind, key, shown = one
            begun = self.whole.get(self.sources[kind])
            if begun is None or shown >= _ms(begun):
                still.append(one)
                continue
            is_deletion = (shown, None) in self.world.truth.versions[kind][key]
            self.nights.deletions += is_deletion
            self.nights.late_rows += not is_deletion
            self.nights.after_an_outage += shown < _ms(before)
        self.open = still


def _ms(moment):
    return int(moment.timestamp() * 1000)
