"""Numbers, times and words as shippers write them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from odoo.addons.automation_core.lib.texts import Marker

from ..model import FeedbackState
from .model import FeedbackError, RowProblem

_lt = Marker(__name__)

LONGEST_KEY: Final = 64
_NUMBER = re.compile(r"[A-Z0-9][A-Z0-9./\-]{3,39}")
_SCIENTIFIC = re.compile(r"\d+[.,]\d+E[+-]?\d{1,3}|\d+E\+\d{1,3}", re.IGNORECASE)
_SPREADSHEET = re.compile(r'="?([^"]*)"?')  # ="0034": a spreadsheet's way of writing a text
_NONE: Final = frozenset(("", "-", "--", "n/a", "na", "none", "null", "keine", "0"))
_AMOUNT = re.compile(r"[+-]?\d{1,12}(\.\d{0,6})?")
_DATES: Final = (
    "%d.%m.%Y", "%d.%m.%y", "%Y%m%d", "%Y/%m/%d", "%d/%m/%Y", "%d-%m-%Y", "%Y-%m-%d",
)  # fmt: skip
_TIMES: Final = ("", " %H:%M", " %H:%M:%S", "T%H:%M:%S", "%H%M%S", " %H%M")
_NOON: Final = time(12)

STATES: Final[Mapping[str, FeedbackState]] = {
    **dict.fromkeys(
        ("shipped", "sent", "dispatched", "despatched", "complete", "completed", "fulfilled",
         "versendet", "versandt", "verschickt", "verladen", "ausgeliefert", "abgeschlossen", "ok",
         "partially shipped", "completepartialled", "teilweise versendet", "teillieferung"),
        "shipped",
    ),
    **dict.fromkeys(
        ("accepted", "received", "new", "processing", "open", "in progress", "planning", "picking",
         "angenommen", "erhalten", "neu", "offen", "in bearbeitung", "in arbeit", "kommissioniert"),
        "accepted",
    ),
    **dict.fromkeys(
        ("refused", "rejected", "unfulfillable", "invalid", "error", "abgelehnt", "zurückgewiesen",
         "fehler", "nicht lieferbar", "exception", "on hold"),
        "refused",
    ),
    **dict.fromkeys(
        ("cancelled", "canceled", "storniert", "storno", "abgebrochen"), "cancelled"
    ),
    **dict.fromkeys(
        ("returned", "return", "retoure", "zurück", "rückläufer", "retourniert"), "returned"
    ),
    **dict.fromkeys(("delivered", "zugestellt", "dlvrd"), "delivered"),
}  # fmt: skip


def cell(text: str) -> str:
    """Return a value on one line, without signs that cannot be seen and a spreadsheet's quotes."""
    shown = "".join(
        " " if unicodedata.category(char) in ("Cc", "Cs", "Zs", "Zl", "Zp") else char
        for char in unicodedata.normalize("NFC", text[:2000])
        if unicodedata.category(char) != "Cf"
    )
    plain = " ".join(shown.split())
    if plain.startswith("=") and (found := _SPREADSHEET.fullmatch(plain)):
        plain = found[1].strip()
    return plain.removeprefix("'").strip()


def key(text: str) -> str:
    """Return a word by which a delivery may be found.

    :raises RowProblem: a spreadsheet made a number of it
    """
    plain = cell(text)
    _refuse_scientific(plain)
    return plain[:LONGEST_KEY]


def numbers(text: str) -> tuple[str, ...]:
    """Return the tracking numbers of a value: one, or several with signs between them.

    :raises RowProblem: one of them is none
    """
    plain = cell(text)
    _refuse_scientific(plain)
    parts = re.split(r"[,;|]", plain) if "://" not in plain else [plain]
    return tuple(dict.fromkeys(number(part) for part in parts if part.strip().lower() not in _NONE))


def number(text: str) -> str:
    """Return a tracking number without blanks, in capitals.

    :raises RowProblem: it is none
    """
    plain = cell(text)
    if "://" in plain:
        raise RowProblem(_lt("“%(number)s” is a link, not a tracking number.", number=plain[:120]))
    _refuse_scientific(plain)
    groups = unicodedata.normalize("NFKC", plain).upper().split()
    bare = "".join(groups)
    is_prose = sum(group.isalpha() for group in groups) > 1
    if is_prose or not _NUMBER.fullmatch(bare) or not any(char.isdigit() for char in bare):
        raise RowProblem(_lt("“%(number)s” is no tracking number.", number=plain[:80]))
    return bare


def is_rounded(number: str) -> bool:
    """Whether a spreadsheet kept only the first fifteen digits of a number."""
    return (
        number.isdigit()
        and len(number) >= 18
        and not number.startswith("0")
        and not number[15:].strip("0")
    )


def _refuse_scientific(plain: str) -> None:
    if _SCIENTIFIC.fullmatch(plain.replace(" ", "")):
        raise RowProblem(
            _lt(
                "“%(number)s” was made by a spreadsheet program; the real number is lost. The "
                "column has to be stored as text.",
                number=plain[:40],
            )
        )


def amount(text: str, sign: str = "") -> Decimal:
    """Return a quantity or weight; ``sign`` is the decimal one, where it is known.

    :raises RowProblem: it is none, or less than nothing
    """
    plain = re.sub(r"[\s'’]", "", unicodedata.normalize("NFKC", cell(text)))
    plain = re.sub(r"(?<=\d)(x|kg|st|stk|stück|pcs)\.?$", "", plain, flags=re.IGNORECASE)
    if sign:
        other = "." if sign == "," else ","
        plain = plain.replace(other, "").replace(sign, ".")
    elif "," in plain and "." in plain:
        last = max(plain.rfind(","), plain.rfind("."))
        plain = re.sub(r"[.,]", "", plain[:last]) + "." + plain[last + 1 :]
    else:
        plain = plain.replace(",", ".")
    if not plain.isascii() or not _AMOUNT.fullmatch(plain):
        raise RowProblem(_lt("“%(text)s” is no quantity.", text=cell(text)[:40]))
    found = Decimal(plain)
    if found < 0:
        raise RowProblem(_lt("“%(text)s” is less than nothing.", text=cell(text)[:40]))
    return found


def moment(text: str, zone: str, formats: tuple[str, ...] = ()) -> datetime:
    """Return a time in UTC. A day without a time means noon there: the day stays the same here.

    :raises RowProblem: it is none
    """
    plain = cell(text)[:40]
    for form in formats or ("iso", *_DATES):
        try:
            found = _parsed(plain, form, here(zone))
        except (ValueError, OverflowError):
            continue
        if 2000 <= found.year <= 2199:
            return found
    raise RowProblem(_lt("“%(text)s” is no date.", text=plain))


def _parsed(plain: str, form: str, zone: ZoneInfo) -> datetime:
    found = _iso(plain) if form == "iso" else _by_format(plain, form)
    if not found.tzinfo:
        found = found.replace(tzinfo=zone)
    return found.astimezone(UTC)


def _iso(plain: str) -> datetime:
    if re.fullmatch(r"\d{4}-\d\d-\d\d", plain):
        return datetime.combine(date.fromisoformat(plain), _NOON)
    if not re.match(r"\d{4}-\d\d-\d\d[T ]", plain):
        raise ValueError(plain)
    # XML may write a day with a zone, and fractions of any length
    plain = re.sub(r"(\.\d{6})\d+", r"\1", plain)
    return datetime.fromisoformat(plain)


def _by_format(plain: str, form: str) -> datetime:
    if "%H" in form or "%I" in form:
        return datetime.strptime(plain, form)  # noqa: DTZ007 - the zone comes later
    for clock in _TIMES:
        try:
            found = datetime.strptime(plain, form + clock)  # noqa: DTZ007
        except ValueError:
            continue
        return found if clock else datetime.combine(found.date(), _NOON)
    raise ValueError(plain)


@lru_cache(maxsize=32)
def here(zone: str) -> ZoneInfo:
    """Return the shipper's time zone.

    :raises FeedbackError: there is none of that name
    """
    try:
        return ZoneInfo(zone)
    except (ValueError, OSError, LookupError) as error:
        raise FeedbackError(
            _lt("“%(zone)s” is not a time zone like Europe/Berlin.", zone=zone[:40])
        ) from error


def state(text: str, own: Mapping[str, FeedbackState]) -> FeedbackState:
    """Return what a shipper's word for the state means.

    :raises RowProblem: nobody knows
    """
    plain = cell(text).casefold()
    words = {cell(word).casefold(): meant for word, meant in own.items()}
    found = words.get(plain) or STATES.get(plain.replace("_", " "))
    if found is None:
        raise RowProblem(_lt("The status “%(word)s” is not known.", word=cell(text)[:40]))
    return found


def yes(text: str) -> bool | None:
    """Return whether a word means yes; ``None`` where nothing is said."""
    plain = cell(text).casefold()
    if plain in ("1", "true", "yes", "y", "ja", "j", "x", "wahr", "vollständig", "komplett"):
        return True
    if plain in ("0", "false", "no", "n", "nein", "falsch", "teilweise", "teil"):
        return False
    return None


def https(text: str) -> str:
    """Return a link, or nothing where it is none that may be shown."""
    plain = cell(text)
    safe = plain.startswith("https://") and not re.search(r"[\s<>\"'\\{}]", plain)
    return plain if safe and len(plain) <= 1000 else ""
