"""`umlauf verify`, as a person types it, on a bank's landed files and a snapshot."""

import json

import duckdb
import pytest

from tests.quality.small_build import AT, BUILD_ID, DAY, make_build
from umlauf.landing.own_records import land_own
from umlauf.publish.snapshot import publish_build

pytestmark = pytest.mark.integration


def flip(file, place=40):
    content = bytearray(file.read_bytes())
    content[place] ^= 1
    file.write_bytes(content)


def test_sound_files_are_counted_and_nothing_is_said(bank, run):
    done = run("verify")

    assert done.exit_code == 0, done.output
    assert done.stdout.startswith("4 files read again, ")  # 3 batches and the bank's own
    assert done.stdout.endswith(": 0 damaged, 0 set aside\n")


def test_a_damaged_batch_is_named_with_all_a_person_needs(bank, run):
    (file,) = bank.batches("entries")
    flip(file)

    done = run("verify", "bank")

    assert done.exit_code == 1
    line = done.stdout.splitlines()[0]
    assert line.startswith(
        f"damaged: file bank/entries/day=2026-01-05/{file.name}: expected SHA-256"
    )
    for part in (
        " came ",
        " Since 20",
        " Affects ",
        " To do: restore it from a backup",
        "runbook.md#",
    ):
        assert part in line


def test_damage_is_remembered_until_it_is_mended(bank, run):
    (file,) = bank.batches("entries")
    sound = file.read_bytes()
    flip(file)
    run("verify")
    told = run("status")
    file.write_bytes(sound)

    run("verify")

    what = f"file bank/entries/day=2026-01-05/{file.name}: LandingDamaged: expected"
    assert what in told.stdout
    assert what not in run("status").stdout


def test_what_is_set_aside_is_wrong_until_it_has_been_read_again_and_never_forgotten(bank, run):
    before = bank.known("entries")
    (file,) = bank.batches("entries")
    flip(file)

    done = run("verify", "--set-aside")

    assert done.exit_code == 1
    assert "1 damaged, 1 set aside" in done.stdout
    assert run("verify").exit_code == 0
    aside = f"WRONG       bank/entries/day=2026-01-05/{file.name}."
    assert aside in run("status").stdout
    bank.land()
    assert bank.known("entries") == before
    told = run("status").stdout
    assert aside not in told
    assert f"note        bank/entries/day=2026-01-05/{file.name}." in told
    assert "has been read again" in told


def test_bytes_that_are_gone_are_missed(bank, run):
    (kept,) = bank.root.glob("files/*/*.bin")
    kept.unlink()

    done = run("verify", "--json")

    (damage,) = json.loads(done.stdout)["damaged"]
    assert damage["what"].endswith(f"{kept.name}: expected the bytes of 'day.xml', came no file")


def test_damage_to_all_there_is_still_gets_a_full_report(bank, run):
    land_own(bank.settings.landing_root, "builds", DAY, {"x": {"build_id": "x"}}, AT)
    land_own(bank.settings.landing_root, "incidents", DAY, {"x": {"kind": "x", "message": ""}}, AT)
    files = [*bank.settings.landing_root.rglob("*.parquet"), *bank.root.rglob("*.bin")]
    for file in files:
        file.write_bytes(b"")

    done = run("verify")

    assert done.exit_code == 1, done.output
    assert f": {len(files)} damaged, 0 set aside" in done.stdout
    assert "is damaged" in run("status").stdout


@pytest.fixture
def snapshot(settings, tmp_path, monkeypatch):
    monkeypatch.setenv("UMLAUF_HOME", str(settings.home))
    build = make_build(settings, tmp_path / "expectations")
    return publish_build(build.settings, BUILD_ID, at=AT)


def test_a_snapshot_that_says_something_else_than_was_published_is_found(snapshot, run):
    assert run("verify").exit_code == 0
    with duckdb.connect(snapshot) as connection:
        connection.execute("update pipeline.fct_deal set deal_id = 99")

    done = run("verify")

    assert done.exit_code == 1
    assert "pipeline.fct_deal: expected content hash 1-" in done.stdout
    assert "To do: `umlauf restore`" in done.stdout


def test_every_flipped_byte_of_a_snapshot_s_tables_is_found_or_does_no_harm(snapshot, run):
    sound = snapshot.read_bytes()
    unseen = []
    for place in range(4096, len(sound), 9973):
        content = bytearray(sound)
        content[place] ^= 1
        snapshot.write_bytes(content)
        if run("verify").exit_code == 0 and not says_the_same(snapshot):
            unseen.append(place)

    assert unseen == []


def says_the_same(snapshot):
    with duckdb.connect(snapshot, read_only=True) as connection:
        found = connection.execute("select deal_id, rank from pipeline.fct_deal_daily").fetchall()
    return found == [(1, 7)]
