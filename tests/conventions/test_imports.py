"""Data goes left to right, and so do imports."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "plugins" / "umlauf"

# Each room may import those to its left, and the rooms named beside it.
ORDER = [
    {"spec", "errors", "settings"},
    {"transport", "formats", "landing"},
    {"sources"},
    {"warehouse", "quality", "publish", "report"},
    {"nightly"},
    {"orchestration", "cli", "local", "sandbox"},
]
RANK = {room: rank for rank, rooms in enumerate(ORDER) for room in rooms}


def modules():
    return sorted(PACKAGE.rglob("*.py"))


def imported(file):
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield node.module
        elif isinstance(node, ast.Import):
            yield from (name.name for name in node.names)


def room_of(file):
    return file.relative_to(PACKAGE).parts[0].removesuffix(".py")


@pytest.mark.parametrize("file", modules(), ids=lambda file: str(file.relative_to(PACKAGE)))
def test_imports_go_one_way(file):
    room = room_of(file)
    rooms = {name.split(".")[1] for name in imported(file) if name.startswith("umlauf.")}

    assert room == "__init__" or room in RANK, f"say in ORDER where the room {room!r} stands"
    backward = {other for other in rooms if other in RANK and RANK[other] > RANK[room]}
    assert not backward, f"{room} reaches into {sorted(backward)}, which stands to its right"


@pytest.mark.parametrize("file", modules(), ids=lambda file: str(file.relative_to(PACKAGE)))
def test_airflow_stays_at_the_edge(file):
    if room_of(file) in ("orchestration", "local"):
        return
    assert not [name for name in imported(file) if name.split(".")[0] == "airflow"]


def test_no_module_is_named_after_one_of_python_s_own():
    # Airflow runs plugin files by their stem, and a plugin called csv.py would replace Python's.
    assert (PACKAGE.parent / ".airflowignore").read_text().split() == ["umlauf/"]
