"""A decade of nights in simulated time: prints what is wrong, what was late, and the figures.

python -m tests.decade                        3,650 nights with 5 % faults, a landing for each year
python -m tests.decade --nights 30 --rate 0   30 nights without any
"""

import argparse
import json
import os
import sys
from datetime import date
from pathlib import Path

from tests.decade.campaign import FIRST, YEAR, parts_of, play_all


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seed", default="1")
    parser.add_argument("--nights", type=int, default=3650)
    parser.add_argument("--first", type=date.fromisoformat, default=FIRST, help="business day")
    parser.add_argument("--rate", type=float, default=0.05, help="share of nights with a fault")
    parser.add_argument("--landing", type=int, default=YEAR, help="nights that share a landing")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    chosen = parser.parse_args()
    parts = parts_of(chosen.seed, chosen.first, chosen.nights, chosen.landing)
    total, cpu = play_all(parts, chosen.rate, chosen.workers, tell)
    say(figures(total, cpu))
    if chosen.json:
        chosen.json.write_text(as_json(total, cpu))
    sys.exit(1 if total.wrong else 0)


def as_json(nights, cpu):
    """Return all that was counted, by its name in `Nights`."""
    return json.dumps(vars(nights) | {"cpu_seconds": round(cpu, 1)})


def tell(part, nights, seconds):
    """Say what is wrong in a part and how to play it again."""
    for wrong in nights.wrong:
        say(f"wrong {wrong}; again: {part.again}")
    for late in nights.late:
        say(f"late  {late}")
    say(f"{part.first}: {nights.nights} nights in {seconds:.0f} s of CPU")


def figures(nights, cpu):
    """Return the figures, the last line all in one."""
    on_time = 100 * (1 - len(nights.late) / nights.nights)
    faults = ", ".join(f"{count} {name}" for name, count in nights.faults.most_common())
    return "\n".join(
        (
            f"faults: {faults or 'none'}",
            f"{nights.nights} nights, {nights.clock_changes} clock changes, {nights.leap_days} "
            f"leap days, {nights.year_ends} year ends, {nights.faults.total()} faults, "
            f"{nights.tries} tries of tasks, {nights.requests} requests: {nights.days} days of "
            f"streams landed, {nights.made_good} of them by a later night, {nights.not_landed} "
            f"not; {nights.deletions} deletions and {nights.late_rows} late rows found, all but "
            f"{nights.after_an_outage} the night after; {nights.compared} records and "
            f"{nights.read} snapshots compared, {len(nights.wrong)} wrong; {on_time:.2f} % on "
            f"time; {cpu:.0f} s of CPU",
        )
    )


def say(text):
    """Print a result."""
    print(text, flush=True)  # noqa: T201 - its result


if __name__ == "__main__":
    main()
