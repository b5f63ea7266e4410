"""What clean nights add up to."""

from collections import Counter

from tests.gates.clean_nights import Nights


def test_alarms_of_several_companies_are_all_counted():
    total = Nights()
    total += Nights(nights=2, alarms=Counter({("a", "warning"): 1}))
    total += Nights(nights=3, refused=Counter({"odoo": 1}), alarms=Counter({("b", "critical"): 2}))

    assert (total.nights, total.critical, total.warnings) == (5, 2, 1)
    assert total.refused == {"odoo": 1}
