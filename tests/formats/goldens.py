"""`python -m tests.formats.goldens` writes every case's .json anew; review the difference."""

import json
from pathlib import Path

from umlauf.formats.describe import describe_files

CASES = Path(__file__).parent / "cases"


def cases():
    return sorted(file for file in CASES.iterdir() if file.suffix != ".json")


def understood(case):
    return json.dumps(describe_files([case])[0], indent=1, ensure_ascii=False) + "\n"


def golden(case):
    return case.with_suffix(".json")


if __name__ == "__main__":
    for case in cases():
        golden(case).write_text(understood(case), encoding="utf-8")
