"""eBay's quotas: asked for, shown, and kept from being used up by one account."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from odoo.addons.automation_core.lib import errors
from odoo.addons.automation_core.lib.texts import Marker
from odoo.addons.shop_connector.lib.reader import read_moment

from . import const
from .explain import AGAIN

_lt = Marker(__name__)

RESERVE: Final = 50  # calls left to people who press a button
URGENT: Final = 30  # revisions of a listing that are kept for its being sold out
ZONE: Final = ZoneInfo("America/Los_Angeles")  # eBay's calendar day
WANTED: Final = ("fulfillment", "inventory", "tradingapi", "feedback")


@dataclass(frozen=True, slots=True)
class Quota:
    """How often a part of the API may be called until ``reset`` (epoch)."""

    api: str
    resource: str
    limit: int
    remaining: int
    reset: float


def read_quotas(data: object) -> tuple[Quota, ...]:
    """Return the quotas in eBay's answer; what is not readable is left out."""
    return tuple(_quotas(data))


def _quotas(data: object) -> Iterable[Quota]:
    for api in _rows(data, "rateLimits"):
        for resource in _rows(api, "resources"):
            for rate in _rows(resource, "rates"):
                limit, remaining = _number(rate.get("limit")), _number(rate.get("remaining"))
                until = read_moment(str(rate.get("reset", "")))
                if limit is None or remaining is None or until is None:
                    continue
                name = str(api.get("apiName", "")).casefold()
                yield Quota(
                    name, str(resource.get("name", "")), limit, remaining, until.timestamp()
                )


def _rows(data: object, key: str) -> list[dict[str, Any]]:
    rows = data.get(key) if isinstance(data, dict) else None
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _number(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


@dataclass(slots=True)
class Budget:
    """What is left of one API's quota."""

    remaining: int
    reset: float


class Quotas:
    """Counts calls down and stops before eBay does. Plain JSON in and out, for all workers."""

    def __init__(self, known: Mapping[str, object] | None = None) -> None:
        self._left: dict[str, Budget] = {}
        for name, value in (known or {}).items():
            if isinstance(value, Mapping):
                left, reset = value.get("remaining"), value.get("reset")
                if isinstance(left, int) and isinstance(reset, int | float):
                    self._left[name] = Budget(left, float(reset))

    def as_json(self) -> dict[str, object]:
        """Return what is left, to be kept."""
        return {name: asdict(budget) for name, budget in self._left.items()}

    def learn(self, quotas: Iterable[Quota]) -> None:
        """Take over what eBay says; of several resources the one that ends first counts."""
        self._left = {}
        for quota in quotas:
            name = next((name for name in WANTED if name in quota.api), "")
            known = self._left.get(name)
            if name and (known is None or quota.remaining < known.remaining):
                self._left[name] = Budget(quota.remaining, quota.reset)

    def spend(self, api: str, now: float) -> None:
        """Note one call.

        :raises errors.Throttled: when the quota is nearly used up
        """
        budget = self._left.get(api)
        if budget is None:
            return
        if budget.reset <= now:
            del self._left[api]
            return
        if budget.remaining <= RESERVE:
            raise self.throttled(api, now)
        budget.remaining -= 1

    def exhaust(self, api: str) -> None:
        """Note that eBay itself has stopped us."""
        if api in self._left:
            self._left[api].remaining = 0

    def throttled(self, api: str, now: float) -> errors.Throttled:
        """Return the refusal, with the time to wait where it is known."""
        budget = self._left.get(api)
        wait = max(0.0, budget.reset - now) if budget else None
        return errors.Throttled(_lt("eBay's limit of calls is used up for now."), AGAIN, wait)


class Revisions:
    """Counts how often each listing was changed today: eBay takes 250 a day, then blocks it.

    Plain JSON in and out, for all workers.
    """

    def __init__(self, known: Mapping[str, object] | None = None) -> None:
        known = known or {}
        counts = known.get("counts")
        self._day = str(known.get("day", ""))
        self._counts: dict[str, int] = {}
        if isinstance(counts, Mapping):
            self._counts = {str(key): it for key, it in counts.items() if isinstance(it, int)}

    def as_json(self) -> dict[str, object]:
        """Return today's counts, to be kept."""
        return {"day": self._day, "counts": dict(self._counts)}

    def take(self, listing: str, now: float, *, urgent: bool = False) -> bool:
        """Note one change; ``False`` when it has to wait for tomorrow.

        :param urgent: the listing is sold out or comes close to it
        """
        today = datetime.fromtimestamp(now, UTC).astimezone(ZONE).date().isoformat()
        if today != self._day:
            self._day, self._counts = today, {}
        used = self._counts.get(listing, 0)
        if used >= const.REVISIONS_PER_DAY - (0 if urgent else URGENT):
            return False
        self._counts[listing] = used + 1
        return True
