"""Steps of a process, counted from inside: in one of its own, since what is installed stays."""

import errno
import os
import time

import pytest

from umlauf.chaos.child import Child
from umlauf.chaos.steps import Steps, fail_with, kill


def writes_a_file(home):
    partial = home / "batch.partial"
    with partial.open("wb") as file:
        file.write(b"rows")
        file.flush()
        os.fsync(file.fileno())
    partial.replace(home / "batch")


def run(home, **steps):
    def work():
        counted = Steps(home=home, **steps)
        counted.install()
        writes_a_file(home)
        return counted.names

    return Child(work, home.parent / "log").end(10)


@pytest.fixture
def home(tmp_path):
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


def test_each_step_of_a_commit_is_counted(home):
    assert run(home).value == ["open", "write", "fsync", "rename"]


@pytest.mark.parametrize(("at", "left"), [(1, []), (3, ["batch.partial"]), (4, ["batch.partial"])])
def test_a_process_is_killed_before_the_step_is_done(home, at, left):
    ended = run(home, at=at, act=kill)

    assert ended.how == "killed"
    assert [file.name for file in home.iterdir()] == left


def test_a_step_fails_as_the_operating_system_would_have_it(home):
    ended = run(home, at=3, act=fail_with(errno.ENOSPC))

    assert ended.how == "failed"
    assert "No space left on device" in ended.said


def test_a_process_that_does_not_end_is_hung(tmp_path):
    assert Child(lambda: time.sleep(30), tmp_path / "log").end(0.1).how == "hung"


def test_an_error_that_is_not_ours_is_a_crash(tmp_path):
    ended = Child(lambda: {}["missing"], tmp_path / "log").end(10)

    assert ended.how == "crashed"
    assert "KeyError" in ended.said
