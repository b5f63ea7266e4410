"""The bank's SFTP server: one account's files in /out, read only, as far as the clock has come."""

from __future__ import annotations

import io
import os
import socket
import stat
import threading
from contextlib import suppress
from pathlib import Path
from typing import Literal

import paramiko
from paramiko.common import (
    AUTH_FAILED,
    AUTH_SUCCESSFUL,
    OPEN_FAILED_ADMINISTRATIVELY_PROHIBITED,
    OPEN_SUCCEEDED,
)
from paramiko.sftp import SFTP_NO_SUCH_FILE, SFTP_PERMISSION_DENIED

from umlauf.sandbox.inbox import BankFile, bank_content, bank_files
from umlauf.sandbox.serve.keys import client_key, host_key

USER = "sandbox"
PASSWORD = "sandbox-password"  # noqa: S105 - the sandbox's own, no secret
FOLDER = "/out"
CHANNEL: Literal["sftp"] = "sftp"


class SftpServer:
    """Accepts connections on a bound socket until it is closed."""

    def __init__(self, home: Path, listener: socket.socket) -> None:
        self.home, self.listener = home, listener
        self.host_key, self.client_key = host_key(home), client_key(home)
        self.lines: list[paramiko.Transport] = []
        self.thread = threading.Thread(target=self._accept, name="sftp", daemon=True)

    def start(self) -> None:
        """Begin to accept connections, in a thread."""
        self.listener.listen()
        self.thread.start()

    def close(self) -> None:
        """Close the listener and every open line."""
        with suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)  # wakes the thread that waits in accept
        self.listener.close()
        for line in self.lines:
            line.close()
        self.thread.join(5)

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return  # closed
            with suppress(paramiko.SSHException, EOFError, OSError):
                self._serve(connection)

    def _serve(self, connection: socket.socket) -> None:
        self.lines = [line for line in self.lines if line.is_active()]
        line = paramiko.Transport(connection)
        line.add_server_key(self.host_key)
        line.set_subsystem_handler("sftp", paramiko.SFTPServer, _Files, home=self.home)
        self.lines.append(line)
        # With an event the handshake runs in the line's own thread: a slow one blocks nobody.
        line.start_server(event=threading.Event(), server=_Login(self.client_key))


class _Login(paramiko.ServerInterface):
    """Lets the sandbox's user in, by password or key, to SFTP and nothing else."""

    def __init__(self, key: paramiko.PKey) -> None:
        self.key = key

    def get_allowed_auths(self, username: str) -> str:
        return "publickey,password"

    def check_auth_password(self, username: str, password: str) -> int:
        return AUTH_SUCCESSFUL if (username, password) == (USER, PASSWORD) else AUTH_FAILED

    def check_auth_publickey(self, username: str, key: paramiko.PKey) -> int:
        return AUTH_SUCCESSFUL if username == USER and key == self.key else AUTH_FAILED

    def check_channel_request(self, kind: str, chanid: int) -> int:
        return OPEN_SUCCEEDED if kind == "session" else OPEN_FAILED_ADMINISTRATIVELY_PROHIBITED


class _Files(paramiko.SFTPServerInterface):
    """The folder; whatever would change it is refused."""

    def __init__(self, server: paramiko.ServerInterface, home: Path) -> None:
        super().__init__(server)
        self.home = home

    def list_folder(self, path: str) -> list[paramiko.SFTPAttributes] | int:
        place = self.canonicalize(path)
        if place == "/":
            return [_about_folder(FOLDER.strip("/"))]
        if place == FOLDER:
            return [_about(file) for file in bank_files(self.home, CHANNEL)]
        return SFTP_NO_SUCH_FILE

    def stat(self, path: str) -> paramiko.SFTPAttributes | int:
        place = self.canonicalize(path)
        if place in ("/", FOLDER):
            return _about_folder(place)
        file = self._file(place)
        return _about(file) if file else SFTP_NO_SUCH_FILE

    def lstat(self, path: str) -> paramiko.SFTPAttributes | int:
        return self.stat(path)

    def open(
        self, path: str, flags: int, attr: paramiko.SFTPAttributes
    ) -> paramiko.SFTPHandle | int:
        if flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND):
            return SFTP_PERMISSION_DENIED
        file = self._file(self.canonicalize(path))
        if file is None:
            return SFTP_NO_SUCH_FILE
        return _Opened(file, bank_content(self.home, CHANNEL, file.name))

    def remove(self, path: str) -> int:
        return SFTP_PERMISSION_DENIED

    def rename(self, oldpath: str, newpath: str) -> int:
        return SFTP_PERMISSION_DENIED

    def _file(self, place: str) -> BankFile | None:
        folder, _, name = place.rpartition("/")
        files = bank_files(self.home, CHANNEL) if folder == FOLDER else []
        return next((file for file in files if file.name == name), None)


class _Opened(paramiko.SFTPHandle):
    """A file open for reading; it is in memory whole, as it was when opened."""

    def __init__(self, file: BankFile, content: bytes) -> None:
        super().__init__(os.O_RDONLY)
        self.file = file
        self.readfile = io.BytesIO(content)

    def stat(self) -> paramiko.SFTPAttributes:
        return _about(self.file)


def _about(file: BankFile) -> paramiko.SFTPAttributes:
    about = paramiko.SFTPAttributes()
    about.filename = file.name
    about.st_size = file.size
    about.st_mtime = about.st_atime = int(file.at)
    about.st_mode = stat.S_IFREG | 0o444
    return about


def _about_folder(name: str) -> paramiko.SFTPAttributes:
    about = paramiko.SFTPAttributes()
    about.filename = name
    about.st_mode = stat.S_IFDIR | 0o555
    return about
