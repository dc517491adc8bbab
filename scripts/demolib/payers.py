"""How buyers pay: when, in which words, and with which slips of the pen."""

from __future__ import annotations

import random
import unicodedata
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from .camt import Booking
from .shops import Sale

WIDTH = 27  # the banks' old line; blanks at its end are lost
# habit -> how many of 100 prepaying buyers have it
HABITS = {
    "told": 36, "bare": 20, "polite": 16, "typo": 8, "partner": 8, "nameless": 8, "short": 2,
    "rounded": 2,
}  # fmt: skip
# what is to be seen in the last days, one after the other
SHOWN = (
    "told", "typo", "partner", "polite", "nameless", "short", "stranger", "rounded", "bare",
)  # fmt: skip
NEVER = 7  # one in so many never pays
RELATIVES = ("Sabine", "Jörg", "Renate", "Klaus")


@dataclass(frozen=True)
class Words:
    """What stands on a transfer."""

    name: str
    text: str
    amount: Decimal


def dice_of(sale: Sale) -> random.Random:
    """The dice of one buyer: always the same ones."""
    return random.Random(f"pays {sale.told}")


def prepaid(sale: Sale, birth: datetime, shown: int) -> tuple[str, datetime] | None:
    """Return habit and time of the transfer for a prepaid order; ``None``: it never comes.

    ``shown`` counts the orders of the last days: their money comes last, each in another way.
    """
    dice = dice_of(sale)
    if shown >= 0:
        when = birth - timedelta(hours=1 + dice.random() * 5)
        return SHOWN[shown % len(SHOWN)], max(when, sale.when + timedelta(hours=3))
    if not dice.randrange(NEVER):
        return None
    habit = dice.choices(list(HABITS), weights=list(HABITS.values()))[0]
    return habit, sale.when + timedelta(hours=20 + dice.random() * 60)


def transfer(sale: Sale, habit: str, when: datetime) -> Booking:
    """Return what arrives on the account."""
    words = _words(sale, habit, dice_of(sale))
    account = iban(words.name if habit == "stranger" else sale.email)
    return Booking(when, words.amount, words.name, account, wrapped(words.text))


def both(one: Sale, other: Sale, when: datetime) -> Booking:
    """One transfer for two orders; of the second number only the end is written."""
    text = f"Bestellungen {one.told} und {other.number[-3:]}"
    total = one.total + other.total
    return Booking(when, total, one.buyer, iban(one.email), wrapped(text))


def invoice_paid(sales: list[Sale], when: datetime, *, less: Decimal = Decimal(0)) -> Booking:
    """A company pays one or several orders at once, perhaps with a discount nobody gave it."""
    first = sales[0]
    amount = sum((sale.total for sale in sales), Decimal(0))
    amount -= (amount * less / 100).quantize(Decimal("0.01"))
    numbers = ", ".join(sale.told for sale in sales)
    text = f"Rechnung zu {numbers} KdNr {first.customer or '-'} vom {first.when:%d.%m.%Y}"
    reference = f"{first.told}-{when:%d%m}"
    return Booking(
        when, amount, first.buyer, iban(first.email), wrapped(text), end_to_end=reference
    )


def collected(paid: Booking, back: datetime) -> tuple[Booking, Booking]:
    """The same as a debit that we collected, and its return some days later."""
    debit = replace(paid, code="collected", end_to_end=f"LH{paid.when:%y%m%d%H%M}")
    text = f"SEPA-Lastschrift wurde zurueckgegeben\n{paid.text}"
    reason = {"code": "returned", "text": text, "reason": "MD06"}
    return debit, replace(debit, when=back, amount=-paid.amount, **reason)


def _words(sale: Sale, habit: str, dice: random.Random) -> Words:
    name, text, amount = sale.buyer, f"Bestellung {sale.told}", sale.total
    if habit == "bare":
        text = f"Bestellnummer {sale.number}"
    elif habit == "polite":
        text = f"Guten Tag, hiermit zahle ich {sale.told} Vielen Dank und freundliche Gruesse"
    elif habit == "typo":
        text = f"Bestellung {slipped(sale.told)}"
    elif habit == "partner":
        name = f"{dice.choice(RELATIVES)} {sale.buyer.split()[-1]}"
    elif habit == "stranger":
        name, text = f"{dice.choice(RELATIVES)} Krause", "Bestellung, vielen Dank"
    elif habit == "nameless":
        name, text = poor(name), "Einkauf Lindenhof Versand"
    elif habit == "short":
        amount -= Decimal("4.90") if amount > 20 else Decimal("0.50")
    elif habit == "rounded":
        amount = amount.to_integral_value() + 1
    return Words(name, text, amount)


def slipped(number: str) -> str:
    """The number with two digits in the wrong order, or one too low."""
    if number[-2] != number[-1]:
        return number[:-2] + number[-1] + number[-2]
    return number[:-1] + str((int(number[-1]) - 1) % 10)


def poor(name: str) -> str:
    """A name as an old bank's computer writes it."""
    for letter, plain in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss"), ("ı", "i")):
        name = name.replace(letter, plain)
    flat = unicodedata.normalize("NFKD", name)
    return "".join(char for char in flat if char.isascii()).upper()


def wrapped(text: str) -> str:
    """The text in the banks' lines."""
    return "\n".join(text[place : place + WIDTH].rstrip() for place in range(0, len(text), WIDTH))


def iban(seed: str) -> str:
    """The account of somebody: always the same one, with right check digits."""
    dice = random.Random(f"account {seed}")
    bank = dice.choice(("12030000", "50010517", "37040044", "20041155", "70150000"))
    account = f"{bank}{dice.randrange(10**10):010d}"
    return f"DE{98 - int(f'{account}131400') % 97:02d}{account}"
