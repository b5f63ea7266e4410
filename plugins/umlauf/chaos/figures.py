"""What many faults came to, in one line and as JSON."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any

from umlauf.chaos.stage import Verdict


@dataclass(kw_only=True)
class Figures:
    """Sums over verdicts."""

    verdicts: list[dict[str, Any]] = field(default_factory=list)
    ended: Counter[str] = field(default_factory=Counter)
    kinds: set[str] = field(default_factory=set)
    rows: set[int] = field(default_factory=set)
    unfired: int = 0
    compared_marts: int = 0
    wrong: int = 0

    def add(self, verdict: Verdict) -> None:
        """Count one verdict."""
        self.verdicts.append(asdict(verdict))
        self.wrong += bool(verdict.wrong)
        if not verdict.has_fired:
            self.unfired += 1
            return
        self.kinds.add(verdict.kind)
        self.rows.add(verdict.row)
        self.ended.update(verdict.ended)
        self.compared_marts += verdict.compared_marts

    def to_dict(self) -> dict[str, Any]:
        """Return the sums, JSON-ready."""
        return {
            "faults": len(self.verdicts) - self.unfired,
            "not_fired": self.unfired,
            "kinds": len(self.kinds),
            "matrix_rows": sorted(self.rows),
            "struck_runs_ended": dict(self.ended),
            "marts_compared": self.compared_marts,
            "wrong": self.wrong,
        }

    def __str__(self) -> str:
        told = self.to_dict()
        ended = ", ".join(f"{count} {how}" for how, count in self.ended.most_common())
        return (
            f"{told['faults']} faults of {told['kinds']} kinds ({len(self.rows)} rows of the "
            f"matrix; {self.unfired} more found nothing to spoil); struck runs: {ended}; after one "
            f"plain rerun {self.wrong} wrong (rows lost or doubled, marts changed, torn reads, "
            f"files left behind); marts compared {self.compared_marts} times"
        )
