"""DHL Parcel DE Shipping on the wire: one method per call, every failure named.

Nothing that makes labels is ever repeated here. What to do when such a call fails is told by
:mod:`.retry`.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from urllib.parse import urlencode

import requests

from odoo.addons.automation_core.lib import errors
from odoo.addons.automation_core.lib.http import Answer, HttpClient
from odoo.addons.automation_core.lib.texts import Marker
from odoo.addons.automation_core.lib.tokens import (
    CachedToken,
    MemoryTokens,
    Token,
    TokenStore,
    read_token,
)

from . import const, explain
from .answer import (
    Row,
    as_object,
    has_rows,
    read_created,
    read_numbered,
    read_validated,
    unpacked,
)
from .build import Shipment, request_body
from .settings import Login, Settings

_lt = Marker(__name__)

Json = dict[str, Any]

LIFE: Final = 1800.0  # of a token where DHL does not say
JUDGED: Final = (400, 401, 403, 404, 405, 409, 413, 415, 422)
MAX_BYTES: Final = 60 * 1024 * 1024  # thirty labels with their forms

# tokens are kept by the process only: nothing secret is written anywhere
_stores: dict[str, MemoryTokens] = {}


class NotSent(errors.Unavailable):
    """There was no login, so nothing was asked: the same call may be made again."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """The list of a day: which shipments DHL counts, and the papers for the driver."""

    day: str
    numbers: tuple[str, ...]
    documents: tuple[bytes, ...]


class Tokens:
    """Asks for tokens with the app's and the user's credentials."""

    def __init__(self, http: HttpClient, login: Login, clock: Callable[[], float]) -> None:
        self._http = http
        self._login = login
        self._clock = clock

    def token(self) -> Token:
        """Return a new token."""
        login = self._login
        form = {
            "grant_type": "password",
            "username": login.user.strip(),
            "password": login.password,
            "client_id": login.api_key.strip(),
            "client_secret": login.api_secret.strip(),
        }
        if not all(form.values()):
            raise errors.AuthenticationFailed(
                _lt("A part of DHL's login is missing."), explain.LOGIN_HINT
            )
        asked = self._clock()
        answer = self._http.request(
            "POST",
            const.TOKEN,
            data=urlencode(form).encode(),
            headers={
                "Accept": "application/json",
                "Content-Type": "application/x-www-form-urlencoded",
            },
            accept_statuses=(400, 401, 403),
        )
        if answer.status >= 400:
            raise explain.login_failed()
        token = read_token(as_object(answer), asked, LIFE)
        if token is None:
            raise explain.not_readable()
        return token


class DhlClient:
    """Has labels made, fetched, cancelled and handed over for one shipper."""

    def __init__(
        self, http: HttpClient, settings: Settings, store: TokenStore, clock: Callable[[], float]
    ) -> None:
        self._http = http
        self._settings = settings
        self._tokens = CachedToken(Tokens(http, settings.login, clock).token, store, clock)

    # -- labels ----------------------------------------------------------------

    def check(self) -> None:
        """Log in and ask for something that changes nothing."""
        self._call("GET", const.MANIFESTS, {"includeDocs": "URL"}, accepted=(404,))

    def validate(self, shipments: Sequence[Shipment]) -> tuple[Row, ...]:
        """Let DHL say what it would do with up to thirty shipments; nothing is made."""
        answer = self._order(shipments, {"validate": "true"})
        return read_validated(answer, [shipment.reference for shipment in shipments])

    def create(self, shipments: Sequence[Shipment]) -> tuple[Row, ...]:
        """Have labels made for up to thirty shipments; a row for each, in their order.

        A row says whether its label was made: one refused shipment does not stop the others.
        """
        answer = self._order(shipments, self._printing())
        return read_created(answer, [shipment.reference for shipment in shipments])

    def labels(self, numbers: Sequence[str]) -> tuple[Row, ...]:
        """Fetch labels that were made, as long as the day is not closed."""
        _check_count(numbers)
        params = {"shipment": list(numbers), **self._printing()}
        answer = self._call("GET", const.ORDERS, params, rows=True)
        return read_numbered(answer, numbers)

    def cancel(self, numbers: Sequence[str]) -> tuple[Row, ...]:
        """Take labels back, as long as the day is not closed; a row for each number."""
        _check_count(numbers)
        params = {"profile": self._settings.profile, "shipment": list(numbers)}
        answer = self._call("DELETE", const.ORDERS, params, rows=True)
        return read_numbered(answer, numbers)

    def close(self, numbers: Sequence[str] = ()) -> tuple[Row, ...]:
        """Hand shipments over to DHL; without numbers all that are open. No way back."""
        body: Json = {"profile": self._settings.profile}
        params = {}
        if numbers:
            _check_count(numbers)
            body["shipmentNumbers"] = list(numbers)
        else:
            params = {"all": "true"}
        answer = self._call("POST", const.MANIFESTS, params, body, rows=True)
        return read_numbered(answer, numbers)

    def manifest(self, day: date) -> Manifest:
        """Fetch the list of a day."""
        params = {"date": day.isoformat(), "includeDocs": "include"}
        data = as_object(self._call("GET", const.MANIFESTS, params))
        found = data.get("items")
        rows = found if isinstance(found, list) else []
        numbers = (row.get("shipmentNo") for row in rows if isinstance(row, dict))
        papers = data.get("manifest")
        files = papers if isinstance(papers, list) else [papers]
        contents = (unpacked(one.get("b64")) for one in files if isinstance(one, dict))
        return Manifest(
            explain.text(data.get("manifestDate"), 40) or day.isoformat(),
            tuple(number for number in numbers if isinstance(number, str)),
            tuple(content for content in contents if content.startswith(b"%PDF")),
        )

    # -- the wire ----------------------------------------------------------------

    def _order(self, shipments: Sequence[Shipment], params: Json) -> Answer:
        _check_count(shipments)
        if self._settings.must_encode:
            params = {**params, "mustEncode": "true"}
        body = request_body(shipments, self._settings)
        return self._call("POST", const.ORDERS, params, body, rows=True)

    def _printing(self) -> dict[str, str]:
        settings = self._settings
        wanted = {
            "includeDocs": "include",
            "docFormat": settings.doc_format,
            "printFormat": settings.print_format,
            "retourePrintFormat": settings.return_print_format,
            "combine": "" if settings.combine else "false",
        }
        return {name: value for name, value in wanted.items() if value}

    def _call(
        self,
        method: str,
        path: str,
        params: Json,
        body: Json | None = None,
        *,
        rows: bool = False,
        accepted: tuple[int, ...] = (),
    ) -> Answer:
        """Send one request; a refused token, with which nothing was done, is renewed once.

        :param rows: whether an answer of 400 may tell of single shipments
        """
        token = ""
        for _try in range(2 if self._settings.login.method == "oauth" else 1):
            headers, token = self._headers(token)
            answer = self._http.request(
                method, path, params=params, body=body, headers=headers, accept_statuses=JUDGED
            )
            if answer.status != 401:
                break
        if answer.status < 300 or answer.status in accepted:
            return answer
        if rows and answer.status in (400, 404) and has_rows(answer):
            return answer
        raise explain.failure(answer, self._http.secrets)

    def _headers(self, refused: str) -> tuple[dict[str, str], str]:
        login = self._settings.login
        headers = {"Accept": "application/json", "Accept-Language": self._settings.language}
        if login.method == "basic":
            return headers | {
                "dhl-api-key": login.api_key.strip(),
                "Authorization": login.basic,
            }, ""
        try:
            token = self._tokens.access_token(refused=refused)
        except (errors.Unavailable, errors.InvalidAnswer) as error:
            raise NotSent(error.message, error.hint) from error
        return headers | {"Authorization": f"Bearer {token}"}, token


def connect(
    settings: Settings,
    url: str = "",
    *,
    store: TokenStore | None = None,
    session: requests.Session | None = None,
    timeout: tuple[float, float] = (5.0, 90.0),
    sleep: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.time,
) -> DhlClient:
    """Return a client with everything it needs.

    :param url: instead of DHL's own address
    """
    base = url or settings.url
    http = HttpClient(
        base,
        timeout=timeout,
        max_bytes=MAX_BYTES,
        secrets=settings.login.secrets,
        session=session,
        sleep=sleep,
        clock=clock,
    )
    if store is None:
        store = _stores.setdefault(_key(settings.login, base), MemoryTokens())
    return DhlClient(http, settings, store, clock)


def _check_count(things: Sequence[object]) -> None:
    if not 1 <= len(things) <= const.MOST_SHIPMENTS:
        raise ValueError(f"1 to {const.MOST_SHIPMENTS} at a time, not {len(things)}")


def _key(login: Login, url: str) -> str:
    """A name for a login, so that another login never meets this one's token."""
    return hashlib.sha256("\x1f".join((url, login.basic, login.app)).encode()).hexdigest()
