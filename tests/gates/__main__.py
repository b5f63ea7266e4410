"""The figures of the gates, by hand; each command makes a company of its own first, in a minute.

python -m tests.gates defects            each seeded defect in a night of its own
python -m tests.gates mutate             every mutant of every critical check
python -m tests.gates nights             clean nights, and what was said in them
python -m tests.gates roster             write the roster of critical checks anew
"""

import argparse
import logging
import sys
import tempfile
from pathlib import Path

from tests.gates import checks, clean_nights, mutants
from tests.gates.defects import DEFECTS, strike
from tests.gates.ground import prepare
from umlauf.settings import load_settings


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=("defects", "mutate", "nights", "roster"))
    parser.add_argument("--most", type=int, default=10_000, help="mutate: so many checks")
    parser.add_argument("--only", default="", help="defects: this one")
    parser.add_argument("--nights", type=int, default=50, help="nights: of each company, up to 90")
    parser.add_argument("--companies", type=int, default=4, help="nights: seeds 1 to this")
    chosen = parser.parse_args()
    logging.disable(logging.ERROR)  # what defects are for fills the log
    with tempfile.TemporaryDirectory(prefix="umlauf-gates-") as folder:
        is_good = _WHAT[chosen.what](Path(folder), chosen)
    sys.exit(0 if is_good else 1)


def defects(folder, chosen):
    """Strike once without and once with each defect."""
    ground, wrong = prepare(folder / "ground"), []
    clean = strike(ground, []).judged
    for one in DEFECTS.values():
        if chosen.only in ("", one.name):
            is_caught = strike(ground, [one]).is_caught(one, clean)
            wrong += [] if is_caught else [one.name]
            say(f"{'  ' if is_caught else 'NO'} {one.outcome:<11} {one.name}: {one.caught}")
    say(f"{len(DEFECTS)} kinds, {len(wrong)} not caught as they should: {wrong}")
    return not wrong


def mutate(folder, chosen):
    """Put every mutant before its guard."""
    run = mutants.mutate(prepare(folder / "ground"), chosen.most)
    say(run)
    return not run.survivors


def nights(folder, chosen):
    """Count what is said in nights of companies in which nothing is wrong."""
    total = clean_nights.Nights()
    for seed in range(1, chosen.companies + 1):
        total += clean_nights.run(folder / f"{seed}", seed, chosen.nights, say)
    say(total)
    return not total.alarms


def roster(folder, _):
    """Write the critical checks there are."""
    there = [*checks.parsed_tests(load_settings(home=folder)), *checks.expectations()]
    checks.ROSTER.write_text("".join(f"{line}\n" for line in checks.lines(there)))
    say(f"{len(checks.lines(there))} critical checks")
    return True


def say(text):
    """Print a result."""
    print(text, flush=True)  # noqa: T201 - its result


_WHAT = {"defects": defects, "mutate": mutate, "nights": nights, "roster": roster}

if __name__ == "__main__":
    main()
