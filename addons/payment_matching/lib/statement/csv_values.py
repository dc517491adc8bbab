"""Dates, amounts and texts as CSV files write them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from .model import StatementLine
from .tags import labelled
from .text import reference, squeezed

FORMATS = (
    "%d.%m.%Y", "%d.%m.%y", "%Y-%m-%d", "%d/%m/%Y", "%d/%m/%y", "%m/%d/%Y", "%m/%d/%y", "%Y%m%d",
    "%d-%m-%Y", "%d-%m-%y", "%Y/%m/%d", "%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M",
)  # fmt: skip
_BLANKS = re.compile(r"[\s\u00a0\u202f'’€$£]|(?<![A-Z])[A-Z]{3}(?![A-Z])")
_NUMBER = re.compile(r"[+-]?\d{1,18}(\.\d{0,8})?")
_COMDIRECT = re.compile(
    r"^\s*(?:Auftraggeber|Empfänger|Zahlungspflichtiger)\s*:\s*(?P<name>.*?)\s*"
    r"(?:Kto/IBAN:\s*(?P<iban>\S+)\s*)?(?:BLZ/BIC:\s*(?P<bic>\S+)\s*)?"
    r"Buchungstext:\s*(?P<text>.*)$",
    re.DOTALL,
)


def date_format(texts: Sequence[str]) -> str:
    """Return the format that all dates are written in; the first one if none fits."""
    for form in FORMATS:
        if all(day(text, form) is not None for text in set(texts)):
            return form
    return FORMATS[0]


@lru_cache(maxsize=5000)
def day(text: str, form: str) -> date | None:
    """Return a date; a time behind it does not matter."""
    text = text.strip()
    for candidate in (text, re.split(r"[T ]", text, maxsplit=1)[0]):
        try:
            return datetime.strptime(candidate, form).date()  # noqa: DTZ007
        except ValueError:
            continue
    return None


def decimal_sign(texts: Sequence[str]) -> str:
    """Return the sign before the cents, by all amounts of a file together."""
    for text in texts:
        signs = [char for char in text if char in ".,"]
        if len(set(signs)) == 2:
            return signs[-1]
    for text in texts:
        if match := re.search(r"([.,])\d{1,2}\D*$", text):
            return match[1]
    return ","


def number(text: str, sign: str) -> Decimal | None:
    """Return an amount; blanks, currency signs and thousands do not matter."""
    plain = _BLANKS.sub("", text.strip().replace("−", "-").replace("–", "-"))
    plain = plain.replace("." if sign == "," else ",", "").replace(sign, ".")
    if plain.endswith(("-", "+")):
        plain = plain[-1] + plain[:-1]
    return Decimal(plain) if _NUMBER.fullmatch(plain) else None


def told_apart(line: StatementLine) -> StatementLine:
    """Return a line whose remittance holds no labels and no names: banks put them together."""
    if match := _COMDIRECT.match(line.remittance.replace("\n", " ")):
        line = replace(
            line,
            payer_name=line.payer_name or squeezed(match["name"]),
            payer_iban=line.payer_iban or (match["iban"] or "").upper(),
            payer_bic=line.payer_bic or (match["bic"] or "").upper(),
            remittance=squeezed(match["text"]),
        )
    found = labelled(line.remittance.split("\n"))
    if "SVWZ" not in found:
        return line
    return replace(
        line,
        remittance=found["SVWZ"],
        end_to_end_id=line.end_to_end_id or reference(found.get("EREF", "")),
        mandate_id=line.mandate_id or reference(found.get("MREF", "")),
    )
