"""Odoo 19's JSON-2 API: POST /json/2/<model>/<method> with named arguments, read only.

After addons/rpc/controllers/json2.py of 19.0 and
https://www.odoo.com/documentation/19.0/developer/reference/external_api.html.
"""

from __future__ import annotations

import inspect
import logging
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from umlauf.sandbox.serve.odoo_calls import METHODS, Calls
from umlauf.sandbox.serve.odoo_errors import JSON_TYPE, OdooError, http_error
from umlauf.sandbox.serve.odoo_fields import MODELS, learn
from umlauf.sandbox.serve.state import State

KEY = "sandbox-key"
DATABASE = "sandbox"
NOT_FOUND = (
    "<!doctype html>\n<html lang=en>\n<title>404 Not Found</title>\n<h1>Not Found</h1>\n<p>The "
    "requested URL was not found on the server. The requested URL was not found in the "
    "server-wide controllers.</p>\n"
)
log = logging.getLogger(__name__)


class Odoo:
    """The endpoint."""

    def __init__(self, state: State) -> None:
        self.state = state

    def routes(self) -> list[Route]:
        """Return what to serve below /odoo."""
        return [Route("/json/2/{model}/{method}", self.call, methods=["POST"])]

    async def call(self, request: Request) -> Response:
        """Answer one call."""
        if request.headers.get("x-odoo-database", DATABASE) != DATABASE:
            return Response(NOT_FOUND, 404, media_type="text/html")
        try:
            return Response(self._answer(request, await request.body()), media_type=JSON_TYPE)
        except OdooError as error:
            return error.response()
        except Exception as error:  # Odoo answers every fault of its own like this
            log.exception("odoo: %s", request.url.path)
            return OdooError(500, f"builtins.{type(error).__name__}", str(error)).response()

    def _answer(self, request: Request, body: bytes) -> bytes:
        _authenticate(request.headers.get("authorization", ""))
        arguments = _arguments(body)
        model, method = request.path_params["model"], request.path_params["method"]
        if model not in MODELS and model not in self.state.models():
            raise http_error(404, "NotFound", f"the model {model!r} does not exist")
        if method.startswith("_"):
            message = f"Private methods (such as '{model}.{method}') cannot be called remotely."
            raise OdooError(403, "odoo.exceptions.AccessError", message)
        if method not in METHODS:
            message = f"The method '{model}.{method}' does not exist"
            raise http_error(404, "NotFound", message)
        ids, context = arguments.pop("ids", []), arguments.pop("context", {})
        if ids and method != "read":
            raise http_error(422, "UnprocessableEntity", f"cannot call {model}.{method} with ids")
        calls = Calls(self.state, learn(self.state, model), list(ids), context)
        return _call(calls, method, arguments)


def _call(calls: Calls, method: str, arguments: dict[str, Any]) -> bytes:
    function = METHODS[method]
    try:
        inspect.signature(function).bind(calls, **arguments)
    except TypeError as error:
        if method == "search_read":  # hands what it does not know to `read`, which fails
            message = f"BaseModel.read() {error}"
            raise OdooError(500, "builtins.TypeError", message) from error
        raise http_error(422, "UnprocessableEntity", str(error)) from error
    return function(calls, **arguments)


def _authenticate(header: str) -> None:
    scheme, _, key = header.partition(" ")
    if scheme.lower() != "bearer" or not key:
        message = 'User not authenticated, use the "Authorization" header'
        raise http_error(401, "Unauthorized", message)
    if key.strip() != KEY:
        raise http_error(401, "Unauthorized", "Invalid apikey")


def _arguments(body: bytes) -> dict[str, Any]:
    if not body:
        return {}
    try:
        arguments = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        message = f"could not parse the body as json: {error}"
        raise http_error(400, "BadRequest", message) from error
    if not isinstance(arguments, dict):
        message = "could not parse the body, expecting a json object"
        raise http_error(400, "BadRequest", message)
    return arguments
