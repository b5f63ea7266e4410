"""Read an answer's body whole, or say that it is not: a cut body must never look complete."""

from __future__ import annotations

import zlib

import requests
from urllib3.exceptions import HTTPError

MOST_BYTES = 64 * 1024 * 1024  # pages are bounded in records; large ones have a few MB
_PIECE = 1024 * 1024
_ANY_HEADER = 32 + zlib.MAX_WBITS  # gzip or zlib, by its own header


class BrokenAnswer(Exception):
    """The answer did not arrive whole; asking again may help."""


def read_body(response: requests.Response) -> bytes:
    """Return the decompressed body.

    Raises:
        BrokenAnswer: shorter than its Content-Length, a chunk or the gzip stream is cut, or larger
            than any answer.
    """
    raw = bytearray()
    try:
        # Undecoded: urllib3 does not notice a gzip stream without its end. Piece by piece to the
        # end, where it notices a body cut short.
        while piece := response.raw.read(_PIECE, decode_content=False):
            raw += piece
            _bound(len(raw))
    except (HTTPError, OSError) as error:
        raise BrokenAnswer(f"the body broke off ({type(error).__name__})") from None
    encoding = response.headers.get("Content-Encoding", "identity").strip().lower()
    if encoding in {"", "identity"}:
        return bytes(raw)
    if encoding in {"gzip", "x-gzip", "deflate"}:
        return _inflate(bytes(raw), encoding)
    raise BrokenAnswer(f"the body is encoded as {encoding!r}, we asked for gzip")


def _inflate(raw: bytes, encoding: str) -> bytes:
    parts, size = [], 0
    while raw:
        stream = zlib.decompressobj(_ANY_HEADER)
        try:
            parts.append(stream.decompress(raw, MOST_BYTES + 1 - size))
        except zlib.error:
            raise BrokenAnswer(f"the {encoding} body is corrupt") from None
        size += len(parts[-1])
        _bound(size)
        if not stream.eof:
            raise BrokenAnswer(f"the {encoding} body is cut")
        raw = stream.unused_data
    return b"".join(parts)


def _bound(size: int) -> None:
    if size > MOST_BYTES:
        raise BrokenAnswer(f"the body has more than {MOST_BYTES} bytes")
