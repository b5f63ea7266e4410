"""Which kinds of places files are picked up from and delivered to."""

from __future__ import annotations

from umlauf.errors import ConfigError
from umlauf.spec import Connection

FOLDER, SFTP = "file", "sftp"


def kind_of(connection: Connection) -> str:
    """Return FOLDER or SFTP, by the scheme of the connection's URL.

    Raises:
        ConfigError: a place of a kind we do not know.
    """
    scheme = connection.url.partition("://")[0]
    if scheme not in (FOLDER, SFTP):
        raise ConfigError(
            f"connection {connection.conn_id!r}: a place of kind {scheme!r}; "
            "expected file:// or sftp://"
        )
    return scheme
