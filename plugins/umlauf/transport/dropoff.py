"""Where files are delivered: a folder or an SFTP server. Each appears there whole or not at all.

A file is written as `<name>.partial` and renamed; delivered again, it takes the place of itself.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from posixpath import join
from typing import Protocol
from urllib.parse import unquote, urlsplit

import paramiko

from umlauf.errors import SourceUnavailable
from umlauf.spec import Connection, Limits
from umlauf.transport.place import FOLDER, kind_of
from umlauf.transport.sftp_line import SftpLine


class Dropoff(Protocol):
    """A place that files are delivered to; nothing else is read or removed there."""

    def put(self, folder: str, file: Path) -> None:
        """Write the file below `folder`, which is made where it is not there.

        Raises:
            SourceError, OSError: it could not be written; what stands there is whole.
        """

    def close(self) -> None:
        """Release sockets."""


@contextmanager
def dropoff_of(connection: Connection, limits: Limits) -> Iterator[Dropoff]:
    """Yield the place that the connection's URL names: `file:///folder`, `sftp://host:22/folder`.

    Raises:
        ConfigError: a place of a kind we do not know.
    """
    is_folder = kind_of(connection) == FOLDER
    dropoff = FolderDropoff(connection) if is_folder else SftpDropoff(connection, limits)
    try:
        yield dropoff
    finally:
        dropoff.close()


class FolderDropoff:
    """A folder, mostly a mounted share; it must be there: an empty mount point is no place."""

    def __init__(self, connection: Connection) -> None:
        """Take the folder from a `file://` URL; nothing is opened yet."""
        parts = urlsplit(connection.url)
        self.folder = Path(unquote(f"{parts.netloc}{parts.path}"))
        self._conn_id = connection.conn_id

    def put(self, folder: str, file: Path) -> None:
        """Copy, flush to disk, rename."""
        if not self.folder.is_dir():
            raise SourceUnavailable(
                f"{self._conn_id}: folder {str(self.folder)!r} is not there; mount or make it"
            )
        target = self.folder / folder / file.name
        target.parent.mkdir(exist_ok=True)
        partial = target.with_name(f"{target.name}.partial")
        with file.open("rb") as given, partial.open("wb") as out:
            shutil.copyfileobj(given, out)
            out.flush()
            os.fsync(out.fileno())
        partial.replace(target)

    def close(self) -> None:
        """Nothing is held open."""


class SftpDropoff(SftpLine):
    """One folder of one server, whose host key is pinned."""

    def put(self, folder: str, file: Path) -> None:
        """Upload, compare the size the server has, rename; a broken line begins the file again."""
        place = join(self.folder, folder)
        self.tried(lambda client: _make_folder(client, place), folder)
        self.tried(lambda client: _upload(client, file, join(place, file.name)), file.name)


def _make_folder(client: paramiko.SFTPClient, folder: str) -> None:
    try:
        client.stat(folder)
    except FileNotFoundError:
        client.mkdir(folder)


def _upload(client: paramiko.SFTPClient, file: Path, target: str) -> None:
    partial = f"{target}.partial"
    client.put(str(file), partial, confirm=True)
    try:
        client.posix_rename(partial, target)
    except OSError:  # a server without OpenSSH's extension, whose rename replaces nothing
        with suppress(FileNotFoundError):
            client.remove(target)
        client.rename(partial, target)
