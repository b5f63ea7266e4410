"""A body is read whole and bounded, whatever it unpacks to."""

import gzip
from io import BytesIO

import pytest
import requests
from urllib3 import HTTPResponse

from umlauf.transport import body
from umlauf.transport.body import BrokenAnswer, read_body


def answer(content, encoding=""):
    response = requests.Response()
    response.raw = HTTPResponse(BytesIO(content), preload_content=False)
    response.headers["Content-Encoding"] = encoding
    return response


def test_a_body_of_several_pieces_is_whole(monkeypatch):
    monkeypatch.setattr(body, "_PIECE", 7)

    assert read_body(answer(b"x" * 50)) == b"x" * 50
    assert read_body(answer(gzip.compress(b"x" * 50), "gzip")) == b"x" * 50
    assert read_body(answer(gzip.compress(b"x") + gzip.compress(b"y"), "gzip")) == b"xy"


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (b"x" * 1001, ""),
        (gzip.compress(bytes(10**7)), "gzip"),
        (gzip.compress(bytes(600)) * 2, "gzip"),
    ],
    ids=["long", "bomb", "bombs"],
)
def test_a_body_larger_than_any_answer_is_refused(monkeypatch, content, encoding):
    monkeypatch.setattr(body, "MOST_BYTES", 1000)

    with pytest.raises(BrokenAnswer, match="more than 1000 bytes"):
        read_body(answer(content, encoding))
