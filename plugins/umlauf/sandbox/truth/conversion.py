"""What became of the deals that entered a stage in a month, by the end of the last day."""

from __future__ import annotations

from collections import defaultdict

import pyarrow as pa

from umlauf.sandbox.company.deals import STAGES
from umlauf.sandbox.journal import Diary
from umlauf.sandbox.stamps import business_day, month_start
from umlauf.sandbox.truth.columns import COUNT, DAY, HUNDREDTHS, TEXT, table
from umlauf.sandbox.truth.percentile import percentile
from umlauf.sandbox.truth.pipeline import LOST, WON, lives_of

COLUMNS = (
    ("month", DAY),
    ("stage_id", TEXT),
    ("segment", TEXT),
    ("entered", COUNT),
    ("advanced", COUNT),
    ("won", COUNT),
    ("lost", COUNT),
    ("still_open", COUNT),
    ("left_stage", COUNT),
    ("median_days", HUNDREDTHS),
    ("p90_days", HUNDREDTHS),
)
PLACE = {stage: place for place, (stage, *_) in enumerate(STAGES)}


def conversion_tables(diary: Diary, last_day: int) -> dict[str, pa.Table]:
    """Return stage_conversion: one row per month, open stage and segment."""
    counts: dict[tuple[int, str, str | None], list[int]] = defaultdict(lambda: [0] * 6)
    stays: dict[tuple[int, str, str | None], list[int]] = defaultdict(list)
    for life in lives_of(diary).values():
        steps = [(business_day(at), stage) for at, stage in life.stage]
        steps = [step for step in steps if step[0] <= last_day]
        if not steps:
            continue
        end = steps[-1][1]
        for (day, stage), following in zip(steps, [*steps[1:], None], strict=True):
            if stage in (WON, LOST):
                continue
            cohort = (month_start(day), stage, life.segment)
            advanced = False
            if following is not None:
                left, after = following
                advanced = after != LOST and PLACE[after] > PLACE[stage]
                stays[cohort].append(left - day)
            facts = (True, advanced, end == WON, end == LOST, end not in (WON, LOST), following)
            for place, fact in enumerate(facts):
                counts[cohort][place] += bool(fact)
    rows = [
        (*cohort, *counts[cohort], percentile(stays[cohort], 5), percentile(stays[cohort], 9))
        for cohort in counts
    ]
    return {"stage_conversion": table(COLUMNS, rows)}
