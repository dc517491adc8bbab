"""eBay's REST APIs on the wire: one method per call, every failure named."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime
from typing import Any, Final, Protocol
from urllib.parse import quote

import requests

from odoo.addons.automation_core.lib import errors
from odoo.addons.automation_core.lib.http import Answer, HttpClient
from odoo.addons.automation_core.lib.texts import Marker
from odoo.addons.automation_core.lib.tokens import CachedToken, TokenStore

from . import const, explain
from .consent import Application, Consent
from .limits import Quotas
from .oauth import OAuthClient

_lt = Marker(__name__)

JUDGED: Final = (400, 401, 403, 404, 405, 409, 411, 415)

Json = dict[str, Any]


class TokenSource(Protocol):
    """Gives access tokens."""

    def access_token(self, refused: str = "") -> str:
        """Return a token; never the refused one."""


class EbayClient:
    """Talks to eBay for one seller.

    :param http: knows the host of the APIs
    :param identity: knows the host of getUser, which is another one
    :param tokens: the seller's; ``app_tokens`` are the application's own (keys, quotas)
    """

    def __init__(
        self,
        http: HttpClient,
        tokens: TokenSource,
        *,
        app_tokens: TokenSource | None = None,
        identity: HttpClient | None = None,
        marketplace: str = "EBAY_DE",
        quotas: Quotas | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._http = http
        self._identity = identity or http
        self._tokens = tokens
        self._app_tokens = app_tokens or tokens
        self.marketplace = marketplace
        self.quotas = quotas or Quotas()
        self.clock = clock
        self.headers: Mapping[str, str] = {}

    @property
    def site(self) -> tuple[str, str]:
        """The marketplace's number in the Trading API, and its language."""
        return const.SITES.get(self.marketplace, const.SITES["EBAY_DE"])

    # -- orders -------------------------------------------------------------

    def orders(self, order_filter: str, limit: int, offset: int) -> Json:
        """Return one page of orders."""
        params = {"filter": order_filter, "limit": str(limit), "offset": str(offset)}
        page = self.call("GET", f"{const.FULFILLMENT}/order", params=params).json()
        total = page.get("total") if isinstance(page, dict) else None
        usable = isinstance(total, int) and not isinstance(total, bool) and total >= 0
        if not usable or not isinstance(page.get("orders", []), list):
            raise errors.InvalidAnswer(
                _lt("eBay did not answer with a list of orders."), explain.AGAIN
            )
        return dict(page)

    def order(self, number: str) -> Json:
        """Return all of one order; only here eBay tells requests to cancel and tax numbers."""
        answer = self.call("GET", f"{const.FULFILLMENT}/order/{_part(number)}").json()
        if not isinstance(answer, dict) or answer.get("orderId") != number:
            raise errors.InvalidAnswer(
                _lt("eBay did not answer with order %(number)s.", number=number), explain.AGAIN
            )
        return answer

    # -- the seller ---------------------------------------------------------

    def user(self) -> Json:
        """Return the seller's account."""
        return self._object("GET", f"{const.IDENTITY}/user/", http=self._identity)

    def privileges(self) -> Json:
        """Return whether the seller's registration is complete, and selling limits."""
        return self._object("GET", f"{const.ACCOUNT}/privilege")

    def rate_limits(self) -> Json:
        """Return the application's quotas; eBay answers with nothing at all where it has none."""
        answer = self.call("GET", f"{const.ANALYTICS}/rate_limit/", application=True)
        data = answer.json() if answer.content.strip() else {}
        return data if isinstance(data, dict) else {}

    def public_key(self, key_id: str) -> Json:
        """Return a key that eBay signs its messages with."""
        path = f"{const.NOTIFICATION}/public_key/{_part(key_id)}"
        return self._object("GET", path, application=True)

    # -- the wire -----------------------------------------------------------

    def _object(self, method: str, path: str, **more: Any) -> Json:
        data = self.call(method, path, **more).json()
        if not isinstance(data, dict):
            raise errors.InvalidAnswer(_lt("eBay's answer is not readable."), explain.AGAIN)
        return data

    def call(
        self,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str] | None = None,
        application: bool = False,
        scheme: str = "Bearer",
        http: HttpClient | None = None,
        refused: Callable[[Answer], bool] = lambda answer: answer.status == 401,
        **content: Any,
    ) -> Answer:
        """Send one request; a token that ended early is renewed once.

        :param application: use the application's own token
        :param scheme: how the token is presented; ``""`` puts it into the Trading API's header
        :param refused: whether an answer means that the token is not accepted
        :param content: ``params``, ``body`` or ``data`` as of :meth:`.HttpClient.request`
        :raises errors.AutomationError: one of its subclasses for everything that is not a success
        """
        tokens = self._app_tokens if application else self._tokens
        token = ""
        for _try in range(2):
            token = tokens.access_token(refused=token)
            sent = {"Accept": "application/json", **_login(scheme, token), **(headers or {})}
            answer = self._send(http or self._http, method, path, headers=sent, **content)
            if not refused(answer):
                break
        if answer.status >= 400:
            raise explain.failure(answer)
        return answer

    def _send(self, http: HttpClient, method: str, path: str, **request: Any) -> Answer:
        """Send one request within the quota."""
        api = _api(path)
        self.quotas.spend(api, self.clock())
        try:
            answer = http.request(method, path, accept_statuses=JUDGED, **request)
        except errors.Throttled as error:
            self.quotas.exhaust(api)
            if error.retry_after is None:
                raise self.quotas.throttled(api, self.clock()) from error
            raise
        self.headers = answer.headers
        return answer

    def clock_difference(self) -> float | None:
        """Return by how many seconds eBay's clock is ahead, as of its last answer."""
        try:
            there = parsedate_to_datetime(str(self.headers.get("Date", "")))
        except ValueError:
            return None
        return there.timestamp() - self.clock()


def connect(
    application: Application,
    consent: Consent,
    store: TokenStore,
    app_store: TokenStore,
    *,
    hosts: const.Hosts = const.PRODUCTION,
    marketplace: str = "EBAY_DE",
    quotas: Quotas | None = None,
    session: requests.Session | None = None,
    timeout: tuple[float, float] = (5.0, 30.0),
    sleep: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.time,
) -> EbayClient:
    """Return a client with everything it needs."""

    def http(url: str) -> HttpClient:
        return HttpClient(
            url,
            timeout=timeout,
            secrets=(*application.secrets, consent.refresh_token),
            session=session,
            sleep=sleep,
            clock=clock,
        )

    api = http(hosts.api)
    oauth = OAuthClient(api, application, clock)
    return EbayClient(
        api,
        CachedToken(lambda: oauth.refresh(consent), store, clock),
        app_tokens=CachedToken(oauth.application_token, app_store, clock),
        identity=http(hosts.identity),
        marketplace=marketplace,
        quotas=quotas,
        clock=clock,
    )


def _part(text: str) -> str:
    """Return a text as one step of a path."""
    return quote(text, safe="")


def _login(scheme: str, token: str) -> dict[str, str]:
    if not scheme:
        return {"X-EBAY-API-IAF-TOKEN": token}
    return {"Authorization": f"{scheme} {token}"}


def _api(path: str) -> str:
    """Return the name eBay counts a call under."""
    if path.startswith(const.TRADING):
        return "tradingapi"
    parts = path.split("/")
    return parts[1] if len(parts) > 1 else ""
