import json
import os
import signal
import subprocess
import sys

import pytest

from umlauf.errors import LeaseBusy, LeaseLost
from umlauf.landing.lease import hold_lease

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


def test_a_child_that_inherited_the_lease_keeps_it_when_its_parent_is_gone(tmp_path):
    with hold_lease(tmp_path, "night", 0) as lease:
        child = subprocess.Popen(["sleep", "60"], pass_fds=[lease.descriptor])  # noqa: S607

    with pytest.raises(LeaseBusy), hold_lease(tmp_path, "night", 0):
        pass
    child.kill()
    child.wait()

    with hold_lease(tmp_path, "night", 0) as lease:
        lease.check()
