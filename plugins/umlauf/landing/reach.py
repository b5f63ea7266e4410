"""How far a lock reaches: every process of this machine, or also those of other machines.

Which file systems do what: flock(2), nfs(5), mount.cifs(8), mount.lustre(8), fuse(4).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

_MOUNTS = Path("/proc/self/mountinfo")
_OF_THE_KERNEL = "each machine's kernel keeps its locks for itself"
# Shared file systems whose locks do not bind other machines, whatever the mount says. FUSE's do if
# the program behind it passes them on; those that are known to are not here.
_KINDS = {
    "9p": _OF_THE_KERNEL,
    "virtiofs": _OF_THE_KERNEL,
    "vboxsf": _OF_THE_KERNEL,
    "fuse": _OF_THE_KERNEL,
    "cifs": "its locks keep readers out as well, and a lease is read while it is held",
    "smb3": "its locks keep readers out as well, and a lease is read while it is held",
}
_FUSE_WITH_LOCKS = ("fuse.ceph", "fuse.glusterfs", "fuse.juicefs")


@dataclass(frozen=True, kw_only=True)
class Mount:
    """Where a folder lies: the kind of its file system, and its options by name."""

    kind: str
    options: dict[str, str]


def why_only_here(folder: Path) -> str | None:
    """Return why locks below `folder` bind this machine alone.

    None: they bind all machines that share it, or none other can have it (a local disk).
    """
    mount = find_mount(folder.resolve(), _MOUNTS.read_text()) if _MOUNTS.exists() else None
    return _why(mount) if mount else None


def find_mount(folder: Path, mounts: str) -> Mount | None:
    """Return the mount that holds `folder`, given the text of /proc/<pid>/mountinfo (proc(5))."""
    holders = []
    for line in mounts.splitlines():
        before, _, after = line.partition(" - ")
        place, mine = before.split()[4:6]
        kind, _, common = after.split(" ", 2)
        point = Path(re.sub(r"\\(\d{3})", lambda octal: chr(int(octal[1], 8)), place))
        if folder.is_relative_to(point):
            options = dict(one.partition("=")[::2] for one in f"{mine},{common}".split(","))
            holders.append((len(point.parts), Mount(kind=kind, options=options)))
    # The last of those on one point lies on top.
    return max(reversed(holders), key=lambda holder: holder[0])[1] if holders else None


def _why(mount: Mount) -> str | None:
    if mount.kind in ("nfs", "nfs4"):
        return _why_nfs(mount.options)
    if mount.kind == "lustre":
        return None if "flock" in mount.options else "it is mounted without the option `flock`"
    if mount.kind.lower().startswith(_FUSE_WITH_LOCKS):
        return None
    return _KINDS.get(mount.kind.partition(".")[0])


def _why_nfs(options: dict[str, str]) -> str | None:
    kept = options.get("local_lock", "none")
    if "nolock" in options or kept != "none":
        return f"it is mounted with local_lock={'all' if 'nolock' in options else kept}"
    if not options.get("vers", "4").startswith("4"):
        return "before version 4 nobody frees the locks of a machine that is lost"
    return None
