import logging
import time

import msgspec
import pytest

from tests.transport.misbehaving_server import MisbehavingServer, Reply
from umlauf.errors import (
    ConfigError,
    KeyRefused,
    SourceChanged,
    SourceDenied,
    SourceUnavailable,
)
from umlauf.spec import Limits
from umlauf.transport.budget import Budget
from umlauf.transport.decode import json_reader
from umlauf.transport.http import Ask, Complaint, Session
from umlauf.transport.retry import Pace
from umlauf.transport.secrets import Token

LIMITS = Limits(connect_timeout=1, read_timeout=1, deadline=5, max_retries=2)
ASK = Ask(method="GET", path="/things", stream="things", params={"apikey": "in-the-query"})
GOOD = Reply(body={"ok": True})
SECRET = "very-secret-token"


class Answer(msgspec.Struct):
    ok: bool


READ = json_reader(Answer, "demo.things")


def session(url, *, limits=LIMITS, waits=None, **options):
    waits = [] if waits is None else waits
    pace = Pace(sleep=waits.append, uniform=lambda low, high: high)
    return Session("demo", url, limits=limits, pace=pace, budget=Budget(1e9), **options)


def send(*script, ask=ASK, **options):
    with MisbehavingServer(*script) as server:
        return session(server.url, **options).send(ask, READ), server.requests


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_passing_fault_is_asked_again(status):
    answer, requests = send(Reply(status=status), GOOD)

    assert answer.ok
    assert len(requests) == 2


@pytest.mark.parametrize(
    "broken",
    [
        Reply(body={"ok": True}, cut=5),
        Reply(body={"ok": True}, is_gzip=True, cut=20),
        Reply(body={"ok": True}, is_gzip=True, cut=-4),
        Reply(body=b'{"ok": tr'),
        Reply(body=b'{"ok": NaN}'),
        Reply(body=b"<html>Log in</html>", headers={"Content-Type": "text/html"}),
        Reply(body={"ok": True}, is_chunked=True, cut=5),
        Reply(is_closed=True),
        Reply(body=b""),
    ],
    ids=["length", "gzip", "gzip end", "json", "nan", "login page", "chunk", "closed", "empty"],
)
def test_a_broken_answer_is_asked_again_and_never_taken_for_whole(broken):
    answer, requests = send(broken, GOOD)

    assert answer.ok
    assert len(requests) == 2

    with pytest.raises(SourceUnavailable, match="gave up after 3 tries"):
        send(broken)


def test_gzip_is_asked_for_and_understood():
    answer, requests = send(Reply(body={"ok": True}, is_gzip=True))

    assert answer.ok
    assert requests[0].headers["accept-encoding"] == "gzip"


def test_a_silent_server_is_given_up_within_the_read_timeout():
    limits = Limits(connect_timeout=1, read_timeout=0.05, deadline=5, max_retries=1)

    with pytest.raises(SourceUnavailable, match=r"silent for 0\.05 s; gave up after 2 tries"):
        send(Reply(is_silent=True), limits=limits)


@pytest.mark.parametrize(
    "dripping",
    [
        Reply(body=b" " * 2_000, drip=0.01),
        Reply(body=b" " * 2_000, drip=0.01, is_chunked=True),
        Reply(drip=0.01, drips_head=True),
    ],
    ids=["body", "chunk", "head"],
)
def test_a_dripping_answer_is_cut_at_the_deadline(dripping):
    limits = Limits(connect_timeout=1, read_timeout=1, deadline=0.15, max_retries=0)
    begun = time.monotonic()

    with pytest.raises(SourceUnavailable, match=r"no whole answer within 0\.15 s"):
        send(dripping, limits=limits)

    assert time.monotonic() - begun < 1


def test_a_refused_connection_names_the_source_and_not_the_query():
    with MisbehavingServer(GOOD) as server:
        url = server.url

    with pytest.raises(SourceUnavailable) as caught:
        session(url, limits=Limits(max_retries=0)).send(ASK, READ)

    assert "demo.things: GET /things: the connection failed" in str(caught.value)
    assert "in-the-query" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_an_expired_token_is_refreshed_once():
    token = Token(value="old", refresh=lambda: "new")

    answer, requests = send(Reply(status=401), GOOD, token=token)

    assert answer.ok
    assert [request.headers["authorization"] for request in requests] == [
        "Bearer old",
        "Bearer new",
    ]


def test_a_refreshed_token_that_is_refused_too_is_final():
    with pytest.raises(SourceDenied, match=r"HTTP 401.*key and scopes"):
        send(Reply(status=401), token=Token(value="old", refresh=lambda: "new"))


@pytest.mark.parametrize(("status", "kind"), [(401, KeyRefused), (403, SourceDenied)])
def test_a_refusal_is_not_asked_again_and_says_whether_the_key_or_a_scope_is_meant(status, kind):
    with MisbehavingServer(Reply(status=status)) as server:
        with pytest.raises(SourceDenied, match=f"HTTP {status}") as caught:
            session(server.url, token=Token(value="key")).send(ASK, READ)

        assert len(server.requests) == 1
    assert type(caught.value) is kind


def test_json_of_another_shape_is_not_asked_again():
    with MisbehavingServer(Reply(body={"message": "moved", "status": "error"})) as server:
        with pytest.raises(SourceChanged, match=r"field 'ok'; it has \['message', 'status'\]"):
            session(server.url).send(ASK, READ)

        assert len(server.requests) == 1


def test_a_redirect_is_not_followed_with_our_key():
    reply = Reply(status=302, headers={"Location": "https://u:p@login.example.com/in?next=1"})

    with pytest.raises(SourceChanged, match=r"a redirect to 'https://login.example.com/in'"):
        send(reply, token=Token(value=SECRET))


def test_a_final_complaint_is_not_asked_again_whatever_the_status():
    explained = Complaint(sentence="no such field", is_final=True)

    with MisbehavingServer(Reply(status=500)) as server:
        with pytest.raises(SourceChanged, match="HTTP 500: no such field"):
            session(server.url, explain=lambda _: explained).send(ASK, READ)

        assert len(server.requests) == 1


def test_secrets_stay_out_of_messages_logs_and_reprs(caplog):
    caplog.set_level(logging.DEBUG, logger="umlauf")
    token = Token(value=SECRET)
    echo = Complaint(sentence=f"bad token {SECRET}\r\nFAKE LOG LINE")

    with MisbehavingServer(Reply(status=503)) as server:
        ours = session(server.url, token=token, explain=lambda _: echo)
        with pytest.raises(SourceUnavailable) as caught:
            ours.send(ASK, READ)

    said = f"{caught.value} {caplog.text} {ours!r} {token!r}"
    assert SECRET not in said
    assert "in-the-query" not in said
    assert "bad token ***\\r\\nFAKE" in str(caught.value)


def test_netrc_does_not_log_us_in(tmp_path, monkeypatch):
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login eve password x\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))

    _, requests = send(GOOD)

    assert "authorization" not in requests[0].headers


def test_every_request_sent_is_counted():
    with MisbehavingServer(Reply(status=503), GOOD) as server:
        ours = session(server.url)
        ours.send(ASK, READ)

    assert ours.requests == 2


def test_a_url_without_http_is_a_mistake_in_the_connection():
    with pytest.raises(ConfigError, match="expected an http"):
        session("ftp://user:pw@example.com")


def test_proxy_and_certificates_of_the_environment_hold_for_the_session(monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example:3128")
    monkeypatch.setenv("NO_PROXY", "inside.example")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/etc/company-ca.pem")

    outside = Session("crm", "https://api.example", limits=Limits())._http
    inside = Session("crm", "https://inside.example", limits=Limits())._http

    assert outside.proxies["https"] == "http://proxy.example:3128"
    assert "https" not in inside.proxies
    assert (outside.verify, outside.trust_env) == ("/etc/company-ca.pem", False)


def test_what_a_server_says_cannot_write_lines_of_its_own_into_a_log(caplog):
    said = Complaint(sentence="no\r\nERROR \x1b[31m all is well \u202e")

    with pytest.raises(SourceUnavailable) as caught:
        send(Reply(status=500), explain=lambda _: said)

    assert str(caught.value).isprintable()
    assert r"no\r\nERROR \x1b[31m all is well \u202e" in str(caught.value)
    assert all(record.getMessage().isprintable() for record in caplog.records)
    assert str(SourceChanged("a\nb")) == r"a\nb"
