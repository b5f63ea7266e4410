"""Files picked up over SFTP; connection and pinned host key as in `umlauf.transport.sftp_line`."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from posixpath import join

import paramiko

from umlauf.errors import SourceChanged, SourceUnavailable
from umlauf.transport.pickup import FoundFile, is_offered, stamp
from umlauf.transport.sftp_line import SftpLine

_PIECE = 4 * 1024 * 1024


class SftpPickup(SftpLine):
    """One folder of one server; reads on where the line broke."""

    def list(self) -> list[FoundFile]:
        """Return the files by name.

        Raises:
            ConfigError: no pinned host key. SourceChanged: the server shows another key, or a name
                that is not UTF-8.
            SourceDenied: login refused. SourceUnavailable: no answer after all retries.
        """
        try:
            attributes = self.tried(lambda client: client.listdir_attr(self.folder), "listing")
        except UnicodeDecodeError as error:  # paramiko's own; it gives no other names either
            raise SourceChanged(
                f"{self.name}: {self.folder!r} on {self.host} holds a file whose name is not "
                f"UTF-8: {error.object!r}; rename or remove it there"
            ) from error
        found = [
            FoundFile(
                name=item.filename, size=item.st_size or 0, modified_at=stamp(item.st_mtime or 0)
            )
            for item in attributes
            if is_offered(item.filename) and stat.S_ISREG(item.st_mode or 0)
        ]
        return sorted(found, key=lambda file: file.name)

    def read(self, file: FoundFile) -> Iterator[bytes]:
        """Yield the bytes; a broken line is continued at the next byte of the same file.

        Raises:
            SourceUnavailable: the file changed meanwhile, or the server stays away.
        """
        offset = 0
        while offset < file.size:
            start = offset
            chunk = self.tried(lambda client, at=start: self._piece(client, file, at), file.name)  # type: ignore[misc]  # mypy cannot infer a default in a lambda
            if not chunk:
                raise self._changed(file)
            offset += len(chunk)
            yield chunk

    def _piece(self, client: paramiko.SFTPClient, file: FoundFile, offset: int) -> bytes:
        with client.open(join(self.folder, file.name), "rb") as opened:
            state = opened.stat()
            if (state.st_size, stamp(state.st_mtime or 0)) != (file.size, file.modified_at):
                raise self._changed(file)
            opened.seek(offset)
            return opened.read(_PIECE)

    def _changed(self, file: FoundFile) -> SourceUnavailable:
        return SourceUnavailable(f"{self.name}: {file.name!r} changed while it was read; next run")
