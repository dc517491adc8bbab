"""What a payer wrote: SEPA parts told apart, and everything that is no document number struck out.

Struck out signs are replaced one by one, so that places in the text stay what they are.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from .words import folded, word_set

GONE = "\x00"  # in place of a struck out sign: nothing is joined across it
LINE = 27  # the bank's line length
_TAGS = tuple(
    sorted(
        word_set(
            "EREF KREF MREF CRED DEBT COAM OAMT SVWZ ABWA ABWE IBAN BIC PURP RTRINF ULTC ULTD REMI"
        )
    )
)
# a line break may go through a tag
_TAG = re.compile(r"(?<![A-Za-z])(" + "|".join(r"\s?".join(tag) for tag in _TAGS) + r")\s?\+")
_TAG_LOOSE = re.compile(r"(" + "|".join(r"\s?".join(tag) for tag in _TAGS) + r")\s?\+")
_PAYER_TAGS = {"ABWA", "ULTD"}
_TEXT_TAGS = {"SVWZ", "REMI", "EREF"}

_S = r"(?:\r?\n{1,3}|[ ])?"  # perhaps a blank, or the end of a line
_DAY = rf"[0-3]?{_S}\d{_S}"
_STRIKE = re.compile(
    "|".join(
        (
            # IBAN
            rf"\b(?!RF)[A-Z]{{2}}\d{{2}}(?:{_S}[A-Z0-9]{{4}}){{3,7}}{_S}[A-Z0-9]{{0,3}}\b(?<=\d)",
            rf"\b(?:DE|AT)\d{{2}}{_S}ZZZ{_S}\w{{8,30}}",  # creditor id
            # 1.2.2026
            rf"(?<![\d.]){_DAY}\.{_S}[01]?{_S}\d{_S}\.{_S}"
            rf"(?:2{_S}0{_S}\d{_S}\d|\d{_S}\d)(?!\d)",
            r"(?<![\d.,/-])[0-3]?\d\.\s?[01]?\d\.(?!\d)",  # 1.2.
            r"(?<![\d-])20\d\d-[01]\d-[0-3]\d(?:T?\s?\d\d[.:]\d\d(?:[.:]\d\d)?)?(?!\d)",  # ISO
            r"(?<![\d/])[0-3]?\d/[01]?\d/20\d\d(?![\d/])",
            r"(?<![\d-])[0-3]\d-[01]\d-20\d\d(?![\d-])",
            r"\b(?:[01]?\d|2[0-3])[:.][0-5]\d(?:[:.][0-5]\d)?\s?Uhr\b",  # time
            r"(?<!\d)(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?(?!\d)",
            r"(?i:\b(?:tel|telefon|fon|phone|mobil|handy|fax)(?:\.|:|\s|-|nr)*[+(]?\d[\d\s/()-]{4,18}\d)",
            r"(?<!\w)\+\d\d[\d\s/()-]{6,16}\d",
            r"(?<![\w/-])0[1-9]\d{1,3}\s?/\s?\d[\d\s-]{4,9}\d(?![\d/])",  # 0171/1234567
            r"(?<![\w/-])\d{1,6}[.,]\d{2}\s?(?:EUR\b|Euro?\b|€|EURO\b)",
            r"\b(?:EUR|€|Betrag:?)\s?\d{1,6}(?:[.,]\d{2})?(?!\d)",
            r"\b\d{1,3}(?:\.\d{3})+,\d{2}(?!\d)",
            r"(?<![\w.,/-])[1-9]\d{0,3},\d{2}(?![\w,/-])(?!\s?(?:und|u\.|,))",  # an amount
            r"\b\d{1,2}(?:[.,]\d{1,2})?\s?(?:%|v\.?H\.?|Prozent)",
            rf"(?i:\b(?:\w{{0,3}}\.?dat(?:um|e)?|vom|v)[.:]{{0,2}}\s?\d{_S}\d{_S}\d{_S}\d{_S}"
            rf"(?:2{_S}0{_S})?\d{_S}\d(?!\d))",  # Datum 051126
            r"(?i:\b(?:datum|date)\s?:?\s?\d[\d./-]{5,9})",
            r"(?i:\b(?:plz|postleitzahl)\W{0,2}\d{5})",
            r"\b(?:D|DE|A|AT|CH)-\d{4,5}\b(?=\s+[A-ZÄÖÜ][a-zäöü])",  # D-12345 Ort
        )
    )
)
_SUBFIELD = re.compile(r"\?(?:2\d|6[0-3])")  # MT940 lines that nobody took apart
_POSTCODE = re.compile(r"(?<!\w)\d{4,5}[ \n]{1,2}([A-ZÄÖÜ][\w?-]{2,})")


@dataclass(frozen=True, slots=True)
class Remittance:
    """``text`` as long as what came: what may hold numbers, the rest struck out."""

    text: str
    payers: tuple[str, ...] = ()  # another payer than the account's holder
    returned: str = ""  # why the bank gives it back


def _blank(text: str, start: int, end: int) -> str:
    return text[:start] + GONE * (end - start) + text[end:]


def _parts(text: str) -> list[tuple[str, int, int, int]]:
    """Return (tag, start of the tag, start and end of its text)."""
    marks = list(_TAG.finditer(text)) or []
    if marks:
        marks = list(_TAG_LOOSE.finditer(text))  # tags follow each other without a blank
    parts = []
    for place, mark in enumerate(marks):
        end = marks[place + 1].start() if place + 1 < len(marks) else len(text)
        parts.append((re.sub(r"\s", "", mark[1]), mark.start(), mark.end(), end))
    return parts


def read(text: str, cities: frozenset[str] | set[str] = frozenset()) -> Remittance:
    """Tell a remittance text's parts apart and strike out what is no number of a document.

    :param cities: folded names of cities: the number before one is a postal code
    """
    payers: list[str] = []
    returned = ""
    if "?2" in text:
        text = _SUBFIELD.sub("\n\n\n", text)
    for tag, mark, start, end in _parts(text):
        text = _blank(text, mark, start)
        if tag in _PAYER_TAGS:
            payers.append(text[start:end].replace("\n", "").strip())
        if tag == "RTRINF":
            returned = text[start:end].replace("\n", " ").strip()
        if tag not in _TEXT_TAGS or text[start:end].strip().upper() in ("NOTPROVIDED", "NONREF"):
            text = _blank(text, start, end)
    return Remittance(struck_out(text, cities), tuple(filter(None, payers)), returned)


def struck_out(text: str, cities: frozenset[str] | set[str] = frozenset()) -> str:
    """Return the text without dates, times, telephone numbers, accounts, amounts and postcodes."""
    text = _STRIKE.sub(lambda match: GONE * len(match[0]), text)
    if not cities:
        return text

    def strike(match: re.Match[str]) -> str:
        known = folded(match[1]) in cities
        return GONE * (match.start(1) - match.start()) + match[1] if known else match[0]

    return _POSTCODE.sub(strike, text)
