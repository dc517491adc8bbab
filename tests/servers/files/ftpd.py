"""FTP servers: vsftpd, which demands what real servers demand, and one in Python."""

from __future__ import annotations

import os
import pwd
import threading
from pathlib import Path
from typing import Any, Literal, Self

from pyftpdlib.authorizers import DummyAuthorizer
from pyftpdlib.handlers import FTPHandler, TLS_FTPHandler
from pyftpdlib.servers import ThreadedFTPServer

from .certificate import Certificate
from .program import Program, free_port

Security = Literal["none", "explicit", "implicit"]


class Vsftpd(Program):
    """vsftpd, encrypted, with its default of demanding the session again for each transfer.

    Anonymous users may do everything in ``in`` and ``out``: no system user is needed.
    """

    name = "vsftpd"
    needs_root = True
    user, password = "anonymous", "any@example.com"

    def __init__(self, root: Path, work: Path, cert: Certificate) -> None:
        super().__init__(work)
        self.root = root
        self.cert = cert

    def command(self) -> list[str]:
        daemon = pwd.getpwnam("daemon")  # one whose home exists
        for name in ("in", "out"):
            (self.root / name).mkdir(exist_ok=True)
            os.chown(self.root / name, daemon.pw_uid, daemon.pw_gid)
        (self.work / "empty").mkdir(exist_ok=True)
        first = free_port()
        settings = self.work / "vsftpd.conf"
        settings.write_text(
            f"listen=YES\nlisten_ipv6=NO\nbackground=NO\nlisten_address=127.0.0.1\n"
            f"listen_port={self.port}\nanonymous_enable=YES\nlocal_enable=NO\nwrite_enable=YES\n"
            "anon_upload_enable=YES\nanon_mkdir_write_enable=YES\nanon_other_write_enable=YES\n"
            "anon_world_readable_only=NO\nanon_umask=022\nftp_username=daemon\n"
            f"anon_root={self.root}\npasv_enable=YES\npasv_address=127.0.0.1\n"
            f"pasv_min_port={first}\npasv_max_port={min(first + 40, 65535)}\n"
            f"secure_chroot_dir={self.work}/empty\nseccomp_sandbox=NO\nssl_enable=YES\n"
            "allow_anon_ssl=YES\nforce_anon_logins_ssl=YES\nforce_anon_data_ssl=YES\n"
            f"rsa_cert_file={self.cert.cert}\nrsa_private_key_file={self.cert.key}\n"
            "require_ssl_reuse=YES\nmax_per_ip=0\n"
        )
        return [self.path(), str(settings)]


class FtpServer:
    """A folder over FTP in a thread. ``plain_listing``: it does not know MLSD."""

    def __init__(
        self,
        root: Path,
        cert: Certificate | None = None,
        security: Security = "none",
        plain_listing: bool = False,
        rights: str = "elradfmwMT",
    ) -> None:
        self.root = root
        self.user, self.password = "cdtest", "s3cret wörd"
        users = DummyAuthorizer()
        users.add_user(self.user, self.password, str(root), perm=rights)
        kind: Any = FTPHandler if security == "none" else TLS_FTPHandler
        more: dict[str, Any] = {
            "authorizer": users,
            "use_sendfile": False,
            "auth_failed_timeout": 0.1,
        }
        if cert and security != "none":
            more |= {"certfile": str(cert.cert), "keyfile": str(cert.key)}
            more |= {"tls_control_required": True, "tls_data_required": True}
        if plain_listing:
            more["proto_cmds"] = {
                name: value for name, value in kind.proto_cmds.items() if name != "MLSD"
            }
        handler = type("Handler", (_implicit(kind) if security == "implicit" else kind,), more)
        self._server = ThreadedFTPServer(("127.0.0.1", 0), handler)
        self.port: int = self._server.address[1]
        self._thread = threading.Thread(
            target=self._server.serve_forever,
            kwargs={"timeout": 0.05, "handle_exit": False},
            daemon=True,
        )

    def start(self) -> Self:
        """Begin to answer."""
        self._thread.start()
        return self

    def stop(self) -> None:
        """Stop answering."""
        self._server.close_all()
        self._thread.join(5)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_error: object) -> None:
        self.stop()


def _implicit(kind: Any) -> Any:
    """Return a handler that encrypts from the first byte on."""

    class Implicit(kind):
        def handle(self) -> None:
            self.secure_connection(self.ssl_context)

        def handle_ssl_established(self) -> None:
            super().handle()

    return Implicit
