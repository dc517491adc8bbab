"""Orders and the two files they are delivered in."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
PERSON = [
    *("Firma", "Titel", "Anrede", "Vorname", "Nachname", "Strasse"),
    *("PLZ", "Stadt", "Land", "Telefon", "Fax"),
]
HEAD = [
    *("Bestellnummer", "Bestelldatum", "E-Mail-Adresse"),
    *(f"R_{name}" for name in PERSON),
    "R_Geburtsdatum",
    *(f"L_{name}" for name in PERSON),
    *("Zahlart", "Gesamtumsatz", "Versandkosten", "Nachnahmekosten", "Laenderaufschlag"),
    *("Gutschein", "Bestellwertrabatt", "Bemerkungen des Kunden"),
]
LINES = [
    *("Bestellnummer", "Artikelnummer", "Produktname", "Variantenname", "Anzahl"),
    *("Einzelpreis", "Mengenrabatt", "Gesamtpreis", "Steuer"),
]
ARTICLES = [
    ("TEE-100", "Grüner Tee 100 g", Decimal("7.95"), Decimal(7)),
    ("TASSE", "Tasse „Morgen“", Decimal("12.90"), Decimal(19)),
    ("KANNE-1L", "Kanne, 1 Liter", Decimal("34.50"), Decimal(19)),
    ("SIEB", "Teesieb; fein", Decimal("4.99"), Decimal(19)),
]
BUYERS = [
    ("Frau", "Änne", "Weiß", "Lange Straße 12a", "28195", "Bremen", "Deutschland"),
    ("Herr", "Jörg", "Müßig", "Gasse 3", "1010", "Wien", "Österreich"),
    ("Frau", "Ada", "Muster", "Bahnhofstrasse 1", "8001", "Zürich", "Schweiz"),
]
PAYMENTS = ["Voraus kasse", "Nach nahme", "PayPal", "Kredit karte", "Rechnung"]


@dataclass
class Order:
    """One order; cells are what the files say, by column."""

    number: int
    ordered: datetime
    head: dict[str, str]
    lines: list[dict[str, str]] = field(default_factory=list)


def money(value: Decimal) -> str:
    """German money."""
    return str(value.quantize(CENT, ROUND_HALF_UP)).replace(".", ",")


def generate_orders(count: int, seed: int = 1, *, start: datetime, first: int = 1) -> list[Order]:
    """Return orders, an hour apart."""
    dice = random.Random(seed)
    return [
        _order(dice, first + place, start + place * timedelta(hours=1)) for place in range(count)
    ]


def _order(dice: random.Random, number: int, ordered: datetime) -> Order:
    lines = [_line(dice, number) for _place in range(dice.randint(1, 3))]
    goods = sum((Decimal(line["Gesamtpreis"].replace(",", ".")) for line in lines), Decimal(0))
    payment = dice.choice(PAYMENTS)
    buyer = dict(
        zip(
            ("Anrede", "Vorname", "Nachname", "Strasse", "PLZ", "Stadt", "Land"),
            dice.choice(BUYERS),
            strict=True,
        )
    )
    head = dict.fromkeys(HEAD, "")
    head |= {f"R_{name}": value for name, value in buyer.items()}
    head |= {
        "Bestellnummer": str(number),
        "Bestelldatum": ordered.strftime("%Y-%m-%d %H:%M:%S"),
        "E-Mail-Adresse": f"kunde{number}@example.org",
        "Zahlart": payment,
        "Gesamtumsatz": money(goods),
        "Versandkosten": "4,90",
        "Nachnahmekosten": "6,00" if payment.startswith("Nach") else "0,00",
        "Laenderaufschlag": "0,00" if buyer["Land"] == "Deutschland" else "8,50",
        "Gutschein": dice.choice(["0,00", "5,00"]),
        "Bestellwertrabatt": "0,00",
        "Bemerkungen des Kunden": dice.choice(["", "Bitte klingeln; Hinterhaus."]),
    }
    return Order(number, ordered, head, lines)


def _line(dice: random.Random, number: int) -> dict[str, str]:
    sku, name, price, rate = dice.choice(ARTICLES)
    quantity = dice.randint(1, 4)
    return {
        "Bestellnummer": str(number),
        "Artikelnummer": sku,
        "Produktname": name,
        "Variantenname": dice.choice(["", "<strong>Farbe</strong>: grün"]),
        "Anzahl": str(quantity),
        "Einzelpreis": money(price / (1 + rate / 100)),
        "Mengenrabatt": "0,00",
        "Gesamtpreis": money(price * quantity),
        "Steuer": f"{rate:.2f}",
    }


def heads_file(orders: Iterable[Order]) -> bytes:
    """Return the file of the heads."""
    return _file(HEAD, [order.head for order in orders])


def lines_file(orders: Iterable[Order]) -> bytes:
    """Return the file of the lines."""
    return _file(LINES, [line for order in orders for line in order.lines])


def _file(columns: Sequence[str], rows: Iterable[dict[str, str]]) -> bytes:
    """Write as the marketplace does: no delimiter after the header, one after each row, LF."""
    lines = [";".join(columns)]
    for row in rows:
        lines.append("".join('"' + row[name].replace('"', '""') + '";' for name in columns))
    return ("\n".join(lines) + "\n").encode("cp1252", errors="replace")
