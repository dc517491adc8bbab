"""What a bank knows, and what may be changed while it runs."""

from __future__ import annotations

import secrets
import zlib
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from .statements import BankAccount, Booking

IBAN = "DE21100200300000123456"


def _chunk(kind: bytes, data: bytes) -> bytes:
    checked = kind + data
    return len(data).to_bytes(4, "big") + checked + zlib.crc32(checked).to_bytes(4, "big")


def picture(size: int = 160, field: int = 8) -> bytes:
    """Return something to photograph: squares, grey in grey, as a PNG."""
    rows = bytearray()
    for y in range(size):
        squares = (((x // field) * 7 + (y // field) * 13 + x * y // 64) % 3 for x in range(size))
        rows += b"\0" + bytes(127 * square for square in squares)
    head = size.to_bytes(4, "big") * 2 + b"\x08\0\0\0\0"
    parts = _chunk(b"IHDR", head) + _chunk(b"IDAT", zlib.compress(rows)) + _chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


PICTURE = picture()


@dataclass(frozen=True)
class Way:
    """A way to confirm, as the bank lists it."""

    code: str
    tech: str
    name: str
    media: int = 0
    decoupled: bool = False
    challenge: str = "Bitte geben Sie die TAN ein."
    data: bytes = b""


WAYS = (
    Way("942", "SMS", "smsTAN", media=2, challenge="TAN aus der SMS fuer <b>Umsatzabruf</b>"),
    Way(
        "944",
        "PHOTO",
        "photoTAN",
        challenge="Bitte das Bild fotografieren.",
        data=len(b"image/png").to_bytes(2, "big")
        + b"image/png"
        + len(PICTURE).to_bytes(2, "big")
        + PICTURE,
    ),
    Way("946", "APP", "BankApp", decoupled=True, challenge="Bitte in der App freigeben."),
    # HHD 1.3 inside the text: length of all, start code, account, amount
    Way(
        "962",
        "HHD1.3",
        "chipTAN",
        challenge="CHLGUC  00312908887123451012345678900523,42CHLGTEXT0025Bitte Karte einstecken",
    ),
)


def bookings(until: date, count: int = 6) -> list[Booking]:
    """Return some bookings, one every other day, the last one today."""
    return [
        Booking(
            until - timedelta(days=2 * (count - 1 - place)),
            Decimal("-29.90") if place == 2 else Decimal(100 + place) + Decimal("0.07"),
            f"Käufer {place} & Söhne",
            "DE02120300000000202051",
            f"Rechnung RE/2026/{place:05} vielen Dank",
        )
        for place in range(count)
    ]


@dataclass
class Bank:
    """One bank with one user. Tests turn its screws.

    ``confirmed`` is the person with the app; ``tan_at`` says where a TAN is wanted (``login`` or
    ``order``); ``strong`` is whether the last confirmation still holds.
    """

    code: str = "10020030"
    user: str = "muster4711"
    customer: str = "muster4711"
    pin: str = "ge+heim:12"
    tan: str = "7Q2K9X"
    product: str = "9F1E0C0FFEE0C0FFEE0C0FFEE"
    accounts: list[BankAccount] = field(default_factory=list)
    ways: tuple[str, ...] = ("942", "944", "946", "962")
    tan_at: str = "login"
    strong: bool = False
    confirmed: bool = False
    form: str = "mt940"  # or camt
    kaz_version: int = 7
    days_a_page: int = 2
    torn: bool = False  # pages are cut wherever it pleases the bank
    locked: bool = False
    maintenance: bool = False
    page: bytes | None = None  # a web page instead of FinTS
    new_user: str = ""
    shows_challenge: bool = True
    endless: bool = False
    # what happened
    wrong_pins: int = 0
    logins: int = 0
    orders: list[str] = field(default_factory=list)
    asked: list[tuple[date, date]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    systems: set[str] = field(default_factory=set)

    @classmethod
    def sample(cls, until: date, **screws: object) -> Bank:
        """Return a bank with one account that has bookings, and one without."""
        full = BankAccount(IBAN, bookings=bookings(until))
        empty = BankAccount("DE91100200300000654321", product="Tagesgeld")
        return cls(accounts=[full, empty], **screws)  # type: ignore[arg-type]

    @property
    def parameters(self) -> str:
        """The version of what clients are told about the bank: they ask for what changed."""
        return str(70 + (self.tan_at == "order") + 2 * (self.form == "camt") + self.kaz_version)

    @property
    def offered(self) -> list[Way]:
        """The ways that the user may take."""
        return [way for way in WAYS if way.code in self.ways]

    def new_system(self) -> str:
        """Register a program."""
        system = secrets.token_hex(8)
        self.systems.add(system)
        return system
