"""`python -m tests.fuzz --seed 1 --count 10000`: mutate, run, print what broke and the figures."""

import argparse
import sys

from tests.fuzz.campaign import campaign
from tests.fuzz.case import case_of


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", default="1")
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--first", type=int, default=0, help="number of the first input")
    parser.add_argument("--children", type=int, default=2, help="processes")
    parser.add_argument("--show", action="store_true", help="print the inputs instead of running")
    chosen = parser.parse_args()
    numbers = range(chosen.first, chosen.first + chosen.count)
    if chosen.show:
        for number in numbers:
            print(case_of(chosen.seed, number))  # noqa: T201 - its result
        return
    wanted = ((chosen.seed, number) for number in numbers)
    result = campaign(wanted, children=chosen.children, tell=tell)
    print(figures(result))  # noqa: T201 - its result
    sys.exit(1 if result.failures else 0)


def tell(failure):
    """Print how to repeat it, and what it was."""
    (seed, number), what = failure
    print(f"--seed {seed} --first {number} --count 1: {what}", flush=True)  # noqa: T201 - its result


def figures(result):
    """Return the measured figures as lines."""
    lines = [
        f"{kind:<8} {outcome:<9} {count:>7,}"
        for (kind, outcome), count in sorted(result.outcomes.items())
    ]
    lines += [
        f"{sum(result.outcomes.values()):,} inputs in {result.seconds:.0f} s, "
        f"{len(result.failures)} failures",
        f"slowest {result.slowest[0]:.2f} s of CPU {result.slowest[1]}; "
        f"{result.longest[0]:.2f} s by the clock {result.longest[1]}",
        f"largest {result.largest[0] / 1e6:.0f} MB {result.largest[1]}",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
