"""Killed at any flush to disk, a rerun ends the same; a receiver never has sums without files."""

import os
import shutil

import pytest

from tests.share.conftest import MORNING
from tests.share.reading import check_sums, only
from umlauf.share.deliver import deliver
from umlauf.share.place import shares_root

pytestmark = pytest.mark.integration


class Killed(BaseException):
    """Nobody catches it, as nobody catches a kill."""


@pytest.fixture
def kill_at(monkeypatch):
    """Return a function that kills once, at the nth flush, before it or behind it."""
    flush, left, behind = os.fsync, 0, False

    def counting(descriptor):
        nonlocal left
        left -= 1
        if left == 0 and not behind:
            raise Killed
        flush(descriptor)
        if left == 0:
            raise Killed

    def arm(number, *, is_behind):
        nonlocal left, behind
        left, behind = number, is_behind

    monkeypatch.setattr(os, "fsync", counting)
    return arm


@pytest.mark.parametrize("is_behind", [True, False])
def test_a_share_killed_anywhere_is_whole_after_a_rerun(house, kill_at, is_behind):
    place, ours = house.places["kabel"], shares_root(house.settings) / "kabel"

    for number in range(1, 99):
        # Another share each time, from its beginning.
        house.declare("kabel", most_rows=number + 1, formats=["csv"])
        kill_at(number, is_behind=is_behind)
        try:
            deliver(house.settings, "kabel", clock=lambda: MORNING)
        except Killed:
            if list(place.rglob("SHA256SUMS")):
                assert len(check_sums(only(place))) == 4
        else:
            break  # there are fewer flushes
        deliver(house.settings, "kabel", clock=lambda: MORNING)

        assert len(check_sums(only(place))) == 4
        assert not [*ours.glob("*.partial*"), *place.rglob("*.partial*")]
        shutil.rmtree(only(place))

    assert number > 5 + 2 + 5 + 2  # files here, folders, files there, the receipt
