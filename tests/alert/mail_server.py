"""A real mail server on 127.0.0.1 that keeps what it takes, and refuses what it is told to."""

import ssl
from email import message_from_bytes, policy

from aiosmtpd.controller import Controller


class Inbox:
    """Keeps the messages; with `refusal` it takes none and answers so."""

    def __init__(self):
        self.mails, self.refusal = [], ""

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - aiosmtpd's name
        if self.refusal:
            return self.refusal
        mail = message_from_bytes(envelope.content, policy=policy.default)
        self.mails.append((envelope.rcpt_tos, mail))
        return "250 taken"


class _Server(Controller):
    def _trigger_server(self):
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


class MailServer:
    """Serves while the block runs; `connection` is its address in Airflow's own words."""

    def __init__(self, certificate=None):
        self.inbox = Inbox()
        context = None
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
        self._server = _Server(
            self.inbox,
            hostname="127.0.0.1",
            port=0,
            tls_context=context,
            require_starttls=bool(context),
        )

    def __enter__(self):
        self._server.start()
        return self

    def __exit__(self, *_):
        self._server.stop()

    @property
    def port(self):
        return self._server.port

    @property
    def connection(self):
        return f"smtp://127.0.0.1:{self.port}?disable_ssl=true&disable_tls=true"
