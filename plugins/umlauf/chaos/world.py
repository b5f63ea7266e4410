"""A tiny company on the morning before a night: what every fault begins with.

    <folder>/company     the sandbox: its clock stands at the morning of the night
    <folder>/before      a home whose last night, the one before, is landed, built and published
    <folder>/after       the same home once the night is landed, built and checked; not published

A scene is a home of its own whose files are hard links of these: landed files and snapshots are
never changed, only replaced.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Literal
from unittest import mock

from umlauf.chaos.gremlin import GremlinControl
from umlauf.landing.run import Clock
from umlauf.nightly import Night, finish_night, land_one
from umlauf.publish.snapshot import publish_build
from umlauf.quality.gate import check_build
from umlauf.sandbox.clock import advance, read_clock
from umlauf.sandbox.company import make
from umlauf.sandbox.inbox import inbox
from umlauf.sandbox.serve.connections import connections
from umlauf.sandbox.serve.servers import Addresses
from umlauf.settings import Settings, load_settings
from umlauf.sources.registry import all_sources
from umlauf.warehouse.build import build_new

Phase = Literal["land", "publish", "finish"]
SOURCES = ["bank", "hubspot", "odoo"]
END = date(2026, 11, 17)
NIGHT = END + timedelta(days=1)
SCALE, MONTHS = 0.01, 3
# A fault's patience is a production night's, shortened: what is waited for is the same.
_HASTE = {
    "requests_per_second": 1e6, "connect_timeout": 1, "read_timeout": 0.6, "deadline": 1.2,
    "max_retries": 4, "retry_after_ceiling": 3,
}  # fmt: skip
# dbt lives on when its parent is killed, and holds the lease until it is done.
_LEASE_WAIT_SECONDS: dict[Phase, float] = {"land": 3, "publish": 3, "finish": 300}


@dataclass(kw_only=True)
class World:
    """The company, its servers and the two homes a scene is made of."""

    folder: Path
    addresses: Addresses
    gremlin: GremlinControl
    now: datetime
    build_id: str = ""
    requests: Mapping[str, int] = field(default_factory=dict)
    steps: Mapping[str, list[str]] = field(default_factory=dict)

    @property
    def before(self) -> Path:
        """Home of the night before."""
        return self.folder / "before"

    @property
    def after(self) -> Path:
        """Home of the night without fault."""
        return self.folder / "after"

    def settings(self, home: Path, phase: Phase = "land") -> Settings:
        """Return settings for a home of this world."""
        haste = dict.fromkeys(SOURCES, _HASTE)
        wait = _LEASE_WAIT_SECONDS[phase]
        return load_settings(home=home, sources=haste, lease_wait_seconds=wait)

    def scene(self, name: str, phase: Phase = "land", source: str = "") -> Scene:
        """Return a home that stands before a phase of the night.

        Landing: with `source` all others have landed their night. Finishing: all have, nothing is
        built. Publishing: what is built is checked as well.
        """
        home = self.folder / "scenes" / name
        names = [source] if source else SOURCES
        for folder in (self.after / "landing").iterdir():
            is_news = phase == "land" and folder.name in names
            origin = self.before if is_news else self.after
            _link(origin / "landing" / folder.name, home / "landing" / folder.name)
        origin = self.after if phase == "publish" else self.before
        # Written into, as the warehouse is, so these two are no links.
        shutil.copytree(origin / "cache", home / "cache")
        if phase == "land":
            shutil.copytree(inbox(self.folder / "company"), home / "inbox")
        else:
            _link(self.before / "marts", home / "marts")
            _link(self.before / "reports", home / "reports")
            shutil.copytree(origin / "warehouse", home / "warehouse")
        return Scene(world=self, home=home, phase=phase, names=names)


@dataclass(kw_only=True)
class Scene:
    """One home, and how its phase is run."""

    world: World
    home: Path
    phase: Phase = "land"
    names: list[str] = field(default_factory=lambda: SOURCES)
    day: date = NIGHT
    clock: Clock | None = None
    sftp: dict[str, str] = field(default_factory=dict)  # what its connection says instead
    has_fired: bool = True

    @property
    def inbox(self) -> Path:
        """The scene's own drop folder of bank files."""
        return self.home / "inbox"

    @property
    def settings(self) -> Settings:
        """Settings for this home."""
        return self.world.settings(self.home, self.phase)

    def run(self) -> None:
        """Do what the night does in this phase.

        Raises:
            UmlaufError: of sources the first that failed; the others have had their turn.
        """
        if self.phase == "land":
            self.land()
        elif self.phase == "publish":
            publish_build(self.settings, self.world.build_id, at=self.world.now)
        else:
            finish_night(Night(), self.settings, self._now)

    def land(self) -> None:
        """Land the day of every source of the scene.

        Raises:
            UmlaufError: the first source that failed; the others have had their turn.
        """
        failed: list[Exception] = []
        with mock.patch.dict(os.environ, self._connections()):
            for name in self.names:
                try:
                    land_one(self.settings, name, self.day, clock=self.clock or self._now)
                except Exception as error:  # judged by whoever runs the scene
                    failed.append(error)
        if failed:
            raise failed[0]

    def remove(self) -> None:
        """Delete the home."""
        shutil.rmtree(self.home, ignore_errors=True)

    def _now(self) -> datetime:
        return self.world.now

    def _connections(self) -> dict[str, str]:
        known = connections(self.world.addresses)
        hubspot = json.loads(known["AIRFLOW_CONN_HUBSPOT_DEFAULT"])
        hubspot["extra"] = {"searches_per_second": 1e6}
        bank = json.loads(known["AIRFLOW_CONN_BANK_DEFAULT"])
        bank["host"] = f"file://{self.inbox}"
        bank["extra"]["places"][0].update(self.sftp)
        changed = {"HUBSPOT": hubspot, "BANK": bank}
        return known | {
            f"AIRFLOW_CONN_{name}_DEFAULT": json.dumps(about) for name, about in changed.items()
        }


def make_company(folder: Path, seed: int) -> Path:
    """Make the company below `folder`, its clock at the end of its last day."""
    company = folder / "company"
    make(company, SCALE, seed, END, months=MONTHS)
    return company


def make_world(
    folder: Path,
    addresses: Addresses,
    gremlin: GremlinControl,
    isolated: Callable[[Callable[[], Any]], Any],
) -> World:
    """Run the night before and, in another home, the night up to its publishing, without fault.

    `isolated` runs each in a process of its own: this one is to stay without threads.
    """
    company = folder / "company"
    world = World(folder=folder, addresses=addresses, gremlin=gremlin, now=read_clock(company))
    before = Scene(world=world, home=world.before, day=END)
    shutil.copytree(inbox(company), before.inbox)
    isolated(before.land)
    isolated(lambda: _finish(before))
    world.now = advance(company, days=1)
    shutil.copytree(world.before, world.after)
    after = Scene(world=world, home=world.after)
    shutil.copytree(inbox(company), after.inbox, dirs_exist_ok=True)
    gremlin.plan(None)
    isolated(after.land)
    world.requests = gremlin.asked()
    world.build_id = isolated(lambda: _build_and_check(after))
    _keep_lineage(world, isolated)
    return world


def _keep_lineage(world: World, isolated: Callable[[Callable[[], Any]], Any]) -> None:
    """Leave in the cache of `after` what publishing an increment leaves there, as any night has."""
    scene = world.scene("lineage", "publish")
    isolated(scene.run)
    shutil.rmtree(world.after / "cache")
    shutil.copytree(scene.home / "cache", world.after / "cache")
    scene.remove()


def _finish(scene: Scene) -> None:
    finish_night(Night(), scene.settings, scene._now)


def _build_and_check(scene: Scene) -> str:
    build = build_new(scene.settings, all_sources())
    if build is None:
        raise RuntimeError("the night without fault brought nothing new")
    check_build(scene.settings, build.build_id, at=scene.world.now)
    return build.build_id


def _link(origin: Path, target: Path) -> None:
    if origin.exists():
        shutil.copytree(origin, target, copy_function=os.link)
