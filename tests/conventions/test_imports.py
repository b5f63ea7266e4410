"""Data goes left to right, and so do imports."""

import ast
from pathlib import Path

PACKAGE = Path(__file__).parents[2] / "plugins" / "umlauf"

# Each room may import those to its left, and the rooms named beside it.
ORDER = [
    {"spec", "errors", "home"},
    {"transport"},
    {"storage"},
    {"nested_settings", "tenants"},
    {"settings"},
    {"origins"},
    {"formats", "landing"},
    {"sources"},
    {
        *("warehouse", "quality", "publish", "metrics", "dashboards", "report", "share", "health"),
        *("alert", "events"),
    },
    {"nightly", "backfill", "erasure"},
    {"orchestration", "cli", "progress", "local", "sandbox", "chaos"},
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


def test_every_room_has_its_place():
    assert {room_of(file) for file in modules()} - {"__init__"} <= set(RANK)


def test_imports_go_one_way():
    backward = [
        f"{file.relative_to(PACKAGE)} reaches into {other}, which stands to its right"
        for file in modules()
        for other in {name.split(".")[1] for name in imported(file) if name.startswith("umlauf.")}
        if RANK.get(other, 0) > RANK.get(room_of(file), 0)
    ]

    assert backward == []


def test_airflow_stays_at_the_edge():
    inside = [
        str(file.relative_to(PACKAGE))
        for file in modules()
        if room_of(file) not in ("orchestration", "local")
        and any(name.split(".")[0] == "airflow" for name in imported(file))
    ]

    assert inside == []


def test_no_module_is_named_after_one_of_python_s_own():
    # Airflow runs plugin files by their stem, and a plugin called csv.py would replace Python's.
    assert (PACKAGE.parent / ".airflowignore").read_text().split() == ["umlauf/"]
