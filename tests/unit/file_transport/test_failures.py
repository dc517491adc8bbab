"""Whatever goes wrong has a name and a sentence, and no sentence has a secret in it."""

import os
import socket
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import paramiko
import pytest
from automation_core.lib import errors
from automation_core.lib.texts import Text

from file_transport.lib import sftp
from file_transport.lib.folder import FolderPlace
from file_transport.lib.ftp import FtpLogin, FtpPlace
from file_transport.lib.place import Place
from file_transport.lib.sftp import HostKeyChanged, HostKeyUnknown, SftpLogin, SftpPlace
from tests.servers.files import Certificate, FtpServer, SftpServer, Sshd, Vsftpd

QUICK = (2.0, 2.0)


def _fails(place: Place, kind: type[errors.AutomationError], said: str | None = None) -> str:
    """Open a place in vain; return all that is said."""
    with pytest.raises(kind, match=said) as caught, place:
        pass
    assert isinstance(caught.value.message, Text)
    return f"{caught.value.message} {caught.value.hint} {caught.value!r}"


def _sftp_login(server: SftpServer, **more: object) -> SftpLogin:
    login = SftpLogin(
        "127.0.0.1", server.port, server.user, server.password, host_key=server.host_key
    )
    return replace(login, timeout=QUICK, **more)  # type: ignore[arg-type]


def _ftp_login(server: FtpServer, **more: object) -> FtpLogin:
    login = FtpLogin("127.0.0.1", server.port, server.user, server.password, "none", timeout=QUICK)
    return replace(login, **more)  # type: ignore[arg-type]


# -- sftp -----------------------------------------------------------------------------


def test_an_unknown_host_key_is_never_accepted(tmp_path: Path) -> None:
    with SftpServer(tmp_path) as server:
        with pytest.raises(HostKeyUnknown) as caught, SftpPlace(_sftp_login(server, host_key="")):
            pass
        assert caught.value.key == server.host_key
        assert sftp.fingerprint(server.host_key) in caught.value.message
        assert sftp.server_key("127.0.0.1", server.port) == server.host_key


def test_a_changed_host_key_stops_before_the_login(tmp_path: Path) -> None:
    other = paramiko.ECDSAKey.generate()
    text = f"{other.get_name()} {other.get_base64()}"
    with SftpServer(tmp_path) as server:
        for trusted in (text, "ssh-ed25519 AAAA", "nonsense"):
            with pytest.raises(HostKeyChanged), SftpPlace(_sftp_login(server, host_key=trusted)):
                pass
        with SftpPlace(_sftp_login(server, host_key=f"{server.host_key} comment")) as place:
            assert place.list() == []


def test_the_wrong_password(tmp_path: Path) -> None:
    with SftpServer(tmp_path) as server:
        said = _fails(
            SftpPlace(_sftp_login(server, password="wr0ng-one")), errors.AuthenticationFailed
        )
        assert "wr0ng" not in said
        assert "s3cret" not in repr(_sftp_login(server))


def test_a_key_nobody_knows_and_keys_that_are_none(tmp_path: Path) -> None:
    private, public = sftp.new_key()
    assert public.startswith("ssh-ed25519 ")
    assert sftp.public_key(private) == " ".join(public.split()[:2])
    with SftpServer(tmp_path) as server:
        _fails(SftpPlace(_sftp_login(server, private_key=private)), errors.AuthenticationFailed)
        for text in ("no key", private[:80], "-----BEGIN RSA PRIVATE KEY-----\nxx\n"):
            said = _fails(
                SftpPlace(_sftp_login(server, private_key=text)),
                errors.AuthenticationFailed,
                "cannot be read",
            )
            assert "BEGIN" not in said


def test_a_folder_that_is_missing_and_one_that_is_forbidden(tmp_path: Path) -> None:
    with SftpServer(tmp_path) as server:
        _fails(SftpPlace(_sftp_login(server, folder="no/such")), errors.NotFound, "no/such")
        server.read_only = True
        with SftpPlace(_sftp_login(server)) as place, pytest.raises(errors.AccessDenied):
            place.put("a.csv", b"x")


def test_an_old_server_cannot_replace_by_renaming(tmp_path: Path) -> None:
    with SftpServer(tmp_path) as server:
        server.old = True
        with SftpPlace(_sftp_login(server)) as place:
            place.put("a.csv", b"1")
            place.put("a.csv", b"2")
            assert place.fetch("a.csv") == b"2"
    assert os.listdir(tmp_path) == ["a.csv"]


def test_hostile_names_of_a_server_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "ok.csv").write_bytes(b"x")
    with SftpServer(tmp_path) as server:
        server.evil_names = ["../../etc/passwd", "..", "a\nb", "/etc/x", "a\\b", "\u202egpj.csv"]
        with SftpPlace(_sftp_login(server)) as place:
            assert [file.name for file in place.list()] == ["ok.csv"]


def test_links_on_a_server_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "link.csv").symlink_to("/etc/passwd")
    with SftpServer(tmp_path) as server, SftpPlace(_sftp_login(server)) as place:
        assert place.list() == []


def test_a_session_that_breaks_off(tmp_path: Path) -> None:
    with SftpServer(tmp_path) as server, SftpPlace(_sftp_login(server)) as place:
        place.put("a.csv", b"x")
        server.stop()
        with pytest.raises(errors.Unavailable):
            place.fetch("a.csv")


def test_openssh_with_the_trusted_kind_of_key(tmp_path: Path) -> None:
    if not Sshd.path():
        pytest.skip("not here: OpenSSH's server")
    work = tmp_path / "work"
    work.mkdir()
    with Sshd(tmp_path, work) as server:
        key = sftp.server_key("127.0.0.1", server.port)
        assert key == server.host_key
        wrong = SftpLogin("127.0.0.1", server.port, server.user, "x", host_key=key)
        _fails(SftpPlace(wrong), errors.AuthenticationFailed)


# -- ftp ------------------------------------------------------------------------------


def test_ftp_logins(tmp_path: Path, cert: Certificate) -> None:
    with FtpServer(tmp_path) as server:
        said = _fails(FtpPlace(_ftp_login(server, password="wr0ng")), errors.AuthenticationFailed)
        assert "wr0ng" not in said
        _fails(FtpPlace(_ftp_login(server, folder="no")), errors.NotFound, "“no”")
        _fails(FtpPlace(_ftp_login(server, security="explicit")), errors.AutomationError)
        _fails(FtpPlace(_ftp_login(server, security="implicit")), errors.Rejected, "encrypt")
    with FtpServer(tmp_path, cert, "explicit") as server:
        _fails(FtpPlace(_ftp_login(server)), errors.Rejected, "only accepts encrypted")


def test_an_unknown_certificate_is_refused(tmp_path: Path, cert: Certificate) -> None:
    for security in ("explicit", "implicit"):
        with FtpServer(tmp_path, cert, security) as server:  # type: ignore[arg-type]
            login = _ftp_login(server, security=security)
            _fails(FtpPlace(login), errors.Rejected, "not trusted")
            with FtpPlace(replace(login, authority=cert.pem)) as place:
                assert place.list() == []
    _fails(FtpPlace(replace(login, authority="no cert")), errors.Rejected, "cannot be read")


def test_vsftpd_demands_the_session_again(tmp_path: Path, cert: Certificate) -> None:
    """The server that refuses Python's own client."""
    if not Vsftpd.path():
        pytest.skip("not here: vsftpd, or the right to start it")
    from ftplib import FTP_TLS, error_perm

    from file_transport.lib.ftp import trusting

    for folder in (tmp_path, *list(tmp_path.parents)[:2]):
        folder.chmod(0o755)
    work = tmp_path / "work"
    work.mkdir()
    with Vsftpd(tmp_path, work, cert) as server:
        plain = FTP_TLS(context=trusting(cert.pem))
        plain.connect("127.0.0.1", server.port, timeout=5)
        plain.login(server.user, server.password)
        plain.prot_p()
        with pytest.raises(error_perm, match="session reuse"):
            plain.nlst()
        plain.close()


def test_no_right_to_write(tmp_path: Path) -> None:
    with (
        FtpServer(tmp_path, rights="elr") as server,
        FtpPlace(_ftp_login(server)) as place,
        pytest.raises(errors.AccessDenied, match=r"a\.csv"),
    ):
        place.put("a.csv", b"x")


# -- both -----------------------------------------------------------------------------


def _sftp_at(port: int) -> Place:
    return SftpPlace(SftpLogin("127.0.0.1", port, "u", "s3cret", host_key="x y", timeout=QUICK))


def _ftp_at(port: int) -> Place:
    return FtpPlace(FtpLogin("127.0.0.1", port, "u", "s3cret", "none", timeout=QUICK))


@pytest.mark.parametrize("make", [_sftp_at, _ftp_at])
def test_a_server_that_is_away_silent_or_something_else(make: Callable[[int], Place]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert "s3cret" not in _fails(make(port), errors.Unavailable)  # says nothing
    _fails(make(port), errors.Unavailable)  # nobody is there
    with pytest.raises(errors.Unavailable), make(port):
        pass


# -- folder ---------------------------------------------------------------------------


def test_only_allowed_folders(tmp_path: Path) -> None:
    allowed = tmp_path / "allowed"
    allowed.mkdir()
    (tmp_path / "other").mkdir()
    (tmp_path / "allowed-too").mkdir()
    for folder in ("other", "allowed-too", "allowed/../other", "allowed/sub/../../other"):
        with pytest.raises((errors.AccessDenied, errors.Rejected)):
            FolderPlace(f"{tmp_path}/{folder}", [str(allowed)]).open()
    for roots in ([], ["relative"], [""]):
        _fails(FolderPlace(str(allowed), roots), errors.AccessDenied, "not allowed")
    _fails(FolderPlace("allowed", [str(allowed)]), errors.AccessDenied, "not allowed")
    _fails(FolderPlace(f"{allowed}/no", [str(allowed)]), errors.NotFound)
    with FolderPlace(str(allowed), [str(allowed)]) as place:
        assert place.list() == []


def test_no_link_leads_out(tmp_path: Path) -> None:
    allowed = tmp_path / "allowed"
    (allowed / "real").mkdir(parents=True)
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "key.csv").write_bytes(b"s3cret")
    (allowed / "link").symlink_to(tmp_path / "secret")
    (allowed / "key.csv").symlink_to(tmp_path / "secret" / "key.csv")
    _fails(FolderPlace(f"{allowed}/link", [str(allowed)]), errors.AutomationError)
    with FolderPlace(str(allowed), [str(allowed)]) as place:
        assert place.list() == []
        for path in ("key.csv", "link/key.csv"):
            with pytest.raises(errors.AutomationError):
                place.fetch(path)
        with pytest.raises(errors.AutomationError):
            place.list("*", "link")
        place.put("key.csv", b"new")  # replaces the link, not what it points to
        os.mkfifo(allowed / "pipe.csv")
        with pytest.raises(errors.AutomationError):
            place.fetch("pipe.csv")
    assert (tmp_path / "secret" / "key.csv").read_bytes() == b"s3cret"
    assert not (allowed / "key.csv").is_symlink()
