from umlauf.transport.budget import Budget, shared_budget


class Clock:
    def __init__(self):
        self.now, self.waits = 0.0, []

    def sleep(self, seconds):
        self.waits.append(seconds)
        self.now += seconds


def test_a_burst_is_free_and_the_rest_comes_at_the_rate():
    clock = Clock()
    budget = Budget(10, clock=lambda: clock.now, sleep=clock.sleep)

    for _ in range(50):
        budget.take()

    assert round(clock.now, 6) == 3  # 20 at once, then 30 at 10 a second


def test_unused_time_is_not_saved_beyond_one_burst():
    clock = Clock()
    budget = Budget(10, clock=lambda: clock.now, sleep=clock.sleep)
    clock.now = 3600

    for _ in range(30):
        budget.take()

    assert round(clock.now - 3600, 6) == 1


def test_without_burst_no_second_sees_more_than_the_rate():
    clock = Clock()
    budget = Budget(4, burst_seconds=0, clock=lambda: clock.now, sleep=clock.sleep)
    taken = []

    for _ in range(20):
        budget.take()
        taken.append(clock.now)

    assert max(sum(start <= one < start + 1 for one in taken) for start in taken) == 4


def test_clients_of_one_source_share_one_budget():
    assert shared_budget("a", 5) is shared_budget("a", 5)
    assert shared_budget("a", 5) is not shared_budget("b", 5)
