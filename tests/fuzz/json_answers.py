"""Mutations of a vendor's JSON answer: keys, types, numbers, depth."""

import json

from tests.fuzz.raw_bytes import TEXTS

_LITERALS = (
    "NaN", "-Infinity", "1e400", "-1e400", "9223372036854775808", "-1", "0", "9" * 40, "9" * 5000,
    "0.1", "null", "true", "false", '""', '" "', '"\\ud800"', '"\\udc00x"', '"\\u0000"', "[]", "{}",
    "[" * 100_000, "[" * 5000 + "]" * 5000, '{"a":' * 3000 + "1" + "}" * 3000, '"\x01"', "'", "",
    '{"id":1,"id":2}', '"0001-01-01T00:00:00+14:00"', '"9999-12-31T23:59:59.999-14:00"',
    '"2026-02-30T00:00:00Z"', '"1600-01-01T00:00:00Z"', '"2026-01-05 10:00:00"',
)  # fmt: skip
_MARK = "\u0007mark"


def mutated(rng, data):
    """Return the answer after some edits of its values."""
    text = data.decode()
    for _ in range(rng.choice((1, 1, 2, 3))):
        try:
            value = json.loads(text)
        except (ValueError, RecursionError):
            break
        text = _edited(rng, value)
    return text.encode("utf-8", "replace")


def _edited(rng, value):
    """Put a mark at a random place, then write something else in its stead."""
    holder, key = rng.choice(list(_places(value)))
    edit = rng.random()
    if edit < 0.15 and isinstance(holder, dict):
        del holder[key]
    elif edit < 0.25 and isinstance(holder, list):
        holder += [holder[key]] * rng.choice((1, 30))
    elif edit < 0.3 and isinstance(holder, dict):
        holder[rng.choice(TEXTS)] = holder.pop(key)
    else:
        holder[key] = _MARK
    literal = rng.choice((*_LITERALS, json.dumps(rng.choice(TEXTS))))
    return json.dumps([value])[1:-1].replace(json.dumps(_MARK), literal)


def _places(value):
    pending = [[value]]
    while pending:
        holder = pending.pop()
        keys = list(holder) if isinstance(holder, dict) else range(len(holder))
        for key in keys:
            if holder[key] is not value:
                yield holder, key
            if isinstance(holder[key], dict | list):
                pending.append(holder[key])
    if not value:
        yield {"x": 1}, "x"
