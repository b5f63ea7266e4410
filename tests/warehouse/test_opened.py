"""A person's shell on the warehouse file: named after a bounded wait, and nothing is touched."""

import subprocess
import sys
from contextlib import contextmanager
from datetime import UTC, date, datetime

import duckdb
import pytest
from tests.landing.fake_source import CONNECTION, FakeClient, at, fake_source

from umlauf.errors import LeaseBusy
from umlauf.landing.land import land_day
from umlauf.warehouse.build import build_new
from umlauf.warehouse.opened import wait_until_closed

SHELL = """
import duckdb, sys
shell = duckdb.connect(sys.argv[1], read_only=sys.argv[2] == "reading")
print("open", flush=True)
sys.stdin.read()
"""


@contextmanager
def open_in_a_shell(file, how):
    command = [sys.executable, "-c", SHELL, str(file), how]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as shell:
        assert shell.stdout.readline() == b"open\n"
        yield shell
        shell.stdin.close()


@pytest.fixture
def file(tmp_path):
    duckdb.connect(tmp_path / "warehouse.duckdb").close()
    return tmp_path / "warehouse.duckdb"


@pytest.mark.integration
@pytest.mark.parametrize("how", ["reading", "writing"])
def test_who_has_the_file_open_is_named(file, how):
    with (
        open_in_a_shell(file, how) as shell,
        pytest.raises(LeaseBusy, match=rf"open in process {shell.pid} \(.* import duckdb"),
    ):
        wait_until_closed(file, 0.3)

    wait_until_closed(file, 0)


@pytest.mark.integration
def test_a_shell_that_is_closed_in_time_is_waited_for(file):
    with open_in_a_shell(file, "writing") as shell:
        closes = [sys.executable, "-c", f"import os, time; time.sleep(1); os.kill({shell.pid}, 9)"]
        with subprocess.Popen(closes):
            wait_until_closed(file, 30)

    duckdb.connect(file).close()


def test_a_file_that_is_not_there_is_open_nowhere(tmp_path):
    wait_until_closed(tmp_path / "warehouse.duckdb", 0)


@pytest.mark.integration
def test_a_build_touches_nothing_of_what_is_open_elsewhere(settings):
    source = fake_source(FakeClient({"a": at(20)}))
    now = datetime(2026, 11, 23, 3, 30, tzinfo=UTC)
    land_day(source, date(2026, 11, 22), settings, CONNECTION, clock=lambda: now)
    settings = settings.model_copy(update={"lease_wait_seconds": 0.3})
    settings.warehouse.mkdir(parents=True)
    duckdb.connect(settings.warehouse_file).close()
    before = settings.warehouse_file.read_bytes()

    with open_in_a_shell(settings.warehouse_file, "writing"), pytest.raises(LeaseBusy):
        build_new(settings, [source])

    assert [file.name for file in settings.warehouse.iterdir()] == ["warehouse.duckdb"]
    assert settings.warehouse_file.read_bytes() == before
