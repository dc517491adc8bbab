"""Files by web address: fetched with GET, handed over with POST or PUT. Nothing can be listed."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final, Literal
from urllib.parse import urlsplit

from odoo.addons.automation_core.lib import errors
from odoo.addons.automation_core.lib.http import HttpClient
from odoo.addons.automation_core.lib.texts import Marker, Text

from .place import MAX_BYTES, Place, RemoteFile, shown, too_large

_lt = Marker(__name__)

Connect = Callable[..., HttpClient]
Auth = Literal["none", "basic", "bearer", "header"]
BINARY: Final = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class WebLogin:
    """The address all paths are added to, and how to log in.

    ``password`` is also the token of ``bearer`` and the value of ``header``.
    """

    url: str
    auth: Auth = "none"
    user: str = ""
    password: str = field(default="", repr=False)
    header: str = ""
    method: Literal["POST", "PUT"] = "POST"

    @property
    def headers(self) -> dict[str, str]:
        """Return what every request carries."""
        if self.auth == "basic":
            plain = f"{self.user}:{self.password}".encode()
            return {"Authorization": f"Basic {base64.b64encode(plain).decode()}"}
        if self.auth == "bearer":
            return {"Authorization": f"Bearer {self.password}"}
        return {self.header: self.password} if self.auth == "header" else {}


class WebPlace(Place):
    """A web server that has or takes files."""

    def __init__(self, login: WebLogin, connect: Connect = HttpClient) -> None:
        self.login = login
        self._connect = connect
        self._http: HttpClient | None = None

    def open(self) -> None:
        """Prepare; the first request connects."""
        headers = self.login.headers
        self._http = self._connect(
            self.login.url,
            headers=headers,
            secrets=(self.login.password, *headers.values()),
            max_bytes=MAX_BYTES,
        )

    def close(self) -> None:
        """Nothing stays open."""
        self._http = None

    def fetch(self, path: str, max_bytes: int = MAX_BYTES) -> bytes:
        """Return what the address answers; ``path`` may have a query."""
        return self._fetch(path, max_bytes)

    def put(self, path: str, content: bytes) -> None:
        """Hand a file over; a success status means it was taken."""
        self.post(path, content, BINARY)

    def post(self, path: str, body: bytes, content_type: str) -> bytes:
        """Send a body and return the answer."""
        answer = self._client.request(
            self.login.method, _same_host(path), data=body, headers={"Content-Type": content_type}
        )
        return answer.content

    def check(self) -> tuple[Text, ...]:
        """Ask the address itself; that there is nothing at it is no failure."""
        self._client.request("GET", "", accept_statuses=(400, 404, 405, 410))
        return (_lt("The server answers."),)

    @property
    def _client(self) -> HttpClient:
        if self._http is None:
            self.open()
        assert self._http is not None
        return self._http

    def _fetch(self, path: str, max_bytes: int) -> bytes:
        content = self._client.request("GET", _same_host(path)).content
        if len(content) > max_bytes:
            raise too_large(path.partition("?")[0], max_bytes)
        return content

    def _store(self, path: str, content: bytes) -> None:
        self.put(path, content)

    def _entries(self, folder: str) -> Iterable[RemoteFile]:
        raise _impossible()

    def _rename(self, path: str, target: str, *, replace: bool) -> None:
        raise _impossible()

    def _make_folder(self, folder: str) -> None:
        raise _impossible()

    def _remove(self, path: str) -> None:
        raise _impossible()


def _same_host(path: str) -> str:
    """Refuse a path that would take the login to another server."""
    parts = urlsplit(path)
    if parts.scheme or parts.netloc or path.startswith(("//", "\\")):
        raise errors.Rejected(
            _lt(
                "“%(path)s” is not a path below the address.",
                path=shown(path.partition("?")[0]),
            ),
            _lt("Enter what comes after the server's address."),
        )
    return path


def _impossible() -> errors.Rejected:
    return errors.Rejected(
        _lt("A web address has no folder: nothing can be listed, moved or deleted there."),
        _lt("Name the addresses of the files."),
    )
