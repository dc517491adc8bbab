"""Files over FTP, plain or encrypted.

Encrypted data connections take over the session of the control connection: most servers demand
that, and Python's own client does not do it.
"""

from __future__ import annotations

import ftplib
import re
import socket
import ssl
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, suppress
from datetime import UTC, datetime
from typing import Any, Final

from odoo.addons.automation_core.lib import errors
from odoo.addons.automation_core.lib.texts import Marker

from .ftp_failures import AGAIN, FtpLogin, named
from .place import (
    Place,
    RemoteFile,
    join,
    parts_of,
    too_large,
)

_lt = Marker(__name__)

CHUNK: Final = 65536
NO_SUCH_COMMAND: Final = ("500", "501", "502", "503", "504")


class _Encrypted(ftplib.FTP_TLS):
    """Explicit TLS whose data connections reuse the session."""

    def ntransfercmd(self, cmd: str, rest: Any = None) -> tuple[socket.socket, int | None]:
        conn, size = ftplib.FTP.ntransfercmd(self, cmd, rest)  # noqa: S321 - encrypted next
        try:
            session = getattr(self.sock, "session", None)
            return self.context.wrap_socket(conn, server_hostname=self.host, session=session), size
        except BaseException:
            conn.close()
            raise


class _Implicit(_Encrypted):
    """TLS from the first byte on."""

    def connect(
        self, host: str = "", port: int = 0, timeout: float = -999, source_address: Any = None
    ) -> str:
        self.host, self.port = host, port
        sock = socket.create_connection((host, port), timeout)
        self.timeout = timeout
        self.af = sock.family
        self.sock = self.context.wrap_socket(sock, server_hostname=host)
        self.file = self.sock.makefile("r", encoding=self.encoding)
        self.welcome = self.getresp()
        return self.welcome


class FtpPlace(Place):
    """A folder on an FTP server."""

    def __init__(self, login: FtpLogin) -> None:
        self.login = login
        self._ftp: ftplib.FTP | None = None
        self._has_mlsd = True

    def open(self) -> None:
        """Connect, encrypt, log in, and go to the folder."""
        login = self.login
        try:
            with self._named():
                self._ftp = ftp = self._new()
                ftp.connect(login.host, login.port, timeout=login.timeout[0])
                if ftp.sock is not None:
                    ftp.sock.settimeout(login.timeout[1])
                ftp.timeout = login.timeout[1]
                if login.security == "explicit":
                    assert isinstance(ftp, ftplib.FTP_TLS)
                    ftp.auth()
            with self._named(logging_in=True):
                ftp.login(login.user, login.password)  # encrypted where asked for: see _new
            with self._named():
                if isinstance(ftp, ftplib.FTP_TLS):
                    ftp.prot_p()
                ftp.set_pasv(login.passive)
            if login.folder:
                with self._named(login.folder):
                    ftp.cwd(login.folder)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Close the connection, whatever state it is in."""
        if self._ftp is not None:
            ftp, self._ftp = self._ftp, None
            with suppress(Exception):
                if ftp.sock is not None:
                    ftp.sock.settimeout(2)
                ftp.quit()
            with suppress(Exception):
                ftp.close()

    def _new(self) -> ftplib.FTP:
        encoding = self.login.encoding
        if self.login.security == "none":
            return ftplib.FTP(encoding=encoding, timeout=self.login.timeout[0])  # noqa: S321 - chosen, with a warning in the form
        kind = _Implicit if self.login.security == "implicit" else _Encrypted
        return kind(
            context=trusting(self.login.authority),
            encoding=encoding,
            timeout=self.login.timeout[0],
        )

    @property
    def _client(self) -> ftplib.FTP:
        if self._ftp is None:
            raise errors.Unavailable(
                _lt("The connection to %(host)s is closed.", host=self.login.host), AGAIN
            )
        return self._ftp

    # -- listing ----------------------------------------------------------------------

    def _entries(self, folder: str) -> Iterable[RemoteFile]:
        with self._named(folder or "/"):
            if self._has_mlsd:
                try:
                    return self._by_facts(folder)
                except ftplib.error_perm as error:
                    if not str(error).startswith(NO_SUCH_COMMAND):
                        raise
                    self._has_mlsd = False
            return self._by_names(folder)

    def _by_facts(self, folder: str) -> list[RemoteFile]:
        found = []
        for name, facts in self._client.mlsd(folder, facts=["type", "size", "modify"]):
            if facts.get("type", "file").lower() == "file":
                size = facts.get("size", "")
                found.append(
                    RemoteFile(
                        _base(name),
                        int(size) if size.isdigit() else None,
                        _moment(facts.get("modify", "")),
                    )
                )
        return found

    def _by_names(self, folder: str) -> list[RemoteFile]:
        """List where the server knows names only; what has no size is no plain file."""
        try:
            names = self._client.nlst(*([folder] if folder else []))
        except ftplib.error_perm as error:
            if str(error).startswith("550") and "no files" in str(error).lower():
                return []
            raise
        found = []
        for name in map(_base, names):
            try:
                size = self._size(join(folder, name))
                stamp = self._client.voidcmd(f"MDTM {join(folder, name)}")[3:]
            except (ftplib.error_perm, ValueError) as error:
                if str(error).startswith("550"):
                    continue
                size, stamp = None, ""
            found.append(RemoteFile(name, size, _moment(stamp)))
        return found

    # -- transfer ---------------------------------------------------------------------

    def _fetch(self, path: str, max_bytes: int) -> bytes:
        content = bytearray()

        def take(chunk: bytes) -> None:
            content.extend(chunk)
            if len(content) > max_bytes:
                raise too_large(path, max_bytes)

        with self._named(path):
            size = self._size(path)
            if size is not None and size > max_bytes:
                raise too_large(path, max_bytes)
            try:
                self._transfer(f"RETR {path}", lambda conn: _receive(conn, take))
            except errors.Rejected:
                self.close()  # the rest of the file is still on its way
                raise
        if size is not None and len(content) < size:
            raise errors.Unavailable(
                _lt("“%(path)s” came only in part from %(host)s.", path=path, host=self.login.host),
                AGAIN,
            )
        return bytes(content)

    def _store(self, path: str, content: bytes) -> None:
        with self._named(path, writing=True):
            self._transfer(f"STOR {path}", lambda conn: conn.sendall(content))
            size = self._size(path)
        if size is not None and size != len(content):
            raise errors.Unavailable(
                _lt(
                    "“%(path)s” arrived only in part on %(host)s.", path=path, host=self.login.host
                ),
                AGAIN,
            )

    def _transfer(self, command: str, work: Callable[[socket.socket], object]) -> None:
        """Run one data connection; an untidy end of its encryption is no failure, the server's word
        and the size count.
        """
        self._client.voidcmd("TYPE I")
        conn = self._client.transfercmd(command)
        try:
            work(conn)
            if isinstance(conn, ssl.SSLSocket):
                with suppress(OSError, ValueError):
                    conn.settimeout(5)
                    conn.unwrap()
        finally:
            conn.close()
        self._client.voidresp()

    def _size(self, path: str) -> int | None:
        self._client.voidcmd("TYPE I")  # listing switches to text
        try:
            return self._client.size(path)
        except ftplib.error_perm as error:
            if str(error).startswith("550"):
                raise
            return None

    def _rename(self, path: str, target: str, *, replace: bool) -> None:
        with self._named(path):
            try:
                self._client.rename(path, target)
            except ftplib.error_perm:
                if not replace:
                    raise
                self._client.delete(target)  # servers that do not replace
                self._client.rename(path, target)

    def _make_folder(self, folder: str) -> None:
        made = ""
        for part in parts_of(folder):
            made = join(made, part)
            with self._named(made):
                try:
                    self._client.mkd(made)
                except ftplib.error_perm as error:
                    if not str(error).startswith(("550", "521", "553")):
                        raise  # those: it is there, or what follows says what is wrong

    def _remove(self, path: str) -> None:
        with self._named(path):
            self._client.delete(path)

    def _named(
        self, path: str = "", *, logging_in: bool = False, writing: bool = False
    ) -> AbstractContextManager[None]:
        return named(self.login, path, logging_in=logging_in, writing=writing)


def trusting(authority: str = "") -> ssl.SSLContext:
    """Return a context that checks certificates: against the known authorities or a given one."""
    try:
        context = ssl.create_default_context(cadata=authority.strip() or None)
    except (ssl.SSLError, ValueError) as error:
        raise errors.Rejected(
            _lt("The certificate in the settings cannot be read."),
            _lt("Paste it with its lines BEGIN CERTIFICATE and END CERTIFICATE."),
        ) from error
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _receive(conn: socket.socket, take: Callable[[bytes], None]) -> None:
    while chunk := conn.recv(CHUNK):
        take(chunk)


def _base(name: str) -> str:
    """Return the last part of a listed name: some servers put the folder before it."""
    return name.rpartition("/")[2]


def _moment(text: str) -> datetime | None:
    """Return the time in an FTP time stamp, which is UTC."""
    found = re.match(r"\s*(\d{14})", text)
    try:
        return datetime.strptime(found[1], "%Y%m%d%H%M%S").replace(tzinfo=UTC) if found else None
    except ValueError:
        return None
