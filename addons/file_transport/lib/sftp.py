"""Files over SSH. The server's key is pinned: an unknown or changed one is never accepted."""

from __future__ import annotations

import base64
import hashlib
import io
import logging
import socket
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

import paramiko
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from odoo.addons.automation_core.lib import errors
from odoo.addons.automation_core.lib.texts import Marker

from .place import (
    CONNECT_TIMEOUT,
    READ_TIMEOUT,
    Place,
    RemoteFile,
    join,
    parts_of,
    shown,
    too_large,
)

_lt = Marker(__name__)

WIRE: Final = f"{__name__}.wire"
logging.getLogger(WIRE).setLevel(logging.CRITICAL)  # every failure is raised and named here

CHUNK: Final = 32768
KEY_KINDS: Final = (paramiko.Ed25519Key, paramiko.ECDSAKey, paramiko.RSAKey)
AGAIN: Final = _lt("Check address and port; otherwise it is tried again by itself.")


class HostKeyUnknown(errors.Rejected):
    """Nobody has said yet that this server's key is the right one. ``key`` is what it shows."""

    def __init__(self, key: str) -> None:
        super().__init__(
            _lt("The server's key is not known yet: %(print)s", print=fingerprint(key)),
            _lt("Compare it with what the operator told you, then press “Trust this key”."),
        )
        self.key = key


class HostKeyChanged(HostKeyUnknown):
    """The server shows another key than the trusted one."""

    def __init__(self, key: str) -> None:
        errors.Rejected.__init__(
            self,
            _lt("The server shows another key than before: %(print)s", print=fingerprint(key)),
            _lt(
                "Somebody may be in between. Ask the operator whether the key was changed; "
                "only then trust the new one."
            ),
        )
        self.key = key


@dataclass(frozen=True, slots=True)
class SftpLogin:
    """Where and who. ``host_key`` is the trusted key as ``type base64``."""

    host: str
    port: int = 22
    user: str = ""
    password: str = field(default="", repr=False)
    private_key: str = field(default="", repr=False)
    passphrase: str = field(default="", repr=False)
    host_key: str = ""
    folder: str = ""
    timeout: tuple[float, float] = (CONNECT_TIMEOUT, READ_TIMEOUT)


class SftpPlace(Place):
    """A folder on an SFTP server."""

    def __init__(self, login: SftpLogin) -> None:
        self.login = login
        self._transport: paramiko.Transport | None = None
        self._sftp: paramiko.SFTPClient | None = None

    def open(self) -> None:
        """Connect, compare the server's key, log in, and go to the folder."""
        key = _private_key(self.login) if self.login.private_key else None
        try:
            with _named(self.login.host):
                self._transport = _connect(self.login)
                self._check_key(self._transport)
                self._log_in(self._transport, key)
                self._sftp = paramiko.SFTPClient.from_transport(self._transport)
            self._client.get_channel().settimeout(self.login.timeout[1])  # type: ignore[union-attr]
            if self.login.folder:
                with _named(self.login.host, self.login.folder):
                    self._client.stat(self.login.folder)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Close the connection, whatever state it is in."""
        if self._transport:
            with suppress(Exception):
                self._transport.close()
        self._transport = self._sftp = None

    @property
    def _client(self) -> paramiko.SFTPClient:
        if self._sftp is None:
            raise errors.Unavailable(
                _lt("%(host)s offers no file transfer.", host=self.login.host), AGAIN
            )
        return self._sftp

    def _check_key(self, transport: paramiko.Transport) -> None:
        shown_key = _key_text(transport.get_remote_server_key())
        if not self.login.host_key.strip():
            raise HostKeyUnknown(shown_key)
        if self.login.host_key.split()[:2] != shown_key.split():
            raise HostKeyChanged(shown_key)

    def _log_in(self, transport: paramiko.Transport, key: paramiko.PKey | None) -> None:
        transport.auth_timeout = self.login.timeout[0]
        if key is not None:
            transport.auth_publickey(self.login.user, key)
        else:
            transport.auth_password(self.login.user, self.login.password)

    def _at(self, path: str) -> str:
        base = self.login.folder.rstrip("/") or ("/" if self.login.folder else "")
        if not path:
            return base or "."
        return f"{base}{'' if base.endswith('/') or not base else '/'}{path}"

    def _entries(self, folder: str) -> Iterable[RemoteFile]:
        with _named(self.login.host, folder or "/"):
            found = self._client.listdir_attr(self._at(folder))
        for entry in found:
            if entry.st_mode is not None and not stat.S_ISREG(entry.st_mode):
                continue
            moment = datetime.fromtimestamp(entry.st_mtime, UTC) if entry.st_mtime else None
            yield RemoteFile(entry.filename, entry.st_size, moment)

    def _fetch(self, path: str, max_bytes: int) -> bytes:
        content = bytearray()
        with _named(self.login.host, path), self._client.open(self._at(path), "rb") as stream:
            size = stream.stat().st_size or 0
            if size > max_bytes:
                raise too_large(path, max_bytes)
            stream.prefetch(size)
            while chunk := stream.read(CHUNK):
                content += chunk
                if len(content) > max_bytes:
                    raise too_large(path, max_bytes)
        return bytes(content)

    def _store(self, path: str, content: bytes) -> None:
        with _named(self.login.host, path):
            # the size is compared with what the server has by then
            self._client.putfo(io.BytesIO(content), self._at(path), len(content), confirm=True)

    def _rename(self, path: str, target: str, *, replace: bool) -> None:
        source, aim = self._at(path), self._at(target)
        with _named(self.login.host, path):
            if not replace:
                self._client.rename(source, aim)  # fails where there is one already
                return
            try:
                self._client.posix_rename(source, aim)
            except OSError:
                # servers without that extension cannot replace
                with suppress(FileNotFoundError):
                    self._client.remove(aim)
                self._client.rename(source, aim)

    def _make_folder(self, folder: str) -> None:
        made = ""
        for part in parts_of(folder):
            made = join(made, part)
            with _named(self.login.host, made):
                try:
                    self._client.stat(self._at(made))
                except FileNotFoundError:
                    self._client.mkdir(self._at(made))

    def _remove(self, path: str) -> None:
        with _named(self.login.host, path):
            self._client.remove(self._at(path))


def server_key(host: str, port: int, timeout: float = CONNECT_TIMEOUT) -> str:
    """Return the key a server shows, without logging in."""
    login = SftpLogin(host, port, timeout=(timeout, timeout))
    with _named(host):
        transport = _connect(login)
        try:
            return _key_text(transport.get_remote_server_key())
        finally:
            transport.close()


def fingerprint(key: str) -> str:
    """Return a key's fingerprint as ``ssh-keygen -l`` shows it; "" for what is no key."""
    try:
        kind, data = key.split()[:2]
        digest = hashlib.sha256(base64.b64decode(data, validate=True)).digest()
    except ValueError:
        return ""
    return f"{kind} SHA256:{base64.b64encode(digest).decode().rstrip('=')}"


def new_key(comment: str = "odoo") -> tuple[str, str]:
    """Return a new key pair: the private half and the line to give to the operator."""
    key = Ed25519PrivateKey.generate()
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.OpenSSH,
        serialization.NoEncryption(),
    )
    public = key.public_key().public_bytes(
        serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH
    )
    return private.decode(), f"{public.decode()} {comment}"


def public_key(private: str, passphrase: str = "") -> str:
    """Return the public line of a private key."""
    return _key_text(_private_key(SftpLogin("", private_key=private, passphrase=passphrase)))


def _connect(login: SftpLogin) -> paramiko.Transport:
    """Return an encrypted connection, nobody logged in."""
    sock = socket.create_connection((login.host, login.port), login.timeout[0])
    transport = paramiko.Transport(sock)
    transport.set_log_channel(WIRE)
    transport.banner_timeout = login.timeout[0]
    transport.handshake_timeout = login.timeout[0]
    options = transport.get_security_options()
    kinds = _wire_kinds(login.host_key)
    # a server with several keys shall show the one that is trusted
    options.key_types = (*kinds, *(kind for kind in options.key_types if kind not in kinds))
    try:
        transport.start_client(timeout=login.timeout[0])
    except BaseException:
        transport.close()
        raise
    return transport


def _wire_kinds(host_key: str) -> tuple[str, ...]:
    kind = (host_key.split() or [""])[0]
    if kind == "ssh-rsa":
        return ("rsa-sha2-512", "rsa-sha2-256", "ssh-rsa")
    known = {"ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521"}
    return (kind,) if kind in known else ()


def _key_text(key: paramiko.PKey) -> str:
    return f"{key.get_name()} {key.get_base64()}"


def _private_key(login: SftpLogin) -> paramiko.PKey:
    """Read a private key in OpenSSH's or PEM form."""
    for kind in KEY_KINDS:
        try:
            return kind.from_private_key(
                io.StringIO(login.private_key.strip() + "\n"), login.passphrase or None
            )
        except paramiko.PasswordRequiredException as error:
            raise errors.AuthenticationFailed(
                _lt("The private key is protected by a passphrase."), _lt("Enter the passphrase.")
            ) from error
        except (paramiko.SSHException, ValueError, TypeError, IndexError):
            continue
    raise errors.AuthenticationFailed(
        _lt("The private key cannot be read."),
        _lt(
            "Paste a key in OpenSSH's form with its first and last line (PuTTY's has to be "
            "exported first), and check the passphrase."
        ),
    )


@contextmanager
def _named(host: str, path: str = "") -> Iterator[None]:
    """Give every failure its name."""
    try:
        yield
    except errors.AutomationError:
        raise
    except paramiko.AuthenticationException as error:
        raise errors.AuthenticationFailed(
            _lt("%(host)s does not accept the login.", host=host),
            _lt("Check user, password or key; the operator has to know your public key."),
        ) from error
    except FileNotFoundError as error:
        raise errors.NotFound(
            _lt("There is no “%(path)s” on %(host)s.", path=shown(path), host=host),
            _lt("Check the names of folder and file."),
        ) from error
    except PermissionError as error:
        raise errors.AccessDenied(
            _lt("The login may not use “%(path)s” on %(host)s.", path=shown(path), host=host),
            _lt("Ask the operator for the right, or choose another folder."),
        ) from error
    except (EOFError, TimeoutError, socket.gaierror, ConnectionError) as error:
        raise errors.Unavailable(
            _lt("%(host)s could not be reached, or broke off.", host=host), AGAIN
        ) from error
    except (paramiko.SSHException, ValueError, IndexError) as error:
        raise errors.Unavailable(
            _lt("%(host)s does not speak SFTP as expected.", host=host), AGAIN
        ) from error
    except OSError as error:
        if path:
            raise errors.Rejected(
                _lt("%(host)s refused to do this with “%(path)s”.", host=host, path=shown(path)),
                _lt("A full disk, or a file of that name that may not be replaced, are usual."),
            ) from error
        raise errors.Unavailable(
            _lt("%(host)s could not be reached, or broke off.", host=host), AGAIN
        ) from error
