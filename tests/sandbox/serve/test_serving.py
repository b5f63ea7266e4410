import json
import signal
import socket
import subprocess
import sys
import time

import pytest
import requests
from click.testing import CliRunner

from tests.sandbox.serve.small_store import make_small_store, set_clock
from umlauf.sandbox.inbox import inbox
from umlauf.sandbox.serve import running_apart
from umlauf.sandbox.serve.cli import serve
from umlauf.sandbox.store import store_file

pytestmark = pytest.mark.integration


@pytest.fixture
def taken():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield str(listener.getsockname()[1])


@pytest.mark.parametrize("option", ["--port", "--sftp-port"])
def test_a_taken_port_is_one_sentence_and_exit_code_2(own_home, taken, option):
    free = {"--port": "0", "--sftp-port": "0"} | {option: taken}
    arguments = [word for pair in free.items() for word in pair]
    result = CliRunner().invoke(serve, ["--home", str(own_home), *arguments])

    assert result.exit_code == 2
    assert result.output.count("\n") == 1
    assert taken in result.output
    assert option in result.output


def test_without_a_company_the_sentence_says_how_to_make_one(tmp_path):
    result = CliRunner().invoke(serve, ["--home", str(tmp_path), "--port", "0"])

    assert result.exit_code == 2
    assert "umlauf sandbox make" in result.output


def test_the_command_prints_its_addresses_answers_and_ends_cleanly(own_home):
    command = [sys.executable, "-m", "umlauf.sandbox.serve", "--home", str(own_home)]
    with subprocess.Popen(
        [*command, "--port", "0", "--sftp-port", "0", "--json"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        addresses = json.loads(process.stdout.readline())
        health = requests.get(addresses["health"], timeout=10).json()
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=20)

    assert health["status"] == "ok"
    assert (process.returncode, errors) == (0, "")
    with pytest.raises(requests.ConnectionError):
        requests.get(addresses["health"], timeout=10)


def test_servers_of_their_own_process_are_gone_after_the_block(own_home):
    with running_apart(own_home) as addresses:
        assert requests.get(addresses.health, timeout=10).status_code == 200

    with pytest.raises(requests.ConnectionError):
        requests.get(addresses.health, timeout=10)


def test_bank_files_drop_by_themselves_when_the_clock_moves(own_home, serving):
    with serving(own_home):
        first = [file.name for file in inbox(own_home).iterdir()]
        set_clock(own_home, "2026-11-21T00:00:00.000Z")
        deadline = time.monotonic() + 20
        while len(list(inbox(own_home).iterdir())) < 2 and time.monotonic() < deadline:
            time.sleep(0.05)

    assert first == ["eur_1.xml"]
    assert sorted(file.name for file in inbox(own_home).iterdir()) == ["eur_1.xml", "eur_2.xml"]


def test_a_company_made_anew_is_shown_without_a_restart(own_home, serving, tmp_path):
    other = make_small_store(tmp_path / "other")
    set_clock(other, "2026-11-02T00:00:00.000Z")
    with serving(own_home) as caller:
        before = caller.session.get(caller.at.health).json()["clock"]
        for leftover in ("-wal", "-shm"):  # as `make` does
            file = store_file(own_home)
            file.with_name(file.name + leftover).unlink(missing_ok=True)
        store_file(other).replace(store_file(own_home))
        after = caller.session.get(caller.at.health).json()["clock"]

    assert (before, after) == ("2026-11-20T03:30:00.000Z", "2026-11-02T00:00:00.000Z")
