"""A slice of the fuzzer, the same on every run, and the corpus: no crash, and no way out."""

import json
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.fuzz.__main__ import figures
from tests.fuzz.campaign import Child, campaign
from tests.fuzz.case import KINDS, Case, case_of
from tests.fuzz.seeds import ANSWERS

pytestmark = pytest.mark.integration

ROOT = Path(__file__).parents[2]
CORPUS = Path(__file__).parent / "corpus"
EXPECTED = json.loads((CORPUS / "expected.json").read_text())
COUNT = 1000


def kept(path):
    """Return a case of the corpus: `<kind>/<file>`, or `<kind>/<stream>--<what>.json`."""
    kind = path.parent.name
    name = path.stem.partition("--")[0] if kind in ANSWERS else path.name
    return Case(kind, name, path.read_bytes())


def test_a_thousand_mutated_inputs_are_read_or_rejected_by_name():
    result = campaign((("slice", number) for number in range(COUNT)), children=2)

    assert result.failures == [], figures(result)
    assert sum(result.outcomes.values()) == COUNT
    # Of every kind some are still read, and some are not: the mutations bite, but do not kill all.
    assert {key for key, count in result.outcomes.items() if count >= 10} == {
        (kind, outcome) for kind in KINDS for outcome in ("read", "rejected")
    }


def test_every_input_of_the_corpus_ends_as_expected():
    child, found = Child(), {}

    with closing(child):
        for path in sorted(CORPUS.glob("*/*")):
            _, outcome, reason, *_ = child.ask(kept(path))
            found[f"{path.parent.name}/{path.name}"] = outcome, reason

    assert found.keys() == EXPECTED.keys()
    wrong = {
        name: found[name]
        for name, (outcome, reason) in EXPECTED.items()
        if found[name][0] != outcome or reason not in found[name][1]
    }
    assert wrong == {}


@pytest.mark.parametrize(
    ("deed", "complaint"),
    [
        ("socket.socket()", "socket"),
        ("subprocess.run(['true'])", "subprocess"),
        ("Path('outside.txt').write_text('x')", "outside.txt"),
        ("Path('canary.txt').rename('y')", "os.rename"),
        ("Path('var/landing').mkdir(parents=True)", None),
    ],
)
def test_the_watch_sees_what_it_is_there_for(tmp_path, deed, complaint):
    """In a process of its own, because an audit hook cannot be taken away."""
    program = f"""
import os, socket, subprocess
from pathlib import Path
from tests.fuzz.worker import Watch
os.chdir({str(tmp_path)!r})
Path("var").mkdir(); Path("canary.txt").touch()
watch = Watch(Path("var").resolve())
watch.is_on = True
{deed}
watch.is_on = False
print(watch.seen)
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, check=True
    )

    assert complaint in done.stdout if complaint else done.stdout == "[]\n"


def test_an_input_follows_from_its_seed_and_number():
    assert case_of("a", 7) == case_of("a", 7)
    assert case_of("a", 7) != case_of("b", 7)
