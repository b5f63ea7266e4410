from datetime import UTC, datetime

import pytest

from umlauf.spec import Limits
from umlauf.transport.retry import LONGEST_BACKOFF, Pace, Patience, retry_after_seconds

NOW = datetime(2026, 11, 22, 4, 30, tzinfo=UTC)
WORST = Pace(uniform=lambda low, high: high, now=lambda: NOW)
BEST = Pace(uniform=lambda low, high: low, now=lambda: NOW)


def patience(pace=BEST, **limits):
    return Patience(limits=Limits(**limits), pace=pace)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7),
        (" 0.5 ", 0.5),
        ("Sun, 22 Nov 2026 04:30:09 GMT", 9),
        ("Sun, 22 Nov 2026 04:30:09 -0000", 9),
        ("Sun, 22 Nov 2026 04:29:00 GMT", None),
        ("-5", None),
        ("soon", None),
        ("nan", None),
        ("Sun, 99 Nov 99999 04:30:09 GMT", None),
        (None, None),
        ("0", 0),
    ],
)
def test_retry_after_is_read_as_seconds_or_date(header, seconds):
    assert retry_after_seconds(header, NOW) == seconds


def test_backoff_doubles_up_to_a_ceiling_when_chance_is_unkind():
    ours = patience(WORST, max_retries=8, retry_after_ceiling=1000)

    waits = [ours.next_wait() for _ in range(9)]

    assert waits == [0.5, 1, 2, 4, 8, 16, LONGEST_BACKOFF, LONGEST_BACKOFF, None]


def test_jitter_is_full():
    assert patience(BEST).next_wait() == 0


def test_retry_after_is_the_least_we_wait():
    assert patience(BEST).next_wait("12") == 12


@pytest.mark.parametrize("absurd", ["86400", "1e300", "inf", "Mon, 23 Nov 2099 04:30:00 GMT"])
def test_an_absurd_retry_after_is_tried_once_at_the_ceiling_then_given_up(absurd):
    ours = patience(retry_after_ceiling=300, max_retries=6)

    assert ours.next_wait(absurd) == 300
    assert ours.next_wait(absurd) is None


def test_all_waits_together_stay_below_the_ceiling():
    ours = patience(retry_after_ceiling=300, max_retries=100)
    waits = []

    while (wait := ours.next_wait("40")) is not None:
        waits.append(wait)

    assert sum(waits) == 300
    assert len(waits) == 8


def test_a_negative_retry_after_falls_back_to_backoff():
    assert patience(WORST).next_wait("-3") == 0.5
