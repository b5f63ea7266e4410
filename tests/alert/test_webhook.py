"""What is posted, and what counts as told."""

import time
from dataclasses import replace

import pytest

from tests.alert.conftest import MORNING
from tests.transport.misbehaving_server import MisbehavingServer, Reply
from umlauf.alert import webhook as module
from umlauf.alert.message import test_message as write_test_message
from umlauf.alert.webhook import post_message
from umlauf.errors import AlertFailed, ConfigError
from umlauf.settings import load_settings
from umlauf.transport.auth import make_connection

pytestmark = pytest.mark.integration


@pytest.fixture
def message():
    return write_test_message(MORNING, load_settings())


def at(url, **more):
    return make_connection("alerts", host=f"{url}/services/secret?sig=hidden", **more)


def test_a_chat_shows_the_text_and_takes_no_orders_from_it(message):
    with MisbehavingServer(Reply(body=b"ok")) as server:
        post_message(at(server.url, password="key"), replace(message, text="<!channel> a & b"))

    (request,) = server.requests
    assert request.json["text"] == "Umlauf: a test\n\n&lt;!channel&gt; a &amp; b"
    assert (request.path, request.query) == ("/services/secret", {"sig": "hidden"})
    assert request.headers["authorization"] == "Bearer key"
    assert request.headers["idempotency-key"] == message.id


@pytest.mark.parametrize("status", [301, 302, 400, 404, 500])
def test_any_other_answer_than_well_received_counts_as_not_told(message, status):
    reply, said = (
        Reply(status=status, headers={"Location": "/login"}),
        f"expected 2xx.*came {status}",
    )
    with MisbehavingServer(reply) as server, pytest.raises(AlertFailed, match=said):
        post_message(at(server.url), message)

    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "reply", [Reply(is_closed=True), Reply(is_silent=True), Reply(drip=0.01, drips_head=True)]
)
def test_a_server_that_is_silent_or_drips_holds_nobody_up(message, reply, monkeypatch):
    monkeypatch.setattr(module, "_TIMEOUT_SECONDS", 0.3)
    monkeypatch.setattr(module, "_DEADLINE_SECONDS", 0.6)
    with MisbehavingServer(reply) as server:
        begun = time.monotonic()
        with pytest.raises(
            AlertFailed, match=r"127\.0\.0\.1 (was not reached|took too long)"
        ) as failed:
            post_message(at(server.url), message)

    assert time.monotonic() - begun < 3
    assert "secret" not in str(failed.value)
    assert failed.value.__cause__ is None


def test_a_connection_that_is_no_address_is_a_wrong_setting(message):
    with pytest.raises(ConfigError, match="expected the whole address"):
        post_message(make_connection("alerts", conn_type="file", schema="tmp"), message)
