"""A company whose last night is published, and copies of it in which one more night goes by."""

import json
import os
import shutil
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from unittest import mock

from tests.gates.replayed import BUILD_ID, judge, landed_checks
from umlauf.chaos.replay import Replay, read_replay
from umlauf.errors import UmlaufError
from umlauf.nightly import Night, enabled_sources, finish_night, land_one
from umlauf.sandbox.clock import advance, read_clock
from umlauf.sandbox.company.make import make
from umlauf.sandbox.serve.connections import connections
from umlauf.sandbox.serve.rates import RateLimits
from umlauf.sandbox.serve.servers import running
from umlauf.settings import load_settings

END = date(2026, 11, 29)  # a Sunday; on the Monday each bank account has fees to book
SCALE, MONTHS = 0.02, 13


@dataclass(frozen=True)
class Ground:
    """The company at the end of a business day and the home in which its night is published."""

    folder: Path
    replay: Replay

    def here(self):
        """Return the company itself: what happens to it stays."""
        return Scene(self.replay, self.folder / "company", self.folder / "home")

    def said(self):
        """Return what every check said of the first night, as landed, by tool and name."""
        return landed_checks(self.here().settings.landing_root)

    @contextmanager
    def scene(self, name):
        """Yield a copy on the morning after one more day; nothing of that day has landed yet."""
        scene = Scene(self.replay, self.folder / name / "company", self.folder / name / "home")
        shutil.copytree(self.folder / "company", scene.company)
        for part in ("landing", "marts"):
            shutil.copytree(self.folder / "home" / part, scene.home / part, copy_function=os.link)
        manifest = Path("warehouse/dbt/manifest.json")
        (scene.home / manifest).parent.mkdir(parents=True)
        os.link(self.folder / "home" / manifest, scene.home / manifest)
        advance(scene.company)
        try:
            yield scene
        finally:
            shutil.rmtree(self.folder / name)


@dataclass(frozen=True)
class Scene:
    """One copy."""

    replay: Replay
    company: Path
    home: Path

    @property
    def settings(self):
        return load_settings(home=self.home)

    @property
    def now(self):
        return read_clock(self.company)

    def land(self):
        """Land all over HTTP and from the bank's files; return what each source refused."""
        refused = {}
        settings = self.settings
        with serving(self.company):
            for source in enabled_sources(settings):
                try:
                    land_one(settings, source.name, clock=lambda: self.now)
                except UmlaufError as error:
                    refused[source.name] = str(error)
        return refused

    def judge(self, build_id=BUILD_ID):
        """Run every check on what has landed."""
        return judge(self.replay, self.settings, self.now, build_id)


@contextmanager
def serving(company):
    """Serve a company's systems, and let the environment say where."""
    with running(company, limits=RateLimits(searches_per_second=0)) as addresses:
        known = connections(addresses)
        hubspot = json.loads(known["AIRFLOW_CONN_HUBSPOT_DEFAULT"])
        hubspot["extra"] = {"searches_per_second": 1e6}  # its real four would be most of the night
        known["AIRFLOW_CONN_HUBSPOT_DEFAULT"] = json.dumps(hubspot)
        with mock.patch.dict(os.environ, known):
            yield


def prepare(folder, seed=7, *, scale=SCALE, months=MONTHS, end=END):
    """Make a company below `folder`, land all of it, build and publish it through dbt."""
    make(folder / "company", scale, seed, end, months=months)
    scene = Scene(None, folder / "company", folder / "home")
    refused = scene.land()
    if refused:
        raise RuntimeError(f"a night without defect was refused: {refused}")
    finish_night(Night(), scene.settings, lambda: scene.now)
    # Apart from the warehouse, which later nights of the same home replace.
    seeds = shutil.copy(scene.settings.warehouse_file, folder / "seeds.duckdb")
    return Ground(folder, replace(read_replay(scene.settings), seeds=Path(seeds)))
