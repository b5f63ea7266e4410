"""Mutations of MT940: fields, lines, amounts, days."""

import re

from tests.fuzz.raw_bytes import TEXTS

_TAGS = (
    "20", "21", "25", "25P", "28", "28C", "60F", "60M", "61", "62F", "62M", "64", "65", "86", "90D",
    "13D", "34F", "NS", "2S", "999", "940",
)  # fmt: skip


def mutated(rng, data):
    """Return the text after some edits of its lines."""
    text = data.decode("utf-8", "replace")
    lines = text.splitlines()
    for _ in range(rng.choice((1, 1, 2, 3, 8))):
        lines = rng.choice(EDITS)(rng, lines) or [""]
    end = rng.choice(("\r\n", "\r\n", "\n", "\r", "\n\r", "\x85"))
    return end.join(lines).encode(rng.choice(("utf-8", "utf-8", "cp1252", "utf-16")), "replace")


def _drop(rng, lines):
    at = rng.randrange(len(lines))
    return lines[:at] + lines[at + 1 :]


def _double(rng, lines):
    at = rng.randrange(len(lines))
    return lines[:at] + [lines[at]] * rng.choice((2, 3, 500)) + lines[at + 1 :]


def _swap(rng, lines):
    lines = list(lines)
    one, other = rng.randrange(len(lines)), rng.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[one]
    return lines


def _edited(rng, lines, edit):
    at = rng.randrange(len(lines))
    return [*lines[:at], edit(lines[at]), *lines[at + 1 :]]


def _retag(rng, lines):
    return _edited(rng, lines, lambda line: re.sub(r"^:\w+:", f":{rng.choice(_TAGS)}:", line))


def _poison(rng, lines):
    def edit(line):
        numbers = list(re.finditer(r"[\d,]+|[A-Z]{3}", line))
        spot = rng.choice(numbers) if numbers else None
        value = rng.choice(TEXTS)
        return line[: spot.start()] + value + line[spot.end() :] if spot else value

    return _edited(rng, lines, edit)


def _insert(rng, lines):
    at = rng.randint(0, len(lines))
    return [*lines[:at], f":{rng.choice(_TAGS)}:{rng.choice(TEXTS)}", *lines[at:]]


def _join(rng, lines):
    at = rng.randrange(len(lines))
    return [*lines[:at], "".join(lines[at : at + 2]), *lines[at + 2 :]]


def _twice(_, lines):
    return lines * 2


EDITS = (_drop, _double, _swap, _retag, _poison, _poison, _poison, _insert, _join, _twice)
