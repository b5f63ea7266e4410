"""Faults of the bank's files: late, twice, half, renamed, damaged, hostile."""

from __future__ import annotations

import os
import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from umlauf.chaos.kinds import REFUSED, WELL, Strike, add, kind
from umlauf.chaos.world import Scene


def _news(scene: Scene) -> list[Path]:
    """Return the files the bank gave on the morning of the night."""
    before = {file.name for file in (scene.world.folder / "before" / "inbox").iterdir()}
    return sorted(file for file in scene.inbox.iterdir() if file.name not in before)


def _one(scene: Scene, chance: random.Random) -> Path:
    return chance.choice(_news(scene))


def _put(target: Path, content: bytes, like: Path) -> Path:
    stamp = like.stat().st_mtime
    target.write_bytes(content)
    os.utime(target, (stamp, stamp))
    return target


@kind(26, source="bank")
def same_file_under_another_name(scene: Scene, chance: random.Random) -> Iterator[Strike]:
    """Same bytes, other name."""
    file = _one(scene, chance)
    copy = _put(scene.inbox / f"copy of {file.name}", file.read_bytes(), file)
    yield Strike()
    copy.unlink()


@kind(29, source="bank")
def file_comes_a_run_late(scene: Scene, chance: random.Random) -> Iterator[Strike]:
    """The file is there for the rerun only."""
    file = _one(scene, chance)
    kept = file.rename(scene.home / file.name)
    yield Strike()
    kept.rename(file)


@kind(36, source="bank")
def file_still_being_written(scene: Scene, chance: random.Random) -> Iterator[Strike]:
    """Half of it is there under an unfinished name."""
    file = _one(scene, chance)
    whole = file.read_bytes()
    half = _put(scene.inbox / f"{file.name}.part", whole[: len(whole) // 2], file)
    kept = file.rename(scene.home / file.name)
    yield Strike()
    half.unlink()
    kept.rename(file)


@kind(36, source="bank")
def file_empty_until_the_rerun(scene: Scene, chance: random.Random) -> Iterator[Strike]:
    """It waits for its content."""
    file = _one(scene, chance)
    whole, stamp = file.read_bytes(), file.stat().st_mtime
    file.write_bytes(b"")
    os.utime(file, (scene.world.now.timestamp() - 3600,) * 2)
    yield Strike()
    file.write_bytes(whole)
    os.utime(file, (stamp, stamp))


@kind(37, ends=WELL, source="bank")
def hostile_file_beside(scene: Scene, chance: random.Random) -> Iterator[Strike]:
    """A bomb, a foreign entity, or noise lies beside the true files: quarantined, no more."""
    file = _one(scene, chance)
    head = b'<?xml version="1.0"?>'
    hostile = {
        "entities.xml": head + b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
        "bomb.xml": head
        + b'<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "'
        + b"&b;" * 1000
        + b'">]><a>'
        + b"&c;" * 1000
        + b"</a>",
        "deep.xml": head + b"<a>" * 100_000,
        "noise.bin": chance.randbytes(10_000),
        "zeros.xml": bytes(10_000),
        "page.html": b"<!doctype html><html><body>Please sign in</body></html>",
        "..\\..\\etc\\passwd.xml": b"<a/>",
        "'; drop table statements; --.xml": b"<a/>",
        "{{ 1 / 0 }}.sta": b":20:X\r\n:61:garbage\r\n",
        "line\nbreak \x1b[31m.xml": b"<a/>",
    }
    name = chance.choice(sorted(hostile))
    beside = _put(scene.inbox / name, hostile[name], file)
    yield Strike()
    beside.unlink()


@kind(10, source="bank")
def file_cut_then_whole(scene: Scene, chance: random.Random) -> Iterator[Strike]:
    """The bank's upload broke off; the whole file comes under the same name."""
    file = _one(scene, chance)
    whole, stamp = file.read_bytes(), file.stat().st_mtime
    file.write_bytes(whole[: chance.randrange(1, len(whole))])
    os.utime(file, (stamp, stamp))
    yield Strike()
    file.write_bytes(whole)
    os.utime(file, (stamp + 60, stamp + 60))


@kind(27, source="bank")
def statement_exported_again(scene: Scene, chance: random.Random) -> Iterator[Strike]:
    """The same statement with another message id: nothing counts twice."""
    file = _one(scene, chance)
    text = file.read_bytes()
    again = re.sub(rb"<MsgId>[^<]*</MsgId>", b"<MsgId>AGAIN</MsgId>", text, count=1)
    if again == text:
        again = text.replace(b"\r\n", b"\n")
    second = _put(scene.inbox / f"again-{file.name}", again, file)
    yield Strike()
    second.unlink()


@kind(43, ends=REFUSED, source="bank")
def folder_cannot_be_listed(scene: Scene, chance: random.Random) -> Iterator[Strike]:
    """The mount is gone for this run."""
    away = scene.inbox.rename(scene.home / "unmounted")
    yield Strike()
    away.rename(scene.inbox)


def _reached_otherwise(said: dict[str, str]) -> Callable[..., Iterator[Strike]]:
    def play(scene: Scene, _: random.Random) -> Iterator[Strike]:
        scene.sftp = said
        yield Strike()
        scene.sftp = {}

    return play


_OTHER_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEFsbFplcm9LZXlPZk5vYm9keUF0QWxsSnVzdEFUZXN0"
for _name, _said in {
    "sftp_host_key_changed": {"host_key": _OTHER_KEY},
    "sftp_password_refused": {"password": "expired"},
    "sftp_server_away": {"url": "sftp://sandbox@127.0.0.1:9/out"},
}.items():
    add(_name, 64, _reached_otherwise(_said), ends=REFUSED, source="bank")
