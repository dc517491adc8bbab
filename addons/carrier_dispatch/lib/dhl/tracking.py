"""DHL's two services that know where a parcel is.

Shipment Tracking - Unified takes an app's key alone, one number a call and 250 calls a day. Parcel
DE Tracking takes twenty numbers a call and wants the app's login and a user of its own.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

import requests

from odoo.addons.automation_core.lib.http import HttpClient

from . import const, explain, track_json, track_xml
from .settings import Settings
from .track import Tracked

_JUDGED: Final = (400, 401, 403, 404)
_MAX_BYTES: Final = 5 * 1024 * 1024


class TrackingClient:
    """Asks where parcels are. A number DHL does not know yet comes back as ``unknown``."""

    def __init__(self, http: HttpClient, settings: Settings) -> None:
        self._http = http
        self._settings = settings

    @property
    def _language(self) -> str:
        return self._settings.language[:2] or "de"

    def unified(self, number: str) -> Tracked:
        """Return where one parcel is."""
        answer = self._http.request(
            "GET",
            const.UNIFIED_TRACKING,
            params={"trackingNumber": number, "service": "parcel-de", "language": self._language},
            headers={
                "Accept": "application/json",
                "DHL-API-Key": self._settings.login.api_key.strip(),
            },
            accept_statuses=_JUDGED,
        )
        if answer.status == 404:
            return Tracked(number, "unknown")
        if answer.status >= 400:
            raise explain.failure(answer, self._http.secrets)
        return _each([number], track_json.parse(answer.content))[0]

    def parcel_de(self, numbers: Sequence[str]) -> tuple[Tracked, ...]:
        """Return where up to twenty parcels are, in their order."""
        if not 1 <= len(numbers) <= const.MOST_TRACKED:
            raise ValueError(f"1 to {const.MOST_TRACKED} at a time, not {len(numbers)}")
        login = self._settings.login
        answer = self._http.request(
            "GET",
            const.PARCEL_TRACKING,
            params={"xml": track_xml.question(login, numbers, self._language)},
            headers={"Accept": "application/xml", "Authorization": login.app},
            accept_statuses=_JUDGED,
        )
        if answer.status >= 400:
            raise explain.failure(answer, self._http.secrets)
        return _each(numbers, track_xml.parse(answer.content))


def connect(
    settings: Settings,
    url: str = "",
    *,
    session: requests.Session | None = None,
    timeout: tuple[float, float] = (5.0, 30.0),
    sleep: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.time,
) -> TrackingClient:
    """Return a client with everything it needs.

    :param settings: for Parcel DE Tracking its login holds the tracking user, not the shipping one
    """
    http = HttpClient(
        url or settings.url,
        timeout=timeout,
        max_bytes=_MAX_BYTES,
        secrets=settings.login.secrets,
        session=session,
        sleep=sleep,
        clock=clock,
    )
    return TrackingClient(http, settings)


def _each(numbers: Sequence[str], found: Sequence[Tracked]) -> tuple[Tracked, ...]:
    """One for each number; DHL leaves out leading zeros and what it does not know."""
    known = {_bare(one.number): one for one in found}
    alone = found[0] if len(numbers) == len(found) == 1 else None
    return tuple(
        replace(known.get(_bare(number)) or alone or Tracked(number, "unknown"), number=number)
        for number in numbers
    )


def _bare(number: str) -> str:
    return number.strip().upper().lstrip("0")
