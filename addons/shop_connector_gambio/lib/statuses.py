"""What a shop's order statuses mean: each shop numbers its own."""

from __future__ import annotations

from dataclasses import dataclass

from . import const


@dataclass(frozen=True, slots=True)
class StatusMap:
    """The shop's numbers for what we tell and are told; 0: there is none.

    ``known`` are all numbers the shop has, as far as that was asked: the shop itself takes any.
    """

    shipped: int = const.STATUS_SHIPPED
    partly: int = 0
    cancelled: int = const.STATUS_CANCELLED
    known: frozenset[str] = frozenset()

    def is_cancelled(self, status: int, name: str) -> bool:
        """Whether an order with this status is cancelled."""
        own = status and status == self.cancelled
        return bool(own) or status == const.STATUS_CANCELLED or _is(name, const.CANCELLED_NAMES)

    def is_shipped(self, status: int, name: str, past: frozenset[int]) -> bool:
        """Whether an order has left: by its status, or by one it had before it moved on."""
        if status and (status == self.shipped or _is(name, const.SHIPPED_NAMES)):
            return True
        return bool(self.shipped) and self.shipped in past and status not in const.WORK_STATUSES


def _is(name: str, names: frozenset[str]) -> bool:
    return name.strip().lower() in names
