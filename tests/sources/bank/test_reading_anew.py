"""Files an older parser read: the landing becomes what the new parser alone would land."""

import logging
from contextlib import contextmanager

import msgspec
import pytest

from tests.formats.camt_text import balance, camt, entry, statement
from tests.formats.test_unreadable_fields import mt_day, mt_file
from umlauf.errors import DataRejected
from umlauf.formats.model import PARSER_VERSION
from umlauf.formats.read import read_bank_file
from umlauf.landing import file_batches, file_reader, files

pytestmark = pytest.mark.integration

MOVED = "DE02120300000000202051"  # the account whose statements the older parser knew otherwise
DAY = (balance("OPBD", "1"), balance("CLBD", "13"))
FILES = {
    "a.xml": camt(statement(*DAY, entry("5"), entry("7"))),
    "b.xml": camt(
        statement(*DAY, entry("12"), iban=MOVED), statement(*DAY, entry("12"), number="8")
    ),
    # The same statement again, with other entries: the bank opened one of them into two.
    "c.xml": camt(statement(*DAY, entry("5"), entry("3"), entry("4")), message="M-2"),
    "d.sta": mt_file(mt_day(0, ":61:nonsense"), mt_day(1)),
}
READ = ("entries", "statements", "files")


def older_parser(file, sha256, emit):
    """Read as a parser might have done before: other keys, and a bad field rejects its file."""
    if b"nonsense" in file.read():
        raise DataRejected("a field that cannot be read", "line 7")
    file.seek(0)

    def renamed(item, **keys):
        if item.account == MOVED:
            keys["statement_key"] = f"old-{item.statement_key}"
        return msgspec.structs.replace(item, **keys)

    found = read_bank_file(
        file, sha256, lambda item: emit(renamed(item, entry_key=f"old-{item.entry_key}"))
    )
    return msgspec.structs.replace(found, statements=list(map(renamed, found.statements)))


@pytest.fixture
def older(monkeypatch):
    """Return a maker of contexts in which an older parser is at work."""

    @contextmanager
    def at_work(parser=older_parser, version=PARSER_VERSION - 1):
        with monkeypatch.context() as patch:
            patch.setattr(file_reader, "read_bank_file", parser)
            patch.setattr(file_reader, "PARSER_VERSION", version)
            patch.setattr(files, "PARSER_VERSION", version)
            yield

    return at_work


def put_all(bank):
    for name, content in FILES.items():
        bank.put(name, content)


def picture(bank):
    return {stream: bank.known(stream) for stream in READ}


@pytest.fixture
def expected(new_bank):
    fresh = new_bank("fresh")
    put_all(fresh)
    fresh.land()
    return picture(fresh)


def test_kept_files_are_read_anew_and_no_stale_row_survives(bank, older, expected):
    put_all(bank)
    with older():
        bank.land()
    before = picture(bank)

    report = bank.land()

    assert len(before["entries"]) == 5
    assert picture(bank) == expected != before
    # All five, the moved account's statement, and what the re-export no longer has.
    assert {item.stream: item.deleted for item in report.streams} == {
        "entries": 6, "statements": 1, "files": 0,
    }  # fmt: skip
    assert bank.land().rows == 0


def test_what_was_known_before_is_known_as_it_was(bank, older):
    put_all(bank)
    with older():
        bank.land()
    before, known_on = picture(bank), max(row["fetched_at"] for row in bank.rows("files"))

    bank.land()

    assert {stream: bank.known(stream, known_on) for stream in READ} == before


def test_a_file_that_the_older_parser_rejected_leaves_quarantine(bank, older):
    bank.put("d.sta", FILES["d.sta"])
    with older():
        bank.land()
    assert len(bank.rows("statements")) == 0

    bank.land()

    (record,) = bank.known("files").values()
    assert msgspec.json.decode(record)["quarantine_reason"] is None
    reasons = [msgspec.json.decode(item)["quarantine_reason"] for item in
               bank.known("statements").values()]  # fmt: skip
    assert sorted(map(bool, reasons)) == [False, True]
    assert len(bank.known("entries")) == 3


def test_a_file_that_only_the_older_parser_understood_takes_its_rows_along(bank, older):
    put_all(bank)
    bank.land()

    with older(version=PARSER_VERSION + 1):
        bank.land()

    digest = next(key for key, text in bank.known("files").items() if '"d.sta"' in text)
    assert "a field that cannot be read" in bank.known("files")[digest]
    assert not [text for text in bank.known("entries").values() if digest in text]
    assert not [text for text in bank.known("statements").values() if digest in text]


@pytest.mark.parametrize("commits", range(9))
def test_a_crash_at_any_commit_is_made_good_by_the_next_run(
    bank, older, expected, monkeypatch, commits
):
    put_all(bank)
    with older():
        bank.land()
    commit, done = file_batches.commit_batch, []

    def crash(root, about, rows, lease):
        if len(done) == commits:
            raise KeyboardInterrupt
        done.append(about.stream)
        return commit(root, about, rows, lease)

    with monkeypatch.context() as patch:
        patch.setattr(file_batches, "commit_batch", crash)
        patch.setattr(file_batches, "CHUNK_BYTES", 1_000)  # every file is a commit of its own
        with pytest.raises(KeyboardInterrupt):
            bank.land()
    bank.land()

    assert picture(bank) == expected
    assert bank.land().rows == 0


def test_damaged_bytes_are_named_and_hold_nothing_else_up(bank, older, expected, caplog):
    put_all(bank)
    with older():
        bank.land()
    digest = next(key for key, text in bank.known("files").items() if '"d.sta"' in text)
    (kept,) = bank.root.glob(f"files/day=*/{digest}.bin")
    kept.write_bytes(b"rot")

    with caplog.at_level(logging.ERROR):
        bank.land()

    assert f"the kept bytes of 'd.sta' ({digest}) are gone or damaged" in caplog.text
    now = picture(bank)
    assert digest in now["files"]
    assert now["entries"].items() <= expected["entries"].items()
    assert len(now["entries"]) == len(expected["entries"]) - 3


@pytest.mark.parametrize("runs", [1, 2])
def test_a_re_export_with_other_entries_replaces_those_it_no_longer_has(bank, runs):
    bank.put("a.xml", FILES["a.xml"])
    if runs == 2:
        bank.land()
    bank.put("c.xml", FILES["c.xml"])
    bank.land()

    amounts = [msgspec.json.decode(text)["amount"] for text in bank.known("entries").values()]
    assert sorted(amounts) == ["3", "4", "5"]


def test_a_run_that_died_under_an_older_parser_leaves_nothing_stale(
    bank, new_bank, older, monkeypatch
):
    for one in (bank, fresh := new_bank("fresh")):
        one.put("a.xml", FILES["a.xml"])
    fresh.land()
    commit = file_batches.commit_batch

    def crash_at_statements(root, about, rows, lease):
        if about.stream == "statements":
            raise KeyboardInterrupt
        return commit(root, about, rows, lease)

    with monkeypatch.context() as patch, older():
        patch.setattr(file_batches, "commit_batch", crash_at_statements)
        with pytest.raises(KeyboardInterrupt):
            bank.land()
    assert len(bank.known("entries")) == 2

    bank.land()

    assert picture(bank) == picture(fresh)
