"""What two vendors hold over the years, and when each version of a record became visible.

Written into the store of the sandbox's servers, which then answer as HubSpot and Odoo do, and kept
beside it as the truth that landing is held to: it is drawn before anything is landed.
"""

from bisect import bisect_right
from dataclasses import dataclass, field
from random import Random

from umlauf.sandbox.company.people import hubspot_object
from umlauf.sandbox.stamps import DAY, HOUR, SECOND, odoo_stamp
from umlauf.sandbox.store import Writer
from umlauf.sources.registry import find_source

# Stream, and the object whose records it is.
STREAMS = {
    ("hubspot", "contacts"): "contacts",
    ("hubspot", "deals"): "deals",
    ("odoo", "sale_order"): "sale.order",
    ("odoo", "account_journal"): "account.journal",
}
FIRST_RECORDS = 40
DELETED_A_DAY, LATE_A_DAY, LATE_EDITS_A_DAY = 0.25, 0.1, 0.05
LATEST_EDIT_HOURS = 20  # inside the lookback of a day: behind it a census a week looks


@dataclass
class Truth:
    """Each record's versions as (visible from, stamp or None once it is gone), ms UTC, in order."""

    versions: dict[str, dict[int, list]] = field(default_factory=dict)
    deleted: list[tuple[str, int, int]] = field(default_factory=list)  # object, id, visible from
    late: list[tuple[str, int, int]] = field(default_factory=list)

    def shown(self, kind, since, until):
        """Yield id and the stamps (None: gone) that a record showed at some time in between."""
        for key, versions in self.versions[kind].items():
            first = bisect_right(versions, since, key=lambda one: one[0])
            last = bisect_right(versions, until, key=lambda one: one[0])
            before = [versions[first - 1][1]] if first else [None]
            yield key, before + [stamp for _, stamp in versions[first:last]]


def dice_of(seed, what):
    """Return the dice for something; the same seed throws the same."""
    return Random(f"{seed} {what}")  # noqa: S311 - to be repeated is the point


def make_company(home, seed, start, days):
    """Write the store of `days` days from `start` (ms UTC, a noon) on and return the truth."""
    truth, store = Truth(), Writer(home)
    for kind in STREAMS.values():
        _Kind(kind, dice_of(seed, kind), truth, store).live_through(start, days)
    store.close({"clock": start})
    return truth


class _Kind:
    """The records of one object."""

    def __init__(self, kind, dice, truth, store):
        self.kind, self.dice, self.truth, self.store = kind, dice, truth, store
        self.versions = truth.versions[kind] = {}
        self.live, self.busy, self.created = [], {}, {}
        self.unit = SECOND if "." in kind else 1

    def live_through(self, start, days):
        """Draw all that happens."""
        for number in range(FIRST_RECORDS):
            self.create(start - (number + 2) * DAY, 0)
        touched = self.live[0]
        for day in range(days):
            begin = start + day * DAY
            for moment in sorted(self.moments(begin)):
                self.happen(moment)
            self.write(touched, begin + 13 * HOUR, 0)  # each night at one UTC, as an import does

    def moments(self, begin):
        """Return when something happens on a day."""
        return [begin + int(self.dice.random() * DAY) for _ in range(self.dice.randint(3, 9))]

    def happen(self, moment):
        """Create, edit or delete a record, some of them visible only later."""
        chance = self.dice.random() * 6  # about six a day
        if chance < DELETED_A_DAY:
            self.delete(moment)
        elif chance < DELETED_A_DAY + LATE_A_DAY:
            hidden = int(self.dice.uniform(1, 20) * DAY)
            key = self.create(moment, hidden)
            self.truth.late.append((self.kind, key, moment + hidden))
        elif chance < DELETED_A_DAY + LATE_A_DAY + LATE_EDITS_A_DAY:
            self.edit(moment, int(self.dice.uniform(1, LATEST_EDIT_HOURS) * HOUR))
        elif chance < 2:
            self.create(moment, 0)
        else:
            self.edit(moment, 0)

    def create(self, moment, hidden):
        """Add a record."""
        key = len(self.versions) + 1
        self.created[key] = moment
        self.live.append(key)
        self.write(key, moment, hidden)
        return key

    def edit(self, moment, hidden):
        """Change some record that nobody has just changed."""
        key = self.dice.choice(self.live[1:])
        if self.busy[key] < moment:
            self.write(key, moment, hidden)

    def delete(self, moment):
        """End some record, for ever."""
        key = self.dice.choice(self.live[1:])
        if self.busy[key] < moment:
            self.live.remove(key)
            self.versions[key].append((moment, None))
            self.truth.deleted.append((self.kind, key, moment))
            if "." in self.kind:
                self.store.remove([(self.kind, key)], moment)
            else:
                self.store.put(
                    {(self.kind, key): self.payload(key, moment)}, moment, moment, moment
                )

    def write(self, key, moment, hidden):
        """Give a record a version with the stamp `moment`, visible when it is no longer hidden."""
        stamp, shown = moment // self.unit * self.unit, moment + hidden
        self.busy[key] = shown + SECOND
        self.versions.setdefault(key, []).append((shown, stamp))
        self.store.put({(self.kind, key): self.payload(key, stamp)}, shown, stamp)

    def payload(self, key, stamp):
        """Return the record as its vendor shows it."""
        created = self.created[key]
        if "." in self.kind:
            (stream,) = (one for one in find_source("odoo").streams if one.name == self.table)
            stamps = {"create_date": odoo_stamp(created), "write_date": odoo_stamp(stamp)}
            return {"id": key, **dict.fromkeys(stream.fields, False), **stamps}
        properties = {"email": f"{key}@example.com"} if self.kind == "contacts" else {"amount": "1"}
        return hubspot_object(key, properties, created, stamp)

    @property
    def table(self):
        """The stream's name."""
        return self.kind.replace(".", "_")
