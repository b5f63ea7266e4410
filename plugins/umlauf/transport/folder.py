"""Files from a folder: a drop folder of the bank's program, or a mounted share."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

from umlauf.errors import SourceUnavailable
from umlauf.spec import Connection
from umlauf.transport.pickup import FoundFile, is_offered, stamp

_CHUNK = 1024 * 1024


class FolderPickup:
    """The regular files directly in one folder; links are not followed."""

    def __init__(self, connection: Connection) -> None:
        """Take the folder from a `file://` URL; nothing is opened yet."""
        parts = urlsplit(connection.url)
        self.folder = Path(unquote(f"{parts.netloc}{parts.path}"))
        self.place = "folder"
        self._conn_id = connection.conn_id

    def list(self) -> list[FoundFile]:
        """Return the files by name.

        Raises:
            SourceUnavailable: the folder is missing or closed to us.
        """
        try:
            with os.scandir(self.folder) as entries:
                found = [
                    FoundFile(
                        name=entry.name, size=state.st_size, modified_at=stamp(state.st_mtime)
                    )
                    for entry in entries
                    if is_offered(entry.name) and entry.is_file(follow_symlinks=False)
                    for state in [entry.stat(follow_symlinks=False)]
                ]
        except OSError as error:
            raise SourceUnavailable(
                f"{self._conn_id}: folder {str(self.folder)!r} cannot be listed: {error.strerror}"
            ) from error
        return sorted(found, key=lambda file: file.name)

    def read(self, file: FoundFile) -> Iterator[bytes]:
        """Yield the bytes; opened without following links, so that none is put in between.

        Raises:
            SourceUnavailable: gone, closed to us, or another size than listed.
        """
        try:
            descriptor = os.open(self.folder / file.name, os.O_RDONLY | os.O_NOFOLLOW)
            with os.fdopen(descriptor, "rb") as opened:
                size = 0
                while chunk := opened.read(_CHUNK):
                    size += len(chunk)
                    yield chunk
        except OSError as error:
            raise SourceUnavailable(
                f"{self._conn_id}: {file.name!r} cannot be read: {error.strerror}"
            ) from error
        if size != file.size:
            raise SourceUnavailable(
                f"{self._conn_id}: {file.name!r} was listed with {file.size} bytes, {size} came"
            )

    def close(self) -> None:
        """Nothing is held open."""
