"""An SFTP server in this process, on a free port, that can drop the line within a file."""

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
    def __init__(self, path, server):
        super().__init__()
        self.readfile = path.open("rb")
        self.path, self.server = path, server

    def stat(self):
        return paramiko.SFTPAttributes.from_stat(self.path.stat())

    def read(self, offset, length):
        self.server.sent += length
        if self.server.drops and self.server.sent >= self.server.drop_after:
            self.server.drops -= 1
            self.server.sent = 0
            self.server.hang_up()
            return paramiko.SFTP_FAILURE
        return super().read(offset, length)


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
        file = self.server.folder / path.lstrip("/")
        return _Handle(file, self.server) if file.exists() else paramiko.SFTP_NO_SUCH_FILE


class SftpServer:
    """Serves `folder`; `drops` times the line is lost after `drop_after` bytes."""

    def __init__(self, folder, *, drops=0, drop_after=0):
        self.folder, self.drops, self.drop_after, self.sent = folder, drops, drop_after, 0
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
