"""Quotas, revisions, tokens and keys that all workers share, as plain JSON wherever it is kept."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable, Sequence

from odoo.addons.automation_core.lib import errors
from odoo.addons.automation_core.lib.tokens import JsonTokens

from .consent import Application
from .limits import Quota, Quotas, Revisions

Get = Callable[[str], object]
Change = Callable[[str, Callable[[object], object]], object]


def shared_tokens(get: Get, change: Change, key: str) -> JsonTokens:
    """Return where all workers find the access token."""
    return JsonTokens(lambda: get(key), lambda token: change(key, lambda _known: token))


def token_key(application: Application, refresh_token: str, host: str) -> str:
    """Return a key for a login, so that another login never meets this one's token."""
    parts = (application.app_id, application.cert_id, refresh_token, host)
    return "token:" + hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]


class SharedQuotas(Quotas):
    """Counts calls down for all workers at once."""

    KEY = "quotas"

    def __init__(self, change: Change) -> None:
        super().__init__()
        self._change = change

    def learn(self, quotas: Iterable[Quota]) -> None:
        """Take over what eBay says."""
        found = tuple(quotas)
        self._with(lambda known: known.learn(found))

    def spend(self, api: str, now: float) -> None:
        """Note one call.

        :raises errors.Throttled: when the quota is nearly used up
        """
        refused: list[errors.Throttled] = []

        def note(known: Quotas) -> None:
            refused.clear()
            try:
                known.spend(api, now)
            except errors.Throttled as error:
                refused.append(error)

        self._with(note)
        if refused:
            raise refused[0]

    def exhaust(self, api: str) -> None:
        """Note that eBay itself has stopped us."""
        self._with(lambda known: known.exhaust(api))

    def throttled(self, api: str, now: float) -> errors.Throttled:
        """Return the refusal, with the time to wait where it is known."""
        found: list[errors.Throttled] = []
        self._with(lambda known: found.append(known.throttled(api, now)))
        return found[-1]

    def as_json(self) -> dict[str, object]:
        """Return what is left, to be kept."""
        found: list[dict[str, object]] = []
        self._with(lambda known: found.append(known.as_json()))
        return found[-1]

    def _with(self, act: Callable[[Quotas], object]) -> None:
        def change(value: object) -> object:
            known = Quotas(value if isinstance(value, dict) else None)
            act(known)
            return known.as_json()

        self._change(self.KEY, change)


class SharedRevisions:
    """Counts the changes of each listing for all workers at once."""

    KEY = "revisions"

    def __init__(self, change: Change, clock: Callable[[], float] = time.time) -> None:
        self._change = change
        self._clock = clock

    def take(self, wanted: Sequence[tuple[str, bool]]) -> set[str]:
        """Note a change for each ``(listing, urgent)``; return those that have to wait."""
        late: set[str] = set()

        def note(value: object) -> object:
            known = Revisions(value if isinstance(value, dict) else None)
            now = self._clock()
            late.clear()
            late.update(
                listing for listing, urgent in wanted if not known.take(listing, now, urgent=urgent)
            )
            return known.as_json()

        self._change(self.KEY, note)
        return late
