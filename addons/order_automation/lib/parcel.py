"""Whether an article goes into a box: sorted edges and weight against limits given as data."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum


class Fit(Enum):
    """What can be said about one article and one box."""

    FITS = "fits"
    TOO_LARGE = "too_large"
    TOO_HEAVY = "too_heavy"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Item:
    """One piece of an article: edges in centimetres, weight in kilograms; 0 = not known."""

    length: float = 0.0
    width: float = 0.0
    height: float = 0.0
    weight: float = 0.0

    @property
    def edges(self) -> tuple[float, ...]:
        """The known edges, longest first."""
        return _known(self.length, self.width, self.height)


@dataclass(frozen=True, slots=True)
class Limit:
    """The largest thing a place takes; 0 = no limit in that direction."""

    length: float = 0.0
    width: float = 0.0
    height: float = 0.0
    weight: float = 0.0

    @property
    def edges(self) -> tuple[float, ...]:
        """The edges, longest first; an edge without a limit counts as endless."""
        given = (self.length, self.width, self.height)
        return tuple(sorted((e if _is_known(e) else math.inf for e in given), reverse=True))


def fit(item: Item, limit: Limit) -> Fit:
    """Whether `item` fits `limit`, turned any way round.

    An article with an unknown edge is too large all the same when the known ones do not fit.
    An unknown weight is not held against it.
    """
    if any(edge > most for edge, most in zip(item.edges, limit.edges, strict=False)):
        return Fit.TOO_LARGE
    if _is_known(item.weight) and _is_known(limit.weight) and item.weight > limit.weight:
        return Fit.TOO_HEAVY
    if len(item.edges) < 3 and any(map(math.isfinite, limit.edges)):
        return Fit.UNKNOWN
    return Fit.FITS


def best_fit(item: Item, limits: Iterable[Limit]) -> Fit:
    """The best answer any of the boxes gives; FITS where there is no box to compare with."""
    order = (Fit.FITS, Fit.UNKNOWN, Fit.TOO_HEAVY, Fit.TOO_LARGE)
    return min((fit(item, limit) for limit in limits), key=order.index, default=Fit.FITS)


def _is_known(value: float) -> bool:
    return math.isfinite(value) and value > 0


def _known(*edges: float) -> tuple[float, ...]:
    return tuple(sorted(filter(_is_known, edges), reverse=True))
