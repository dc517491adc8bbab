"""What the demo's shops have in common: orders come, shelves empty, all of it is remembered."""

from __future__ import annotations

import pickle
import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, ClassVar

from .. import goods

# what belongs to the running process and not to the shop's story
PASSING = frozenset(
    {"before", "base_url", "clock", "faults", "fixed_now", "judge_file", "keys", "lock", "log"}
    | {"before_lines", "database_offset", "clock_offset", "spec"}
)


@dataclass(frozen=True)
class Order:
    """An order as the world's page shows it; ``parcels`` is what was reported about it."""

    number: str
    when: str
    buyer: str
    items: str
    state: str
    parcels: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sale:
    """What a buyer owes, and how he is going to pay (``way``: prepayment, paypal, invoice).

    ``told`` is what the company tells him to write on a transfer.
    """

    number: str
    told: str
    when: datetime
    total: Decimal
    buyer: str
    email: str
    way: str
    customer: str = ""


@dataclass
class Facts:
    """How a shop stands."""

    orders: list[Order] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    told: int = 0  # parcels that were reported
    cancelled: int = 0


class Outlet:
    """One shop of the demo. ``shop`` is the fake behind ``server``."""

    channel: ClassVar[str]
    title: ClassVar[str]
    record: ClassVar[str] = ""  # whose fields the settings are; "": the account's
    passing: ClassVar[frozenset[str]] = frozenset()  # what else is not kept over a restart
    secrets: ClassVar[tuple[str, ...]] = ()
    shop: Any
    server: Any

    def __init__(self) -> None:
        self.deeds = 0
        self.blank = self.remember()

    # -- the story ---------------------------------------------------------

    def place(self, kind: str, number: int, when: datetime) -> None:
        """Let a buyer order something (``when`` is local time without a zone)."""
        raise NotImplementedError

    def go_on(self, deed: str, kind: str, number: int, when: datetime) -> None:
        """Let something happen to an order that was placed earlier."""
        raise NotImplementedError

    def sale(self, number: int, when: datetime) -> Sale | None:
        """Return what is to be paid for an order; ``None``: the marketplace collects it."""
        return None

    def settings(self) -> dict[str, Any]:
        """Return how Odoo reaches the shop: fields of the account, or of its place for files."""
        raise NotImplementedError

    def set_clock(self, offset: timedelta) -> None:
        """Let the shop live in the past."""
        raise NotImplementedError

    # -- what is to be seen ------------------------------------------------

    def requests(self) -> int:
        """Return how often the shop was asked."""
        raise NotImplementedError

    def pulse(self) -> int:
        """Return a number that changes whenever something happens."""
        return self.requests() + self.deeds

    def facts(self) -> Facts:
        """Return how the shop stands, newest order first."""
        raise NotImplementedError

    def shelves(self) -> dict[str, int]:
        """Return what the shop shows, by its own numbers."""
        raise NotImplementedError

    # -- memory ------------------------------------------------------------

    def remember(self) -> bytes:
        """Return the shop's whole state."""
        with self.shop.lock:
            passing = PASSING | self.passing
            state = {name: it for name, it in vars(self.shop).items() if name not in passing}
            return pickle.dumps(state)

    def recall(self, state: bytes) -> None:
        """Take a state up again."""
        with self.shop.lock:
            vars(self.shop).update(pickle.loads(state))  # noqa: S301 written by ourselves

    def reset(self) -> None:
        """Begin anew."""
        self.recall(self.blank)


def choice(channel: str, number: int, *, pack: bool = False) -> random.Random:
    """Return the dice for one order of a shop: always the same ones."""
    return random.Random(f"{channel} {number} {pack}")


def basket(channel: str, dice: random.Random, most: int = 2) -> list[Any]:
    """Return what a buyer takes: what the company sends itself and knows."""
    sold = [offer for offer in goods.offers(channel) if offer.article and not offer.by_channel]
    light = [
        offer
        for offer in sold
        if not goods.by_sku[offer.article].bulky and offer.article != goods.LANTERN
    ]
    weights = [1 + goods.by_sku[offer.article].stock / 20 for offer in light]
    found: list[Any] = []
    for _turn in range(dice.choice((1, 1, *range(1, most + 1)))):
        offer = dice.choices(light, weights)[0]
        if offer not in found:
            found.append(offer)
    return found
