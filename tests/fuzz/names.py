"""File names nobody should choose."""

from tests.fuzz.raw_bytes import TEXTS

_SHAPES = (
    "day.xml", "statement.sta", "KONTO_1.zip", "..", "../../x.xml", "/etc/passwd", "a/b.xml",
    "C:\\x.xml", "con", "x\x00y.xml", "\udcff\udcfe.xml", "-rf", "day=2026-01-05", "x" * 4096,
    "e\u0301.xml", "\u00e9.xml",
)  # fmt: skip


def mutated(rng):
    """Return a name; most are harmless, so that contents are met as well."""
    name = rng.choice(_SHAPES) if rng.random() < 0.3 else "day.xml"
    if rng.random() < 0.3:
        at = rng.randint(0, len(name))
        name = name[:at] + rng.choice(TEXTS) + name[at:]
    return name
