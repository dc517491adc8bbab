"""One business customer's shipments at DHL, from the order to the buyer's hands.

All persons and numbers are invented.
"""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

Json = dict[str, Any]

BILLING_NUMBERS = (
    "33333333330102",
    "33333333336201",
    "33333333335301",
    "33333333335401",
    "33333333336601",
    "33333333330701",
)


class Step(NamedTuple):
    """Something that happens to a parcel so many hours after it was handed over."""

    hours: float
    ice: str
    ric: str
    standard: str
    unified: str
    german: str
    english: str


_START = (
    Step(1, "PCKDU", "PUBCR", "AE", "transit", "Die Sendung wurde abgeholt.",
         "The shipment has been picked up."),
    Step(8, "SRTED", "NRQRD", "AA", "transit",
         "Die Sendung wurde im Start-Paketzentrum bearbeitet.",
         "The shipment has been processed in the parcel center of origin."),
    Step(20, "ULFMV", "UNLDD", "EE", "transit", "Die Sendung ist im Ziel-Paketzentrum angekommen.",
         "The shipment has arrived at the parcel center of destination."),
    Step(30, "LDTMV", "NRQRD", "PO", "transit",
         "Die Sendung wurde in das Zustellfahrzeug geladen.",
         "The shipment has been loaded onto the delivery vehicle."),
)  # fmt: skip
_DONE = Step(34, "DLVRD", "DIDLV", "ZU", "delivered", "Die Sendung wurde erfolgreich zugestellt.",
             "The shipment has been successfully delivered.")  # fmt: skip
_NOBODY = Step(34, "NTDEL", "NHOME", "ZN", "failure",
               "Der Empfänger wurde nicht angetroffen.",
               "The recipient was not at home.")  # fmt: skip
JOURNEYS: dict[str, tuple[Step, ...]] = {
    "delivered": (*_START, _DONE),
    "held": (*_START, _NOBODY, Step(
        38, "HLDCC", "SERPT", "LA", "transit",
        "Die Sendung liegt in der Filiale zur Abholung bereit.",
        "The shipment is ready for pick-up at the outlet.",
    )),
    "returned": (*_START, Step(
        34, "DLVRF", "NTORD", "ZN", "failure", "Die Annahme wurde verweigert.",
        "The delivery was refused.",
    ), Step(
        36, "RETRN", "RFUSD", "ZN", "transit", "Die Sendung wird an den Absender zurückgesandt.",
        "The shipment will be returned to the sender.",
    ), Step(
        80, "DLVRD", "DIDLV", "ZU", "delivered", "Die Sendung wurde dem Absender zugestellt.",
        "The shipment was delivered to its sender.",
    )),
    "lost": (*_START[:3], Step(
        200, "RCCLS", "LOSTX", "ZN", "failure", "Der Sendungslauf wurde beendet.",
        "The shipment's record was closed.",
    )),
}  # fmt: skip
_ANNOUNCED = Step(0, "PARCV", "NRQRD", "VA", "pre-transit",
                  "Die Sendung wurde elektronisch angekündigt.",
                  "The shipment has been announced electronically.")  # fmt: skip
PLACES = {"PCKDU": "", "SRTED": "Köln", "ULFMV": "Bonn", "LDTMV": "Bonn"}


@dataclass
class Parcel:
    """A shipment with a label."""

    number: str
    body: Json = field(repr=False)
    created: datetime
    label: bytes = field(default=b"", repr=False)
    zpl: str = field(default="", repr=False)
    return_number: str = ""
    closed: datetime | None = None
    cancelled: bool = False
    journey: str = "delivered"

    @property
    def reference(self) -> str:
        """The merchant's own name of it."""
        return str(self.body.get("refNo", ""))

    def events(self, now: datetime, speed: float = 1.0) -> list[tuple[datetime, Step]]:
        """What has happened to it until now, the last first."""
        if self.closed is None:
            return []
        steps = (_ANNOUNCED, *JOURNEYS[self.journey])
        times = [(self.closed + timedelta(hours=step.hours / speed), step) for step in steps]
        return [row for row in reversed(times) if row[0] <= now]


class Book:
    """The shipments of one business customer. All methods may be called from any thread.

    :param now: a fixed time, for tests that need one
    """

    def __init__(self, now: datetime | None = None) -> None:
        self.fixed_now = now
        self.parcels: dict[str, Parcel] = {}
        self.billing_numbers = set(BILLING_NUMBERS)
        self.unknown_zips: set[str] = set()
        self.speed = 1.0  # a journey's hours per hour of the clock
        self.lock = threading.RLock()
        self._count = 0

    def now(self) -> datetime:
        """DHL's time."""
        return self.fixed_now or datetime.now(UTC)

    def pass_time(self, **delta: float) -> datetime:
        """Let time pass where it stands still."""
        self.fixed_now = self.now() + timedelta(**delta)
        return self.fixed_now

    @property
    def living(self) -> list[Parcel]:
        """All that were not taken back."""
        return [parcel for parcel in self.parcels.values() if not parcel.cancelled]

    @property
    def doubles(self) -> list[str]:
        """References with more than one label: a parcel that would be paid for twice."""
        counts = Counter(parcel.reference for parcel in self.living)
        return [name for name, count in counts.items() if count > 1]

    def add(self, body: Json) -> Parcel:
        """Take a shipment in and give it a number."""
        with self.lock:
            parcel = Parcel(self._number(), body, self.now())
            if body.get("services", {}).get("dhlRetoure"):
                parcel.return_number = self._number()
            self.parcels[parcel.number] = parcel
            return parcel

    def close(self, numbers: list[str] | None = None) -> list[Parcel]:
        """Hand parcels over, all that are open or those named."""
        with self.lock:
            found = [
                parcel
                for parcel in self.living
                if parcel.closed is None and (numbers is None or parcel.number in numbers)
            ]
            for parcel in found:
                parcel.closed = self.now()
            return found

    def send(self, number: str, journey: str) -> None:
        """Say what will happen to a parcel: ``delivered``, ``held``, ``returned`` or ``lost``."""
        assert journey in JOURNEYS
        self.parcels[number].journey = journey

    def listed(self, day: str) -> list[Parcel]:
        """What was handed over on a day."""
        return [one for one in self.living if one.closed and one.closed.date().isoformat() == day]

    def _number(self) -> str:
        self._count += 1
        digits = f"003404341234{self._count:07d}"
        odd, even = (sum(map(int, digits[at::2])) for at in (0, 1))
        return f"{digits}{-(3 * odd + even) % 10}"
