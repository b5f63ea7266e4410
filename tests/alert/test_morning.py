"""The morning page by mail: once per build, whole, and again if it did not get through."""

import pytest

from tests.alert.conftest import MORNING
from tests.report.browser import CHROMIUM
from tests.report.tiny_marts import BUILD, write_marts
from umlauf.alert.morning import mail_page
from umlauf.errors import AlertFailed, ConfigError
from umlauf.landing.incidents import open_incidents
from umlauf.nested_settings import AlertSettings
from umlauf.report import printed
from umlauf.report.page import write_report

pytestmark = pytest.mark.integration


def asked(settings, **alerts):
    named = AlertSettings(page_to="cfo@example.com, sales@example.com", **alerts)
    return settings.model_copy(update={"alerts": named})


@pytest.fixture
def morning(well):
    settings = asked(well)
    write_report(settings, at=MORNING)
    return settings


def mail(settings):
    return mail_page(settings, clock=lambda: MORNING)


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
def test_the_page_comes_as_pdf_with_its_headline_figures_in_words(morning, mail_server):
    assert mail(morning)

    (((*to,), sent),) = mail_server.inbox.mails
    assert to == ["cfo@example.com", "sales@example.com"]
    assert sent["Subject"] == "Pipeline, stock and cash at the end of Tuesday, 31 March 2026"
    assert "Open pipeline: 1\u202f350" in sent.get_body().get_content()
    (attached,) = sent.iter_attachments()
    assert attached.get_filename() == "umlauf-2026-03-31.pdf"
    assert attached.get_content().startswith(b"%PDF-")
    assert len(attached.get_content()) > 50_000


def test_without_a_browser_it_comes_as_one_html_file(morning, mail_server, monkeypatch):
    monkeypatch.setattr(printed, "_BROWSERS", ("no-such-browser",))

    mail(morning)

    ((_, sent),) = mail_server.inbox.mails
    (attached,) = sent.iter_attachments()
    assert attached.get_filename() == "umlauf-2026-03-31.html"
    assert attached.get_content() == (morning.reports / "index.html").read_text()


def test_in_german_all_of_it_is_german(well, mail_server, monkeypatch):
    monkeypatch.setattr(printed, "_BROWSERS", ("no-such-browser",))
    settings = asked(well, page_language="de")
    write_report(settings, at=MORNING)

    mail(settings)

    ((_, sent),) = mail_server.inbox.mails
    assert sent["Subject"] == "Pipeline, Lager und Liquidität am Ende von Dienstag, 31. März 2026"
    (attached,) = sent.iter_attachments()
    assert '<html lang="de">' in attached.get_content()


def test_a_build_is_mailed_once(morning, mail_server):
    assert [mail(morning), mail(morning)] == [True, False]
    assert len(mail_server.inbox.mails) == 1

    later = BUILD.replace("20260401", "20260402")
    tables = ("core.dim_date", "trust.build", "trust.lineage", "trust.quality_result")
    morning.marts_file.unlink()
    write_marts(
        morning.marts_file,
        *(f"update {name} set build_id = '{later}' where build_id = '{BUILD}'" for name in tables),
    )
    assert not mail(morning)  # its page is not written yet
    write_report(morning, at=MORNING)

    assert mail(morning)
    assert len({sent["Message-ID"] for _, sent in mail_server.inbox.mails}) == 2


def test_a_server_that_refuses_is_an_incident_until_the_page_gets_through(morning, mail_server):
    mail_server.inbox.refusal = "451 try again later"

    with pytest.raises(AlertFailed, match="451"):
        mail(morning)

    assert [one.subject for one in open_incidents(morning)] == ["alert by page"]
    mail_server.inbox.refusal = ""
    assert mail(morning)
    assert open_incidents(morning) == []


def test_where_nobody_wants_it_nothing_is_mailed(well, mail_server):
    write_report(well, at=MORNING)

    assert not mail(well)
    assert mail_server.inbox.mails == []


def test_a_language_that_is_not_there_is_named(well, mail_server):
    with pytest.raises(ConfigError, match=r"alerts\.page_language: expected one of en, de"):
        mail(asked(well, page_language="fr"))
