"""Whether a lock on a file binds other machines: by what is mounted there, and by trying it."""

import fcntl
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from umlauf.landing import reach
from umlauf.landing.lease import hold_lease
from umlauf.landing.reach import find_mount, why_only_here

LOCAL = "22 1 8:1 / / rw,relatime - ext4 /dev/sda1 rw"
NFS = "90 22 0:50 / /srv/home rw,relatime - nfs4 files:/home rw,vers=4.2,hard,local_lock=none"
BINDFS, UMOUNT, UNSHARE = map(shutil.which, ("bindfs", "umount", "unshare"))
CAN_MOUNT = BINDFS and UMOUNT and UNSHARE and os.geteuid() == 0
TAKE = """
import sys
from pathlib import Path
from umlauf.landing.lease import hold_lease
with hold_lease(Path(sys.argv[1]), "warehouse", 0):
    print("owned")
"""


@pytest.mark.parametrize(
    ("shared", "reason"),
    [
        ("- nfs4 files:/home rw,vers=4.2,local_lock=none", None),
        ("- nfs files:/home rw,vers=4.0,local_lock=none", None),
        ("- nfs files:/home rw,vers=3,local_lock=none", "before version 4"),
        ("- nfs files:/home rw,vers=3,nolock,local_lock=all", "local_lock=all"),
        ("- nfs4 files:/home rw,vers=4.2,local_lock=flock", "local_lock=flock"),
        ("- lustre mgs@tcp:/home rw,flock", None),
        ("- lustre mgs@tcp:/home rw,localflock", "without the option `flock`"),
        ("- ceph mon:/ rw", None),
        ("- fuse.glusterfs files:/home rw", None),
        ("- fuse.s3fs s3fs rw", "each machine's kernel"),
        ("- fuse.sshfs files:/home rw", "each machine's kernel"),
        ("- virtiofs home rw", "each machine's kernel"),
        ("- cifs //files/home rw,vers=3.1.1", "keep readers out"),
        ("- xfs /dev/sdb rw", None),
    ],
)
def test_locks_bind_other_machines_or_there_is_a_reason(shared, reason, monkeypatch, tmp_path):
    mounts = tmp_path / "mountinfo"
    mounts.write_text(f"{LOCAL}\n90 22 0:50 / /srv/home rw,relatime {shared}\n")
    monkeypatch.setattr(reach, "_MOUNTS", mounts)

    found = why_only_here(Path("/srv/home/leases"))

    assert found is None if reason is None else reason in found


def test_the_mount_is_the_innermost_and_the_topmost():
    over = NFS.replace("nfs4 files:/home rw", "fuse.s3fs s3fs rw")
    beside = NFS.replace("/srv/home", "/srv/home-of-others")
    spaced = NFS.replace("/srv/home", r"/srv/two\040words")

    assert find_mount(Path("/srv/home/leases"), f"{LOCAL}\n{NFS}").kind == "nfs4"
    assert find_mount(Path("/srv/home/leases"), f"{LOCAL}\n{NFS}\n{over}").kind == "fuse.s3fs"
    assert find_mount(Path("/srv/home/leases"), f"{NFS}\n{LOCAL}\n{beside}").kind == "nfs4"
    assert find_mount(Path("/srv/two words"), f"{LOCAL}\n{spaced}").kind == "nfs4"
    assert find_mount(Path("/home"), f"{LOCAL}\n{NFS}").kind == "ext4"


def test_this_machines_own_mounts_can_be_read(tmp_path):
    mounts = Path("/proc/self/mountinfo").read_text()

    assert find_mount(tmp_path.resolve(), mounts).kind


@pytest.fixture
def seen_twice(tmp_path):
    """Mount a folder twice by FUSE: each mount keeps locks for itself, as two machines would."""
    places = tmp_path / "here", tmp_path / "there"
    (tmp_path / "files").mkdir()
    for place in places:
        place.mkdir()
        subprocess.run([BINDFS, tmp_path / "files", place], check=True)
    yield places
    for place in places:
        subprocess.run([UMOUNT, place], check=True)


@pytest.mark.integration
@pytest.mark.skipif(not CAN_MOUNT, reason="needs bindfs, unshare, and root to mount")
def test_a_second_machine_gets_no_lease_where_it_would_not_be_kept_out(seen_twice):
    here, there = seen_twice
    with hold_lease(here, "warehouse", 0) as lease:
        with (there / "warehouse.lock").open() as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)  # what luck alone would have prevented

        second = take_on("node-b", there)

        lease.check()
    assert second.returncode == 1
    assert f"{socket.gethostname()} owned it last" in second.stderr
    assert "each machine's kernel keeps its locks for itself" in second.stderr
    assert take_on(socket.gethostname(), there).stdout == "owned\n"


def take_on(host, folder):
    """Take the lease as a machine of that name would."""
    taking = f'hostname {host} && exec "$@"'
    return subprocess.run(
        [UNSHARE, "--uts", "sh", "-c", taking, "sh", sys.executable, "-c", TAKE, str(folder)],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=False,
    )
