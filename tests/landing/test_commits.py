"""A build that counts while a landing commits, and a host whose clock is set back."""

from datetime import timedelta
from threading import Event, Thread

import pyarrow.parquet as pq
import pytest

from tests.landing.fake_source import CONNECTION, FakeClient, at, fake_source
from tests.landing.test_land import DAY
from umlauf.errors import LeaseBusy
from umlauf.landing.batch import batch_files, read_about
from umlauf.landing.commits import committing, counting, growing_clock
from umlauf.landing.land import land_day
from umlauf.landing.ledger import read_landed


def test_a_batch_that_is_stamped_while_batches_are_counted_is_counted(settings, ticking_clock):
    source, clock, counts, looks = fake_source(FakeClient({"a": at(20)})), ticking_clock(), [], []

    def count():
        with counting(settings.leases, 5):
            counts.append(read_landed(settings.landing_root, [source]).batch_ids)

    def clock_that_starts_a_count_at_the_stamp():
        looks.append(Thread(target=count))
        if len(looks) == 3:  # after "is the day over" and the window's own stamp
            looks[-1].start()
            looks[-1].join(timeout=0.3)
        return clock()

    land_day(source, DAY, settings, CONNECTION, clock=clock_that_starts_a_count_at_the_stamp)
    looks[2].join()

    assert [len(ids) for ids in counts] == [1]


def test_many_may_commit_at_once_and_counting_waits_for_all(settings):
    counted = Event()

    def count():
        with counting(settings.leases, 5):
            counted.set()

    with committing(settings.leases, 5), committing(settings.leases, 5):
        Thread(target=count).start()
        assert not counted.wait(timeout=0.2)
    assert counted.wait(timeout=5)


def test_a_frozen_commit_is_not_waited_for_without_end(settings):
    with (
        committing(settings.leases, 5),
        pytest.raises(LeaseBusy, match="frozen"),
        counting(settings.leases, 0.1),
    ):
        pass


def test_what_is_fetched_after_the_clock_was_set_back_is_still_the_newest(settings, ticking_clock):
    source = fake_source(FakeClient({"a": at(22)}), census=False)
    land_day(source, DAY, settings, CONNECTION, clock=ticking_clock(at(24, 3)))
    land_day(source, DAY, settings, CONNECTION, clock=ticking_clock(at(23, 3)))

    files = batch_files(settings.landing_root, "fake", "things")
    abouts = {read_about(file).window_start: pq.read_table(file) for file in files}
    first, second = (abouts[start]["fetched_at"][0].as_py() for start in sorted(abouts))
    assert first < second < first + timedelta(seconds=1)


def test_the_growing_clock_follows_the_host_s_once_it_has_caught_up(settings):
    moments = iter([at(20), at(20), at(19), at(21)])
    clock = growing_clock(lambda: next(moments), settings.landing_root)

    seen = [clock() for _ in range(4)]

    assert seen == sorted(set(seen))
    assert seen[-1] == at(21)
