"""The addresses of the local platform; all of them on 127.0.0.1, none reachable from outside."""

from __future__ import annotations

import socket
from dataclasses import asdict, dataclass

from umlauf.errors import ConfigError

HOST = "127.0.0.1"


@dataclass(frozen=True, kw_only=True)
class Ports:
    """Where each server of the platform listens."""

    airflow: int = 8780
    sandbox: int = 8781
    sftp: int = 8782
    page: int = 8783
    postgres: int = 8784
    superset: int = 8785
    redis: int = 8786

    def by_name(self) -> dict[str, int]:
        """Return the ports by the names of their options."""
        return asdict(self)


def require_free(ports: Ports) -> None:
    """Bind every port once.

    Raises:
        ConfigError: one is taken; the message names it and the option that changes it.
    """
    for name, port in ports.by_name().items():
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError as error:
                raise ConfigError(
                    f"port {port} on {HOST} is taken ({error.strerror}); end what listens there, "
                    f"`umlauf down` if it is ours, or choose another with --{name}-port"
                ) from None


def is_listening(port: int) -> bool:
    """Whether something accepts connections there."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.settimeout(0.2)
        return probe.connect_ex((HOST, port)) == 0
