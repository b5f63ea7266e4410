"""A landed file that is no longer what was landed is found, whichever of its bits has changed."""

import json
from dataclasses import asdict
from datetime import UTC, date, datetime
from hashlib import sha256

import duckdb
import pyarrow.parquet as pq
import pytest

from umlauf.errors import LandingDamaged
from umlauf.landing.batch import BatchAbout, commit_batch, payload_hash, read_about
from umlauf.landing.census import listed_at
from umlauf.landing.columns import record_table
from umlauf.landing.intact import (
    all_set_aside,
    fault_of,
    landed_files,
    naming_damage,
    refuse_damaged,
    set_aside,
)

NOW = datetime(2026, 11, 23, 3, 30, tzinfo=UTC)
# A payload and a cursor that look like a seal: they must not be taken for the file's own.
FAKE = "umlauf_sha256\x18@" + "0" * 64
ABOUT = BatchAbout(
    source="crm", stream="deals", day=date(2026, 11, 22), fetched_at=NOW, rows_fetched=2,
    cursor_to=FAKE,
)  # fmt: skip
ROWS = record_table(["1", "2"], [NOW, NOW], [FAKE, '{"amount": "10.00"}'], NOW)


@pytest.fixture
def file(tmp_path):
    return commit_batch(tmp_path, ABOUT, ROWS)


def written_before_there_were_seals(root, rows):
    """Write a batch as it was written then."""
    stated = {name: value for name, value in asdict(ABOUT).items() if name != "is_sealed"}
    stated |= {"payload_sha256": payload_hash(rows)}
    file = ABOUT.file_below(root)
    file.parent.mkdir(parents=True)
    text = json.dumps(stated, default=lambda moment: moment.isoformat())
    pq.write_table(rows.replace_schema_metadata({"umlauf": text}), file, compression="zstd")
    return file


def test_a_sealed_batch_is_an_ordinary_parquet_file(tmp_path, file):
    assert fault_of(tmp_path, file) == ""
    assert pq.read_table(file).equals(ROWS)
    assert duckdb.sql(f"select record_key from '{file}'").fetchall() == [("1",), ("2",)]


def test_every_flipped_bit_is_found(tmp_path, file):
    sound = file.read_bytes()
    unseen = []
    for place in range(len(sound)):
        content = bytearray(sound)
        content[place] ^= 1 << (place % 8)
        file.write_bytes(content)
        if not fault_of(tmp_path, file):
            unseen.append(place)

    assert unseen == []


@pytest.mark.parametrize("size", [0, 3, 11, 500, -1])
def test_a_file_that_was_cut_is_found(tmp_path, file, size):
    file.write_bytes(file.read_bytes()[:size])

    assert fault_of(tmp_path, file)


def test_what_was_expected_and_what_came_is_told(tmp_path, file):
    content = bytearray(file.read_bytes())
    content[40] ^= 1
    file.write_bytes(content)

    with pytest.raises(
        LandingDamaged, match=r"expected SHA-256 \w{12}\.\.\., came \w{12}\.\.\.\. .*verify"
    ):
        refuse_damaged(tmp_path, [file])


def test_a_batch_in_another_place_than_its_own_is_found(tmp_path, file):
    moved = tmp_path / "crm" / "companies" / "day=2026-11-22" / file.name
    moved.parent.mkdir(parents=True)
    file.rename(moved)

    assert fault_of(tmp_path, moved).startswith("it says that it is crm/deals/day=2026-11-22/")


def test_batches_from_before_there_were_seals_are_judged_by_what_they_state(tmp_path):
    rows, other = (record_table(["1", key], [NOW, NOW], ["{}", "{}"], NOW) for key in "23")
    file = written_before_there_were_seals(tmp_path, rows)
    about = pq.read_schema(file).metadata
    assert fault_of(tmp_path, file) == ""

    pq.write_table(other.replace_schema_metadata(about), file)
    assert "keys and payloads" in fault_of(tmp_path, file)
    pq.write_table(rows.slice(1).replace_schema_metadata(about), file)
    assert fault_of(tmp_path, file) == "expected 2 rows, came 1"
    pq.write_table(rows.select([0, 1]).replace_schema_metadata(about), file)
    assert fault_of(tmp_path, file).startswith("expected columns")


def test_a_kept_file_is_named_after_its_bytes(tmp_path):
    file = tmp_path / "bank" / "files" / "day=2026-11-22" / f"{sha256(b'camt').hexdigest()}.bin"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"camt")
    assert list(landed_files(tmp_path, "bank")) == [file]
    assert fault_of(tmp_path, file) == ""

    file.write_bytes(b"cant")

    now = sha256(b"cant").hexdigest()
    assert fault_of(tmp_path, file) == f"expected SHA-256 {file.stem[:12]}..., came {now[:12]}..."


def test_a_footer_that_cannot_be_read_is_named_wherever_it_is_met(tmp_path, file):
    file.write_bytes(b"PAR1" + bytes(500))

    with pytest.raises(LandingDamaged, match=file.name):
        read_about(file)
    with pytest.raises(LandingDamaged, match=file.name):
        listed_at(tmp_path, "crm", "deals")


def test_readers_that_fail_over_sound_files_fail_as_before(tmp_path, file):
    with pytest.raises(duckdb.BinderException), naming_damage(tmp_path, [file]):
        duckdb.sql(f"select no_such_column from '{file}'")


def test_readers_that_fail_over_a_damaged_file_name_it(tmp_path, file):
    file.write_bytes(file.read_bytes()[:-9])

    with pytest.raises(LandingDamaged, match=file.name), naming_damage(tmp_path, [file]):
        duckdb.sql(f"select * from '{file}'").fetchall()


def test_a_file_that_is_set_aside_keeps_its_bytes_and_is_out_of_use(tmp_path, file):
    content = file.read_bytes()

    set_aside(file, NOW)

    (aside,) = all_set_aside(tmp_path, "crm", "deals")
    assert (aside.was, aside.at, aside.is_back) == (file, NOW, False)
    assert aside.file.read_bytes() == content
    assert list(landed_files(tmp_path, "crm")) == []
    aside.file.rename(file)
    assert list(landed_files(tmp_path, "crm")) == [file]
