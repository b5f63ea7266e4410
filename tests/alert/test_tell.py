"""People are told once that something is wrong and once that it is over, whatever happens."""

import os
import threading
from datetime import timedelta

import pytest
from click.testing import CliRunner

from tests.alert.conftest import DAY, MORNING
from tests.report.tiny_marts import BUILD, land_all
from tests.transport.misbehaving_server import Reply
from umlauf.alert import tell as module
from umlauf.alert.tell import tell, tell_quietly, telling
from umlauf.cli import umlauf
from umlauf.errors import SourceDenied
from umlauf.health.status import read_status
from umlauf.landing.incidents import note, open_incidents, settle
from umlauf.landing.own_records import own_files
from umlauf.nested_settings import AlertSettings
from umlauf.sources.registry import all_sources

pytestmark = pytest.mark.integration

DENIED = SourceDenied("hubspot.deals: 403, scope missing.")


def tell_at(settings, moment=MORNING):
    return tell(settings, clock=lambda: moment)


def subjects(mail_server):
    return [mail["Subject"] for _, mail in mail_server.inbox.mails]


def test_a_good_morning_tells_nobody_anything(well, mail_server, webhook):
    assert [one.message for one in tell_at(well)] == [None, None]
    assert (mail_server.inbox.mails, webhook.requests) == ([], [])
    assert own_files(well.landing_root, "alerts") == []


def test_a_failure_is_told_once_and_its_end_once(well, mail_server, webhook):
    note(well, "land hubspot", DENIED, MORNING)
    for _ in range(3):
        tell_at(well)
    settle(well, ["land hubspot"], MORNING)
    for _ in range(3):
        tell_at(well)

    what = "land hubspot: SourceDenied: hubspot.deals: 403, scope missing"
    assert subjects(mail_server) == [f"Umlauf: WRONG: {what}", f"Umlauf: over: {what}"]
    assert [list(map(len, (one.json["begun"], one.json["over"]))) for one in webhook.requests] == [
        [1, 0],
        [0, 1],
    ]


def test_it_is_told_in_the_words_of_status_to_all_addresses(well, mail_server, webhook):
    note(well, "land hubspot", DENIED, MORNING)
    (trouble,) = read_status(well, all_sources(), MORNING).troubles

    tell_at(well)

    ((addresses, mail),) = mail_server.inbox.mails
    (request,) = webhook.requests
    assert addresses == ["ops@example.com", "cfo@example.com"]
    said = mail.get_content().replace("\n", " ")
    assert trouble.line(well.zone) in said
    assert trouble.line(well.zone) in request.json["text"]
    assert request.json["begun"] == [
        {
            "key": "land hubspot",
            "what": trouble.what,
            "since": "2026-04-01T05:30:00+00:00",
            "marts": "all of pipeline",
            "to_do": SourceDenied.to_do,
            "runbook": "docs/runbook.md#sourcedenied",
            "is_wrong": True,
        }
    ]


def test_what_begins_again_is_told_again(well, mail_server, webhook):
    for _ in range(2):
        note(well, "marts", DENIED, MORNING)
        tell_at(well)
        settle(well, ["marts"], MORNING)
        tell_at(well)

    assert [one.split(": ")[1] for one in subjects(mail_server)] == ["WRONG", "over"] * 2
    assert len({mail["Message-ID"] for _, mail in mail_server.inbox.mails}) == 4


def test_a_source_is_told_once_when_it_is_late_and_then_fails(well, mail_server, webhook):
    tomorrow = MORNING + timedelta(days=1)
    tell_at(well, tomorrow - timedelta(hours=1))
    assert subjects(mail_server) == []

    tell_at(well, tomorrow)
    note(well, "land odoo", DENIED, tomorrow)
    tell_at(well, tomorrow)

    (subject,) = subjects(mail_server)
    assert subject.startswith("Umlauf: WRONG: bank is late: expected up to 2026-04-02 00:00")
    assert subject.endswith("(and 2 more)")

    land_all(well, DAY + timedelta(days=1))
    settle(well, ["land odoo"], tomorrow)
    tell_at(well, tomorrow)
    over = webhook.requests[-1].json["over"]
    assert [one["key"] for one in over] == ["land bank", "land hubspot", "land odoo"]


def test_killed_between_sending_and_landing_it_is_sent_again_with_the_same_id(
    well, mail_server, webhook, monkeypatch
):
    note(well, "marts", DENIED, MORNING)
    with monkeypatch.context() as patched:
        patched.setattr(module, "land_told", lambda *_: os._exit(9))
        if not (child := os.fork()):
            tell_at(well)
            os._exit(0)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9

    for _ in range(2):
        tell_at(well)

    first, again = (mail["Message-ID"] for _, mail in mail_server.inbox.mails)
    assert first == again
    (request,) = webhook.requests
    assert request.headers["idempotency-key"] == request.json["id"]


def test_two_runs_at_once_tell_it_once(well, mail_server, webhook):
    note(well, "marts", DENIED, MORNING)
    runs = [threading.Thread(target=tell_at, args=[well]) for _ in range(4)]

    for run in runs:
        run.start()
    for run in runs:
        run.join()

    assert (len(mail_server.inbox.mails), len(webhook.requests)) == (1, 1)


def test_what_one_way_could_not_tell_it_tells_in_the_next_run_alone(
    well, mail_server, webhook, caplog
):
    webhook.answer = lambda _: Reply(status=503)
    note(well, "marts", DENIED, MORNING)
    tell_quietly(well, clock=lambda: MORNING)
    tell_at(well)

    assert "expected 2xx from 127.0.0.1, came 503" in caplog.text
    assert "secret" not in caplog.text
    assert [one.subject for one in open_incidents(well)] == ["marts", "alert by webhook"]
    about = [subject.split(": ")[2] for subject in subjects(mail_server)]
    assert about == ["marts", "alert by webhook"]

    webhook.answer = lambda _: Reply()
    webhook.requests.clear()
    tell_at(well)
    tell_at(well)
    (request,) = webhook.requests
    assert [one["key"] for one in request.json["begun"]] == ["marts"]
    assert [one.subject for one in open_incidents(well)] == ["marts"]
    assert subjects(mail_server)[-1].startswith("Umlauf: over: alert by webhook")


def test_a_warning_is_told_once_it_has_lasted_for_the_nights_set(well, mail_server, webhook):
    import duckdb

    with duckdb.connect(well.marts_file) as marts:
        for night in range(4):
            build = BUILD if night == 0 else f"before {night}"
            moment = f"timestamp '2026-04-01 03:06:00' - interval {night} day"
            marts.execute(
                "insert into trust.build (build_id, mart, as_of_date, published_at) values "
                f"('{build}', 'x', date '2026-03-31' - {night}, {moment})"
            )
            marts.execute(
                "insert into trust.quality_result (build_id, subject, check_name, is_passed, "
                f"message, why) values ('{build}', 'fct_deal', 'usual', {night == 3}, '7', '')"
            )
    patient = AlertSettings(mail_to="ops@example.com", warning_nights=4)

    tell_at(well.model_copy(update={"alerts": patient}))
    assert subjects(mail_server) == []

    tell_at(well)
    tell_at(well)
    (subject,) = subjects(mail_server)
    assert subject == ("Umlauf: WARNING for 3 nights: check usual of fct_deal did not hold: 7")
    (trouble,) = read_status(well, all_sources(), MORNING).troubles
    assert (trouble.since.isoformat(), trouble.is_wrong) == ("2026-03-30T03:06:00+00:00", False)


def test_on_a_full_disk_all_are_told_all_the_same(well, mail_server, webhook, monkeypatch, caplog):
    note(well, "marts", DENIED, MORNING)

    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module, "hold_lease", full)
    monkeypatch.setattr("umlauf.landing.open_records.commit_batch", full)
    tell_at(well)

    assert (len(mail_server.inbox.mails), len(webhook.requests)) == (1, 1)
    assert "it will be told again" in caplog.text


def test_while_landing_cannot_be_read_nothing_is_said_to_be_over(well, mail_server, webhook):
    note(well, "marts", DENIED, MORNING)
    tell_at(well)
    incidents = next(well.landing_root.glob("umlauf/incidents/*/*.parquet"))
    content = incidents.read_bytes()
    incidents.write_bytes(b"")
    tell_at(well)
    incidents.write_bytes(content)
    tell_at(well)

    keys = [
        ([one["key"] for one in request.json[name]])
        for request in webhook.requests
        for name in ("begun", "over")
    ]
    unknown = "landing cannot be read"
    assert keys == [["marts"], [], [unknown], [], [], [unknown]]


def test_telling_changes_nothing_of_what_the_night_comes_to(well, mail_server, monkeypatch, caplog):
    note(well, "marts", DENIED, MORNING)
    with pytest.raises(SourceDenied), telling(well, clock=lambda: MORNING):
        raise DENIED
    assert len(mail_server.inbox.mails) == 1

    monkeypatch.setattr(module, "read_status", lambda *_: 1 / 0)
    with telling(well, clock=lambda: MORNING):
        pass
    assert "nobody was told; the next run tells it" in caplog.text


def test_where_nobody_is_to_be_told_nothing_is_looked_at(settings):
    assert tell(settings) == []
    assert not settings.home.exists()


def test_the_command_shows_what_it_would_tell_and_says_how_to_set_it(
    well, mail_server, monkeypatch
):
    monkeypatch.setenv("UMLAUF_HOME", str(well.home))
    nobody = CliRunner().invoke(umlauf, ["alert"])
    assert nobody.exit_code == 2
    assert "UMLAUF_ALERTS__MAIL_TO" in nobody.stderr

    monkeypatch.setenv("UMLAUF_ALERTS__MAIL_TO", "ops@example.com")
    dry = CliRunner().invoke(umlauf, ["alert", "--dry-run"])
    assert dry.exit_code == 0
    assert "WRONG: bank is late" in dry.stdout  # by today's date
    assert mail_server.inbox.mails == []

    assert CliRunner().invoke(umlauf, ["alert", "--test"]).stdout == "mail: Umlauf: a test\n"
    assert subjects(mail_server) == ["Umlauf: a test"]
    assert CliRunner().invoke(umlauf, ["alert"]).exit_code == 0
    assert CliRunner().invoke(umlauf, ["alert"]).stdout == "mail: nothing new\n"
