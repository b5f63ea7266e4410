"""Nothing is lost: faults of every kind, each followed by one plain rerun.

FAULTS=10000 pytest tests/chaos/test_faults.py      more than `make test` has patience for
"""

import os
import re
import shlex

import pyarrow.parquet as pq
import pytest

from umlauf.chaos.cli import chaos
from umlauf.chaos.figures import Figures
from umlauf.chaos.kinds import KINDS, Kind, Strike
from umlauf.chaos.runner import play_all, stage_set
from umlauf.chaos.stage import Verdict
from umlauf.chaos.tasks import PLANS, is_known
from umlauf.landing.batch import batch_files

pytestmark = pytest.mark.e2e

FAULTS = int(os.environ.get("FAULTS", "100"))
SEED = int(os.environ.get("SEED", "1"))


@pytest.fixture(scope="module")
def stage(tmp_path_factory):
    with stage_set(tmp_path_factory.mktemp("chaos") / "stage") as stage:
        yield stage


def played(stage, plan, faults):
    figures = Figures()
    for verdict in play_all(stage, PLANS[plan](stage, SEED, faults, ""), workers=2):
        figures.add(verdict)
    return figures


def wrong(figures):
    return [
        f"{one['kind']}, seed {one['seed']}: {one['wrong']}"
        for one in figures.verdicts
        if one["wrong"]
    ]


def test_after_any_fault_and_one_plain_rerun_nothing_is_missing_doubled_or_changed(stage):
    figures = played(stage, "drawn", FAULTS)

    assert wrong(figures) == []
    assert figures.unfired < FAULTS / 5


def test_there_are_faults_of_at_least_sixty_kinds():
    spoiled = {name.partition(".")[2] or name for name in KINDS}

    assert len(spoiled) >= 60


def test_killed_at_a_step_and_the_rerun_at_another_it_still_ends_the_same(stage):
    figures = played(stage, "step-pairs", 20)

    assert wrong(figures) == []
    assert figures.ended["killed"] > 20


@pytest.mark.parametrize("plan", ["every-step", "step-pairs", "each-kind"])
def test_what_a_failure_prints_plays_it_again(stage, plan):
    meant = PLANS[plan](stage, SEED, 3, "")[2]
    verdict = Verdict(seed=meant.seed, kind=meant.kind.name, row=1, ended=("killed",))

    said = chaos.make_context("", shlex.split(verdict.how_to_repeat)[2:])

    assert is_known(said.params["kind"])
    (again,) = PLANS["drawn"](stage, said.params["seed"], 1, said.params["kind"])
    assert (again.seed, again.kind.name) == (meant.seed, meant.kind.name)


def changes_a_cent(scene, _):
    """Alter an amount, now and in its history, in a batch of nights ago, as no fault may."""
    yield Strike()
    files = list(batch_files(scene.home / "landing", "hubspot", "deals"))
    file = max(files, key=lambda file: pq.read_metadata(file).num_rows)
    rows = pq.read_table(file)
    payloads = [
        re.sub(r'("amount": ?(?:\[{"value": ?)?"\d+)', r"\g<1>1", payload or "") or None
        for payload in rows["payload"].to_pylist()
    ]
    changed = rows.set_column(rows.schema.get_field_index("payload"), "payload", [payloads])
    file.unlink()
    pq.write_table(changed.replace_schema_metadata(rows.schema.metadata), file)


def test_the_judge_sees_an_amount_that_changed_in_landing(stage):
    kind = Kind(
        name="saboteur", row=0, play=changes_a_cent, ends=frozenset({"well"}), source="hubspot"
    )

    verdict = stage.play(SEED, kind)

    assert "pipeline.fct_deal" in verdict.wrong


def test_the_judge_sees_what_is_left_behind(stage):
    def leaves_a_partial(scene, _):
        yield Strike()
        (scene.home / "landing" / "stray.partial").touch()

    kind = Kind(
        name="litter", row=0, play=leaves_a_partial, ends=frozenset({"well"}), source="bank"
    )

    assert "stray.partial" in stage.play(SEED, kind).wrong


def test_a_seed_plays_the_same_fault_again(stage):
    first, second = (stage.play(SEED + 12) for _ in range(2))

    assert (first.kind, first.ended) == (second.kind, second.ended)
