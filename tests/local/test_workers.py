"""Airflow's tasks in Celery workers: what is started, and that Redis lets nobody else in."""

import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import time

import pytest
import redis
from tests.local.test_supervisor import PLATFORM, STUBBORN, wait_for

from umlauf.errors import ConfigError
from umlauf.local.airflow_environment import airflow_environment
from umlauf.local.components import components
from umlauf.local.credentials import load_credentials
from umlauf.local.ports import is_listening
from umlauf.local.preflight import check_machine
from umlauf.local.record import end_all, read_record, request_file
from umlauf.local.redis import PROGRAM, broker_url, server_command, write_config


def test_without_workers_tasks_run_in_the_scheduler_s_children(settings, free_ports):
    keys = load_credentials(settings.home)

    parts = components(settings, free_ports, keys, 1.0, has_marts=False)
    environment = airflow_environment(settings, free_ports, keys, has_marts=False)

    assert not {part.name for part in parts} & {"redis", "worker-1"}
    assert environment["AIRFLOW__CORE__EXECUTOR"] == "LocalExecutor"


def test_each_worker_may_be_lost_and_redis_may_not(settings, free_ports):
    keys = load_credentials(settings.home)

    parts = components(settings, free_ports, keys, 1.0, has_marts=False, workers=2)

    added = {part.name: part for part in parts if part.name.startswith(("redis", "worker"))}
    assert {name: part.may_fail for name, part in added.items()} == {
        "redis": False,
        "worker-1": True,
        "worker-2": True,
    }
    assert added["worker-1"].environment["AIRFLOW__CORE__EXECUTOR"] == "CeleryExecutor"
    assert keys.redis_password not in repr(parts)
    assert not any(keys.redis_password in word for part in parts for word in part.command)


def test_a_machine_without_redis_is_told_what_to_install(settings, free_ports, monkeypatch):
    monkeypatch.setenv("PATH", str(settings.home))

    check_machine(settings, free_ports)
    with pytest.raises(ConfigError, match=f"no {PROGRAM} on the path; `apt-get install"):
        check_machine(settings, free_ports, workers=1)


def test_the_password_of_redis_is_for_its_owner_alone(settings, free_ports):
    write_config(settings.home, free_ports.redis, "one-password")
    file = settings.home / "airflow" / "redis.conf"

    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.integration
@pytest.mark.skipif(shutil.which(PROGRAM) is None, reason=f"no {PROGRAM} on this machine")
def test_redis_answers_on_this_machine_to_who_has_the_password(settings, free_ports):
    write_config(settings.home, free_ports.redis, "one-password")
    server = subprocess.Popen(server_command(settings.home), stdout=subprocess.DEVNULL)
    try:
        asked = redis.Redis.from_url(broker_url(free_ports.redis, "one-password"))
        deadline = time.monotonic() + 30
        while not is_listening(free_ports.redis) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert asked.ping()
        with pytest.raises(redis.exceptions.AuthenticationError):
            redis.Redis.from_url(broker_url(free_ports.redis, "another")).ping()
        with socket.socket() as elsewhere, pytest.raises(OSError, match="refused"):
            elsewhere.connect(("127.0.0.2", free_ports.redis))
    finally:
        server.terminate()
        server.wait()


@pytest.mark.integration
def test_a_lost_part_takes_nothing_down_and_comes_back_when_asked_for(tmp_path):
    parts = PLATFORM.replace(
        'part("server", stubborn, after=("job",))',
        'part("server", stubborn, after=("job",)), part("lost", stubborn, may_fail=True)',
    )
    process = subprocess.Popen(
        [sys.executable, "-c", parts, str(tmp_path), STUBBORN], start_new_session=True
    )
    try:
        wait_for(tmp_path, "server", "ready")
        first = wait_for(tmp_path, "lost", "ready").components["lost"].pid
        os.kill(first, signal.SIGKILL)
        assert wait_for(tmp_path, "lost", "failed").components["server"].state == "ready"
        request_file(tmp_path, "lost").touch()
        assert wait_for(tmp_path, "lost", "ready").components["lost"].pid != first
        assert process.poll() is None
    finally:
        end_all(read_record(tmp_path), patience_seconds=1)
        process.wait()
