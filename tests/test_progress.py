"""On a terminal no command is silent for long, and its progress is in nobody's way."""

import io
import logging
import os
import pty
import subprocess
import sys
import time
from contextlib import contextmanager, redirect_stderr, redirect_stdout

import pytest

from umlauf.landing.lease import hold_lease
from umlauf.progress import Progress
from umlauf.settings import PROJECT

SILENCE = 0.05


class Terminal(io.StringIO):
    def isatty(self):
        return True

    def wait_for(self, text):
        end = time.monotonic() + 10
        while text not in self.getvalue():
            assert time.monotonic() < end, self.getvalue()
            time.sleep(0.01)


@pytest.fixture
def terminal():
    return Terminal()


@contextmanager
def running(terminal, command, silence=SILENCE):
    with (
        redirect_stdout(terminal),
        redirect_stderr(terminal),
        Progress(terminal, command, silence=silence),
    ):
        yield


def shown(terminal):
    """Return what is left to be seen: of each line what stands behind its last clearing."""
    return [line.rpartition("\r\x1b[2K")[2] for line in terminal.getvalue().split("\n")]


def test_a_quick_command_shows_nothing(terminal):
    with running(terminal, "umlauf status", silence=5):
        print("well")  # noqa: T201 - as a command does

    assert terminal.getvalue() == "well\n"


def test_a_silent_command_shows_what_the_log_said_last_and_for_how_long(terminal):
    log = logging.getLogger("umlauf.anything")
    logging.getLogger("umlauf").setLevel(logging.INFO)
    with running(terminal, "umlauf nightly"):
        terminal.wait_for("0 s  umlauf nightly")
        log.info("dbt: 12 of %d\nmodels", 610)
        terminal.wait_for("0 s  dbt: 12 of 610\\nmodels")

    assert shown(terminal) == [""]


def test_results_are_written_as_if_there_were_no_progress(terminal):
    with running(terminal, "umlauf land bank"):
        terminal.wait_for("umlauf land bank")
        print("bank.files 3 rows")  # noqa: T201 - as a command does
        terminal.wait_for("3 rows\n\r\x1b[2K")

    assert shown(terminal) == ["bank.files 3 rows", ""]


def test_a_question_is_not_written_over(terminal):
    with running(terminal, "umlauf backfill"):
        sys.stderr.write("Shall readers see this? [y/N]: ")
        time.sleep(SILENCE * 6)

        assert shown(terminal) == ["Shall readers see this? [y/N]: "]


@pytest.mark.integration
def test_a_command_that_waits_says_so_on_a_terminal_and_only_there(settings):
    """`umlauf land bank`, while another run holds the source's lease for longer than it waits."""
    command = [sys.executable, "-m", "umlauf.cli", "land", "bank"]
    environment = os.environ | {
        "PYTHONPATH": str(PROJECT / "plugins"),
        "UMLAUF_HOME": str(settings.home),
        "UMLAUF_LEASE_WAIT_SECONDS": "4",
        "AIRFLOW_CONN_BANK_DEFAULT": f"file://{settings.home}",
    }
    with hold_lease(settings.leases, "land_bank", 0):
        ours, theirs = pty.openpty()
        with subprocess.Popen(command, env=environment, stdout=theirs, stderr=theirs) as waiting:
            os.close(theirs)
            said = _read_all(ours)
        piped = subprocess.run(command, env=environment, capture_output=True, check=False)

    assert waiting.returncode == piped.returncode == 1
    assert "s  umlauf land bank" in said
    assert said.rstrip().rpartition("\x1b[2K")[2].startswith("umlauf: lease land_bank: still owned")
    assert (piped.stdout, piped.stderr.count(b"\n")) == (b"", 1)


def _read_all(descriptor):
    parts = []
    while True:
        try:
            parts.append(os.read(descriptor, 4096))
        except OSError:  # how the other end's closing shows
            return b"".join(parts).decode()


def test_an_answer_that_goes_out_as_bytes_ends_the_progress_first(terminal):
    terminal.buffer = io.BytesIO()

    with running(terminal, "umlauf query"):
        terminal.wait_for("umlauf query")
        sys.stdout.buffer.write(b"answer")
        before = terminal.getvalue()
        time.sleep(5 * SILENCE)

        assert before.endswith("\r\x1b[2K")
        assert terminal.getvalue() == before
