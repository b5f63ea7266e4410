"""Lands seven things in parts of two, once it is told to: whoever runs it may end it meanwhile."""

import os
import sys
from datetime import UTC, date, datetime, timedelta

from tests.landing.fake_source import CONNECTION, FakeClient, at, fake_source
from umlauf.landing.land import land_day
from umlauf.settings import load_settings

THINGS = {f"thing-{number}": at(20) for number in range(7)}


def land(home, landing):
    moments = iter(range(10**9))
    begun = datetime.now(UTC)
    return land_day(
        fake_source(FakeClient(THINGS)),
        date(2026, 11, 22),
        load_settings(home=home, landing=landing, batch_rows=2),
        CONNECTION,
        clock=lambda: begun + timedelta(microseconds=next(moments)),
    )


if __name__ == "__main__":
    sys.stdout.write(f"{os.getpid()}\n")
    sys.stdout.flush()
    sys.stdin.readline()
    land(*sys.argv[1:])
