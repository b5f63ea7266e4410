"""What goes wrong in a night, drawn: which, when it begins and how long it lasts.

How long things last is drawn evenly on a scale of logarithms, between what is usual and what is
rare: most outages end within the hour, some last the morning.
"""

from contextlib import suppress
from datetime import timedelta
from email.utils import format_datetime
from math import exp, log

from tests.decade.vendors import Trouble
from umlauf.errors import LeaseBusy, SourceError
from umlauf.landing.run import utc_now
from umlauf.nightly import land_one

MINUTE, HOUR = 60.0, 3600.0
FAULTS = {}


def fault(weight):
    """Declare a fault, called with the world, its dice and when it strikes (real time)."""

    def declare(function):
        FAULTS[function.__name__] = (weight, function)
        return function

    return declare


def draw(world, due, rate):
    """Let a fault strike around the night that is `due`, at this rate; return its name or None."""
    if world.dice.random() >= rate:
        return None
    names = sorted(FAULTS)
    (name,) = world.dice.choices(names, [FAULTS[one][0] for one in names])
    begun = due + timedelta(minutes=world.dice.triangular(-20, 40, 0))
    FAULTS[name][1](world, world.dice, begun)
    return name


def _seconds(dice, shortest, longest):
    return exp(dice.uniform(log(shortest), log(longest)))


def _trouble(world, dice, begun, kind, longest, **more):
    vendor = dice.choice(("hubspot", "odoo"))
    until = begun + timedelta(seconds=_seconds(dice, MINUTE, longest))
    world.vendors.troubles = [Trouble(vendor, begun, until, kind, **more)]


def _later(world, moment, work):
    """Do something at a moment of real time."""
    world.timeline.start(work, (moment - world.timeline.true).total_seconds())


@fault(6)
def source_refuses_connections(world, dice, begun):
    """Minutes to a night and a day."""
    _trouble(world, dice, begun, "refused", 30 * HOUR)


@fault(4)
def source_answers_503(world, dice, begun):
    _trouble(world, dice, begun, "503", 12 * HOUR)


@fault(4)
def source_answers_500_now_and_then(world, dice, begun):
    _trouble(world, dice, begun, "500", 12 * HOUR, share=dice.uniform(0.1, 0.9))


@fault(4)
def source_limits_us_in_seconds(world, dice, begun):
    _trouble(world, dice, begun, "429", 4 * HOUR, retry_after=str(dice.randint(1, 600)))


@fault(2)
def source_limits_us_until_a_date(world, dice, begun):
    moment = begun + timedelta(seconds=dice.randint(1, 3600))
    _trouble(world, dice, begun, "429", HOUR, retry_after=format_datetime(moment, usegmt=True))


@fault(3)
def source_is_silent(world, dice, begun):
    _trouble(world, dice, begun, "silent", 6 * HOUR)


@fault(3)
def source_is_slow(world, dice, begun):
    _trouble(world, dice, begun, "slow", 6 * HOUR)


@fault(6)
def process_killed(world, dice, begun):
    """At a step: of whichever process is at work then, or begins next."""
    steps = dice.randint(0, 25)

    def strike():
        while not world.scheduler.at_work:
            world.timeline.sleep(1)
        dice.choice(world.scheduler.at_work).steps_left = steps

    _later(world, begun, strike)


@fault(1)
def machine_off(world, dice, begun):
    """It loses power and comes back in minutes to hours."""

    def strike():
        world.scheduler.is_up = False
        for process in world.scheduler.at_work:
            world.timeline.kill(process)
        world.timeline.sleep(_seconds(dice, 2 * MINUTE, 8 * HOUR))
        world.scheduler.is_up = True

    _later(world, begun, strike)


def _clock_is_off(world, dice, begun, seconds):
    def strike():
        world.timeline.skew = timedelta(seconds=seconds)
        world.timeline.sleep(_seconds(dice, MINUTE, 6 * HOUR))
        world.timeline.skew = timedelta()

    _later(world, begun, strike)


@fault(2)
def clock_set_back(world, dice, begun):
    _clock_is_off(world, dice, begun, -_seconds(dice, 1, 2 * HOUR))


@fault(2)
def clock_set_ahead(world, dice, begun):
    _clock_is_off(world, dice, begun, _seconds(dice, 1, 2 * HOUR))


@fault(3)
def disk_full(world, dice, begun):
    until = begun + timedelta(seconds=_seconds(dice, MINUTE, 4 * HOUR))

    def error():
        is_full = begun <= world.timeline.true < until
        return OSError(28, "No space left on device") if is_full else None

    world.disk_error = error


@fault(3)
def triggered_twice(world, dice, begun):
    """A person starts the same landing again."""

    def strike():
        dag = world.scheduler.landing[dice.choice(("hubspot", "odoo"))]
        keys = [key for name, key in world.scheduler.keys if name == dag.dag_id]
        if keys:
            world.scheduler.trigger(dag, keys[-1])

    _later(world, begun, strike)


@fault(3)
def landed_by_hand_beside_it(world, dice, begun):
    """`umlauf land` in a shell, in the middle of it."""
    name = dice.choice(("hubspot", "odoo"))

    def strike():
        with suppress(SourceError, LeaseBusy, OSError):
            land_one(world.settings, name, clock=utc_now)

    _later(world, begun, strike)


@fault(2)
def past_day_landed_again(world, dice, begun):
    """A backfill of one day of weeks ago."""

    def strike():
        dag = world.scheduler.landing[dice.choice(("hubspot", "odoo"))]
        keys = [key for name, key in world.scheduler.keys if name == dag.dag_id]
        if keys:
            world.scheduler.trigger(dag, dice.choice(keys[-30:]))

    _later(world, begun, strike)


@fault(2)
def build_fails(world, dice, begun):
    """A model fails for a while: a gate or dbt itself."""
    until = begun + timedelta(seconds=_seconds(dice, MINUTE, 5 * HOUR))
    world.light.is_failing = lambda: begun <= world.timeline.true < until
