"""How payers write numbers and how banks hand on what they wrote."""

import random
import re
from collections.abc import Callable

from names import CITIES, spoilt

NEIGHBOURS = {"1": "2", "2": "3", "3": "4", "4": "5", "5": "6", "6": "7", "7": "8", "8": "9"}
NEIGHBOURS |= {"9": "0", "0": "9"}


def slips(rng: random.Random, number: str) -> str:
    """The number with one slip of the pen in it."""
    places = [i for i, c in enumerate(number) if c.isdigit()]
    tail = places[-5:] if rng.random() < 0.8 else places
    i = rng.choice(tail)
    kind = rng.randrange(6)
    if kind == 0 and i + 1 in places and number[i] != number[i + 1]:
        return number[:i] + number[i + 1] + number[i] + number[i + 2 :]
    if kind == 1 and len(places) > 4:
        return number[:i] + number[i + 1 :]
    if kind == 2:
        return number[:i] + number[i] + number[i:]
    if kind == 3 and "0" in number:
        i = number.index("0", rng.randrange(number.rindex("0") + 1))
        return number[:i] + "O" + number[i + 1 :]
    if kind == 4 and "1" in number:
        i = number.index("1")
        return number[:i] + rng.choice("lI") + number[i + 1 :]
    return number[:i] + NEIGHBOURS[number[i]] + number[i + 1 :]


def rewritten(rng: random.Random, number: str) -> str:
    """The same number as people abbreviate it: no prefix, no year, no zeros, other separators."""
    groups = re.findall(r"[A-Za-z]+|\d+", number)
    letters = [g for g in groups if g.isalpha()]
    digits = [g for g in groups if g.isdigit()]
    year = len(digits) > 1 and digits[0] in ("2026", "2025", "26", "25")
    forms: list[Callable[[], str]] = [
        lambda: re.sub(r"[^A-Za-z0-9]", "", number),
        lambda: re.sub(r"[^A-Za-z0-9]+", " ", number),
        lambda: re.sub(r"[^A-Za-z0-9]+", rng.choice("-./_ "), number),
        lambda: number.lower(),
        lambda: rng.choice("-/").join(digits),
    ]
    if year:
        forms += [
            lambda: f"{digits[-1]}/{digits[0]}" if len(digits) == 2 else "-".join(digits[1:]),
            lambda: "-".join([*letters, *digits[1:]]),
            lambda: "/".join(digits[1:]),
            lambda: "".join(letters) + " " + "/".join([digits[0][-2:], *digits[1:]]),
        ]
    if len(digits[-1].lstrip("0")) >= 3:
        forms += [lambda: " ".join([*letters[:1], digits[-1].lstrip("0")])]
        forms += [lambda: digits[-1].lstrip("0")] if len(digits) <= 2 else []
    return rng.choice(forms)()


def listed(rng: random.Random, numbers: list[str]) -> str:
    """Several numbers in one text, perhaps with the common part only once."""
    style = rng.randrange(4)
    tails = [re.search(r"\d+$", n) for n in numbers]
    common = {n[: t.start()] for n, t in zip(numbers, tails, strict=True) if t}
    if style and all(tails) and len(common) == 1:
        ends = [t.group() for t in tails if t]
        if style == 2:
            ends = [ends[0], *(e.lstrip("0") or e for e in ends[1:])]
        head, last = [numbers[0], *ends[1:-1]], ends[-1]
        return ", ".join(head) + rng.choice((" und ", " u. ", " + ", ", ", " & ")) + last
    return rng.choice((", ", " + ", " / ", " ", "; ", " und ")).join(numbers)


def span(rng: random.Random, numbers: list[str]) -> str:
    """Neighbouring numbers as a range."""
    end = re.search(r"\d+$", numbers[-1])
    assert end
    short = end.group() if rng.random() < 0.7 else end.group().lstrip("0")
    return numbers[0] + rng.choice((" bis ", "-", " - ", " bis ")) + short


PHRASES = {
    "short": ("{n}", "{n}", "Nr {n}", "{n} {name}", "{name} {n}"),
    "plain": (
        "Rechnung {n}",
        "Rechnungsnr. {n}",
        "Re.-Nr. {n} vom {date}",
        "Rg {n}",
        "R.Nr.{n}",
        "Bestellung {n}",
        "Bestellnummer: {n}",
        "Auftrag {n} vom {date}",
        "Best.-Nr. {n}, {name}",
    ),
    "polite": (
        "Ihre Rechnung Nr. {n} vielen Dank",
        "Zahlung fuer Bestellung Nr.{n} mit freundlichen Gruessen {name}",
        "Danke fuer die schnelle Lieferung! Rechnung {n}",
        "Hallo, hier die Zahlung zu {n} LG {name}",
        "Vorkasse zu meiner Bestellung {n}, bitte schnell liefern",
    ),
    "office": (
        "RNr {n} KdNr {k} Datum {date}",
        "BELEG {n} V. {date} UNSERE REF {other}",
        "RECHNUNG {n}/{date} KD {k}",
        "KD.NR. {k} RG.NR. {n} RG.DAT. {date} BETRAG {amount}",
        "{n} {k} {date}",
    ),
    "foreign": ("Invoice {n}", "payment order {n}", "Order# {n} thank you", "factuur {n}"),
}
WORDS = (
    "danke",
    "Vielen Dank",
    "Bestellung",
    "Rechnung",
    "Zahlung",
    "Online-Shop Einkauf",
    "wie besprochen",
    "Ueberweisung",
    "Warenlieferung",
    "siehe Rechnung",
    "Rechnungsbetrag",
)


def stray(rng: random.Random) -> str:
    """Something with digits that is no document number."""
    return rng.choice(
        (
            lambda: f"Tel. 01{rng.randint(50, 79)} {rng.randint(1000000, 99999999)}",
            lambda: f"{rng.randint(10000, 99999)} {rng.choice(CITIES)}",
            lambda: (
                f"Datum {rng.randint(1, 28)}.{rng.randint(1, 12)}.2026, {rng.randint(8, 22)}"
                f".{rng.randint(10, 59)} Uhr"
            ),
            lambda: f"TAN1:{rng.randint(100000, 999999)}",
            lambda: (
                f"IBAN: DE{rng.randint(10, 99)} {rng.randint(1000, 9999)} "
                f"{rng.randint(1000, 9999)} {rng.randint(1000, 9999)}"
            ),
            lambda: f"Mandat M{rng.randint(10000, 999999)}",
            lambda: f"Ref {rng.randint(10**9, 10**10)}",
            lambda: f"EUR {rng.randint(5, 300)},{rng.randint(0, 99):02d}",
        )
    )()


def wrapped(text: str, joint: str = "\n", width: int = 27) -> str:
    """Broken every 27 characters; blanks at a line's end are lost."""
    return joint.join(text[i : i + width].rstrip() for i in range(0, len(text), width))


def fields(rng: random.Random, text: str, end_to_end: str, name: str) -> str:
    """The text as one of a SEPA credit transfer's fields."""
    parts = [f"EREF+{end_to_end or 'NOTPROVIDED'}"]
    if rng.random() < 0.4:
        parts.append(f"KREF+{rng.randint(10**11, 10**12)}")
    if rng.random() < 0.15:
        parts.append(f"MREF+M{rng.randint(10**5, 10**8)}")
    parts.append(f"SVWZ+{text}")
    if name:
        parts.append(f"ABWA+{name}")
    return rng.choice(("", " ", "\n")).join(parts)


def numbered_lines(rng: random.Random, text: str) -> str:
    """As MT940's structured :86: gives it: ?20 to ?29, then ?60 to ?63."""
    lines = [text[i : i + 27].rstrip() for i in range(0, len(text), 27)][:14]
    tags = [*range(20, 30), *range(60, 64)]
    return "".join(f"?{tag}{line}" for tag, line in zip(tags, lines, strict=False))


def handed_on(rng: random.Random, text: str, *, end_to_end: str = "", name: str = "") -> str:
    """What arrives of a text: fields named, wrapped, letters lost, or not."""
    if rng.random() < 0.45:
        text = spoilt(rng, text)
    kind = rng.random()
    if kind < 0.3:
        return text
    if kind < 0.5:
        return wrapped(text)
    if kind < 0.6:
        return wrapped(text, rng.choice((" ", "", "\r\n")))
    if kind < 0.65:
        return numbered_lines(rng, "SVWZ+" + text)
    whole = fields(rng, text, end_to_end, name)
    return wrapped(whole) if kind < 0.9 else whole
