"""A real scheduler, DAG processor, api-server and triggerer land, build, check and publish."""

import os
import re
import shutil
import signal
import socket
import tempfile
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import psycopg2
import pytest
from tests.alert.mail_server import MailServer
from tests.e2e.driving import as_options, free_ports, umlauf, wait_until
from tests.e2e.standing import (
    ask,
    contents,
    landed_batches,
    landed_days,
    processes_of,
    published,
    seen_by,
    shown,
)
from tests.report.browser import CHROMIUM

from umlauf.local.airflow_api import FINISHED, AirflowApi
from umlauf.local.credentials import load_credentials
from umlauf.local.ports import HOST
from umlauf.local.record import read_record

pytestmark = pytest.mark.e2e
SCALE = "0.05"


@pytest.fixture(scope="module")
def home():
    folder = Path(tempfile.mkdtemp(prefix="umlauf-"))
    folder.chmod(0o755)  # as root PostgreSQL runs as nobody
    yield folder / "var"
    umlauf(folder / "var", "down")
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def metrics():
    """A StatsD: the address it listens on, and the names of the metrics it has heard so far."""
    heard = set()

    def listen():
        while packet := listening.recv(1 << 16):
            heard.update(line.partition(":")[0] for line in packet.decode().splitlines())

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listening:
        listening.bind((HOST, 0))
        address = listening.getsockname()
        listener = threading.Thread(target=listen)
        listener.start()
        yield address, heard
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
            last.sendto(b"", address)
        listener.join()


@pytest.fixture(scope="module")
def mail_server():
    with MailServer() as server:
        yield server


@pytest.fixture(scope="module")
def demo(home, metrics, mail_server):
    (host, port), _ = metrics
    told = {"STATSD_ON": "True", "STATSD_HOST": host, "STATSD_PORT": str(port)}
    return umlauf(
        home, "demo", "--scale", SCALE, *as_options(free_ports()),
        UMLAUF_ALERTS__PAGE_TO="cfo@example.com",
        AIRFLOW_CONN_SMTP_DEFAULT=mail_server.connection,
        **{f"AIRFLOW__METRICS__{name}": value for name, value in told.items()},
    )  # fmt: skip


def test_the_demo_ends_well_and_says_what_it_found(demo):
    assert demo.returncode == 0, demo.stderr[-3000:]
    for word in ("Pipeline", "Inventory", "Cash", "pipeline.fct_deal", "warm, start to end"):
        assert word in demo.stdout


def test_airflow_told_statsd_of_every_landing_and_build(demo, metrics):
    _, heard = metrics

    for task in ("land_bank.land", "land_hubspot.land", "land_odoo.land", "marts.publish"):
        assert f"airflow.dag.{task}.duration" in heard, sorted(heard)


def test_airflow_s_notifier_mailed_the_page_of_the_build_that_readers_see(demo, home, mail_server):
    mails = mail_server.inbox.mails

    # One a build; the landings wake `marts` once or more.
    assert mails
    assert len({mail["Message-ID"] for _, mail in mails}) == len(mails)
    to, mail = mails[-1]
    assert to == ["cfo@example.com"]
    assert mail["Message-ID"] == f"<page-{shown(home)}@umlauf>"
    assert mail.get_body().get_content_type() == "text/html"  # our own hand writes plain text
    (attached,) = mail.iter_attachments()
    content = attached.get_payload(decode=True)
    assert content.startswith(b"%PDF-") if CHROMIUM else b"<!doctype html>" in content.lower()


def test_it_leaves_no_process_behind(demo, home):
    assert processes_of(home) == []


def test_four_nights_of_three_sources_cost_one_build(demo, home):
    assert len(landed_days(home)) == 4
    assert ask(home, "select count(distinct build_id) from trust.build") == [(1,)]


@pytest.fixture(scope="module")
def before(demo, home):
    return contents(home)


@pytest.fixture(scope="module")
def up(before, home):
    """Return what starting a platform in the same home said, which stays up; and its ports."""
    ports = as_options(free_ports())
    done = umlauf(home, "up", "--scale", SCALE, *ports)
    assert done.returncode == 0, done.stderr[-3000:]
    yield done.stdout, ports
    down = umlauf(home, "down")
    assert down.stdout.strip() == "stopped"
    assert processes_of(home) == []


@pytest.fixture(scope="module")
def platform(up, before, home):
    """Return the API of the platform that stays up, and what the marts held before it was there."""
    _, ports = up
    api = AirflowApi(int(ports[1]), load_credentials(home).password)
    api.log_in()
    return api, before


def test_a_bi_tool_gets_in_by_the_address_that_is_printed_and_reads_the_same_build(up, home):
    said, _ = up
    address = re.search(r"postgresql://bi_reader:\S+", said)[0]

    assert seen_by(address) == shown(home)
    with pytest.raises(psycopg2.OperationalError, match="permission denied"):
        psycopg2.connect(address.replace("/marts", "/airflow"))


def test_airflows_own_backfill_outlives_its_scheduler_and_its_database(up, platform, home):
    """Both are killed while it is built, and all is started again: the same marts."""
    _, ports = up
    api, before = platform
    first, days = published(home), landed_days(home)
    for source in ("bank", "hubspot", "odoo"):
        days_asked = ["--from-date", days[-2], "--to-date", f"{days[-1]}T23:59"]
        again = ["--reprocess-behavior", "completed", "--dag-id", f"land_{source}"]
        asked = umlauf(home, "airflow", "backfill", "create", *days_asked, *again)
        assert asked.returncode == 0, asked.stderr[-3000:]
    wait_until(lambda: not (home / "warehouse" / "build.json").exists())  # dbt is at work

    for name in ("scheduler", "postgres"):
        os.kill(read_record(home).components[name].pid, signal.SIGKILL)
    wait_until(lambda: processes_of(home) == [], seconds=60)
    assert published(home) == first
    again = umlauf(home, "up", "--scale", SCALE, *ports)
    assert again.returncode == 0, again.stderr[-3000:]
    api.log_in()

    wait_until(lambda: published(home) != first)
    assert contents(home) == before


def test_a_backfill_waits_for_a_person_before_readers_see_it(up, platform, home):
    api, before = platform
    wait_for_peace(api)
    first, days, batches = published(home), landed_days(home), landed_batches(home)
    run_id = api.trigger("backfill", {"from": days[0], "to": days[-1]})
    wait_for_the_question(api, run_id)
    assert published(home) == first
    assert landed_batches(home) == batches

    api.answer("backfill", run_id, "approve", "Approve")
    wait_until(lambda: api.run("backfill", run_id).state in FINISHED)

    assert api.run("backfill", run_id).state == "success"
    assert published(home) != first
    assert landed_batches(home) > batches
    assert contents(home) == before
    address = re.search(r"postgresql://bi_reader:\S+", up[0])[0]
    assert seen_by(address) == shown(home)


def test_a_rejected_backfill_changes_nothing(platform, home):
    api, _ = platform
    first, days, batches = published(home), landed_days(home), landed_batches(home)
    run_id = api.trigger("backfill", {"from": days[-1], "to": days[-1], "replay": True})
    wait_for_the_question(api, run_id)

    api.answer("backfill", run_id, "approve", "Reject")
    wait_until(lambda: api.run("backfill", run_id).state in FINISHED)

    assert task_state(api, run_id, "swap") == "skipped"
    assert published(home) == first
    assert landed_batches(home) == batches


def test_what_a_backfill_published_can_be_rolled_back_and_stays_so(platform, home):
    seen = shown(home)

    back = umlauf(home, "rollback")
    assert back.returncode == 0, back.stderr[-3000:]
    assert shown(home) != seen
    built = umlauf(home, "build")
    assert built.stdout.splitlines()[-1] == "nothing new to publish"
    assert shown(home) != seen
    assert f"* {shown(home)}" in umlauf(home, "snapshots").stdout


def test_airflow_and_the_command_line_publish_the_same_marts(demo, home):
    """The same sandbox, the same days, landed and built without Airflow in a second home."""
    from umlauf.local.ports import Ports
    from umlauf.local.sandbox import connections
    from umlauf.sandbox.serve import running
    from umlauf.settings import load_settings

    second = home.parent / "second"
    second.mkdir()
    shutil.copytree(home / "sandbox", second / "sandbox")
    days = landed_days(home)
    with running(second) as at:
        ports = Ports(sandbox=_port(at.health), sftp=_port(at.sftp))
        known = connections(load_settings(home=second), ports)
        asked = ["--from", days[0], "--to", days[-1], "--yes"]
        done = umlauf(second, "backfill", *asked, **known)

    assert done.returncode == 0, done.stderr[-3000:]
    assert contents(second) == contents(home)


def task_state(api, run_id, task_id):
    tasks = api.tasks([api.run("backfill", run_id)])
    return next((task.state for task in tasks if task.task_id == task_id), None)


def wait_for_peace(api):
    """Return when nothing has been under way for 20 s, and let no more nights be built.

    Whoever pauses a DAG in the middle of a run waits for ever: Airflow queues no task of a paused
    DAG. The 20 s are for the scheduler, which makes a run of a landing's news in its next round.
    """
    began, quiet = datetime.now(UTC), 0
    while quiet < 20:
        wait_until(lambda: all(run.state in FINISHED for run in api.runs(began)))
        time.sleep(1)
        quiet = quiet + 1 if all(run.state in FINISHED for run in api.runs(began)) else 0
    api.set_paused("marts", is_paused=True)


def wait_for_the_question(api, run_id):
    """Wait as long as a person would at least.

    An answer in the second in which Airflow 3.3 notes that the task has paused is lost: the task is
    run a second time and asks again.
    """
    wait_until(lambda: task_state(api, run_id, "approve") == "awaiting_input")
    time.sleep(15)


def _port(address):
    return int(address.rpartition(":")[2].partition("/")[0])
