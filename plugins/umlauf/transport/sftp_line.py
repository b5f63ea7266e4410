"""The line to an SFTP server whose host key is pinned; who reads and who delivers share it.

Connection: `sftp://host:22/folder`, login, password or extra `private_key` (PEM text), and extra
`host_key`: the server's public key (`ssh-ed25519 AAAA...`, as in known_hosts) or its fingerprint
(`SHA256:...`). There is no trust on first use: a server without a pinned key is refused.
"""

from __future__ import annotations

import io
import logging
import socket
import time
from collections.abc import Callable
from typing import TypeVar
from urllib.parse import unquote, urlsplit

import paramiko

from umlauf.errors import ConfigError, SourceDenied, SourceUnavailable
from umlauf.spec import Connection, Limits
from umlauf.transport.host_key import check_host_key, pinned_types

log = logging.getLogger(__name__)
logging.getLogger("paramiko").setLevel(logging.CRITICAL)  # it logs tracebacks of dropped lines

Result = TypeVar("Result")

_LOST = (paramiko.SSHException, EOFError, OSError)
_KEYS = (paramiko.Ed25519Key, paramiko.ECDSAKey, paramiko.RSAKey)


class SftpLine:
    """One folder of one server; reconnects when the line breaks."""

    def __init__(
        self,
        connection: Connection,
        limits: Limits,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Take address and credentials; the first call connects."""
        parts = urlsplit(connection.url)
        self.host, self.port = parts.hostname or "", parts.port or 22
        self.folder = unquote(parts.path) or "."
        self.place = f"sftp://{self.host}"
        self.name = connection.conn_id
        self._connection, self._limits, self._sleep = connection, limits, sleep
        self._client: paramiko.SFTPClient | None = None

    def close(self) -> None:
        """Close the connection; harmless when there is none."""
        client, self._client = self._client, None
        if client is not None:
            channel = client.get_channel()
            if channel is not None:
                channel.get_transport().close()

    def tried(self, work: Callable[[paramiko.SFTPClient], Result], what: str) -> Result:
        """Do `work` on the connection; reconnect and repeat when the line is lost.

        Raises:
            ConfigError: no pinned host key. SourceChanged: the server shows another key.
            SourceDenied: login refused. SourceUnavailable: no answer after all retries.
        """
        for attempt in range(self._limits.max_retries + 1):
            try:
                return work(self._connected())
            except (FileNotFoundError, PermissionError) as error:
                raise SourceUnavailable(f"{self.name}: {what!r}: {error}") from error
            except _LOST as error:
                self.close()
                lost = error
                log.warning(
                    "%s: %r: line lost (%s), attempt %d", self.name, what, error, attempt + 1
                )
                self._sleep(min(0.5 * 2**attempt, 30.0))
        raise SourceUnavailable(
            f"{self.name}: {what!r}: no answer from {self.host}:{self.port} in "
            f"{self._limits.max_retries + 1} attempts: {lost!r}"
        ) from lost

    def _connected(self) -> paramiko.SFTPClient:
        if self._client is None:
            self._client = self._connect()
        return self._client

    def _connect(self) -> paramiko.SFTPClient:
        pinned = str(self._connection.extra.get("host_key") or "")
        address = (self.host, self.port)
        line = socket.create_connection(address, timeout=self._limits.connect_timeout)
        # Small requests, each waiting for its answer: without this each costs 40 ms.
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        transport = paramiko.Transport(line)
        try:
            transport.banner_timeout = transport.auth_timeout = self._limits.connect_timeout
            types = pinned_types(pinned)
            if types:
                transport.get_security_options().key_types = types
            transport.start_client(timeout=self._limits.connect_timeout)
            check_host_key(self.name, pinned, transport.get_remote_server_key())
            self._log_in(transport)
            client = paramiko.SFTPClient.from_transport(transport)
            if client is None:
                raise EOFError("no SFTP channel")
            client.get_channel().settimeout(self._limits.read_timeout)  # type: ignore[union-attr]  # a new client has one
        except BaseException:
            transport.close()
            raise
        return client

    def _log_in(self, transport: paramiko.Transport) -> None:
        login, pem = self._connection.login, self._connection.extra.get("private_key")
        try:
            if pem:
                transport.auth_publickey(login, _private_key(self.name, str(pem)))
            else:
                transport.auth_password(login, self._connection.password)
        except paramiko.AuthenticationException as error:
            raise SourceDenied(
                f"{self.name}: {self.host} refused the login of {login!r}; check password or key"
            ) from error


def _private_key(conn_id: str, pem: str) -> paramiko.PKey:
    for kind in _KEYS:
        try:
            return kind.from_private_key(io.StringIO(pem))
        except paramiko.SSHException:
            continue
    raise ConfigError(f"connection {conn_id!r}: private_key is no Ed25519, ECDSA or RSA key in PEM")
