"""One careful HTTP client for all vendors' APIs.

It bounds time and size, names every failure (:mod:`.errors`), keeps secrets out of texts and
retries only what is safe to repeat. Session, clock and sleep can be passed in, so retries are
tested without waiting.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Iterable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests

from . import errors
from .masking import mask
from .texts import Marker

_logger = logging.getLogger(__name__)
_lt = Marker(__name__)

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
CHUNK = 65536
AGAIN = _lt("It is tried again by itself.")
_in_use: ContextVar[tuple[str, ...]] = ContextVar("secrets_in_use", default=())


class _Masking(logging.Filter):
    """Keeps secrets out of what the connections' own logger says: it writes whole addresses."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = mask(record.getMessage(), _in_use.get()), ()
        return True


logging.getLogger("urllib3.connectionpool").addFilter(_Masking())


@dataclass(frozen=True, slots=True)
class Answer:
    """A complete answer. ``headers`` are case-insensitive, ``content`` is already decompressed."""

    status: int
    headers: Mapping[str, str]
    content: bytes
    url: str = field(default="", repr=False)

    @property
    def text(self) -> str:
        return self.content.decode("utf-8", errors="replace")

    def json(self) -> Any:
        """Return the parsed body; raise :class:`~.errors.InvalidAnswer` when it is not JSON."""
        try:
            return json.loads(self.content)
        except (ValueError, RecursionError) as error:
            start = " ".join(self.text[:80].split())
            raise errors.InvalidAnswer(
                _lt("The server did not answer in JSON but with: %(start)s", start=repr(start)),
                _lt("Open the address in a browser: a login page or a wrong path is usual."),
            ) from error


class HttpClient:
    """Talks to one server.

    :param base_url: every path is joined to it; only ``http`` and ``https`` are allowed
    :param headers: sent with every request
    :param timeout: (connect, read) in seconds
    :param max_bytes: larger bodies are refused while reading, before they fill the memory
    :param retries: how often a safe request is repeated at once after a time-out, 429, 502, 503 or
        504
    :param secrets: texts that never may show up in an error or a log
    """

    def __init__(
        self,
        base_url: str,
        *,
        headers: Mapping[str, str] | None = None,
        timeout: tuple[float, float] = (5.0, 30.0),
        max_bytes: int = 20 * 1024 * 1024,
        retries: int = 2,
        max_wait: float = 10.0,
        secrets: Iterable[str] = (),
        session: requests.Session | None = None,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.time,
    ) -> None:
        parts = urlsplit(base_url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise errors.Rejected(
                _lt("“%(address)s” is not a web address.", address=mask(base_url, secrets)),
                _lt("Enter an address that starts with https://"),
            )
        self.base_url = base_url.rstrip("/") + "/"
        self.timeout = timeout
        self.max_bytes = max_bytes
        self.retries = retries
        self.max_wait = max_wait
        self.secrets = tuple(secrets)
        self._headers = dict(headers or {})
        self._session = session or requests.Session()
        self._sleep = sleep
        self._clock = clock

    def request(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, Any] | None = None,
        body: Any = None,
        data: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        accept_statuses: Iterable[int] = (),
    ) -> Answer:
        """Send one request and return its answer.

        :param body: sent as JSON; ``data`` is sent as it is
        :param accept_statuses: error statuses the caller wants to judge itself
        :raises errors.AutomationError: one of its subclasses for everything that is not a success
        """
        if body is not None:
            data = json.dumps(body).encode()
        sent = {
            **self._headers,
            **({"Content-Type": "application/json"} if body is not None else {}),
            **(headers or {}),
        }
        accepted = frozenset(accept_statuses)
        attempt = 0
        while True:
            hidden = _in_use.set(self.secrets)
            try:
                answer = self._send(method, path, params, data, sent)
                if answer.status < 300 or answer.status in accepted:
                    return answer
                raise self._failure(answer)
            except (errors.Unavailable, errors.Throttled) as error:
                wait = self._wait(error, attempt)
                if (
                    method.upper() not in SAFE_METHODS
                    or attempt >= self.retries
                    or wait > self.max_wait
                ):
                    raise
            finally:
                _in_use.reset(hidden)
            attempt += 1
            self._sleep(wait)

    def _send(
        self,
        method: str,
        path: str,
        params: Mapping[str, Any] | None,
        data: bytes | None,
        headers: Mapping[str, str],
    ) -> Answer:
        url = urljoin(self.base_url, path.lstrip("/"))
        started = self._clock()
        try:
            # redirects are refused: they would carry credentials to another host
            with self._session.request(
                method,
                url,
                params=params,
                data=data,
                headers=headers,
                timeout=self.timeout,
                allow_redirects=False,
                stream=True,
            ) as response:
                content = self._read(response, started)
        except requests.Timeout as error:
            raise errors.Unavailable(
                _lt("%(host)s did not answer in time.", host=self._host), AGAIN
            ) from error
        except requests.exceptions.SSLError as error:
            raise errors.Rejected(
                _lt("The certificate of %(host)s is not valid.", host=self._host),
                _lt("Ask the server's operator to renew it."),
            ) from error
        except (
            requests.exceptions.InvalidURL,
            requests.exceptions.InvalidHeader,
            UnicodeError,
        ) as error:
            raise errors.Rejected(
                _lt("The request to %(host)s could not be written.", host=self._host),
                _lt("Check the address and the credentials."),
            ) from error
        except requests.RequestException as error:
            _logger.info("%s %s failed: %s", method, self._host, mask(str(error), self.secrets))
            raise errors.Unavailable(
                _lt("%(host)s could not be reached.", host=self._host),
                _lt("Check the address; otherwise it is tried again by itself."),
            ) from error
        _logger.debug(
            "%s %s -> %s, %s bytes",
            method,
            mask(url, self.secrets),
            response.status_code,
            len(content),
        )
        return Answer(
            response.status_code, response.headers, content, mask(response.url or url, self.secrets)
        )

    def _read(self, response: requests.Response, started: float) -> bytes:
        """Read the body within size and time: a dripping server must not hold the worker."""
        content = bytearray()
        for chunk in response.iter_content(CHUNK):
            content += chunk
            if len(content) > self.max_bytes:
                raise errors.InvalidAnswer(
                    _lt(
                        "The answer of %(host)s exceeds %(size)s MB.",
                        host=self._host,
                        size=self.max_bytes // 1024 // 1024,
                    ),
                    _lt("Ask for less at a time."),
                )
            if self._clock() - started > 4 * sum(self.timeout):
                raise requests.Timeout
        return bytes(content)

    @property
    def _host(self) -> str:
        return urlsplit(self.base_url).hostname or ""

    def _wait(self, error: errors.AutomationError, attempt: int) -> float:
        told: float | None = getattr(error, "retry_after", None)
        return told if told is not None else float(2**attempt)

    def _failure(self, answer: Answer) -> errors.AutomationError:
        status = answer.status
        said = _lt("%(host)s answered %(status)s", host=self._host, status=status)
        if detail := mask(" ".join(answer.text[:200].split()), self.secrets):
            said = _lt(
                "%(host)s answered %(status)s: %(detail)s",
                host=self._host,
                status=status,
                detail=detail,
            )
        if status == 401:
            return errors.AuthenticationFailed(
                _lt("%(host)s does not accept the login.", host=self._host),
                _lt("Check user, password or token of the account."),
            )
        if status == 403:
            return errors.AccessDenied(
                said,
                _lt("The login works but lacks a permission: grant it at the vendor's side."),
            )
        if status in (404, 410):
            return errors.NotFound(said, _lt("Check the address of the account."))
        if status == 429:
            return errors.Throttled(
                said,
                AGAIN,
                self._retry_after(answer.headers.get("Retry-After")),
            )
        if status >= 500:
            return errors.Unavailable(said, AGAIN)
        if 300 <= status < 400:
            return errors.Rejected(said, _lt("The address has moved: enter the new one."))
        return errors.Rejected(said)

    def _retry_after(self, value: str | None) -> float | None:
        """Return the header's seconds or date as seconds from now."""
        if not value:
            return None
        if value.strip().isdigit():
            return float(value)
        try:
            return max(0.0, parsedate_to_datetime(value).timestamp() - self._clock())
        except (TypeError, ValueError):
            return None
