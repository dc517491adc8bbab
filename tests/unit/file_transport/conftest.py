"""Places on real servers: each test of what all places do runs against all of them."""

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from file_transport.lib.folder import FolderPlace
from file_transport.lib.ftp import FtpLogin, FtpPlace
from file_transport.lib.place import Place
from file_transport.lib.sftp import SftpLogin, SftpPlace

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from tests.servers.files import Certificate, FtpServer, SftpServer, Sshd, Vsftpd, certificate


@dataclass
class Site:
    """A place, and the folder of the disk that it shows."""

    place: Callable[[], Place]
    root: Path


@pytest.fixture(scope="session")
def cert(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    """The servers' certificate."""
    return certificate(tmp_path_factory.mktemp("cert"))


def _sftp(stack: ExitStack, root: Path, _work: Path, _cert: Certificate) -> Callable[[], Place]:
    server = stack.enter_context(SftpServer(root))
    login = SftpLogin(
        "127.0.0.1", server.port, server.user, server.password, host_key=server.host_key
    )
    return lambda: SftpPlace(login)


def _sshd(stack: ExitStack, root: Path, work: Path, _cert: Certificate) -> Callable[[], Place]:
    if not Sshd.path():
        pytest.skip("not here: OpenSSH's server")
    server = stack.enter_context(Sshd(root, work))
    login = SftpLogin(
        "127.0.0.1",
        server.port,
        server.user,
        private_key=server.private_key,
        host_key=server.host_key,
        folder=str(root),
    )
    return lambda: SftpPlace(login)


def _ftp(stack: ExitStack, root: Path, _work: Path, _cert: Certificate) -> Callable[[], Place]:
    server = stack.enter_context(FtpServer(root, plain_listing=True))
    login = FtpLogin("127.0.0.1", server.port, server.user, server.password, "none")
    return lambda: FtpPlace(login)


def _ftps(stack: ExitStack, root: Path, _work: Path, cert: Certificate) -> Callable[[], Place]:
    server = stack.enter_context(FtpServer(root, cert, "explicit"))
    login = FtpLogin("127.0.0.1", server.port, server.user, server.password, "explicit", cert.pem)
    return lambda: FtpPlace(login)


def _implicit(stack: ExitStack, root: Path, _work: Path, cert: Certificate) -> Callable[[], Place]:
    server = stack.enter_context(FtpServer(root, cert, "implicit"))
    login = FtpLogin("127.0.0.1", server.port, server.user, server.password, "implicit", cert.pem)
    return lambda: FtpPlace(login)


def _vsftpd(stack: ExitStack, root: Path, work: Path, cert: Certificate) -> Callable[[], Place]:
    if not Vsftpd.path():
        pytest.skip("not here: vsftpd, or the right to start it")
    for folder in (root, *list(root.parents)[:3]):
        folder.chmod(0o755)
    server = stack.enter_context(Vsftpd(root, work, cert))
    login = FtpLogin(
        "127.0.0.1", server.port, server.user, server.password, "explicit", cert.pem, folder="in"
    )
    return lambda: FtpPlace(login)


def _folder(_stack: ExitStack, root: Path, _work: Path, _cert: Certificate) -> Callable[[], Place]:
    return lambda: FolderPlace(str(root / "deep"), [str(root)])


KINDS = {
    "sftp": (_sftp, ""),
    "sshd": (_sshd, ""),
    "ftp": (_ftp, ""),
    "ftps": (_ftps, ""),
    "implicit": (_implicit, ""),
    "vsftpd": (_vsftpd, "in"),
    "folder": (_folder, "deep"),
}


@pytest.fixture(params=sorted(KINDS), scope="module")
def _running(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, cert: Certificate
) -> Iterator[Site]:
    start, below = KINDS[request.param]
    root = tmp_path_factory.mktemp("root")
    (root / below).mkdir(exist_ok=True)
    with ExitStack() as stack:
        place = start(stack, root, tmp_path_factory.mktemp("work"), cert)
        yield Site(place, root / below)


@pytest.fixture
def site(_running: Site) -> Site:
    """A place of each kind, empty."""
    for path in sorted(_running.root.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() and not path.is_symlink() else path.unlink()
    return _running
