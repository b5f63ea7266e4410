"""Nothing half-written outlives a killed process by more than one run, and nobody else's goes."""

import os
import signal
import subprocess
import sys
from threading import Thread

import pytest

from tests.landing.fake_source import CONNECTION, FakeClient, at, fake_source, live
from tests.landing.test_land import DAY
from umlauf.errors import LeaseBusy, NothingLanded
from umlauf.landing.land import land_day
from umlauf.landing.ledger import Landed
from umlauf.warehouse import build

pytestmark = pytest.mark.integration

LAND = """
import os, sys
from tests.landing.fake_source import CONNECTION, FakeClient, at, fake_source
from tests.landing.test_land import DAY
from umlauf.landing.land import land_day
from umlauf.settings import load_settings

flush = os.fsync

def pause(descriptor):
    if os.readlink(f"/proc/self/fd/{descriptor}").endswith(".partial"):
        print("half written", flush=True)
        sys.stdin.readline()
    flush(descriptor)

os.fsync = pause
source = fake_source(FakeClient({"a": at(20), "b": at(20)}))
land_day(source, DAY, load_settings(home=sys.argv[1]), CONNECTION, clock=lambda: at(23, 4))
"""


@pytest.fixture
def writer(settings):
    """Yield a process that lands, stopped in the middle of writing a batch."""
    process = subprocess.Popen(
        [sys.executable, "-c", LAND, str(settings.home)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert process.stdout.readline() == b"half written\n"
    yield process
    process.kill()
    process.communicate()


def leftovers(settings):
    return [file for file in settings.landing_root.rglob("*") if ".partial" in file.name]


def land(settings, things):
    return land_day(fake_source(FakeClient(things)), DAY, settings, CONNECTION)


def test_what_a_killed_run_left_is_gone_after_the_next(settings, writer):
    writer.send_signal(signal.SIGKILL)
    writer.wait()
    assert len(leftovers(settings)) == 1

    land(settings, {"a": at(20), "b": at(20)})

    assert leftovers(settings) == []
    assert live(settings) == {"a": at(20), "b": at(20)}


def test_what_a_living_run_is_writing_stays_and_is_committed(settings, writer):
    impatient = settings.model_copy(update={"lease_wait_seconds": 0.0})
    with pytest.raises(LeaseBusy):
        land(impatient, {"a": at(20)})
    assert len(leftovers(settings)) == 1

    writer.communicate(b"go on\n")

    assert writer.returncode == 0
    assert leftovers(settings) == []
    assert live(settings) == {"a": at(20), "b": at(20)}


def test_a_build_that_is_declaring_a_stream_keeps_what_it_writes(settings, monkeypatch):
    seen, flush = [], os.fsync
    landing = Thread(target=lambda: land(settings, {"a": at(20)}))

    def look(descriptor):
        if leftovers(settings) and landing.ident is None:
            landing.start()
            landing.join(timeout=0.3)
            seen.extend(leftovers(settings))
        flush(descriptor)

    monkeypatch.setattr(os, "fsync", look)
    monkeypatch.setattr(build, "read_landed", lambda *_: Landed(batches=()))
    with pytest.raises(NothingLanded):
        build.build_new(settings, [fake_source(FakeClient({}))])
    landing.join()

    assert len(seen) == 1
    assert leftovers(settings) == []
    assert live(settings) == {"a": at(20)}


def test_another_source_s_half_written_batch_is_not_touched(settings):
    other = settings.landing_root / "other" / "things" / "day=2026-11-22" / "x.1.partial"
    other.parent.mkdir(parents=True)
    other.touch()

    land(settings, {"a": at(20)})

    assert leftovers(settings) == [other]
