"""ZIP archives with tricks: names, flags, sizes, links, nesting, repetition."""

import zipfile

from tests.formats.zip_text import encrypted, link, lying, overlapping, zipped
from tests.fuzz import names
from umlauf.formats.values import printable

_METHODS = (zipfile.ZIP_STORED, *[zipfile.ZIP_DEFLATED] * 4, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)


def mutated(rng, contents):
    """Return an archive of these contents, honest in a third of the cases."""
    members = [(f"statements/{number}.xml", content) for number, content in enumerate(contents)]
    if members and rng.random() < 0.3:
        members[0] = (printable(names.mutated(rng))[:60_000], members[0][1])
    if members and rng.random() < 0.1:
        members.append(members[0])
    archive = zipped(*members, method=rng.choice(_METHODS))
    return rng.choice(TRICKS)(rng, archive, members)


def _none(_, archive, __):
    return archive


def _flagged(_, archive, members):
    return encrypted(archive) if members else archive


def _lied(rng, archive, members):
    return lying(archive, rng.choice((0, 1, 10**6, 2**31, 2**32 - 1))) if members else archive


def _nested(_, archive, __):
    return zipped(("inner.zip", archive))


def _linked(rng, _, __):
    return link("statement.xml", rng.choice(("/etc/passwd", "../../x", "statement.xml")))


def _many(rng, _, __):
    return zipped(*((str(number), b"x") for number in range(rng.choice((300, 400)))))


def _bomb(rng, _, __):
    return zipped(("bomb.xml", bytes(rng.choice((10**5, 10**7)))))


def _shared(rng, _, members):
    return overlapping(members[0][1] if members else b"x" * 1000, rng.choice((2, 90)))


def _header(rng, archive, _):
    """Change bytes of the directory, where all sizes and places stand."""
    data, start = bytearray(archive), max(archive.find(b"PK\x01\x02"), 0)
    for _ in range(rng.choice((1, 2, 8))):
        data[rng.randrange(start, len(data))] = rng.randrange(256)
    return bytes(data)


def _around(rng, archive, _):
    return rng.choice((b"MZ", b"", b"PK\x03\x04")) + archive + rng.choice((b"", b"x" * 70_000))


TRICKS = (
    *[_none] * 6, _flagged, _lied, _nested, _linked, _many, _bomb, _shared, _header, _header,
    _header, _around,
)  # fmt: skip
