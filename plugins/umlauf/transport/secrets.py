"""Credentials on their way to the server, and out of every message."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import requests
from requests.auth import AuthBase


@dataclass(kw_only=True)
class Token(AuthBase):
    """Puts `<scheme> <value>` into the Authorization header; `refresh` fetches a new value."""

    value: str = field(repr=False)
    scheme: str = "Bearer"
    refresh: Callable[[], str] | None = field(default=None, repr=False)

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Log the request in."""
        request.headers["Authorization"] = f"{self.scheme} {self.value}"
        return request


def redact_url(url: str) -> str:
    """Return scheme, host, port and path: no user, no password, no query."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    try:
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        port = ""
    return f"{parts.scheme}://{host}{port}{parts.path}" if parts.scheme else parts.path


def scrub(text: str, *secrets: str) -> str:
    """Return `text` on one line, its control characters escaped, with every secret replaced."""
    for secret in secrets:
        if len(secret) > 3:
            text = text.replace(secret, "***")
    return "".join(char if char.isprintable() else repr(char)[1:-1] for char in text)
