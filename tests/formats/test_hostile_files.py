"""Files made to hurt: rejected in under a second, with a reason and a place, without a socket."""

import socket
import time

import pytest

from tests.formats.camt_text import camt, entry, statement
from tests.formats.reading import read
from tests.formats.zip_text import zipped
from umlauf.errors import DataRejected

GOOD = camt(statement(entry()))
HEAD = GOOD[: GOOD.index(b"<Stmt>")]


def with_doctype(doctype):
    declaration, rest = GOOD.split(b"?>\n", 1)
    return declaration + b"?>\n" + doctype + rest


LAUGHS = b"".join(
    b'<!ENTITY l%d "%s">' % (level, b"&l%d;" % (level - 1) * 10) for level in range(1, 10)
)
CASES = {
    "laughs": with_doctype(b'<!DOCTYPE d [<!ENTITY l0 "ha">' + LAUGHS + b"]>"),
    "outside_file": with_doctype(b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>'),
    "outside_dtd": with_doctype(b'<!DOCTYPE d SYSTEM "http://127.0.0.1:9/x.dtd">'),
    "late_doctype": with_doctype(b"<!--" + b" " * 300_000 + b"--><!DOCTYPE d []>"),
    "utf16_doctype": "\ufeff<?xml version='1.0'?><!DOCTYPE d []><Document/>".encode("utf-16-le"),
    "utf7": GOOD.replace(b'"UTF-8"', b'"UTF-7"'),
    "deep": HEAD + b"<Stmt>" + b"<Pty>" * 1_000_000,
    "long_text": HEAD + b"<Stmt><Id>" + b"x" * 40_000_000,
    "long_attribute": HEAD + b'<Stmt a="' + b"x" * 40_000_000,
    "many_elements": HEAD + b"<Stmt>" + b"<Nm/>" * 5_000_000,
    "brace_in_namespace": GOOD.replace(b'xmlns="urn:', b'xmlns="}urn:'),
    "cut_off": GOOD[:-30],
    "nul": GOOD.replace(b"<Id>S-1", b"<Id>S\x00-1"),
    "nul_first": b"\x00\x00" + GOOD,
    "not_utf8": GOOD.replace(b"S-1", b"S-\xff"),
    "zip": zipped(("a.xml", GOOD)),
    "gzip": b"\x1f\x8b\x08" + b"\x00" * 20,
    "login_page": b"<!DOCTYPE html><html><body>Please log in</body></html>",
    "empty": b"",
    "blanks": b" \r\n" * 10,
    "csv": b"date;amount\n2026-01-01;1,50\n",
    "mt940_nul": b":20:A\n:25:1\n:61:26\x00",
    "mt940_long_line": b":20:A\n:25:1\n:86:" + b"x" * 1_000_000,
    "mt940_no_amount": b":20:A\n:25:1\n:60F:C260101EUR0,\n:61:260101C,,NMSCX\n",
    "mt940_balance": b":20:A\n:25:1\n:60F:C260101EUR1.234,56\n",
}


@pytest.mark.parametrize("name", CASES)
def test_a_hostile_or_broken_file_is_rejected_at_once(name, monkeypatch):
    def no_socket(*_):
        raise AssertionError("opened a socket")

    monkeypatch.setattr(socket, "socket", no_socket)
    begun = time.monotonic()

    with pytest.raises(DataRejected) as rejected:
        read(CASES[name])

    assert time.monotonic() - begun < 1
    assert rejected.value.reason.isprintable()
    assert "our parser failed" not in rejected.value.reason
    assert len(rejected.value.reason) < 400


@pytest.mark.parametrize(
    ("name", "place"),
    [("outside_file", "line 2"), ("mt940_no_amount", "line 4"), ("mt940_balance", "line 3"),
     ("mt940_nul", "line 3"), ("cut_off", "line 2"), ("laughs", "line 2")],
)  # fmt: skip
def test_the_rejection_names_the_line(name, place):
    with pytest.raises(DataRejected) as rejected:
        read(CASES[name])

    assert rejected.value.place == place


def test_text_of_others_cannot_write_lines_of_its_own_into_a_log():
    with pytest.raises(DataRejected) as rejected:
        read(b":20:A\n:25:1\n:61:\x1b[31mERROR\r all is well\n")

    assert str(rejected.value).isprintable()
