"""ZIP archives in the drop folder: kept as they came, their members landed like files."""

from hashlib import sha256

import pytest

from tests.formats.camt_text import balance, camt, entry, statement
from tests.formats.zip_text import encrypted, link, zipped
from umlauf.formats.model import PARSER_VERSION
from umlauf.landing import file_batches, file_reader, files

ONE = camt(statement(balance("OPBD", "1"), balance("CLBD", "6"), entry("5")))
TWO = camt(statement(balance("OPBD", "6"), balance("CLBD", "7"), entry("1"), number="8"))
DAY = zipped(("one.xml", ONE), ("two.xml", TWO), ("read.me", b"hello"))


def records(bank):
    return {record["name"]: record for record in bank.payloads("files")}


def test_an_archive_is_kept_and_its_members_land_like_files(bank):
    bank.put("day.zip", DAY)

    bank.land()

    kept = {file.read_bytes() for file in bank.root.glob("files/*/*.bin")}
    assert kept == {DAY, ONE, TWO, b"hello"}
    understood = {name: (item["format"], item["entries"]) for name, item in records(bank).items()}
    assert understood == {
        "day.zip": ("zip", 0),
        "day.zip/one.xml": ("camt.053.001.08", 1),
        "day.zip/two.xml": ("camt.053.001.08", 1),
        "day.zip/read.me": (None, 0),
    }
    digests = [payload["file_sha256"] for payload in bank.payloads("entries")]
    assert digests == [sha256(ONE).hexdigest(), sha256(TWO).hexdigest()]
    assert bank.land().rows == 0


def test_a_statement_that_came_before_has_no_effect_in_an_archive(bank):
    bank.put("one.xml", ONE)
    bank.land()
    bank.put("day.zip", DAY)

    bank.land()

    assert len(bank.rows("entries")) == 2
    assert len(bank.rows("files")) == 4


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (encrypted(zipped(("one.xml", ONE))), "encrypted"),
        (link("one.xml", "/etc/passwd"), "a link or device"),
        (zipped(("one.xml", ONE), ("../../../one.xml", TWO)), "leads out"),
        (zipped(("one.xml", ONE), ("bomb", bytes(3_000_000))), "200 times"),
        (zipped(("one.xml", ONE), ("two.xml", TWO))[:-9], "broken"),
    ],
)
def test_of_a_refused_archive_nothing_lands_but_its_bytes_and_the_reason(bank, data, reason):
    bank.put("day.zip", data)
    bank.put("day.xml", TWO)

    bank.land()

    assert reason in records(bank)["day.zip"]["quarantine_reason"]
    assert {file.read_bytes() for file in bank.root.glob("files/*/*.bin")} == {data, TWO}
    assert len(bank.rows("entries")) == 1


def test_a_crash_behind_the_members_repeats_the_archive_and_no_key_is_new(bank, monkeypatch):
    bank.put("day.zip", DAY)
    commit = file_batches.commit_batch

    def crash_at_files(root, about, rows, lease):
        if about.stream == "files":
            raise KeyboardInterrupt
        return commit(root, about, rows, lease)

    monkeypatch.setattr(file_batches, "commit_batch", crash_at_files)
    with pytest.raises(KeyboardInterrupt):
        bank.land()
    monkeypatch.undo()

    bank.land()

    assert len(bank.known("files")) == len(bank.rows("files")) == 4
    assert len(bank.known("entries")) == 2


def test_an_archive_that_an_older_parser_refused_is_unpacked_later(bank, monkeypatch):
    def refused(_):
        raise files.DataRejected("archives are refused")

    bank.put("day.zip", DAY)
    with monkeypatch.context() as older:
        older.setattr(files, "members_of", refused)
        older.setattr(files, "PARSER_VERSION", PARSER_VERSION - 1)
        older.setattr(file_reader, "PARSER_VERSION", PARSER_VERSION - 1)
        bank.land()
    assert list(records(bank)) == ["day.zip"]

    bank.land()

    assert len(bank.known("entries")) == 2
    assert len(bank.known("files")) == 4
    assert bank.land().rows == 0
