"""Landing a source of files: bytes kept, entries derived, nothing twice, nothing half."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pyarrow.parquet as pq
import pytest

from tests.formats.camt_text import balance, camt, entry, statement
from umlauf.errors import SourceUnavailable
from umlauf.landing import file_batches, raw_files
from umlauf.landing.batch import SCHEMA, read_about
from umlauf.spec import Connection
from umlauf.transport.folder import FolderPickup

GOOD = camt(statement(balance("OPBD", "1"), balance("CLBD", "6"), entry("5")))
BROKEN = camt(statement(balance("OPBD", "1"), balance("CLBD", "9"), entry("5"), number="8"))


def test_a_file_is_kept_byte_for_byte_and_its_records_name_it(bank):
    bank.put("day.xml", GOOD)

    report = bank.land()

    digest = sha256(GOOD).hexdigest()
    (kept,) = bank.root.glob("files/day=2026-01-05/*.bin")
    assert (kept.name, kept.read_bytes()) == (f"{digest}.bin", GOOD)
    assert {stream.stream: stream.rows for stream in report.streams} == {
        "entries": 1, "statements": 1, "files": 1,
    }  # fmt: skip
    assert [row["file_sha256"] for row in bank.payloads("entries")] == [digest]
    (record,) = bank.payloads("files")
    assert (record["name"], record["format"], record["entries"]) == (
        "day.xml",
        "camt.053.001.08",
        1,
    )


def test_landed_rows_have_the_shape_of_every_other_stream(bank):
    bank.put("day.xml", GOOD)
    bank.land()

    (row,) = bank.rows("entries")

    assert pq.read_schema(bank.batches("entries")[0]).remove_metadata() == SCHEMA
    assert row["record_version"] == datetime(2026, 1, 5, 19, 0)  # noqa: DTZ001 - naive means UTC
    assert row["is_deleted"] is False
    about = read_about(bank.batches("entries")[-1])
    assert about.is_complete
    assert about.window_end == datetime(2026, 1, 5, 23, 0, tzinfo=UTC)


def test_the_second_run_finds_nothing_to_do(bank):
    bank.put("day.xml", GOOD)
    bank.land()
    before = bank.batches("*")

    assert bank.land().rows == 0
    assert bank.batches("*") == before


def test_the_same_bytes_under_another_name_have_no_effect(bank):
    bank.put("day.xml", GOOD)
    bank.land()
    bank.put("day-again.xml", GOOD)

    assert bank.land().rows == 0
    assert len(list(bank.root.glob("files/*/*.bin"))) == 1


def test_twins_in_one_run_land_once(bank):
    bank.put("a.xml", GOOD)
    bank.put("b.xml", GOOD)

    assert bank.land().rows == 3


def test_a_re_export_lands_the_same_keys(bank):
    bank.put("day.xml", GOOD)
    bank.put("export.xml", GOOD.replace(b"M-1", b"M-2"))

    bank.land()

    assert len({row["record_key"] for row in bank.rows("files")}) == 2
    assert len({row["record_key"] for row in bank.rows("entries")}) == 1


def test_an_unreadable_file_is_kept_and_recorded_with_line_and_reason(bank):
    bank.put("cut.xml", GOOD[:-40])
    bank.put("day.xml", GOOD)

    bank.land()

    cut = next(record for record in bank.payloads("files") if record["name"] == "cut.xml")
    assert cut["rejected_place"] == "line 2"
    assert cut["quarantine_reason"].startswith("not well-formed XML")
    assert len(bank.rows("entries")) == 1
    assert len(list(bank.root.glob("files/*/*.bin"))) == 2
    assert bank.land().rows == 0


def test_entries_of_a_broken_statement_land_with_its_reason(bank):
    bank.put("day.xml", GOOD)
    bank.put("wrong.xml", BROKEN)

    bank.land()

    reasons = [row["quarantine_reason"] for row in bank.payloads("entries")]
    assert sorted(map(str, reasons)) == [
        "None", "its statement: opening 1 + 1 entries 5 = 6, the bank's closing is 9",
    ]  # fmt: skip
    assert sum(record["quarantined_statements"] for record in bank.payloads("files")) == 1


def test_a_crash_before_the_file_record_repeats_the_file_and_no_key_is_new(bank, monkeypatch):
    bank.put("day.xml", GOOD)
    commit = file_batches.commit_batch

    def crash_at_files(root, about, rows, lease):
        if about.stream == "files":
            raise KeyboardInterrupt
        return commit(root, about, rows, lease)

    with monkeypatch.context() as crashing:
        crashing.setattr(file_batches, "commit_batch", crash_at_files)
        with pytest.raises(KeyboardInterrupt):
            bank.land()
    keys = {row["record_key"] for row in bank.rows("entries")}

    assert bank.land().rows == 3
    assert {row["record_key"] for row in bank.rows("entries")} == keys
    assert len(bank.rows("files")) == 1


def test_a_crash_while_receiving_leaves_nothing_behind(bank):
    def broken():
        yield GOOD[:100]
        raise SourceUnavailable("gone")

    with pytest.raises(SourceUnavailable):
        raw_files.receive(broken(), bank.settings.landing_root, "bank", "2026-01-05")

    assert list(bank.root.rglob("*.*")) == []


def test_a_place_that_is_away_does_not_hold_the_others_up(bank):
    bank.put("day.xml", GOOD)
    places = [{"url": bank.inbox.as_uri()}]
    gone = Connection(
        conn_id="bank_default", url=(bank.inbox / "gone").as_uri(), extra={"places": places}
    )

    with pytest.raises(SourceUnavailable, match="cannot be listed"):
        bank.land(gone)

    assert len(bank.rows("entries")) == 1
    assert not any(read_about(file).is_complete for file in bank.batches("files"))


def test_names_are_data_and_never_paths(bank):
    bank.put("'; drop table x --{{ 1 }}\n.xml", GOOD)

    bank.land()

    assert [record["name"] for record in bank.payloads("files")] == [
        "'; drop table x --{{ 1 }}\n.xml"
    ]
    assert all(file.stem.isalnum() for file in bank.root.glob("files/*/*.bin"))


def test_a_large_file_lands_whole_in_several_batches(bank, monkeypatch):
    monkeypatch.setattr("umlauf.landing.entry_spool.CHUNK_BYTES", 20_000)
    monkeypatch.setattr(file_batches, "CHUNK_BYTES", 20_000)
    many = [entry("1.00") for _ in range(200)]
    bank.put("big.xml", camt(statement(balance("OPBD", "0"), balance("CLBD", "200"), *many)))
    bank.put("cut.xml", camt(statement(*many, number="9"))[:-60])
    bank.put(
        "wrong.xml", camt(statement(balance("OPBD", "0"), balance("CLBD", "1"), *many, number="10"))
    )

    bank.land()

    entries = bank.payloads("entries")
    assert len(bank.batches("entries")) > 5
    assert len({row["entry_key"] for row in entries}) == 400
    assert [row["ordinal"] for row in entries if row["quarantine_reason"] is None] == list(
        range(1, 201)
    )
    assert sum(bool(row["quarantine_reason"]) for row in entries) == 200
    assert list(bank.root.rglob("*.partial")) == []


def test_an_empty_file_waits_for_its_content(bank):
    bank.put("day.xml", b"", age=timedelta(hours=1))

    assert bank.land().rows == 0
    bank.put("day.xml", GOOD)
    assert bank.land().rows == 3


def test_one_file_that_cannot_be_read_does_not_hold_the_others_up(bank, monkeypatch):
    bank.put("a.xml", GOOD)
    bank.put("b.xml", BROKEN)
    read = FolderPickup.read

    def read_all_but_a(pickup, file):
        if file.name == "a.xml":
            raise SourceUnavailable("bank: 'a.xml' changed while it was read; next run")
        return read(pickup, file)

    monkeypatch.setattr(FolderPickup, "read", read_all_but_a)

    with pytest.raises(SourceUnavailable, match=r"a\.xml"):
        bank.land()

    assert [record["name"] for record in bank.payloads("files")] == ["b.xml"]
