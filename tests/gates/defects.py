"""All seeded defects, the nights they share, and what comes of a night they are planted in."""

from dataclasses import dataclass

from tests.gates import bank_defects, books_defects, crm_defects, erp_defects  # noqa: F401 - declare
from tests.gates.defect import DEFECTS, Defect
from tests.gates.planting import Garden
from tests.gates.replayed import Judged


@dataclass(frozen=True)
class Struck:
    """A night with defects: what each planted record is called, what sources refused, the rest."""

    planted: dict[str, str | None]
    refused: dict[str, str]
    judged: Judged

    def is_caught(self, defect: Defect, clean: Judged):
        """Tell whether the check that the defect names has caught it."""
        return defect.is_caught(clean, self.judged, self.refused, self.planted[defect.name])


def strike(ground, defects):
    """Plant defects and run the night."""
    with ground.scene("struck") as scene:
        garden = Garden(scene.company)
        planted = {one.name: one.plant(garden) for one in defects}
        refused = scene.land()
        return Struck(planted, refused, scene.judge())


def _grouped():
    """Share out the defects so that no two of a night could be taken for each other.

    A quarantined record is known by its key; of what is flagged or stopped one per room goes into
    a night, of the bank's files one per account.
    """
    groups: list[list[Defect]] = []
    for one in DEFECTS.values():
        fitting = (group for group in groups if all(_go_together(one, other) for other in group))
        group = next(fitting, None)
        if group is None:
            groups.append([one])
        else:
            group.append(one)
    return groups


def _go_together(one, other):
    if one.caught == other.caught or one.takes_a_day or other.takes_a_day:
        return False
    return one.room != other.room or (one.has_key and other.has_key)


GROUPS = _grouped()
