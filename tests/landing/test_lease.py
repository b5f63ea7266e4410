import errno
import json
import os
import signal
import subprocess
import sys
import time

import pytest

from umlauf.errors import ConfigError, LeaseBusy, LeaseLost
from umlauf.landing import lease as lease_module
from umlauf.landing.lease import hold_lease, leases_held

HOLD_FOR_EVER = """
import sys, time
from pathlib import Path
from umlauf.landing.lease import hold_lease
with hold_lease(Path(sys.argv[1]), "night", 0):
    print("held", flush=True)
    time.sleep(60)
"""


def test_each_owner_gets_a_higher_token(tmp_path):
    with hold_lease(tmp_path, "night", 0) as first:
        pass
    with hold_lease(tmp_path, "night", 0) as second:
        pass

    assert second.token == first.token + 1


def test_a_zombie_that_wakes_late_may_not_commit(tmp_path):
    with hold_lease(tmp_path, "night", 0) as zombie:
        zombie.file.write_text(json.dumps({"token": zombie.token + 1, "pid": 1}))

        with pytest.raises(LeaseLost, match=f"ours is number {zombie.token}"):
            zombie.check()


def test_an_owner_whose_lock_was_removed_may_not_commit_even_with_the_same_token(tmp_path):
    with hold_lease(tmp_path, "night", 0) as zombie:
        zombie.file.unlink()
        with hold_lease(tmp_path, "night", 0) as successor:
            assert successor.token == zombie.token
            successor.check()

            with pytest.raises(LeaseLost, match="removed"):
                zombie.check()


def test_what_a_zombie_misses_because_its_successor_swept_it_away_is_a_lost_lease(tmp_path):
    def wake_late():
        with hold_lease(tmp_path, "night", 0) as zombie:
            zombie.file.unlink()
            (tmp_path / "swept.partial").rename(tmp_path / "whole")

    with pytest.raises(LeaseLost, match="removed"):
        wake_late()


def test_what_an_owner_misses_is_still_missing(tmp_path):
    with pytest.raises(FileNotFoundError), hold_lease(tmp_path, "night", 0):
        (tmp_path / "swept.partial").rename(tmp_path / "whole")


def test_a_killed_owner_frees_the_lease(tmp_path):
    owner = subprocess.Popen(
        [sys.executable, "-c", HOLD_FOR_EVER, str(tmp_path)],
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert owner.stdout.readline() == b"held\n"
    with pytest.raises(LeaseBusy, match=f"process {owner.pid}"), hold_lease(tmp_path, "night", 0):
        pass

    owner.send_signal(signal.SIGKILL)
    owner.wait()

    with hold_lease(tmp_path, "night", 0) as lease:
        lease.check()


def test_who_waits_leaves_the_processor_to_the_owner(tmp_path):
    with hold_lease(tmp_path, "night", 0):
        begun = time.process_time()
        with pytest.raises(LeaseBusy), hold_lease(tmp_path, "night", 1):
            pass

    assert time.process_time() - begun < 0.2  # of a second


def test_another_machine_is_kept_out_by_a_lock_that_reaches_it(tmp_path, monkeypatch):
    (tmp_path / "night.lock").write_text(json.dumps({"token": 6, "pid": 1, "host": "node-b"}))
    asked = []
    monkeypatch.setattr(lease_module, "why_only_here", lambda file: asked.append(file))

    with hold_lease(tmp_path, "night", 0) as lease:
        assert lease.token == 7
        assert asked == [lease.file]
    with hold_lease(tmp_path, "night", 0):
        assert asked == [lease.file]  # the last owner was of this machine


def test_another_machine_owned_it_last_and_locks_would_not_keep_it_out(tmp_path, monkeypatch):
    owner = json.dumps({"token": 6, "pid": 1, "host": "node-b"})
    (tmp_path / "night.lock").write_text(owner)
    monkeypatch.setattr(lease_module, "why_only_here", lambda file: "it is mounted so")

    with pytest.raises(ConfigError, match=r"node-b owned it last.*: it is mounted so\. Run on"):
        hold_lease(tmp_path, "night", 0).__enter__()

    assert (tmp_path / "night.lock").read_text() == owner


def test_no_lease_where_a_lock_keeps_nobody_out(tmp_path, monkeypatch):
    monkeypatch.setattr(lease_module.fcntl, "flock", lambda descriptor, kind: None)

    with pytest.raises(ConfigError, match="can be locked twice at once"):
        hold_lease(tmp_path, "night", 0).__enter__()


def test_no_lease_where_nothing_can_be_locked(tmp_path, monkeypatch):
    def refuse(descriptor, kind):
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(lease_module.fcntl, "flock", refuse)

    with pytest.raises(ConfigError, match="cannot be locked"):
        hold_lease(tmp_path, "night", 0).__enter__()


def test_the_owner_of_another_machine_is_named_with_it(tmp_path):
    with hold_lease(tmp_path, "night", 0) as lease:
        (here,) = leases_held(tmp_path)
        lease.file.write_text(json.dumps({"token": 9, "pid": 12, "host": "node-b"}))
        (there,) = leases_held(tmp_path)

    assert here.owner == f"process {os.getpid()}"
    assert there.owner == "process 12 on node-b"


def test_a_child_that_inherited_the_lease_keeps_it_when_its_parent_is_gone(tmp_path):
    with hold_lease(tmp_path, "night", 0) as lease:
        child = subprocess.Popen(["sleep", "60"], pass_fds=[lease.descriptor])  # noqa: S607

    with pytest.raises(LeaseBusy), hold_lease(tmp_path, "night", 0):
        pass
    child.kill()
    child.wait()

    with hold_lease(tmp_path, "night", 0) as lease:
        lease.check()
