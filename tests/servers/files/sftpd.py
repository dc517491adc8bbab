"""SFTP servers: OpenSSH, and one in Python with a password."""

from __future__ import annotations

import getpass
import os
import socket
import subprocess
import threading
from pathlib import Path
from typing import Any, Self

import paramiko
from paramiko import SFTPAttributes, SFTPHandle

from .program import Program


class Sshd(Program):
    """OpenSSH for whoever runs the tests: login by the key in :attr:`private_key`."""

    name = "sshd"

    def __init__(self, root: Path, work: Path) -> None:
        super().__init__(work)
        self.root = root
        self.user = getpass.getuser()

    @property
    def private_key(self) -> str:
        """The key that may log in."""
        return (self.work / "client_key").read_text()

    @property
    def host_key(self) -> str:
        """The server's own key."""
        return " ".join((self.work / "host_key.pub").read_text().split()[:2])

    def command(self) -> list[str]:
        for name in ("host_key", "client_key"):
            if not (self.work / name).exists():
                make = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", self.work / name]
                subprocess.run(make, check=True)
        if os.geteuid() == 0:
            Path("/run/sshd").mkdir(exist_ok=True)
        settings = self.work / "sshd_config"
        settings.write_text(
            f"ListenAddress 127.0.0.1\nPort {self.port}\nHostKey {self.work}/host_key\n"
            f"PidFile {self.work}/sshd.pid\nAuthorizedKeysFile {self.work}/client_key.pub\n"
            "StrictModes no\nUsePAM no\nPasswordAuthentication no\nPermitRootLogin yes\n"
            "KbdInteractiveAuthentication no\nSubsystem sftp internal-sftp\n"
            "ForceCommand internal-sftp\n"
        )
        return [self.path(), "-f", str(settings), "-D", "-E", str(self.work / "sshd.log")]


class _Login(paramiko.ServerInterface):
    def __init__(self, server: SftpServer) -> None:
        self.server = server

    def check_auth_password(self, username: str, password: str) -> int:
        right = (username, password) == (self.server.user, self.server.password)
        return paramiko.AUTH_SUCCESSFUL if right else paramiko.AUTH_FAILED

    def get_allowed_auths(self, username: str) -> str:
        return "password"

    def check_channel_request(self, kind: str, chanid: int) -> int:
        return paramiko.OPEN_SUCCEEDED


class _Handle(SFTPHandle):
    def __init__(self, flags: int, stream: Any) -> None:
        super().__init__(flags)
        self.readfile = self.writefile = stream

    def stat(self) -> SFTPAttributes:
        return SFTPAttributes.from_stat(os.fstat(self.readfile.fileno()))


class _Files(paramiko.SFTPServerInterface):
    """The folder; what is not allowed or not possible is an SFTP error."""

    def __init__(self, server: _Login, *args: Any, **more: Any) -> None:
        super().__init__(server, *args, **more)
        self.owner = server.server

    def _at(self, path: str) -> str:
        return str(self.owner.root) + self.canonicalize(path)

    def _do(self, action: Any, *args: Any) -> Any:
        try:
            return action(*args)
        except OSError as error:
            return paramiko.SFTPServer.convert_errno(error.errno or 0)

    def list_folder(self, path: str) -> Any:
        def look() -> list[SFTPAttributes]:
            folder = self._at(path)
            found = []
            for name in os.listdir(folder):
                found.append(SFTPAttributes.from_stat(os.lstat(f"{folder}/{name}"), name))
            for name in self.owner.evil_names:
                found.append(SFTPAttributes.from_stat(os.lstat(folder), name))
                found[-1].st_mode = 0o100644
            return found

        return self._do(look)

    def stat(self, path: str) -> Any:
        return self._do(lambda: SFTPAttributes.from_stat(os.stat(self._at(path))))

    def lstat(self, path: str) -> Any:
        return self._do(lambda: SFTPAttributes.from_stat(os.lstat(self._at(path))))

    def open(self, path: str, flags: int, attr: Any) -> Any:
        if self.owner.read_only and flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
            return paramiko.SFTP_PERMISSION_DENIED
        mode = "rb" if not flags & (os.O_WRONLY | os.O_RDWR) else "r+b"

        def begin() -> _Handle:
            opened = os.open(self._at(path), flags, 0o644)
            return _Handle(flags, os.fdopen(opened, "wb" if mode != "rb" else "rb"))

        return self._do(begin)

    def remove(self, path: str) -> Any:
        return self._do(lambda: os.remove(self._at(path)) or paramiko.SFTP_OK)

    def rename(self, oldpath: str, newpath: str) -> Any:
        if os.path.exists(self._at(newpath)):
            return paramiko.SFTP_FAILURE
        return self._do(lambda: os.rename(self._at(oldpath), self._at(newpath)) or 0)

    def posix_rename(self, oldpath: str, newpath: str) -> Any:
        if self.owner.old:
            return paramiko.SFTP_OP_UNSUPPORTED
        return self._do(lambda: os.replace(self._at(oldpath), self._at(newpath)) or 0)

    def mkdir(self, path: str, attr: Any) -> Any:
        return self._do(lambda: os.mkdir(self._at(path)) or paramiko.SFTP_OK)


class SftpServer:
    """A folder over SFTP. ``old``: it cannot replace a file by renaming."""

    def __init__(self, root: Path, host_key: paramiko.PKey | None = None) -> None:
        self.root = root
        self.user, self.password = "cdtest", "s3cret wörd"
        self.key = host_key or paramiko.ECDSAKey.generate()
        self.old = False
        self.read_only = False
        self.evil_names: list[str] = []
        self.sessions = 0
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self._transports: list[paramiko.Transport] = []
        self._thread = threading.Thread(target=self._serve, daemon=True)

    @property
    def host_key(self) -> str:
        """The server's own key."""
        return f"{self.key.get_name()} {self.key.get_base64()}"

    def _serve(self) -> None:
        while True:
            try:
                connection, _address = self._socket.accept()
            except OSError:
                return
            transport = paramiko.Transport(connection)
            transport.add_server_key(self.key)
            transport.set_subsystem_handler("sftp", paramiko.SFTPServer, _Files)
            self._transports.append(transport)
            self.sessions += 1
            try:
                transport.start_server(event=threading.Event(), server=_Login(self))
            except paramiko.SSHException:
                continue

    def start(self) -> Self:
        """Begin to answer."""
        self._thread.start()
        return self

    def stop(self) -> None:
        """Stop answering and break off all sessions."""
        self._socket.close()
        for transport in self._transports:
            transport.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_error: object) -> None:
        self.stop()
