"""Mutations that know nothing of the format, and the texts all formats are tried with."""

TEXTS = (
    "", " ", "\x00", "\x1b[31m", "\r\nERROR root: all is well", "\u202e", "\ufeff", "\u2028",
    "=cmd|' /C calc'!A0", "+1", "-1", "@SUM(1)", "\t=1", "{{ 7 * 7 }}", "${jndi:ldap://x}",
    "'; drop table entries; --", "../../../etc/passwd", "%s%n", "NaN", "Infinity", "-Infinity",
    "1e400", "9" * 40, "0." + "1" * 40, "1,5", "1.234,56", "-0", "\u0663", "9223372036854775808",
    "2026-02-30", "20260105", "2026-W02-1", "0000-00-00", "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-14:00", "EUR", "eur", "XXX", "\u20acUR", "true", "null", "x" * 70_000,
    "\x85", "e\u0301", "\u00e9",
)  # fmt: skip
PIECES = (
    b"\x00",
    b"\xff",
    b"\xed\xa0\x80",
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"\xc0\xaf",
    b"\r",
    b"\x1a",
)


def mutated(rng, data):
    """Return the bytes after a few random edits."""
    for _ in range(rng.choice((1, 1, 2, 4, 16))):
        data = rng.choice(EDITS)(rng, data)
    return data


def _span(rng, data):
    start = rng.randint(0, len(data))
    return start, min(len(data), start + rng.choice((1, 2, 8, 64, 1024)))


def _flip(rng, data):
    if not data:
        return data
    at = rng.randrange(len(data))
    return data[:at] + bytes([data[at] ^ 1 << rng.randrange(8)]) + data[at + 1 :]


def _cut(rng, data):
    return data[: rng.randint(0, len(data))]


def _remove(rng, data):
    start, end = _span(rng, data)
    return data[:start] + data[end:]


def _repeat(rng, data):
    start, end = _span(rng, data)
    return data[:end] + data[start:end] * rng.choice((1, 2, 50)) + data[end:]


def _move(rng, data):
    start, end = _span(rng, data)
    rest, at = data[:start] + data[end:], rng.randint(0, len(data))
    return rest[:at] + data[start:end] + rest[at:]


def _insert(rng, data):
    at = rng.randint(0, len(data))
    piece = rng.choice((*PIECES, rng.choice(TEXTS).encode(), rng.randbytes(8)))
    return data[:at] + piece + data[at:]


EDITS = (_flip, _flip, _cut, _remove, _repeat, _move, _insert, _insert)
