"""The clockwork of the simulation: an agenda of things to do, and transactions that do them.

Everything written in one transaction shows up at one moment. A few transactions commit late: their
rows carry the stamp at which they began, and are seen minutes to hours afterwards.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Callable
from random import Random
from types import TracebackType
from typing import Any, Self

from umlauf.sandbox.journal import Journal
from umlauf.sandbox.stamps import DAY, EPOCH, MINUTE, SECOND, odoo_stamp
from umlauf.sandbox.store import Place, Writer

Record = dict[str, Any]
LATE_RATE = 0.004
LONGEST_DELAY = 20 * 60 * MINUTE


class World:
    """What all parts of the company share."""

    def __init__(
        self, store: Writer, seed: int, scale: float, first_day: int, last_day: int
    ) -> None:
        self.store = store
        self.journal = Journal()
        self.seed = seed
        self.scale = scale
        self.first_day = first_day
        self.last_day = last_day
        self._agenda: list[tuple[int, int, Callable[..., None], tuple[Any, ...]]] = []
        self._added = 0
        self._ids: Counter[str] = Counter()
        self._late = self.dice("late")
        self._newest = 0
        self._recent: dict[Place, int] = {}

    def dice(self, name: str) -> Random:
        """Return a random stream of its own, so that one part never disturbs another."""
        return Random(f"{self.seed}/{name}")

    def scaled(self, full: float, least: int = 1) -> int:
        """Return a default-scale figure at this scale."""
        return max(least, round(full * self.scale))

    def sized(self, cents: float) -> int:
        """Return a default-scale amount at this scale; a tiny company still has an office."""
        return round(cents * max(self.scale, 0.05))

    def later(self, instant: int, action: Callable[..., None], *details: Any) -> None:
        """Do something at an instant; ties are done in the order they were asked for."""
        self._added += 1
        heapq.heappush(self._agenda, (instant, self._added, action, details))

    def run(self, seen: Callable[[int], None] = lambda _: None) -> None:
        """Work through the agenda until the last day is over."""
        until = (self.last_day + 1 - EPOCH) * DAY
        done = 0
        while self._agenda and self._agenda[0][0] < until:
            instant, _, action, details = heapq.heappop(self._agenda)
            action(instant, *details)
            done += 1
            if done % 1000 == 0:
                seen(instant)

    def new_id(self, name: str) -> int:
        """Return the next id of a kind of record."""
        self._ids[name] += 1
        return self._ids[name]

    def transaction(self, instant: int, *, may_be_late: bool = False) -> Transaction:
        """Begin writing at an instant; use it in a `with` block."""
        delay = 0
        if may_be_late and self._late.random() < LATE_RATE:
            delay = self._late.randrange(3 * MINUTE, LONGEST_DELAY, SECOND)
        return Transaction(self, instant, delay)

    def queue(self, places: list[Place], begun: int, wanted: int) -> int:
        """Return when a transaction over these records shows up: once those before it have.

        Rows are locked while a late transaction is open: who comes next waits for it.
        """
        if begun > self._newest:
            self._recent.clear()
        shown = max([wanted, *(1 + self._recent.get(place, 0) for place in places)])
        self._newest = max(self._newest, shown)
        self._recent.update(dict.fromkeys(places, shown))
        return shown


class Transaction:
    """Records and facts that become visible together."""

    def __init__(self, world: World, instant: int, delay: int) -> None:
        self.world = world
        self.at = instant - instant % SECOND
        self.stamp = odoo_stamp(instant)
        self._begun, self._visible = instant, instant + delay
        self._records: dict[Place, Record] = {}
        self._others: dict[Place, tuple[int, int | None, Record]] = {}
        self._gone: list[Place] = []
        self._facts: list[tuple[str, tuple[Any, ...]]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None:
            self._commit()

    def create(self, model: str, values: Record, *, active: bool | None = None) -> Record:
        """Make a record of Odoo out of these values: they get an id and stamps, and stay live."""
        key = values["id"] = self.world.new_id(model)
        if active is not None:
            values["active"] = active
        values["create_date"] = values["write_date"] = self.stamp
        self._records[model, key] = values
        return values

    def write(self, model: str, record: Record, **changes: Any) -> None:
        """Change a record of Odoo."""
        record.update(changes)
        record["write_date"] = self.stamp
        self._records[model, record["id"]] = record

    def unlink(self, model: str, key: int) -> None:
        """Delete a record of Odoo: it leaves no trace."""
        self._records.pop((model, key), None)
        self._gone.append((model, key))

    def show(
        self, name: str, key: int, payload: Record, modified: int, archived: int | None = None
    ) -> None:
        """Add or replace an object of HubSpot, whose payload carries its own stamps (ms)."""
        self._others[name, key] = (modified, archived, payload)

    def fact(self, kind: str, *details: Any) -> None:
        """Note what happened in the diary."""
        self._facts.append((kind, details))

    def link(self, source: Place, target: Place) -> None:
        """Note that one document led to another."""
        self._facts.append(("link", (*source, *target)))

    def _commit(self) -> None:
        store, journal = self.world.store, self.world.journal
        places = [*self._records, *self._others, *self._gone]
        shown = self.world.queue(places, self._begun, self._visible)
        store.put(self._records, shown, self.at)
        for place, (changed, archived, payload) in self._others.items():
            store.put({place: payload}, shown, changed, archived)
        store.remove(self._gone, shown)
        for kind, details in self._facts:
            journal.note(kind, shown, details)
