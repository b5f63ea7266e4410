"""One HTTP session to one source: base URL, login, timeouts, retry, rate budget, decoding.

Every request we send only reads, POSTs included, so every one may be sent again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import msgspec
import requests

from umlauf.errors import (
    ConfigError,
    KeyRefused,
    SourceChanged,
    SourceDenied,
    SourceUnavailable,
    visible,
)
from umlauf.spec import Limits
from umlauf.transport.body import BrokenAnswer, read_body
from umlauf.transport.budget import Budget, shared_budget
from umlauf.transport.deadline import Deadline, DeadlineAdapter, Watchdog
from umlauf.transport.retry import RETRYABLE, Pace, Patience
from umlauf.transport.secrets import Token, redact_url, scrub

log = logging.getLogger(__name__)

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Complaint:
    """What an error body says; `is_final`: asking again is useless whatever the status."""

    sentence: str = ""
    is_final: bool = False


@dataclass(frozen=True, kw_only=True)
class Ask:
    """One request. `stream` names it in messages; `budget` is an allowance beside the session's."""

    method: str
    path: str
    stream: str = ""
    params: Mapping[str, Any] | None = None
    json: Any = None
    form: Mapping[str, str] | None = None
    budget: Budget | None = None


@dataclass(frozen=True, kw_only=True)
class _Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes


class _Again(Exception):
    """Worth another try; carries what the server said about when."""

    def __init__(self, reason: str, retry_after: str | None = None) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


def no_complaint(_: bytes) -> Complaint:
    """Read nothing from an error body."""
    return Complaint()


def _session(base_url: str) -> requests.Session:
    """Return a session that has looked at the environment once, not before every request.

    requests reads proxies, certificates and .netrc anew each time: a fifth of a large landing.
    Our logins come from connections, so .netrc is not read at all.
    """
    session = requests.Session()
    settings = session.merge_environment_settings(base_url, {}, None, None, None)
    session.proxies, session.verify = settings["proxies"], settings["verify"]
    session.trust_env = False
    return session


class Session:
    """Requests to `base_url` on behalf of source `name`; counts them in `requests`."""

    def __init__(
        self,
        name: str,
        base_url: str,
        *,
        limits: Limits,
        token: Token | None = None,
        headers: Mapping[str, str] | None = None,
        explain: Callable[[bytes], Complaint] = no_complaint,
        budget: Budget | None = None,
        pace: Pace | None = None,
    ) -> None:
        if not base_url.startswith(("http://", "https://")):
            raise ConfigError(f"{name}: expected an http(s) URL, came {redact_url(base_url)!r}")
        self.name = name
        self.requests = 0
        self._base_url = base_url.rstrip("/")
        self._limits = limits
        self._token = token
        self._explain = explain
        self._budget = budget or shared_budget(name, limits.requests_per_second)
        self._pace = pace or Pace()
        self._watchdog = Watchdog(limits.deadline)
        self._http = _session(self._base_url)
        self._http.headers.update({"Accept": "application/json", "Accept-Encoding": "gzip"})
        self._http.headers.update({"User-Agent": "umlauf", **(headers or {})})
        for scheme in ("http://", "https://"):
            self._http.mount(scheme, DeadlineAdapter())

    def __repr__(self) -> str:
        return f"Session({self.name!r}, {redact_url(self._base_url)!r})"

    def close(self) -> None:
        """Release sockets."""
        self._watchdog.close()
        self._http.close()

    def send(self, ask: Ask, read: Callable[[bytes], T]) -> T:
        """Return `read(body)` of a successful answer.

        `read` may raise msgspec.DecodeError: the body is not what it should be, ask again.

        Raises:
            SourceUnavailable: no good answer within the limits.
            KeyRefused: 401, after one refresh of the token.
            SourceDenied: 403.
            SourceChanged: any other refusal, or an answer of another shape.
        """
        patience = Patience(limits=self._limits, pace=self._pace)
        may_refresh = self._token is not None and self._token.refresh is not None
        while True:
            try:
                answer = self._exchange(ask)
                if answer.status == 401 and may_refresh:
                    may_refresh = False
                    self._refresh()
                    continue
                self._judge(ask, answer)
                return self._read(answer, read)
            except _Again as again:
                self._wait(ask, patience, again)

    def _exchange(self, ask: Ask) -> _Answer:
        for budget in filter(None, (ask.budget, self._budget)):
            budget.take()
        self.requests += 1
        with self._watchdog.deadline() as deadline:
            try:
                response = self._http.request(
                    ask.method,
                    self._base_url + ask.path,
                    params=ask.params,
                    json=ask.json,
                    data=ask.form,
                    auth=self._token or _nobody,
                    timeout=(self._limits.connect_timeout, self._limits.read_timeout),
                    allow_redirects=False,  # a redirect would carry our key elsewhere
                    stream=True,
                )
                with response:
                    body = read_body(response)
            except (requests.RequestException, BrokenAnswer) as error:
                raise _Again(self._why(error, deadline)) from None
        if deadline.is_over:
            raise _Again(self._why(None, deadline))
        return _Answer(status=response.status_code, headers=response.headers, body=body)

    def _why(self, error: Exception | None, deadline: Deadline) -> str:
        if deadline.is_over:
            return f"no whole answer within {self._limits.deadline:g} s"
        if isinstance(error, requests.ConnectTimeout):
            return f"no connection within {self._limits.connect_timeout:g} s"
        if isinstance(error, requests.Timeout):
            return f"silent for {self._limits.read_timeout:g} s"
        if isinstance(error, BrokenAnswer):
            return str(error)
        # A requests error quotes the whole URL: its kind must do.
        return f"the connection failed ({type(error).__name__})"

    def _judge(self, ask: Ask, answer: _Answer) -> None:
        status = answer.status
        if 200 <= status < 300:
            return
        complaint = self._explain(answer.body)
        said = f"HTTP {status}" + (f": {complaint.sentence}" if complaint.sentence else "")
        if status in {401, 403}:
            kind = KeyRefused if status == 401 else SourceDenied
            raise kind(self._say(ask, f"{said}. Check the connection's key and scopes"))
        if status in RETRYABLE and not complaint.is_final:
            raise _Again(said, answer.headers.get("Retry-After"))
        if status == 429:
            raise SourceUnavailable(self._say(ask, f"{said}. The next run continues here"))
        if 300 <= status < 400:
            target = redact_url(answer.headers.get("Location", ""))
            raise SourceChanged(self._say(ask, f"a redirect to {target!r}. Correct the URL"))
        raise SourceChanged(self._say(ask, said))

    def _read(self, answer: _Answer, read: Callable[[bytes], T]) -> T:
        try:
            return read(answer.body)
        except msgspec.DecodeError as error:
            kind = answer.headers.get("Content-Type", "nothing").split(";")[0]
            came = f"{kind} of {len(answer.body)} bytes"
            raise _Again(f"expected JSON, came {came} ({error})") from None

    def _wait(self, ask: Ask, patience: Patience, again: _Again) -> None:
        wait = patience.next_wait(again.retry_after)
        if wait is None:
            asked = f", Retry-After {again.retry_after}" if again.retry_after else ""
            raise SourceUnavailable(
                self._say(
                    ask,
                    f"{again}{asked}; gave up after {patience.retries + 1} tries and "
                    f"{patience.waited:.0f} s of waiting. The next run continues here",
                )
            )
        log.warning("%s; next try in %.1f s", self._say(ask, str(again)), wait)
        self._pace.sleep(wait)

    def _refresh(self) -> None:
        if self._token is not None and self._token.refresh is not None:
            self._token.value = self._token.refresh()

    def _say(self, ask: Ask, what: str) -> str:
        who = f"{self.name}.{ask.stream}" if ask.stream else self.name
        secret = self._token.value if self._token else ""
        return visible(scrub(f"{who}: {ask.method} {redact_url(ask.path)}: {what}", secret))


def _nobody(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Send no login: without it, requests would take one from ~/.netrc."""
    return request
