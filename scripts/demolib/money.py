"""Who pays the demo company, and how: from the shops' orders to PayPal and the bank."""

from __future__ import annotations

import pickle
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from . import payers
from .bank import Bank
from .camt import Booking
from .paypal import PAYOUT_DAY, PayPal
from .shops import Sale

PAYPAL_NAME = "PayPal (Europe) S.a r.l. et Cie, S.C.A."
SHOWN_FROM, SHOWN_TO = timedelta(hours=80), timedelta(hours=20)  # before the last day's end
INVOICE_DAYS = 8
LIVE_DELAY = timedelta(minutes=3)
CHARGED_BACK = timedelta(hours=6)
RETURNED = timedelta(hours=4)  # before the last day's end a debit comes back


class Money:
    """The bank, PayPal, and the people who pay.

    :param folder: of the demo's data; the bank's files go below it
    """

    def __init__(self, folder: Path, port: int = 0, documents: Path | None = None) -> None:
        self.bank = Bank(folder / "bank")
        self.paypal = PayPal(port, documents)
        self.birth: datetime | None = None
        self.invoiced: list[Sale] = []  # to be paid in one sum with the buyer's next order
        self.last: Sale | None = None  # who ordered on prepayment last
        self.shown = self.companies = 0
        self.lived = datetime.min  # noqa: DTZ901 local, as all times here

    def begin(self, birth: datetime, days: int) -> None:
        """Begin anew, ``days`` before ``birth``."""
        self.birth, self.invoiced, self.last = birth, [], None
        self.shown = self.companies = 0
        self.lived = birth - timedelta(days=days + 1)
        self.bank.begin(birth, days)
        self.paypal.begin()

    def settings(self) -> dict[str, dict[str, Any]]:
        """Return how Odoo reaches them: fields by the name of the demo's record."""
        return {
            "place_bank": {"folder": str(self.bank.folder)},
            "source_paypal": self.paypal.settings(),
        }

    def set_clock(self, offset: timedelta) -> None:
        """Let PayPal live in the past."""
        self.paypal.server.offset = offset

    def pulse(self) -> int:
        """Return a number that changes whenever something happens."""
        entries, requests = self.paypal.server.entries, self.paypal.server.requests
        return len(self.bank.booked) + len(entries) + sum(requests.values())

    # -- memory ------------------------------------------------------------

    def remember(self) -> bytes:
        """Return all there is to know."""
        own = (self.birth, self.invoiced, self.last, self.shown, self.companies, self.lived)
        return pickle.dumps((own, self.bank.remember(), self.paypal.remember()))

    def recall(self, state: bytes) -> None:
        """Take it up again."""
        own, bank, paypal = pickle.loads(state)  # noqa: S301 written by ourselves
        self.birth, self.invoiced, self.last, self.shown, self.companies, self.lived = own
        self.bank.recall(bank)
        self.paypal.recall(paypal)

    # -- what happens ------------------------------------------------------

    def ordered(self, sale: Sale) -> None:
        """Somebody ordered: he pays at once, later or never."""
        assert self.birth
        if sale.way == "paypal":
            self.paypal.pay(sale)
        elif sale.way == "prepayment":
            self._prepay(sale, self.birth)
        elif sale.way == "invoice":
            self._pay_invoice(sale, self.birth)

    def _prepay(self, sale: Sale, birth: datetime) -> None:
        if sale.when >= birth:
            when = sale.when + LIVE_DELAY
            habit = payers.SHOWN[self.shown % len(payers.SHOWN)]
            self.bank.plan(payers.transfer(sale, habit, when))
            self.shown += 1
            return
        last = birth - SHOWN_FROM <= sale.when <= birth - SHOWN_TO
        first, self.last = self.last, sale
        if last and first and first.email == sale.email:
            planned = self.bank.plans.pop()
            self.bank.plan(payers.both(first, sale, planned.when))
        elif found := payers.prepaid(sale, birth, self.shown if last else -1):
            self.bank.plan(payers.transfer(sale, *found))
            self.shown += last

    def _pay_invoice(self, sale: Sale, birth: datetime) -> None:
        """Companies pay late; the second one twice at once, the third with a discount."""
        self.companies += 1
        when = sale.when + timedelta(days=INVOICE_DAYS, hours=self.companies % 5)
        if birth - timedelta(hours=30) < when < birth + timedelta(days=2):
            when = birth - timedelta(hours=2 + self.companies % 3)
        same = [one for one in self.invoiced if one.email == sale.email]
        self.invoiced = [one for one in self.invoiced if one not in same]
        if self.companies % 4 == 1 and not same and when < birth:
            paid = payers.invoice_paid([sale], when)
            back = birth - RETURNED
            self.bank.plan(*(payers.collected(paid, back) if self.companies == 1 else (paid,)))
            return
        less = Decimal(2) if self.companies % 4 == 3 else Decimal(0)
        self.bank.plan(payers.invoice_paid([*same, sale], when, less=less))

    def live_until(self, moment: datetime) -> None:
        """Let time go by; ``moment`` is local."""
        day = self.lived.date() + timedelta(days=1)
        while self.lived > datetime.min and day <= moment.date():  # noqa: DTZ901 local
            if day.weekday() == PAYOUT_DAY:
                self._pay_out(datetime.combine(day, datetime.min.time()) + timedelta(hours=6))
            day += timedelta(days=1)
        if self.birth and self.lived < self.birth - CHARGED_BACK <= moment:
            self.paypal.charge_back(self.birth - CHARGED_BACK)
        self.paypal.live_until(moment)
        self.bank.live_until(moment)
        self.lived = max(self.lived, moment)

    def _pay_out(self, when: datetime) -> None:
        if amount := self.paypal.pay_out(when):
            text = f"PP.{when:%m%d}.PP . LINDENHOF VERSAND, Auszahlung Ihres PayPal-Guthabens"
            account = payers.iban(PAYPAL_NAME)
            self.bank.plan(
                Booking(
                    when + timedelta(hours=30), amount, PAYPAL_NAME, account, payers.wrapped(text)
                )
            )
