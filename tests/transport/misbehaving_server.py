"""A real HTTP server on 127.0.0.1 that answers as it is told, badly if need be."""

import gzip
import json
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True, kw_only=True)
class Request:
    """What came in; `query` holds the last value of each parameter."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What goes out.

    `cut`: only so many bytes of what Content-Length, chunk or gzip promise.
    `drip`: seconds between two bytes, of the body or with `drips_head` of an endless head.
    """

    status: int = 200
    body: Any = b"{}"
    headers: dict[str, str] = field(default_factory=dict)
    is_gzip: bool = False
    cut: int | None = None
    drip: float = 0.0
    drips_head: bool = False
    is_silent: bool = False
    is_closed: bool = False
    is_chunked: bool = False


class MisbehavingServer:
    """Answers with `answer(request)`, or with the scripted replies, the last one for ever."""

    def __init__(self, *script: Reply, answer: Callable[[Request], Reply] | None = None) -> None:
        self.requests: list[Request] = []
        self.stop = threading.Event()
        self.answer = answer or self._next
        self._script = list(script)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._server.owner = self
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
        )

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop.set()
        self._server.shutdown()
        self._server.server_close()

    def _next(self, _: Request) -> Reply:
        return self._script.pop(0) if len(self._script) > 1 else self._script[0]


class Handler(BaseHTTPRequestHandler):
    """Serves one connection."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        """Stay quiet."""

    def handle_any(self) -> None:
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        parts = urlsplit(self.path)
        request = Request(
            method=self.command,
            path=parts.path,
            query={name: values[-1] for name, values in parse_qs(parts.query).items()},
            headers={name.lower(): value for name, value in self.headers.items()},
            body=self.rfile.read(int(self.headers.get("Content-Length") or 0)),
        )
        self.server.owner.requests.append(request)
        self._reply(self.server.owner.answer(request))

    do_GET = do_POST = handle_any  # noqa: N815 - names that http.server looks for

    def _reply(self, reply: Reply) -> None:
        if reply.is_closed:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
        elif reply.is_silent:
            self.server.owner.stop.wait(5)
        elif reply.drips_head:
            self._drip(b"HTTP/1.1 200 OK\r\nX-Filler: " + b"x" * 1000, reply.drip)
        else:
            self._send(reply)

    def _send(self, reply: Reply) -> None:
        body = reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body).encode()
        body = gzip.compress(body) if reply.is_gzip else body
        cut = body[: reply.cut]
        headers = {"Content-Type": "application/json"} | reply.headers
        if reply.is_gzip:
            headers["Content-Encoding"] = "gzip"
        if reply.is_chunked:
            headers["Transfer-Encoding"] = "chunked"
            cut = b"%x\r\n%s\r\n" % (len(body), cut) + (b"" if reply.cut else b"0\r\n\r\n")
        else:
            # Of a cut gzip body only gzip itself can tell.
            headers["Content-Length"] = str(len(cut if reply.is_gzip else body))
        self.send_response(reply.status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self._drip(cut, reply.drip)
        self.close_connection = self.close_connection or reply.cut is not None

    def _drip(self, data: bytes, pause: float) -> None:
        pieces = [data[at : at + 1] for at in range(len(data))] if pause else [data]
        for piece in pieces:
            try:
                self.wfile.write(piece)
            except OSError:
                return  # the client has had enough
            if pause and self.server.owner.stop.wait(pause):
                return
