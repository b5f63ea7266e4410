"""An SFTP server in this process, on a free port, that can drop the line within a file.

What it is given it writes into its folder, unless it `is_read_only`.
"""

import contextlib
import os
import socket
import threading

import paramiko


class _Login(paramiko.ServerInterface):
    def check_auth_password(self, username, password):
        good = (username, password) == ("bank", "secret")
        return paramiko.AUTH_SUCCESSFUL if good else paramiko.AUTH_FAILED

    def get_allowed_auths(self, username):
        return "password"

    def check_channel_request(self, kind, chanid):
        return paramiko.OPEN_SUCCEEDED


class _Handle(paramiko.SFTPHandle):
    def __init__(self, path, server, flags):
        super().__init__(flags)
        if flags & os.O_WRONLY:
            self.writefile = path.open("wb", buffering=0)
        else:
            self.readfile = path.open("rb")
        self.path, self.server = path, server

    def stat(self):
        return paramiko.SFTPAttributes.from_stat(self.path.stat())

    def read(self, offset, length):
        return paramiko.SFTP_FAILURE if self._drops(length) else super().read(offset, length)

    def write(self, offset, data):
        return paramiko.SFTP_FAILURE if self._drops(len(data)) else super().write(offset, data)

    def _drops(self, length):
        self.server.sent += length
        if not self.server.drops or self.server.sent < self.server.drop_after:
            return False
        self.server.drops -= 1
        self.server.sent = 0
        self.server.hang_up()
        return True


def _answered(work, *arguments):
    try:
        work(*arguments)
    except OSError as error:
        return paramiko.SFTPServer.convert_errno(error.errno)
    return paramiko.SFTP_OK


class _Files(paramiko.SFTPServerInterface):
    def __init__(self, login, server):
        super().__init__(login)
        self.server = server

    def list_folder(self, path):
        found = []
        for entry in os.scandir(self.server.folder / path.lstrip("/")):
            attributes = paramiko.SFTPAttributes.from_stat(entry.stat(follow_symlinks=False))
            attributes.filename = os.fsencode(entry.name)  # as it is, text or not
            found.append(attributes)
        return found

    def open(self, path, flags, attr):
        if flags & os.O_WRONLY and self.server.is_read_only:
            return paramiko.SFTP_PERMISSION_DENIED
        try:
            return _Handle(self._at(path), self.server, flags)
        except FileNotFoundError:
            return paramiko.SFTP_NO_SUCH_FILE

    def stat(self, path):
        file = self._at(path)
        if not file.exists():
            return paramiko.SFTP_NO_SUCH_FILE
        return paramiko.SFTPAttributes.from_stat(file.stat())

    def mkdir(self, path, attr):
        return _answered(self._at(path).mkdir)

    def remove(self, path):
        return _answered(self._at(path).unlink)

    def rename(self, oldpath, newpath):
        if self._at(newpath).exists():
            return paramiko.SFTP_FAILURE
        return _answered(self._at(oldpath).rename, self._at(newpath))

    def posix_rename(self, oldpath, newpath):
        if not self.server.has_posix_rename:
            return paramiko.SFTP_OP_UNSUPPORTED
        return _answered(self._at(oldpath).replace, self._at(newpath))

    def _at(self, path):
        return self.server.folder / path.lstrip("/")


class SftpServer:
    """Serves `folder`; `drops` times the line is lost after `drop_after` bytes."""

    def __init__(self, folder, *, drops=0, drop_after=0, has_posix_rename=True, is_read_only=False):
        self.folder, self.drops, self.drop_after, self.sent = folder, drops, drop_after, 0
        self.has_posix_rename, self.is_read_only = has_posix_rename, is_read_only
        self.key = paramiko.ECDSAKey.generate()
        self.host_key = f"{self.key.get_name()} {self.key.get_base64()}"
        self.logins = 0
        self._transports = []
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def hang_up(self):
        for transport in self._transports:
            transport.close()

    def close(self):
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)  # wakes the accepting thread
        self._socket.close()
        self.hang_up()

    def _serve(self):
        with contextlib.suppress(OSError):
            while True:
                line, _ = self._socket.accept()
                line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                transport = paramiko.Transport(line)
                transport.add_server_key(self.key)
                transport.set_subsystem_handler("sftp", paramiko.SFTPServer, _Files, self)
                self._transports.append(transport)
                self.logins += 1
                with contextlib.suppress(paramiko.SSHException, EOFError):
                    transport.start_server(server=_Login())
