"""Gambio's API on the wire: one way to call it, every failure named.

The shop has habits of its own: unknown orders are an error 500, the used-up quota is a page in
HTML, a wrong token is an error 500. They are translated here, so nobody else has to know them.
"""

from __future__ import annotations

import base64
import json
import re
import time
from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime
from typing import Any, Final
from urllib.parse import urlsplit

from odoo.addons.automation_core.lib import errors
from odoo.addons.automation_core.lib.http import Answer, HttpClient
from odoo.addons.automation_core.lib.texts import Marker
from odoo.addons.shop_connector.lib.plain_text import plain_text

from . import const

_lt = Marker(__name__)

JUDGED: Final = (400, 401, 403, 404, 405, 415, 422, 500)
ADMIN_HINT: Final = _lt(
    "The login must be that of an administrator of the shop: e-mail address and password, or a "
    "token made in the shop's administration under “API keys” that has not expired."
)
RIGHTS_HINT: Final = _lt(
    "In the shop's administration, give the role of this administrator the right."
)
LOCAL_HOSTS: Final = frozenset({"localhost", "127.0.0.1", "::1"})

Json = dict[str, Any]


def shop_url(text: str) -> str:
    """Return the shop's address without what people copy along with it.

    :raises errors.Rejected: when credentials would travel unencrypted
    """
    url = text.strip()
    url = url if "://" in url else f"https://{url}"
    url = re.split(r"/(?:api\.php|api_v3\.php|admin)\b|[?#]", url)[0].rstrip("/")
    parts = urlsplit(url)
    if parts.scheme != "https" and parts.hostname not in LOCAL_HOSTS:
        raise errors.Rejected(
            _lt("The shop's address must start with https://: the login would travel unencrypted."),
            _lt("Enter the address with https://."),
        )
    if not parts.hostname or "@" in parts.netloc:
        raise errors.Rejected(
            _lt("The shop's address is not valid."),
            _lt("Enter it like https://www.my-shop.de/shop."),
        )
    return url


def auth_header(user: str, password: str, token: str) -> str:
    """Return the value of the header ``Authorization``; a token wins."""
    if token:
        return f"Bearer {token.strip()}"
    login = base64.b64encode(f"{user}:{password}".encode()).decode("ascii")
    return f"Basic {login}"


class GambioClient:
    """Talks to one shop.

    :param http: knows the shop's address and sends the header ``Authorization``
    :param bearer: whether that header is a token: then an error 500 may be a login problem
    """

    def __init__(
        self, http: HttpClient, *, bearer: bool = False, clock: Callable[[], float] = time.time
    ) -> None:
        self._http = http
        self._bearer = bearer
        self.clock = clock
        self.headers: Mapping[str, str] = {}

    @property
    def address(self) -> str:
        """The shop's address."""
        return self._http.base_url

    # -- calls ------------------------------------------------------------

    def changed_orders(self, since: str, page: int) -> list[Json] | None:
        """Return short records changed since a local time; ``None`` where the shop cannot tell."""
        params = {"modified": since, "page": page, "per_page": const.PAGE_SIZE}
        answer = self.call("GET", "orders", params)
        if isinstance(answer, list):
            return None
        rows = answer.get("modified") if isinstance(answer, dict) else None
        return self.rows(rows, _lt("the changed orders"))

    def newest_orders(self, page: int, per_page: int = const.PAGE_SIZE) -> list[Json]:
        """Return short records, the newest first."""
        params = {"sort": "-id", "page": page, "per_page": per_page}
        return self.rows(self.call("GET", "orders", params), _lt("the list of orders"))

    def order(self, number: int) -> Json:
        """Return all of one order."""
        answer = self.call("GET", f"orders/{number:d}")
        if not isinstance(answer, dict) or str(answer.get("id")) != str(number):
            raise errors.InvalidAnswer(
                _lt("The shop did not answer with order %(number)s.", number=number),
                _lt(
                    "It is tried again; if it stays, look at the order in the shop's "
                    "administration."
                ),
            )
        return answer

    def country(self, number: int) -> str:
        """Return the ISO code for the shop's own number of a country, "" if it has none."""
        answer = self.call("GET", f"countries/{number:d}")
        code = answer.get("iso2") if isinstance(answer, dict) else None
        return code.upper() if isinstance(code, str) else ""

    def order_statuses(self) -> dict[str, str]:
        """Return the statuses' German names (or any others) by number."""
        answer = self.call("GET", "order_statuses", {"per_page": 500})
        rows = self.rows(answer, _lt("the statuses"))
        return {str(row.get("id")): german(row.get("names")) for row in rows}

    def products(self, page: int, per_page: int, fields: str = "") -> list[Json]:
        """Return short records of products in a fixed sequence."""
        params: Json = {"sort": "id", "page": page, "per_page": per_page}
        if fields:
            params["fields"] = fields
        return self.rows(self.call("GET", "products", params), _lt("the products"))

    def product(self, number: int) -> Json:
        """Return all of one product."""
        answer = self.call("GET", f"products/{number:d}")
        if not isinstance(answer, dict) or str(answer.get("id")) != str(number):
            raise errors.InvalidAnswer(
                _lt("The shop did not answer with product %(number)s.", number=number),
                _lt("Check the shop's version."),
            )
        return answer

    # -- the wire ---------------------------------------------------------

    def call(
        self,
        method: str,
        path: str,
        params: Mapping[str, Any] | None = None,
        body: Any = None,
        api: str = const.API_V2,
    ) -> Any:
        """Send one request and return the decoded answer, ``None`` where it has no body.

        :raises errors.AutomationError: one of its subclasses for everything that is not a success
        """
        self._spare_quota()
        answer = self._http.request(
            method, f"{api}/{path}", params=params, body=body, accept_statuses=JUDGED
        )
        if api == const.API_V2:
            self.headers = answer.headers  # only here the shop tells its quota
        if answer.status >= 400:
            raise self._failure(answer, path)
        return None if answer.status == 204 else answer.json()

    def _spare_quota(self) -> None:
        """Stop before the shop does: over its limit every further request counts twice."""
        left, limit = self.number("X-Rate-Limit-Remaining"), self.number("X-Rate-Limit-Limit")
        if left is None or limit is None or self._quota_wait() <= 0:
            return
        if left < min(const.QUOTA_RESERVE, limit // 10):
            raise self._throttled()

    def _throttled(self) -> errors.Throttled:
        return errors.Throttled(
            _lt("The shop's limit of requests is nearly used up."),
            _lt("It goes on by itself as soon as the shop allows, at most 15 minutes later."),
            self._quota_wait() or None,
        )

    def _quota_wait(self) -> float:
        """Return the seconds until the shop counts anew, by its own clock where it shows one."""
        reset = self.number("X-Rate-Limit-Reset")
        if reset is None:
            return 0.0
        return max(0.0, reset - self.clock() - (self.clock_difference() or 0.0))

    def _failure(self, answer: Answer, path: str) -> errors.AutomationError:
        """Return what an answer of 400 and above means."""
        said = _message(answer)
        status, resource = answer.status, path.split("/")[0]
        if "Request limit was reached" in answer.text[:2000]:
            return self._throttled()
        if status == 401 or (status == 500 and self._bearer and _is_login_trouble(answer, said)):
            return errors.AuthenticationFailed(
                _lt("The shop does not accept the login."), ADMIN_HINT
            )
        if status == 403:
            return errors.AccessDenied(
                _lt("The login works, but it may not use “%(resource)s”.", resource=resource),
                RIGHTS_HINT,
            )
        if status == 404:
            return errors.NotFound(
                _lt("The shop's API does not know “%(resource)s”.", resource=resource),
                _lt("Check the shop's address, with its folder if any. Very old shops lack parts."),
            )
        if status == 500:
            return self._failure_500(said)
        return errors.Rejected(_lt("The shop refused the request: %(said)s", said=said))

    def _failure_500(self, said: str) -> errors.AutomationError:
        """Return what the shop's favourite error means."""
        if "was not found" in said:
            return errors.NotFound(
                _lt("The shop says: %(said)s", said=said), _lt("It was deleted there.")
            )
        hint = _lt("It is tried again by itself.")
        if self._bearer:
            hint = _lt(
                "It is tried again by itself. With a token it may also be a login problem: create "
                "a new token."
            )
        return errors.Unavailable(_lt("The shop answered with an error: %(said)s", said=said), hint)

    # -- helpers ----------------------------------------------------------

    def rows(self, rows: object, what: str) -> list[Json]:
        """Return the records of a list; ``what`` they are is said where it is none."""
        if not isinstance(rows, list):
            raise errors.InvalidAnswer(
                _lt("The shop did not answer with %(what)s.", what=what),
                _lt("Check the shop's address and version."),
            )
        return [row if isinstance(row, dict) else {"": row} for row in rows]

    def number(self, header: str) -> int | None:
        """Return a header's whole number, ``None`` where it has none."""
        value = str(self.headers.get(header, ""))
        return int(value) if re.fullmatch(r"\d{1,12}", value) else None

    def clock_difference(self) -> float | None:
        """Return the seconds the shop's web server is ahead of us, as of its last answer."""
        try:
            moment = parsedate_to_datetime(str(self.headers.get("Date", "")))
        except ValueError:
            return None
        return moment.timestamp() - self.clock()


def records(value: object) -> list[Json]:
    """Return the objects of a list; what is none has none."""
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def whole(value: object) -> int:
    """Return a number the shop sent as number or text, -1 for anything else."""
    return int(str(value)) if re.fullmatch(r"\d{1,12}", str(value)) else -1


def german(names: object) -> str:
    """Return the German text of {"DE": …, "EN": …}; old versions write the keys small."""
    if not isinstance(names, dict):
        return ""
    by_language = {str(key).lower(): str(name) for key, name in names.items()}
    return by_language.get("de") or by_language.get("en") or next(iter(by_language.values()), "")


def _message(answer: Answer) -> str:
    """Return what the shop says about an error, short and without HTML."""
    try:
        data = json.loads(answer.content)
    except (ValueError, RecursionError):
        data = None
    said = _said(data) if isinstance(data, dict) else answer.text[:2000]
    text = " ".join(plain_text(said).split())
    return text[:200] or _lt("error %(status)s without a word", status=answer.status)


def _said(data: Json) -> str:
    """Return an error's sentences: ``message`` in v2, ``error`` or lists of ``errors`` in v3."""
    rows = data.get("errors")
    if not isinstance(rows, list):
        return str(data.get("message") or data.get("error") or "")
    return " ".join(" ".join(map(str, row)) if isinstance(row, list) else str(row) for row in rows)


def _is_login_trouble(answer: Answer, said: str) -> bool:
    """Return whether an error 500 is the shop's way of refusing a token."""
    return not answer.content.strip() or bool(re.search("signature|token|expired", said, re.I))
