"""A batch that somebody deletes is missed by `umlauf verify`, and what it held comes back."""

import pytest

from tests.sources.bank.conftest import NOW
from umlauf.landing.counted import expected_batches, missing_batches, note_batches
from umlauf.landing.own_records import own_files

pytestmark = pytest.mark.integration


@pytest.fixture
def bank(bank):
    """Return a bank of which a build has met all that had landed."""
    note_batches(bank.settings.landing_root, NOW)
    return bank


def test_each_batch_is_noted_once(bank):
    root = bank.settings.landing_root
    there = sorted(file.relative_to(root).as_posix() for file in bank.root.rglob("*.parquet"))
    assert expected_batches(root) == there

    note_batches(root, NOW)  # now the note itself is noted, and nothing else is new
    note_batches(root, NOW)

    first, *more = own_files(root, "batches")
    assert len(more) == 2
    assert str(root / expected_batches(root)[-2]) in (first, more[0])
    assert missing_batches(root) == []


@pytest.mark.parametrize("stream", ["entries", "statements", "files"])
def test_a_deleted_batch_is_named_with_what_to_do(bank, stream, run):
    (file,) = bank.batches(stream)
    assert run("verify").exit_code == 0
    file.unlink()

    done = run("verify")

    assert done.exit_code == 1
    name = f"file bank/{stream}/day=2026-01-05/{file.name}"
    assert f"damaged: {name}: a build has read it, and it is gone." in done.stdout
    assert "To do: restore it from a backup; or `umlauf verify --set-aside`" in done.stdout
    assert f"{name}: LandingDamaged: a build has read it" in run("status").stdout


def test_a_whole_day_that_is_gone_is_missed_file_by_file(bank, run):
    for stream in ("entries", "statements"):
        (file,) = bank.batches(stream)
        file.unlink()
        file.parent.rmdir()

    assert "2 damaged, 0 set aside" in run("verify", "bank").stdout


def test_put_back_from_a_backup_all_is_well(bank, run):
    (file,) = bank.batches("entries")
    content = file.read_bytes()
    file.unlink()
    run("verify")
    file.write_bytes(content)

    assert run("verify").exit_code == 0
    assert "and it is gone" not in run("status").stdout


@pytest.mark.parametrize("stream", ["entries", "statements"])
def test_set_aside_it_is_read_again_and_then_no_longer_missed(bank, stream, run):
    before = bank.known(stream)
    (file,) = bank.batches(stream)
    file.unlink()
    file.parent.rmdir()

    done = run("verify", "--set-aside")

    assert "1 damaged, 1 set aside" in done.stdout
    assert run("verify").exit_code == 0
    bank.land()
    assert bank.known(stream) == before
    (aside,) = bank.root.glob(f"{stream}/*/*.damaged")
    aside.unlink()
    assert run("verify").exit_code == 0


def test_a_batch_that_is_put_back_later_is_expected_again(bank, run):
    root = bank.settings.landing_root
    (file,) = bank.batches("entries")
    content = file.read_bytes()
    file.unlink()
    run("verify", "--set-aside")
    assert file.relative_to(root).as_posix() not in expected_batches(root)
    file.write_bytes(content)

    note_batches(root, NOW)

    file.unlink()
    assert missing_batches(root) == [file]


def test_a_note_that_is_deleted_is_missed_by_the_next(bank):
    root = bank.settings.landing_root
    (note,) = own_files(root, "batches")
    note_batches(root, NOW)
    (root / note).unlink()

    assert missing_batches(root) == [root / note]


def test_before_the_first_build_nothing_is_missed(settings):
    assert missing_batches(settings.landing_root) == []
