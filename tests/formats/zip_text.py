"""Writes ZIP archives, honest ones and others."""

import stat
import warnings
import zipfile
from io import BytesIO


def zipped(*members, method=zipfile.ZIP_DEFLATED):
    """Return an archive of (name, content); names are written as they are."""
    target = BytesIO()
    with zipfile.ZipFile(target, "w", method) as packed, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # two files of one name
        for name, content in members:
            info = zipfile.ZipInfo("x")
            info.filename = name
            packed.writestr(info, content, method)
    return target.getvalue()


def link(name, to):
    """Return an archive with a symbolic link."""
    target = BytesIO()
    with zipfile.ZipFile(target, "w") as packed:
        info = zipfile.ZipInfo(name)
        info.create_system = 3
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        packed.writestr(info, to)
    return target.getvalue()


def directory_offsets(archive):
    """Return where each member's row in the directory begins."""
    start, offsets = 0, []
    while (start := archive.find(b"PK\x01\x02", start)) >= 0:
        offsets.append(start)
        start += 4
    return offsets


def encrypted(archive):
    """Set the flag of encryption on the first member, in both of its heads."""
    data, (row, *_) = bytearray(archive), directory_offsets(archive)
    data[6] |= 1
    data[row + 8] |= 1
    return bytes(data)


def lying(archive, size):
    """Let the first member's heads announce another size."""
    data, (row, *_) = bytearray(archive), directory_offsets(archive)
    data[22:26] = data[row + 24 : row + 28] = size.to_bytes(4, "little")
    return bytes(data)


def overlapping(content, copies):
    """Return an archive whose members all share the packed bytes of the first: a small bomb."""
    archive = zipped(("0", content))
    (row,) = directory_offsets(archive)
    end = archive.index(b"PK\x05\x06", row)
    rows = b"".join(
        archive[row : row + 46] + name + archive[row + 47 : end]
        for name in (bytes([33 + number]) for number in range(copies))
    )
    tail = bytearray(archive[end:])
    tail[8:12] = copies.to_bytes(2, "little") * 2
    tail[12:16] = len(rows).to_bytes(4, "little")
    return archive[:row] + rows + bytes(tail)
