"""The demo company's PayPal: buyers pay, some get their money back, the rest goes to the bank."""

from __future__ import annotations

import pickle
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from .shops import Sale

from tests.servers.paypal import PayPalServer  # isort: skip
from tests.servers.paypal.spec import Spec  # isort: skip

BERLIN = ZoneInfo("Europe/Berlin")
REFUNDED_EVERY, REFUND_AFTER = 13, timedelta(days=5)
PAYOUT_DAY, KEPT = 0, Decimal("50")  # on Mondays all but this goes to the bank


class _Server(PayPalServer):
    """PayPal in the story's time."""

    offset = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.offset


class PayPal:
    """The merchant's account."""

    client_id, secret = "AbLindenhofDemo-7Qx", "EKdemo-3f9d-lindenhof"

    def __init__(self, port: int = 0, documents: Path | None = None) -> None:
        folder = documents / "paypal" if documents else None
        self.server = _Server(port, spec=Spec(folder) if folder and folder.is_dir() else None)
        self.server.tokens.client_id, self.server.tokens.secret = self.client_id, self.secret
        self.begin()

    def begin(self) -> None:
        """Forget everything."""
        with self.server.lock:
            self.server.entries, self.server._count = [], 0
        self.plans: list[tuple[datetime, str]] = []

    def settings(self) -> dict[str, Any]:
        """Return how Odoo reaches it."""
        return {
            "paypal_client_id": self.client_id,
            "paypal_secret": self.secret,
            "paypal_endpoint": self.server.url,
        }

    # -- memory ------------------------------------------------------------

    def remember(self) -> bytes:
        """Return all there is to know."""
        with self.server.lock:
            return pickle.dumps((self.server.entries, self.server._count, self.plans))

    def recall(self, state: bytes) -> None:
        """Take it up again."""
        with self.server.lock:
            found = pickle.loads(state)  # noqa: S301 written by ourselves
            self.server.entries, self.server._count, self.plans = found

    # -- what happens ------------------------------------------------------

    def pay(self, sale: Sale) -> None:
        """A buyer pays an order; now and then he gets his money back later."""
        number = self.server.add_payment(
            sale.total, sale.number, sale.buyer, sale.email, at=utc(sale.when)
        )
        if not len(self.server.entries) % REFUNDED_EVERY:
            self.plans.append((sale.when + REFUND_AFTER, number))

    def charge_back(self, when: datetime) -> None:
        """A buyer's bank takes the money of one of the last payments back."""
        paid = [one for one in self.server.entries if one.code.startswith("T00")]
        older = [one for one in paid if one.when < utc(when) - timedelta(days=4)]
        if older:
            self.server.add_chargeback(older[-1].id, at=utc(when))

    def live_until(self, moment: datetime) -> None:
        """Give back what is to be given back by now."""
        for when, number in [plan for plan in self.plans if plan[0] <= moment]:
            self.server.add_refund(number, at=utc(when))
        self.plans = [plan for plan in self.plans if plan[0] > moment]

    def pay_out(self, when: datetime) -> Decimal:
        """Send what is there to the bank; return how much."""
        entries = self.server.entries
        there = sum((one.amount + (one.fee or 0) for one in entries), Decimal(0)) - KEPT
        if there <= 0:
            return Decimal(0)
        self.server.add_payout(there, at=utc(when))
        return there


def utc(local: datetime) -> datetime:
    """A local time in PayPal's."""
    return local.replace(tzinfo=BERLIN).astimezone(UTC)
