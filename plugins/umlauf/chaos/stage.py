"""Play one fault, run the phase it struck once more, and judge where the scene ended."""

from __future__ import annotations

import os
import random
import shlex
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import duckdb

from umlauf.chaos.child import Child, Ended
from umlauf.chaos.judge import digest, read_state, strays, torn
from umlauf.chaos.kinds import KINDS, Kind, Strike
from umlauf.chaos.replay import Replay, published_hashes
from umlauf.chaos.steps import Steps
from umlauf.chaos.world import Scene, World

_PATIENCE_SECONDS = {"land": 60.0, "publish": 60.0, "finish": 600.0}


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What came of one fault; `wrong` is empty when nothing was lost, doubled, changed or left.

    `ended`: how each struck run ended. `lost`, `extra`: landed rows, where marts were compared.
    """

    seed: int
    kind: str
    row: int
    ended: tuple[str, ...]
    wrong: str = ""
    lost: int = 0
    extra: int = 0
    has_fired: bool = True
    compared_marts: bool = False
    seconds: float = 0.0
    said: str = ""

    @property
    def how_to_repeat(self) -> str:
        """The command that plays this fault again."""
        return f"umlauf chaos --seed {self.seed} --faults 1 --kind {shlex.quote(self.kind)}"


@dataclass(kw_only=True)
class Stage:
    """A world with its clean ending, on which faults are played."""

    world: World
    replay: Replay
    digest: str  # of the clean ending
    marts: dict[str, str] = field(default_factory=dict)  # content hash of each, but trust's

    def play(self, seed: int, kind: Kind | None = None) -> Verdict:
        """Play the fault of `seed` (its kind is drawn unless given) and judge."""
        begun = time.monotonic()
        chance = random.Random(seed)
        kind = kind or drawn(chance)
        scene = self.world.scene(f"{os.getpid()}-{seed}-{kind.name}", kind.phase, kind.source)
        try:
            ended, wrong = self._strike(scene, kind, chance)
            verdict = Verdict(
                seed=seed,
                kind=kind.name,
                row=kind.row,
                ended=tuple(end.how for end in ended),
                has_fired=scene.has_fired,
                said=" | ".join(end.said for end in ended if end.said)[:600],
                wrong=wrong,
            )
            if not wrong:
                verdict = replace(verdict, **self._judge(scene))
            return replace(verdict, seconds=round(time.monotonic() - begun, 2))
        finally:
            self.world.gremlin.plan(None)
            scene.remove()

    def run(self, scene: Scene, strike: Strike) -> list[Ended]:
        """Run the scene's phase as told, in as many processes, and return how each ended."""
        patience = _PATIENCE_SECONDS[scene.phase]
        first = self._child(scene, strike.inside)
        if strike.freezes:
            Child.wait(first.has_stopped, patience)
            if strike.lock_removed:
                (scene.settings.leases / f"{strike.lock_removed}.lock").unlink(missing_ok=True)
        others = [self._child(scene, lambda _: None) for _ in range(strike.runs - 1)]
        if strike.freezes:
            ended = [child.end(patience) for child in others]
            first.go_on()
            return [first.end(patience), *ended]
        return [child.end(patience) for child in (first, *others)]

    def _child(self, scene: Scene, inside: Callable[[Steps], None]) -> Child:
        def work() -> list[str]:
            steps = Steps(home=scene.home)
            inside(steps)
            steps.install()
            scene.run()
            return steps.names

        return Child(work, scene.home / "log")

    def _strike(self, scene: Scene, kind: Kind, chance: random.Random) -> tuple[list[Ended], str]:
        """Return how the struck runs ended, and what was wrong with that."""
        ended: list[Ended] = []
        for strike in kind.play(scene, chance):
            ended += self.run(scene, strike)
            if not strike.is_snapshot_damaged and (wrong := torn(scene.settings.marts_file)):
                return ended, f"readers saw a torn snapshot: {wrong}"
        for end in ended:
            if scene.has_fired and end.how not in kind.ends:
                return ended, f"the struck run {end.how}: {end.said}"
        return ended, ""

    def _judge(self, scene: Scene) -> dict[str, Any]:
        (rerun,) = self.run(scene, Strike())
        if rerun.how != "well":
            return {"wrong": f"the rerun {rerun.how}: {rerun.said}"}
        compare = self._compare_landing if scene.phase == "land" else self._compare_snapshot
        judged = Child(lambda: compare(scene), scene.home / "log").end(60)
        if judged.how != "well":
            return {"wrong": f"could not be judged: {judged.said}"}
        found: dict[str, Any] = judged.value
        left = list(strays(scene.home))
        return found | {"wrong": f"left behind: {left}"} if left else found

    def _compare_landing(self, scene: Scene) -> dict[str, Any]:
        if digest(scene.home) == self.digest:
            return {}
        difference = read_state(scene.home).against(read_state(self.world.after))
        found = {
            "lost": len(difference.lost), "extra": len(difference.extra), "compared_marts": True
        }  # fmt: skip
        return found | self._wrong_marts(self.replay.marts(scene.settings), str(difference))

    def _compare_snapshot(self, scene: Scene) -> dict[str, Any]:
        if wrong := torn(scene.settings.marts_file):
            return {"wrong": f"the snapshot: {wrong}"}
        with duckdb.connect(scene.settings.marts_file, read_only=True) as connection:
            built = connection.execute("select build_id from core.dim_date limit 1").fetchone()
        if built != (self.world.build_id,):
            return {"wrong": f"published is {built}, not {self.world.build_id}"}
        return {"compared_marts": True} | self._wrong_marts(
            published_hashes(scene.settings.marts_file), ""
        )

    def _wrong_marts(self, marts: dict[str, str], why: str) -> dict[str, Any]:
        names = sorted(name for name, stated in self.marts.items() if marts.get(name) != stated)
        return {"wrong": f"marts differ: {', '.join(names)}. {why}"} if names else {}


def drawn(chance: random.Random) -> Kind:
    """Draw a kind by weight; a whole build is struck once in a hundred, since it takes a minute."""
    is_slow = chance.random() < 0.01
    kinds = [kind for kind in KINDS.values() if (kind.phase == "finish") == is_slow]
    return chance.choices(kinds, [kind.weight for kind in kinds])[0]
