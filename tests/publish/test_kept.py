"""Snapshots that stay to be returned to, and what becomes of readers and the next night then."""

import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from tests.quality.small_build import AT, make_build
from umlauf.errors import ConfigError, LeaseLost
from umlauf.landing.own_records import own_files
from umlauf.publish.kept import roll_back, snapshots
from umlauf.publish.snapshot import publish_build
from umlauf.warehouse import build as building
from umlauf.warehouse.published import published_build_id, returned_from

pytestmark = pytest.mark.integration

NAMES = [f"2026040{day}T030000Z-000000000{day}" for day in range(1, 7)]


@pytest.fixture
def build(settings, tmp_path):
    return make_build(settings, tmp_path / "expectations")


def keeping(build, number):
    return replace(build, settings=build.settings.model_copy(update={"kept_snapshots": number}))


def publish(build, *names):
    for name in names:
        build.state(name)
        at = AT + timedelta(days=NAMES.index(name))
        publish_build(build.settings, name, at=at)
    return build.settings


def shown(settings):
    with duckdb.connect(settings.marts_file, read_only=True) as connection:
        return connection.execute("select distinct build_id from pipeline.fct_deal").fetchall()


def listed(settings):
    return [(one.build_id, one.is_published) for one in snapshots(settings)]


def test_a_publisher_frozen_just_before_it_swaps_does_not_show_what_its_successor_writes(
    build, monkeypatch
):
    file = publish(build, NAMES[0]).marts_file
    before, rename, swapping = file.read_bytes(), Path.replace, []

    def frozen_while_another_publishes(partial, target):
        if target != file:
            return rename(partial, target)
        swapping.append(partial.name)
        if len(swapping) == 2:
            return None  # the other has written all and does not swap yet
        (build.settings.leases / "warehouse.lock").unlink()
        publish(build, NAMES[0])
        return rename(partial, target)

    monkeypatch.setattr(Path, "replace", frozen_while_another_publishes)

    with pytest.raises(LeaseLost, match="somebody removed"):
        publish(build, NAMES[0])

    assert len(set(swapping)) == 2
    assert file.read_bytes() == before


def test_before_the_first_publishing_there_is_nothing_to_return_to(settings):
    assert snapshots(settings) == []
    with pytest.raises(ConfigError, match="no older snapshot is kept; there are none"):
        roll_back(settings)


def test_the_last_ones_are_kept_beside_the_published_one(build):
    build = keeping(build, 3)

    settings = publish(build, *NAMES)

    assert listed(settings) == [
        (NAMES[5], True), (NAMES[4], False), (NAMES[3], False), (NAMES[2], False)
    ]  # fmt: skip


def test_keeping_none_is_possible(build):
    assert listed(publish(keeping(build, 0), *NAMES[:3])) == [(NAMES[2], True)]


def test_without_a_name_it_goes_back_one_and_again_one_more(build):
    settings = publish(build, *NAMES[:3])

    roll_back(settings)
    assert shown(settings) == [(NAMES[1],)]
    roll_back(settings)
    assert shown(settings) == [(NAMES[0],)]
    assert listed(settings) == [(NAMES[2], False), (NAMES[1], False), (NAMES[0], True)]


def test_any_kept_one_comes_back_as_the_same_file_and_forward_as_well(build):
    settings = publish(build, *NAMES)

    for name in (NAMES[0], NAMES[4], NAMES[5], NAMES[5], NAMES[2]):
        assert roll_back(settings, name) == name
        assert shown(settings) == [(name,)]
        # Nothing is copied: that is why it takes no time.
        assert settings.marts_file.samefile(settings.marts_file.parent / "kept" / f"{name}.duckdb")


def test_an_unknown_one_names_those_there_are(build):
    settings = publish(build, *NAMES[:2])

    with pytest.raises(ConfigError, match=f"no snapshot x is kept; there are {NAMES[0]}"):
        roll_back(settings, "x")


def test_a_reader_keeps_what_it_has_open(build):
    settings = publish(build, *NAMES[:2])
    with duckdb.connect(settings.marts_file, read_only=True) as reader:
        roll_back(settings)

        found = reader.execute("select build_id from core.dim_date").fetchall()
        assert found == [(NAMES[1],)]


def test_a_published_file_that_cannot_be_read_is_replaced_by_the_newest_kept(build):
    settings = publish(build, *NAMES[:3])
    settings.marts_file.unlink()  # a new file: its second name below kept must not be damaged
    settings.marts_file.write_bytes(b"half a file" * 1000)

    assert roll_back(settings) == NAMES[1]
    assert shown(settings) == [(NAMES[1],)]


def test_a_kept_file_that_cannot_be_read_is_refused(build):
    settings = publish(build, *NAMES[:2])
    (settings.marts_file.parent / "kept" / f"{NAMES[0]}.duckdb").write_bytes(b"half" * 1000)

    with pytest.raises(ConfigError, match="cannot be read; choose another build"):
        roll_back(settings, NAMES[0])
    assert shown(settings) == [(NAMES[1],)]


def test_the_record_of_builds_stays_as_it_was(build):
    settings = publish(build, *NAMES[:2])
    before = own_files(settings.landing_root, "builds")

    roll_back(settings)

    assert own_files(settings.landing_root, "builds") == before


def test_what_was_rolled_back_is_not_published_again_without_news(build):
    settings = publish(build, *NAMES[:3])

    roll_back(settings, NAMES[1])
    roll_back(settings, NAMES[0])

    assert returned_from(settings) == [NAMES[2], NAMES[1]]
    assert building._has_been_shown(settings, NAMES[2])
    assert building._has_been_shown(settings, NAMES[0])
    assert not building._has_been_shown(settings, NAMES[3])


def test_once_something_new_is_published_nothing_is_held_back(build):
    settings = publish(build, *NAMES[:2])
    roll_back(settings)

    publish(build, NAMES[2])

    assert returned_from(settings) == []
    assert not building._has_been_shown(settings, NAMES[1])


@pytest.mark.parametrize(
    ("step", "call", "is_back"),
    [
        ("record_published", 1, False),
        ("_choose", 1, False),
        ("keep_snapshot", 1, False),
        ("note_return", 1, False),
        ("swap_in", 1, False),
        ("sync_folder", 2, True),
    ],
)
def test_killed_at_any_step_readers_see_one_or_the_other_and_a_rerun_ends_the_same(
    build, step, call, is_back
):
    settings = publish(build, *NAMES[:2])
    command = [sys.executable, "-c", _KILLED, str(settings.home), step, str(call)]

    assert subprocess.run(command, check=False).returncode == -9

    assert shown(settings) == [(NAMES[0 if is_back else 1],)]
    assert published_build_id(settings) == NAMES[0 if is_back else 1]
    roll_back(settings, NAMES[0])
    assert shown(settings) == [(NAMES[0],)]
    assert returned_from(settings) == [NAMES[1]]
    left = [file.name for file in settings.marts_file.parent.rglob("*.partial*")]
    assert left == []


_KILLED = """
import os, signal, sys
from umlauf.publish import kept
from umlauf.settings import load_settings

home, step, call = sys.argv[1:]
whole, calls = getattr(kept, step), []

def counted(*arguments, **named):
    calls.append(step)
    if len(calls) == int(call):
        os.kill(os.getpid(), signal.SIGKILL)
    return whole(*arguments, **named)

setattr(kept, step, counted)
kept.roll_back(load_settings(home=home))
"""
