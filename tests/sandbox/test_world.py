"""What is written together shows up together, and nothing before what it builds on."""

from umlauf.sandbox.company.world import World
from umlauf.sandbox.store import Writer

NINE, TEN, ELEVEN, SIX_PM = (hour * 3_600_000 for hour in (9, 10, 11, 18))
ORDER, OTHER = ("sale.order", 1), ("sale.order", 2)


def test_who_changes_what_a_late_transaction_holds_waits_for_it_and_others_do_not(tmp_path):
    world = World(Writer(tmp_path), 7, 1.0, 0, 1)
    world.queue([ORDER], NINE, SIX_PM)

    assert world.queue([OTHER], TEN, SIX_PM + TEN) == SIX_PM + TEN
    assert world.queue([ORDER], ELEVEN, ELEVEN) == SIX_PM + 1
    assert world.queue([ORDER], ELEVEN, ELEVEN) == SIX_PM + 2
    assert world.queue([("sale.order", 3)], ELEVEN, ELEVEN) == ELEVEN
