"""ZIP archives: read whole, or refused with the reason before anything of them counts."""

import zipfile
from io import BytesIO

import pytest

from tests.formats.camt_text import camt, entry, statement
from tests.formats.zip_text import encrypted, link, lying, overlapping, zipped
from umlauf.errors import DataRejected
from umlauf.formats import archive
from umlauf.formats.archive import is_archive, members_of

GOOD = camt(statement(entry()))


def read(data):
    members = members_of(BytesIO(data))
    return [(member.name, member.size, member.open().read()) for member in members]


def test_members_come_in_order_with_their_bytes_and_folders_are_none():
    data = zipped(("b/2.xml", GOOD), ("b/", b""), ("a.sta", b":20:1"))

    assert is_archive(BytesIO(data))
    assert read(data) == [("b/2.xml", len(GOOD), GOOD), ("a.sta", 5, b":20:1")]


def test_another_file_is_no_archive():
    assert not is_archive(BytesIO(GOOD))
    assert not is_archive(BytesIO(b""))


@pytest.mark.parametrize(
    ("data", "reason", "place"),
    [
        (zipped(), "without a file", ""),
        (zipped(("a.xml", GOOD))[:-30], "broken", ""),
        (zipped(("a.xml", GOOD), ("a.xml", GOOD)), "two files of one name", "member 'a.xml'"),
        (zipped(("../a.xml", GOOD)), "leads out", "member '../a.xml'"),
        (zipped(("/etc/a.xml", GOOD)), "leads out", "member '/etc/a.xml'"),
        (zipped(("a\\..\\b.xml", GOOD)), "leads out", "member 'a\\\\..\\\\b.xml'"),
        (zipped(("C:a.xml", GOOD)), "leads out", "member 'C:a.xml'"),
        (zipped(("a\r\nb.xml", GOOD)), "leads out", "member 'a b.xml'"),
        (zipped(("a\x00.xml", GOOD)), "leads out", "member 'a .xml'"),
        (link("a.xml", "/etc/passwd"), "a link or device", "member 'a.xml'"),
        (encrypted(zipped(("a.xml", GOOD))), "encrypted", "member 'a.xml'"),
        (zipped(("in.zip", zipped(("a.xml", GOOD)))), "archive in an archive", "member 'in.zip'"),
        (zipped(("a.gz", b"\x1f\x8b\x08")), "archive in an archive", "member 'a.gz'"),
        (zipped(("a.xml", GOOD), method=zipfile.ZIP_BZIP2), "method 12", "member 'a.xml'"),
        (lying(zipped(("a.xml", GOOD)), 10), "broken", "member 'a.xml'"),
        (lying(zipped(("a.xml", GOOD)), 10_000), "instead of the 10000", "member 'a.xml'"),
        (zipped(("a.xml", bytes(2_000_000))), "200 times", ""),
        (overlapping(bytes(range(256)) * 400, 80), "200 times", ""),
        (overlapping(GOOD, 2), "broken", "member '!'"),
    ],
)  # fmt: skip
def test_a_refused_archive_says_why_and_which_member(data, reason, place):
    with pytest.raises(DataRejected, match=reason) as rejected:
        read(data)

    assert rejected.value.place == place
    assert rejected.value.reason.isprintable()


def test_a_damaged_member_is_found_before_the_first_is_given_out():
    data = bytearray(zipped(("a.xml", GOOD), ("b.xml", GOOD), method=zipfile.ZIP_STORED))
    data[data.rindex(b"<Stmt>") + 1] ^= 1

    with pytest.raises(DataRejected, match="CRC") as rejected:
        members_of(BytesIO(bytes(data)))

    assert rejected.value.place == "member 'b.xml'"


@pytest.mark.parametrize(
    ("limit", "most", "reason"),
    [("MOST_MEMBERS", 2, "3 files"), ("MOST_BYTES", 14, "15 bytes"), ("_MOST_DIRECTORY", 99, "99")],
)  # fmt: skip
def test_limits_hold(monkeypatch, limit, most, reason):
    data = zipped(*((name, b"12345") for name in "abc"))
    read(data)
    monkeypatch.setattr(archive, limit, most)

    with pytest.raises(DataRejected, match=reason):
        read(data)
