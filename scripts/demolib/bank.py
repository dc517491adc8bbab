"""The demo company's bank: what is booked when, and the files its tool drops into a folder.

Each day ends with a statement (camt.053); while a day lasts, there is a report of what is booked so
far (camt.052). Both tell the same bookings, as banks do.
"""

from __future__ import annotations

import os
import pickle
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from . import camt
from .camt import Booking
from .payers import iban, wrapped

BERLIN = ZoneInfo("Europe/Berlin")
OPENING = Decimal("18250.00")
SETTLED = timedelta(minutes=2)  # the files look as old as they are in the story
# day of the month, whom, how much, how, and the text
MONTHLY = (
    (1, "Speicher Immobilien GbR", "-1850.00", "standing", "Miete Lager Am Speicher 14 {month}"),
    (3, "HKK Krankenkasse", "-612.40", "debit", "BEITRAG BETR.NR. 28714001 {month}"),
    (5, "Allianz Versicherungs-AG", "-148.20", "debit", "AS 9876543210 Firmeninhaltsversicherung"),
    (10, "Finanzamt Bremen", "-1204.17", "transfer", "USt-VA {month} StNr 460/123/45678"),
    (12, "Telekom Deutschland GmbH", "-58.94", "debit", "Kundenkonto 3012345678 RG 9871234567"),
    (15, "Gartenbedarf Nordwest GmbH", "-2310.55", "transfer", "Rechnung 2026-4711 Kd 10233"),
    (18, "DHL Paket GmbH", "-486.30", "debit", "EKP 6312345678 Rechnung 5023456789"),
    (20, "Lindenhof Versand GmbH", "-2000.00", "transfer", "Umbuchung Tagesgeld"),
    (22, "Finanzamt Bremen", "214.80", "credit", "ERSTATTUNG KFZ-STEUER HB-LH 14"),
    (27, "Timo Brandt", "-2150.00", "salary", "Lohn {month}"),
    (28, "", "-14.90", "fee", "Entgelt Kontofuehrung {month}"),
)


class Bank:
    """One account. Times are local and have no zone.

    :param folder: where the files are dropped
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.begin(None)

    def begin(self, birth: datetime | None, days: int = 0) -> None:
        """Open the account ``days`` before ``birth``; what was there before is forgotten."""
        self.plans: list[Booking] = []
        self.booked: list[Booking] = []
        self.closed: set[date] = set()  # days with a statement
        self.reported = 0  # bookings that a report has told
        for path in self.folder.rglob("*.xml"):
            path.unlink()
        if birth:
            self.plans = [
                booking
                for back in range(days, -40, -1)
                for booking in _monthly(birth - timedelta(days=back))
            ]

    # -- memory ------------------------------------------------------------

    def remember(self) -> bytes:
        """Return all there is to know."""
        return pickle.dumps((self.plans, self.booked, self.closed, self.reported))

    def recall(self, state: bytes) -> None:
        """Take it up again."""
        self.plans, self.booked, self.closed, self.reported = pickle.loads(state)  # noqa: S301

    # -- what happens ------------------------------------------------------

    def plan(self, *bookings: Booking) -> None:
        """These come when their time has come."""
        self.plans += bookings

    def live_until(self, moment: datetime) -> None:
        """Book what is due, and tell of it."""
        due = sorted((b for b in self.plans if b.when <= moment), key=lambda b: b.when)
        self.plans = [booking for booking in self.plans if booking.when > moment]
        for booking in due:
            number = len(self.booked) + 1
            self.booked.append(replace(booking, reference=f"{booking.when:%Y%m%d}{number:06d}"))
        for day in sorted({booking.when.date() for booking in self.booked} - self.closed):
            if day < moment.date():
                self._write(day, moment, final=True)
                self.closed.add(day)
        if len(self.booked) > self.reported:
            today = [b for b in self.booked[self.reported :] if b.when.date() == moment.date()]
            if today:
                self._write(moment.date(), moment, final=False)
            self.reported = len(self.booked)

    def balance(self, before: date | None = None) -> Decimal:
        """What was on the account when a day began, or is there now."""
        told = [b.amount for b in self.booked if not before or b.when.date() < before]
        return OPENING + sum(told, Decimal(0))

    def _write(self, day: date, moment: datetime, *, final: bool) -> None:
        bookings = [booking for booking in self.booked if booking.when.date() == day]
        content = camt.report(bookings, day, self.balance(day), final=final)
        kind = "camt.053" if final else f"{moment:%H%M%S}_camt.052"
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / f"{day}_{kind}.xml"
        part = self.folder.parent / f"{path.name}.part"
        part.write_bytes(content)
        age = (moment - SETTLED).replace(tzinfo=BERLIN).timestamp()
        os.utime(part, (age, age))
        part.rename(path)


def _monthly(day: datetime) -> list[Booking]:
    month = f"{day:%m/%Y}"
    return [
        Booking(
            datetime.combine(day.date(), time(7, 5 + place)),
            Decimal(amount),
            name,
            iban(name) if name else "",
            wrapped(text.format(month=month)),
            code,
        )
        for place, (number, name, amount, code, text) in enumerate(MONTHLY)
        if day.day == number
    ]
