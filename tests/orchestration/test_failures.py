"""Which failures wait and which tell a person, and in what words."""

from types import SimpleNamespace

import pytest
from tests.alert.mail_server import MailServer

from umlauf.errors import (
    CheckFailed,
    ConfigError,
    DataRejected,
    KeyRefused,
    LeaseBusy,
    SourceChanged,
    SourceDenied,
    SourceUnavailable,
)
from umlauf.landing.incidents import open_incidents

pytestmark = pytest.mark.integration


def decide(error):
    from umlauf.orchestration.failures import retry_policy

    return retry_policy().evaluate(error, try_number=1, max_tries=6)


def test_a_full_disk_is_waited_for_as_long_as_a_source_that_is_down():
    full = decide(OSError(28, "No space left on device"))

    assert full.action.value == "retry"
    assert full.retry_delay == decide(SourceUnavailable("503")).retry_delay


@pytest.mark.parametrize("kind", [SourceUnavailable, LeaseBusy])
def test_an_outage_waits_minutes_and_tries_again(kind):
    decision = decide(kind("429 from the source"))

    assert decision.action.value == "retry"
    assert decision.retry_delay.total_seconds() >= 300


@pytest.mark.parametrize(
    "kind", [KeyRefused, SourceDenied, SourceChanged, ConfigError, DataRejected, CheckFailed]
)
def test_what_a_person_must_mend_fails_at_once(kind):
    assert decide(kind("no")).action.value == "fail"


def test_the_unknown_is_left_to_the_task_s_own_retries():
    assert decide(MemoryError("no")).action.value == "default"


def test_the_policy_survives_the_way_into_airflow_s_database():
    from airflow.sdk import ExceptionRetryPolicy

    from umlauf.orchestration.failures import retry_policy

    again = ExceptionRetryPolicy.deserialize(retry_policy().serialize())

    assert again.evaluate(SourceDenied("401"), 1, 6).action.value == "fail"
    assert again.evaluate(SourceUnavailable("503"), 1, 6).action.value == "retry"


def test_the_failure_line_says_what_why_and_what_to_do():
    from umlauf.orchestration.failures import failure_line

    error = SourceDenied("hubspot: 401 from /crm/v3/objects/deals")
    line = failure_line("land_hubspot.land", "2026-11-22", error)

    assert "\n" not in line
    assert line.startswith("FAILED land_hubspot.land 2026-11-22: SourceDenied: hubspot: 401 ")
    assert "TO DO: renew the key" in line


def test_the_failure_line_stays_one_line_whatever_the_source_wrote():
    from umlauf.orchestration.failures import failure_line

    assert "\n" not in failure_line("a.b", None, ValueError("one\r\ntwo\n\nthree"))


def test_a_failure_without_an_exception_still_says_what_to_do():
    from umlauf.orchestration.failures import failure_line

    assert "TO DO: " in failure_line("a.b", None, None)


@pytest.mark.parametrize(
    ("dag_id", "task_id", "subject"),
    [
        ("land_hubspot", "land", "land hubspot"),
        ("marts", "check", "marts"),
        ("marts_deadline", "publish", "marts"),
        ("marts", "report", "morning page"),
    ],
)
def test_a_task_that_has_finally_failed_is_told_by_status(
    settings, monkeypatch, dag_id, task_id, subject
):
    from umlauf.orchestration.failures import report_failure

    monkeypatch.setenv("UMLAUF_HOME", str(settings.home))
    task = SimpleNamespace(dag_id=dag_id, task_id=task_id)

    report_failure({"ti": task, "exception": SourceDenied("403 from the source")})
    report_failure({"ti": task})  # killed: Airflow has no exception to show

    (incident,) = open_incidents(settings)
    assert (incident.subject, incident.message) == (subject, "no reason given")


def test_a_share_that_failed_is_told_where_it_did_and_not_as_the_marts(settings, monkeypatch):
    from umlauf.orchestration.failures import report_failure

    monkeypatch.setenv("UMLAUF_HOME", str(settings.home))

    report_failure({"ti": SimpleNamespace(dag_id="marts", task_id="share")})

    assert open_incidents(settings) == []


def test_a_task_that_has_finally_failed_is_told_over_airflow_s_own_connection(
    settings, monkeypatch
):
    from umlauf.orchestration.failures import report_failure

    monkeypatch.setenv("UMLAUF_HOME", str(settings.home))
    monkeypatch.setenv("UMLAUF_ALERTS__MAIL_TO", "ops@example.com")
    task = SimpleNamespace(dag_id="land_hubspot", task_id="land")

    with MailServer() as server:
        monkeypatch.setenv("AIRFLOW_CONN_SMTP_DEFAULT", server.connection)
        for _ in range(2):
            report_failure({"ti": task, "exception": SourceDenied("403 from the source")})

    ((_, mail),) = server.inbox.mails
    assert "land hubspot: SourceDenied: 403 from the source" in mail.get_body().get_content()
