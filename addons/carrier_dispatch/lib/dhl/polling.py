"""Which parcels to ask DHL for now: a new key allows 250 calls a day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from .track import FINAL, State

LIMIT: Final = 250
_AFTER: Final[dict[State, timedelta]] = {
    "announced": timedelta(hours=12),
    "transit": timedelta(hours=8),
    "delivery": timedelta(hours=3),
    "failed": timedelta(hours=12),
    "unknown": timedelta(hours=12),
}
_SLOWER: Final = timedelta(days=7)  # without news since: half as often, then half again
_LONGEST: Final = timedelta(days=60)  # after that a parcel is not asked for any more


@dataclass(frozen=True, slots=True)
class Watched:
    """A parcel on its way; times in UTC.

    :param changed_at: when something was last new; in the beginning when its label was made
    """

    number: str
    state: State
    changed_at: datetime
    asked_at: datetime | None = None


def due(
    parcels: Iterable[Watched],
    now: datetime,
    *,
    used: int = 0,
    limit: int = LIMIT,
    per_call: int = 1,
    per_run: int = 25,
) -> list[tuple[str, ...]]:
    """Return the numbers of the calls to make now, those that have waited longest first.

    :param used: calls made within the last 24 hours
    :param per_call: how many numbers a call may ask for
    :param per_run: so many calls at most, that the day's calls last the whole day
    """
    calls = max(0, min(limit - used, per_run))
    waiting = sorted(
        (parcel for parcel in parcels if is_due(parcel, now)),
        key=lambda parcel: (-_waited(parcel, now), parcel.number),
    )
    numbers = list(dict.fromkeys(parcel.number for parcel in waiting))[: calls * per_call]
    return [tuple(numbers[at : at + per_call]) for at in range(0, len(numbers), per_call)]


def is_due(parcel: Watched, now: datetime) -> bool:
    """Whether it is time to ask again."""
    if parcel.state in FINAL or now - parcel.changed_at > _LONGEST:
        return False
    return _waited(parcel, now) >= 1


def _waited(parcel: Watched, now: datetime) -> float:
    """How long it has waited, in units of what is usual for its state."""
    since = parcel.asked_at or parcel.changed_at
    usual = _AFTER.get(parcel.state, _LONGEST)
    quiet = max(0, (now - parcel.changed_at) // _SLOWER)
    return (now - since) / (usual * (1, 2, 4, 8)[min(quiet, 3)])
