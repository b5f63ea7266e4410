"""What a seeded defect is: where it is planted, and which check has to catch it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

QUARANTINED, FLAGGED, STOPPED, REFUSED = "quarantined", "flagged", "stopped", "refused"
# Reasons of checks that catch more than one.
PARITY = (
    "marts.parity: Our figure is not the source's own, and nothing known explains it. Land that "
    "source again (umlauf land SOURCE) and build; if the difference stays, look the subject up in "
    "the source by its ids (docs/decisions/0051)."
)
ENCODINGS = (
    "UTF-8 was read as another encoding: a name spelt so is found by nobody, and no payment names "
    "it."
)
Outcome = Literal["quarantined", "flagged", "stopped", "refused"]


@dataclass(frozen=True)
class Defect:
    """One kind.

    `room` is what it touches; `caught` the name of the check, or of quarantine and refusals the
    words of the reason. One that `takes_a_day` is seen a day later, when records that
    others were planted in may have newer versions.
    """

    name: str
    story: str
    room: str
    outcome: Outcome
    caught: str
    plant: Callable = field(repr=False)
    takes_a_day: bool = False

    @property
    def has_key(self):
        """Tell whether its record is known by its key among others of the night."""
        return self.outcome == QUARANTINED and not self.room.startswith("bank")

    def is_caught(self, clean, judged, refused, planted):
        """Tell whether a night with it, beside one without, was caught by the check it names."""
        if self.outcome == REFUSED:
            return any(self.caught in said for said in refused.values())
        if self.outcome == QUARANTINED:
            news = judged.quarantined.items() - clean.quarantined.items()
            return any(
                self.caught in reason and (planted is None or key == planted)
                for (_, key), reason in news
            )
        severity = "critical" if self.outcome == STOPPED else "warning"
        is_refused = self.outcome != STOPPED or bool(judged.stopped)
        check = (self.caught, severity)
        return is_refused and check in judged.failed and check not in clean.failed


DEFECTS: dict[str, Defect] = {}


def defect(room, outcome, caught, *, takes_a_day=False):
    """Declare a defect, named after its function, told by its docstring.

    The function plants it in a `Garden` and returns the key of the record, if that is what is
    quarantined.
    """

    def declare(plant):
        name = plant.__name__
        if name in DEFECTS:
            raise ValueError(f"two defects are called {name}")
        DEFECTS[name] = Defect(name, plant.__doc__, room, outcome, caught, plant, takes_a_day)
        return plant

    return declare
