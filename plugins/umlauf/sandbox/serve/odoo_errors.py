"""Odoo's error bodies: {name, message, arguments, context, debug}.

After odoo/http/dispatcher.py (Json2Dispatcher.handle_error, 19.0) and test_http/test_webjson2.py:
HTTP errors keep their status, user errors have one of their own, everything else is 500.
"""

from __future__ import annotations

from typing import Any

import orjson
from starlette.responses import Response

JSON_TYPE = "application/json; charset=utf-8"


class OdooError(Exception):
    """An answer of Odoo that is an error."""

    def __init__(self, status: int, name: str, message: str, *arguments: Any) -> None:
        super().__init__(message)
        self.status, self.name, self.message = status, name, message
        self.arguments = [message, *arguments]

    def response(self) -> Response:
        """Return it as Odoo sends it."""
        body = {
            "name": self.name,
            "message": self.message,
            "arguments": self.arguments,
            "context": {},
            "debug": f"Traceback (most recent call last):\n{self.name}: {self.message}\n",
        }
        headers = {"WWW-Authenticate": "bearer"} if self.status == 401 else None
        return Response(orjson.dumps(body), self.status, headers, media_type=JSON_TYPE)


def http_error(status: int, name: str, message: str) -> OdooError:
    """Return one of werkzeug's errors; its second argument is the status."""
    return OdooError(status, f"werkzeug.exceptions.{name}", message, status)


def value_error(message: str) -> OdooError:
    """Return the HTTP 500 that wrong fields, domains and orders give."""
    return OdooError(500, "builtins.ValueError", message)


def missing(model: str, record: int) -> OdooError:
    """Return what reading a record that is not there gives."""
    message = f"Record does not exist or has been deleted.\n(Record: {model}({record},), User: 2)"
    return OdooError(404, "odoo.exceptions.MissingError", message)
