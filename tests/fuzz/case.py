"""One hostile input, and how it follows from a seed and a number."""

import random
from dataclasses import dataclass

from tests.fuzz import archives, json_answers, mt_lines, names, raw_bytes, seeds, xml_elements

KINDS = ("camt", "mt", "zip", "odoo", "hubspot")


@dataclass(frozen=True)
class Case:
    """A file called `name`, or what a vendor answers when asked for the stream `name`."""

    kind: str
    name: str
    content: bytes

    @property
    def is_file(self):
        return self.kind not in seeds.ANSWERS


def case_of(seed, number):
    """Return the case; always the same for the same seed and number."""
    rng = random.Random(f"{seed}:{number}")  # noqa: S311 - to be repeated is the point
    kind = KINDS[number % len(KINDS)]
    if kind in seeds.ANSWERS:
        name, body = rng.choice(seeds.ANSWERS[kind])
        content = json_answers.mutated(rng, body)
    else:
        name, content = names.mutated(rng), file_of(rng, kind)
    if rng.random() < 0.4:
        content = raw_bytes.mutated(rng, content)
    return Case(kind, name, content)


def file_of(rng, kind):
    """Return a good file of this kind with some of its structure turned against its reader."""
    if kind == "camt":
        return xml_elements.mutated(rng, rng.choice(seeds.camt()))
    if kind == "mt":
        return mt_lines.mutated(rng, rng.choice(seeds.mt()))
    inner = rng.choice(("camt", "mt"))
    return archives.mutated(rng, [file_of(rng, inner) for _ in range(rng.randint(0, 4))])
