"""Damaged bank files and damaged batches of what they say: what comes back, and from where."""

from datetime import timedelta
from hashlib import sha256

import pytest

from tests.formats.camt_text import balance, camt, entry, statement
from tests.sources.bank.conftest import DAY
from umlauf.landing.intact import all_set_aside, set_aside
from umlauf.landing.land import land_day
from umlauf.sources.bank import SOURCE

FIRST = camt(statement(balance("OPBD", "1"), balance("CLBD", "6"), entry("5")))
SECOND = camt(statement(balance("OPBD", "6"), balance("CLBD", "9"), entry("3"), number="8"))


@pytest.fixture
def landed(bank):
    bank.put("first.xml", FIRST)
    bank.land()
    bank.put("second.xml", SECOND)
    bank.land()
    return bank


def everything(bank):
    return {name: bank.known(name) for name in ("entries", "statements", "files")}


@pytest.mark.parametrize("stream", ["entries", "statements"])
@pytest.mark.parametrize("number", [0, 1])
def test_a_lost_batch_is_read_again_from_the_kept_files(landed, stream, number):
    before = everything(landed)
    for file in landed.inbox.iterdir():
        file.unlink()
    set_aside(landed.batches(stream)[number], landed.clock())
    assert everything(landed) != before

    landed.land()

    assert everything(landed) == before
    assert landed.land().rows == 0


def test_on_a_day_without_any_new_file_as_well(landed):
    before = everything(landed)
    set_aside(landed.batches("entries")[0], landed.clock())

    day = DAY - timedelta(days=1)
    land_day(SOURCE, day, landed.settings, landed.connection, clock=landed.clock)

    assert everything(landed) == before


def test_a_lost_record_of_a_file_is_made_again_from_the_bytes_alone(landed):
    before = everything(landed)
    for file in landed.inbox.iterdir():
        file.unlink()
    set_aside(landed.batches("files")[0], landed.clock())

    landed.land()

    after = everything(landed)
    assert after["entries"] == before["entries"]
    assert after["files"].keys() == before["files"].keys()
    assert landed.land().rows == 0


def test_kept_bytes_that_were_damaged_are_taken_again_from_the_bank_s_folder(landed):
    before = everything(landed)
    digest = sha256(FIRST).hexdigest()
    (kept,) = landed.root.glob(f"files/*/{digest}.bin")
    kept.write_bytes(FIRST[:-1])
    set_aside(kept, landed.clock())

    landed.land()

    (kept,) = landed.root.glob(f"files/*/{digest}.bin")
    assert kept.read_bytes() == FIRST
    assert everything(landed) == before
    assert landed.land().rows == 0


def test_bytes_taken_again_on_another_day_are_taken_once(landed):
    digest = sha256(FIRST).hexdigest()
    (kept,) = landed.root.glob(f"files/*/{digest}.bin")
    set_aside(kept, landed.clock())
    day = DAY - timedelta(days=1)

    for _ in range(2):
        land_day(SOURCE, day, landed.settings, landed.connection, clock=landed.clock)

    assert [file.parent.name for file in landed.root.glob(f"files/*/{digest}.bin")] == [
        "day=2026-01-04"
    ]
    (aside,) = all_set_aside(landed.settings.landing_root, "bank", "files")
    assert aside.is_back
    assert len(landed.rows("files")) == 3  # each file once, and this one once more


def test_kept_bytes_that_the_bank_has_no_more_leave_what_was_read_of_them(landed):
    before = everything(landed)
    (kept,) = landed.root.glob(f"files/*/{sha256(FIRST).hexdigest()}.bin")
    (landed.inbox / "first.xml").unlink()
    set_aside(kept, landed.clock())

    landed.land()

    assert everything(landed) == before


def test_a_copy_sent_again_under_another_name_is_taken(landed):
    digest = sha256(FIRST).hexdigest()
    (kept,) = landed.root.glob(f"files/*/{digest}.bin")
    (landed.inbox / "first.xml").unlink()
    set_aside(kept, landed.clock())
    landed.put("first-again.xml", FIRST, age=timedelta(minutes=30))

    landed.land()

    assert len(list(landed.root.glob(f"files/*/{digest}.bin"))) == 1
    assert len(landed.known("entries")) == 2
