"""The Selling Partner API on the wire: one way to call it, whatever the operation.

Every call takes from the bucket first, carries the token, and comes back as JSON or as a named
failure. Nothing is repeated blindly: only a token that ended and a read that broke off are.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from email.utils import parsedate_to_datetime
from typing import Any, Final
from urllib.parse import quote, urlsplit

import requests

from odoo.addons.automation_core.lib import errors
from odoo.addons.automation_core.lib.http import Answer, HttpClient
from odoo.addons.automation_core.lib.texts import Marker
from odoo.addons.automation_core.lib.tokens import CachedToken, TokenStore

from . import const, explain
from .bucket import Storage, TokenBucket
from .const import Operation
from .tokens import Credentials, LwaClient

_lt = Marker(__name__)


Json = dict[str, Any]
JUDGED: Final = frozenset(range(400, 600))
LOCAL_HOSTS: Final = frozenset({"localhost", "127.0.0.1", "::1"})
MOST_WAIT: Final = 10.0  # seconds to sit out an empty bucket; longer waits are for the next run
READ_TRIES: Final = 3


def endpoint(text: str, default: str = const.ENDPOINT_EU) -> str:
    """Return an address of Amazon as entered in the account.

    :raises errors.Rejected: when tokens would travel unencrypted
    """
    url = text.strip().rstrip("/") or default
    parts = urlsplit(url)
    if parts.scheme != "https" and parts.hostname not in LOCAL_HOSTS:
        raise errors.Rejected(
            _lt("The address of Amazon's interface must start with https://."),
            _lt("Leave the field empty, or enter %(default)s.", default=default),
        )
    if not parts.hostname or "@" in parts.netloc:
        raise errors.Rejected(_lt("The address of Amazon's interface is not valid."), "")
    return url


class SpApi:
    """Calls operations for one account.

    :param http: knows the endpoint; must not retry by itself
    :param make_http: makes clients for other hosts, where documents are up- and downloaded
    """

    def __init__(
        self,
        http: HttpClient,
        login: CachedToken,
        bucket: TokenBucket,
        *,
        make_http: Callable[[str], HttpClient] = HttpClient,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
        most_wait: float = MOST_WAIT,
    ) -> None:
        self._http = http
        self._login = login
        self.bucket = bucket
        self.make_http = make_http
        self.clock = clock
        self._sleep = sleep
        self._most_wait = most_wait
        self.ahead = 0.0  # seconds Amazon's clock is ahead of ours

    def now(self) -> float:
        """Return the time by Amazon's clock, as far as it is known."""
        return self.clock() + self.ahead

    def call(
        self,
        operation: Operation,
        path: Mapping[str, str] | None = None,
        *,
        params: Mapping[str, str | int] | None = None,
        body: Any = None,
    ) -> Any:
        """Call an operation; return the decoded answer, ``None`` where it has no body.

        :raises errors.AutomationError: one of its subclasses for everything that is not a success
        """
        tries = READ_TRIES if operation.method == "GET" else 1
        for left in reversed(range(tries)):
            try:
                answer = self._authorised(operation, _path(operation, path or {}), params, body)
                return answer.json() if answer.content.strip() else None
            except (errors.Unavailable, errors.InvalidAnswer):
                if not left:
                    raise
                self._sleep(float(tries - left))
        raise AssertionError("unreachable")  # pragma: no cover

    def _authorised(
        self, operation: Operation, path: str, params: Mapping[str, str | int] | None, body: Any
    ) -> Answer:
        """Send a call; once more when the token ended meanwhile."""
        token = self._login.access_token()
        answer = self._send(operation, path, params, body, token)
        if explain.is_expired_token(answer):
            fresh = self._login.access_token(refused=token)
            answer = self._send(operation, path, params, body, fresh)
        if answer.status >= 400:
            raise self._failure(answer, operation)
        return answer

    def _send(
        self,
        operation: Operation,
        path: str,
        params: Mapping[str, str | int] | None,
        body: Any,
        token: str,
    ) -> Answer:
        self._take(operation)
        answer = self._http.request(
            operation.method,
            path,
            params=params,
            body=body,
            headers={
                "x-amz-access-token": token,
                "User-Agent": const.USER_AGENT,
                "Accept": "application/json",
            },
            accept_statuses=JUDGED,
        )
        self.bucket.learn(operation, answer.headers.get(const.RATE_HEADER))
        self._set_clock(answer)
        return answer

    def _take(self, operation: Operation) -> None:
        """Take a call from the bucket; wait a little for it, but never longer."""
        waited = 0.0
        while wait := self.bucket.take(operation):
            if waited + wait > self._most_wait:
                raise errors.Throttled(
                    _lt("This account has used up its calls to Amazon for now."),
                    _lt("It goes on by itself as soon as Amazon allows."),
                    wait,
                )
            self._sleep(wait)
            waited += wait

    def _failure(self, answer: Answer, operation: Operation) -> errors.AutomationError:
        error = explain.failure(answer, operation)
        if isinstance(error, errors.Throttled):
            self.bucket.empty(operation)
        return error

    def _set_clock(self, answer: Answer) -> None:
        """Compare clocks; a difference below the header's own precision is none."""
        try:
            moment = parsedate_to_datetime(str(answer.headers.get("Date", ""))).timestamp()
        except (ValueError, TypeError):
            return
        ahead = moment - self.clock()
        self.ahead = ahead if abs(ahead) > 2 else 0.0


def _path(operation: Operation, values: Mapping[str, str]) -> str:
    """Return an operation's path with its values quoted: a SKU may hold slashes."""
    return operation.path.format_map({key: quote(text, safe="") for key, text in values.items()})


def listed(values: Iterable[str]) -> str:
    """Return several values of one parameter as Amazon wants them."""
    return ",".join(values)


def connect(
    address: str,
    login: Credentials,
    *,
    account: str,
    tokens: TokenStore,
    storage: Storage,
    token_host: str = "",
    session: requests.Session | None = None,
    clock: Callable[[], float] = time.time,
    sleep: Callable[[float], None] = time.sleep,
    **more: Any,
) -> SpApi:
    """Return the API of one account, ready to call.

    :param account: the key of the account's buckets
    :param more: further arguments of :class:`HttpClient`, e.g. ``timeout``
    """

    def make_http(base_url: str) -> HttpClient:
        return HttpClient(
            base_url,
            retries=0,
            secrets=login.secrets,
            session=session,
            clock=clock,
            sleep=sleep,
            **more,
        )

    lwa = LwaClient(make_http(endpoint(token_host, const.TOKEN_HOST)), login, clock)
    token = CachedToken(lwa.fetch, tokens, clock)
    bucket = TokenBucket(storage, account, clock)
    return SpApi(
        make_http(endpoint(address)), token, bucket, make_http=make_http, clock=clock, sleep=sleep
    )
