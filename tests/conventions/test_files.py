"""Small files, and nothing in them that does not belong into a public project."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MOST_LINES = {".py": 300, ".sql": 150, ".yml": 250}


def tracked():
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"],  # noqa: S607 - git as users have it
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


def test_files_stay_short_enough_to_read_in_one_go():
    long = {
        str(file.relative_to(ROOT)): lines
        for file in tracked()
        if file.suffix in MOST_LINES
        and (lines := len(file.read_text().splitlines())) > MOST_LINES[file.suffix]
    }

    assert not long


@pytest.mark.parametrize(
    "pattern",
    [
        r"(?<![\w.])/(root|home|Users)/\w+",
        r"py" + r"pi\.org|python" + r"hosted",
        r"BEGIN [A-Z ]*PRIVATE KEY",
    ],
)
def test_no_file_names_a_machine_an_index_or_holds_a_key(pattern):
    found = [
        str(file.relative_to(ROOT))
        for file in tracked()
        if re.search(pattern, file.read_text(errors="replace"))
    ]

    assert not found
