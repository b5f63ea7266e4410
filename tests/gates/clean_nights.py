"""Nights of companies in which nothing is wrong: whatever a check says then is a false alarm.

What the sandbox's own bad luck brings (a bank file hours late, a wrong booking put right) belongs
to a clean night: a gate must live with it.
"""

import shutil
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta

from tests.gates.ground import END, SCALE, prepare
from umlauf.publish.snapshot import publish_build
from umlauf.sandbox.clock import advance


@dataclass
class Nights:
    """What was said in how many nights: a check by name and severity."""

    nights: int = 0
    refused: Counter = field(default_factory=Counter)
    alarms: Counter = field(default_factory=Counter)

    def __add__(self, other):
        return Nights(
            nights=self.nights + other.nights,
            refused=self.refused + other.refused,
            alarms=self.alarms + other.alarms,
        )

    def __str__(self):
        lines = [f"{self.nights} clean nights, {self.critical} critical, {self.warnings} warnings"]
        said = sorted(self.alarms.items(), key=lambda one: -one[1])
        lines += [f"{nights:>4} nights  {kind:<8}  {name}" for (name, kind), nights in said]
        lines += [f"{nights:>4} nights  refused   {said}" for said, nights in self.refused.items()]
        return "\n".join(lines)

    @property
    def critical(self):
        return self._of("critical")

    @property
    def warnings(self):
        return self._of("warning")

    def _of(self, severity):
        return sum(nights for (_, kind), nights in self.alarms.items() if kind == severity)


def run(folder, seed, nights, tell=lambda text: None):
    """Run so many nights of the company of `seed`; `tell` hears of each that was not silent."""
    # Companies end on different days of the year, so that their nights are not the same dates.
    ground = prepare(folder, seed, scale=SCALE, end=END - timedelta(days=91 * (seed - 1)))
    scene = ground.here()
    found = Nights()
    for _ in range(nights):
        advance(scene.company)
        found.refused.update(f"{name}: {said}" for name, said in scene.land().items())
        build_id = f"night {scene.now:%Y-%m-%d}"
        judged = scene.judge(build_id)
        found.nights += 1
        found.alarms.update(list(judged.failed))
        for (name, severity), message in judged.failed.items():
            tell(f"seed {seed} {build_id}: {severity} {name}: {message}")
        if not judged.stopped:
            publish_build(scene.settings, build_id, at=scene.now)
    shutil.rmtree(folder)
    return found
