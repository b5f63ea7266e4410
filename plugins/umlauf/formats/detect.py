"""Which format a bank file is in, told from its first bytes; the name is never trusted."""

from __future__ import annotations

import re
from typing import Literal

from umlauf.errors import DataRejected

HEAD_BYTES = 256 * 1024

_KNOWN_OTHERS = (
    (b"PK\x03\x04", "a ZIP archive of them"),
    (b"PK\x05\x06", "an empty ZIP archive"),
    (b"\x1f\x8b", "a gzip archive; unpack it and deliver the file"),
    (b"7z\xbc\xaf", "a 7z archive; unpack it and deliver the files"),
    (b"Rar!", "a RAR archive; unpack it and deliver the files"),
    (b"BZh", "a bzip2 archive; unpack it and deliver the file"),
    (b"\xfd7zXZ", "an xz archive; unpack it and deliver the file"),
    (b"%PDF", "a PDF"),
    (b"\xd0\xcf\x11\xe0", "an old Office file"),
)
_MT_FIELD = re.compile(rb"(?:^|[\r\n])\s*:(?:20|25|28C?|60[FM]|61):")
_HTML = re.compile(rb"<(?:!doctype\s+html|html)\b", re.IGNORECASE)
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def detect(head: bytes) -> Literal["camt", "mt"]:
    """Tell camt (XML) from MT940/MT942 (SWIFT text).

    Raises:
        DataRejected: empty, an archive, or nothing we know; the reason says what it looks like.
    """
    if not head.strip(b"\x00\r\n\t \x1a"):
        raise DataRejected("empty file: no bytes, or only blanks", "line 1")
    for magic, what in _KNOWN_OTHERS:
        if head.startswith(magic):
            raise DataRejected(f"not a bank statement but {what}", "line 1")
    if _HTML.search(head[:2048]):
        raise DataRejected("not a bank statement but a web page (a login page?)", "line 1")
    start = head.lstrip(b"\xef\xbb\xbf\r\n\t ")
    if start.startswith((b"<", b"\xff\xfe<", b"\xfe\xff\x00<")):
        return "camt"
    if _MT_FIELD.search(head.replace(b"\x00", b"") if head[:2] in _UTF16 else head):
        return "mt"
    raise DataRejected("neither camt XML nor MT940: no '<', no ':20:', no ':61:'", "line 1")
