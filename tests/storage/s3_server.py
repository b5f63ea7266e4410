"""moto's S3 server on 127.0.0.1, in a process of its own, and faults in front of it.

    python -m tests.storage.s3_server        prints its port, serves until it is ended

`POST /_fault` plans what happens to the next requests that fit; `POST /_seed` puts many objects at
once. All other requests are moto's.
"""

import json
import os
import signal
import socket
import sys
import threading
from itertools import count

from moto.core import DEFAULT_ACCOUNT_ID
from moto.moto_server.werkzeug_app import (
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)
from moto.s3.models import s3_backends
from werkzeug.serving import make_server

_REFUSAL = "<?xml version='1.0'?><Error><Code>{code}</Code><Message>as planned</Message></Error>"


class QuietHandler(MotoRequestHandler):
    """Says nothing of each request."""

    def log_request(self, code="-", size="-"):
        pass


class Faults:
    """Stands before moto: `plan` says which requests (method, part of the path) meet what.

    `refuse`: an answer of that status and S3 code, and nothing is done. `lose`: it is done, and
    the connection ends without an answer. `kill`: the process of that number is ended, and there
    is no answer; `is_done` says whether it was done before. `skip` of the fitting requests pass
    before, `times` are met.
    """

    def __init__(self, app):
        self.app, self.plan, self.lock, self.met = app, None, threading.Lock(), 0

    def __call__(self, environ, start_response):
        path = environ["PATH_INFO"]
        if path in ("/_fault", "/_seed", "/_met"):
            given = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
            answer = getattr(self, path[1:])(json.loads(given or b"null"))
            start_response("200 OK", [("Content-Type", "application/json")])
            return [json.dumps(answer).encode()]
        if not (plan := self._meets(environ["REQUEST_METHOD"], path)):
            return self.app(environ, start_response)
        if "code" in plan:
            start_response(f"{plan['status']} Refused", [("Content-Type", "application/xml")])
            return [_REFUSAL.format(code=plan["code"]).encode()]
        if plan.get("is_done", True):
            b"".join(self.app(environ, lambda *_: None))
        if "kill" in plan:
            os.kill(plan["kill"], signal.SIGKILL)
        environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
        raise ConnectionResetError("as planned")

    def _fault(self, plan):
        with self.lock:
            self.plan, self.met, self.seen = plan, 0, count()

    def _met(self, _):
        return self.met

    def _seed(self, given):
        backend = s3_backends[DEFAULT_ACCOUNT_ID]["aws"]
        for number in range(given["count"]):
            backend.put_object(given["bucket"], given["key"].format(number), b"")

    def _meets(self, method, path):
        with self.lock:
            plan = self.plan
            if not plan or method != plan["method"] or plan.get("path", "") not in path:
                return None
            number = next(self.seen)
            if not plan.get("skip", 0) <= number < plan.get("skip", 0) + plan.get("times", 1):
                return None
            self.met += 1
            return plan


if __name__ == "__main__":
    moto = DomainDispatcherApplication(create_backend_app)
    server = make_server("127.0.0.1", 0, Faults(moto), True, request_handler=QuietHandler)
    sys.stdout.write(f"{server.server_address[1]}\n")
    sys.stdout.flush()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    server.serve_forever()
