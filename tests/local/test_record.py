"""`down` ends what the record names, all of it, and nothing else."""

import os
import signal
import subprocess
import sys
import time

import psutil
import pytest

from umlauf.local.record import (
    Process,
    Record,
    end_all,
    is_same,
    read_record,
    record_file,
    write_record,
)

pytestmark = pytest.mark.integration

SLEEP = "import time; time.sleep(600)"
# A leader of a session whose child has a child of its own; prints the grandchild's id.
FAMILY = f"""
import subprocess, sys, time
child = "import subprocess, sys; p = subprocess.Popen([sys.executable, '-c', {SLEEP!r}]);"
child += "print(p.pid, flush=True); p.wait()"
subprocess.Popen([sys.executable, "-c", child])
time.sleep(600)
"""


def record_of(process):
    return Record(pid=process.pid, started=psutil.Process(process.pid).create_time())


def is_gone(pid):
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        if not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
            return True
        time.sleep(0.02)
    return False


@pytest.fixture
def family():
    leader = subprocess.Popen(
        [sys.executable, "-c", FAMILY], stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    grandchild = int(leader.stdout.readline())
    yield leader, grandchild
    for pid in (leader.pid, grandchild):
        if psutil.pid_exists(pid):
            os.kill(pid, signal.SIGKILL)
    leader.wait()
    leader.stdout.close()


def test_children_of_children_end_with_the_platform(family):
    leader, grandchild = family

    end_all(record_of(leader), patience_seconds=1)

    assert is_gone(grandchild)
    assert is_gone(leader.pid)


def test_what_a_killed_leader_left_behind_is_found_and_ended(family):
    leader, grandchild = family
    record = record_of(leader)
    leader.kill()
    leader.wait()
    assert psutil.pid_exists(grandchild)

    end_all(record, patience_seconds=1)

    assert is_gone(grandchild)


def test_a_process_that_got_an_old_number_is_left_alone():
    stranger = subprocess.Popen([sys.executable, "-c", SLEEP], start_new_session=True)
    try:
        record = Record(pid=stranger.pid, started=1.0)
        record.components["scheduler"] = Process(pid=stranger.pid, started=1.0)

        assert not record.is_alive()
        assert end_all(record, patience_seconds=0.1) == 0
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_our_own_process_is_the_same_as_itself_only_at_its_start_time():
    started = psutil.Process().create_time()

    assert is_same(os.getpid(), started)
    assert not is_same(os.getpid(), started - 3600)


def test_the_record_comes_back_as_written(tmp_path):
    record = Record(pid=1, started=2.0, ports={"airflow": 3}, components={"a": Process(pid=4)})

    write_record(tmp_path, record)

    assert read_record(tmp_path) == record


def test_a_torn_record_counts_as_none(tmp_path):
    write_record(tmp_path, Record(pid=1, started=2.0))
    record_file(tmp_path).write_text('{"pid": 1, "star')

    assert read_record(tmp_path) is None
