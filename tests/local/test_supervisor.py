"""The supervisor starts parts in order, notices failures, and leaves nothing behind."""

import signal
import subprocess
import sys
import time

import pytest

from umlauf.local.postgres import database_url, make_database, open_database, server_command
from umlauf.local.record import end_all, read_record, request_file

pytestmark = pytest.mark.integration
STUBBORN = "import signal, time; signal.signal(15, signal.SIG_IGN); time.sleep(600)"
PLATFORM = """
import os, sys
from pathlib import Path
from umlauf.local.components import Component
from umlauf.local.ports import Ports
from umlauf.local.supervisor import Supervisor
home, stubborn = Path(sys.argv[1]), sys.argv[2]
def part(name, code, **more):
    command = [sys.executable, "-c", code]
    return Component(name=name, command=command, environment=dict(os.environ), **more)
parts = (part("job", "pass", is_job=True), part("server", stubborn, after=("job",)))
sys.exit(Supervisor(home, Ports(), parts).run())
"""


def wait_for(home, name, state):
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        record = read_record(home)
        if record and record.components[name].state == state:
            return record
        time.sleep(0.05)
    raise AssertionError(f"{name} never was {state}")


@pytest.fixture
def platform(tmp_path):
    process = subprocess.Popen(
        [sys.executable, "-c", PLATFORM, str(tmp_path), STUBBORN], start_new_session=True
    )
    yield process, tmp_path
    process.kill()
    process.wait()
    record = read_record(tmp_path)
    if record:
        end_all(record, patience_seconds=0.1)


def test_down_ends_even_a_part_that_ignores_it(platform):
    process, home = platform
    record = wait_for(home, "server", "ready")

    end_all(record, patience_seconds=1)

    assert process.wait(10) is not None
    assert not record.is_alive()


def test_after_kill_9_of_the_supervisor_down_leaves_no_process(platform):
    process, home = platform
    record = wait_for(home, "server", "ready")
    process.send_signal(signal.SIGKILL)
    process.wait()

    end_all(record, patience_seconds=1)

    assert not record.is_alive()


def test_a_part_that_fails_takes_the_platform_down_with_exit_1(tmp_path):
    failing = PLATFORM.replace('"job", "pass"', '"job", "raise SystemExit(3)"')
    ended = subprocess.run(
        [sys.executable, "-c", failing, str(tmp_path), STUBBORN],
        start_new_session=True,
        check=False,
    )

    record = read_record(tmp_path)
    assert ended.returncode == 1
    assert (record.components["job"].state, record.components["job"].exit_code) == ("failed", 3)
    assert record.components["server"].state == "waiting"


def test_a_part_on_request_waits_fails_alone_and_comes_when_asked_again(tmp_path):
    asking = "from pathlib import Path; p = Path('{}'); p.exists() or p.touch() or exit(1); {}"
    code = asking.format(tmp_path / "was here", STUBBORN)
    parts = PLATFORM.replace('part("server", stubborn, after=("job",))', (
        'part("server", stubborn, after=("job",)), '
        f'part("guest", {code!r}, after=("job",), is_on_request=True, may_fail=True)'
    ))  # fmt: skip
    process = subprocess.Popen(
        [sys.executable, "-c", parts, str(tmp_path), STUBBORN], start_new_session=True
    )
    try:
        assert wait_for(tmp_path, "server", "ready").components["guest"].state == "waiting"
        request_file(tmp_path, "guest").touch()
        assert wait_for(tmp_path, "guest", "failed").components["server"].state == "ready"
        request_file(tmp_path, "guest").touch()
        record = wait_for(tmp_path, "guest", "ready")
        assert process.poll() is None
        assert not request_file(tmp_path, "guest").exists()
    finally:
        end_all(read_record(tmp_path), patience_seconds=1)
        process.wait()

    assert not record.is_alive()


def test_postgres_asks_for_the_password_and_ends_with_its_parent(open_settings, free_ports):
    import psycopg2

    from umlauf.local.postgres import server_user

    make_database(open_settings.home, "one-password")
    server = subprocess.Popen(
        server_command(open_settings.home, free_ports.postgres),
        user=server_user(),
        cwd="/",
        stderr=subprocess.DEVNULL,
    )
    try:
        open_database(free_ports.postgres, "one-password")
        open_database(free_ports.postgres, "one-password")  # twice changes nothing

        url = database_url(free_ports.postgres, "another").replace("+psycopg2", "")
        with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
            psycopg2.connect(url)
    finally:
        server.send_signal(signal.SIGINT)
        assert server.wait(20) == 0
