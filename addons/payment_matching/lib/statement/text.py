"""Small readings that all formats share: characters, amounts, dates, account numbers."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache

IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{10,30}")
_NUMBER = re.compile(r"[+-]?\d{0,18}(?:[.,]\d{0,8})?")
# Where the account number stands inside an IBAN; elsewhere all after the check digits is taken.
_NUMBER_IN_IBAN = {"DE": 12, "AT": 9, "NL": 8, "CH": 9, "LI": 9, "LU": 7}
# What a German umlaut is in the code pages of Windows and of DOS (850 and 437 agree on these).
_WINDOWS = frozenset("äöüÄÖÜß".encode("cp1252"))
_DOS = frozenset("äöüÄÖÜß".encode("cp850"))
_NOT_PROVIDED = frozenset({"NOTPROVIDED", "NONREF", "NICHTANGEGEBEN", "NICHT ANGEGEBEN", "KEINE"})


def decoded(content: bytes) -> str:
    """Return text of unknown characters: Unicode if it is, else the likelier code page."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace").replace("\x00", "")
    if content.count(0) > len(content) // 3:  # the same without its mark
        order = "be" if content[:1] == b"\x00" else "le"
        return content.decode(f"utf-16-{order}", "replace").replace("\x00", "")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode(code_page(content), "replace")


def code_page(content: bytes) -> str:
    """Return the code page whose German letters the bytes make sense in."""
    windows = sum(content.count(byte) for byte in _WINDOWS)
    dos = sum(content.count(byte) for byte in _DOS)
    return "cp850" if dos > windows else "cp1252"


def squeezed(text: str) -> str:
    """Return text with every run of blanks and breaks as one blank."""
    return " ".join(text.split())


def lines_of(text: str) -> str:
    """Return text with its line breaks, without empty lines and needless blanks."""
    return "\n".join(filter(None, (squeezed(line) for line in text.splitlines())))


def number_of_account(text: str) -> str:
    """Return an account's number or IBAN without blanks, as the other side names it."""
    return "".join(text.split()).upper()


def reference(text: str) -> str:
    """Return an id, or nothing where the bank says that there is none."""
    found = squeezed(text)
    return "" if found.upper() in _NOT_PROVIDED else found


def name(text: str) -> str:
    """Return a name, or nothing where the bank says that it knows none."""
    found = reference(text)
    return "" if found.casefold() == "keine information vorhanden" else found


def decimal(text: str) -> Decimal | None:
    """Return an amount written without thousands, with a point or a comma; None if it is none."""
    text = text.strip()
    if not _NUMBER.fullmatch(text) or not any(char.isdigit() for char in text):
        return None
    return Decimal(text.replace(",", "."))


def day(text: str) -> date | None:
    """Return the date of an ISO date or date and time; None if it is none.

    Banks in Central Europe that write UTC mean the next day by 22:00Z and 23:00Z sharp: it is
    their midnight.
    """
    text = text.strip()
    try:
        found = date.fromisoformat(text[:10])
    except ValueError:
        return None
    if re.match(r"T2[23]:00:00(\.0+)?Z", text[10:]):
        try:
            moment = datetime.fromisoformat(text[:19])
            return (moment + timedelta(hours=2)).date()
        except (ValueError, OverflowError):
            return found
    return found


@lru_cache(maxsize=20_000)  # each line is compared with many
def folded(text: str) -> str:
    """Return letters and digits only, as alike as banks' ways of writing them can be made.

    Umlauts are written as ä, ae or a; case, blanks and signs come and go.
    """
    plain = unicodedata.normalize("NFKD", text.upper().replace("ẞ", "SS"))
    plain = "".join(char for char in plain if char.isascii() and char.isalnum())
    for written, letter in (("AE", "A"), ("OE", "O"), ("UE", "U"), ("SS", "S")):
        plain = plain.replace(written, letter)
    return plain


@lru_cache(maxsize=20_000)
def account_number(text: str) -> str:
    """Return what an IBAN, ``bank code/number`` and a plain number of one account have in common.

    >>> account_number("DE89 3704 0044 0532 0130 00") == account_number("37040044/532013000 EUR")
    True
    """
    name = number_of_account(text)
    if IBAN.fullmatch(name):
        return name[_NUMBER_IN_IBAN.get(name[:2], 4) :].lstrip("0")
    name = name.rpartition("/")[2] or name
    return re.sub(r"(?<=\d)[A-Z]{3}$", "", name).lstrip("0")


def same_account(one: str, other: str) -> bool:
    """Whether two names mean one account. A file that names none fits every account."""
    if not one or not other:
        return True
    one, other = number_of_account(one), number_of_account(other)
    if IBAN.fullmatch(one) and IBAN.fullmatch(other):
        return one == other
    return account_number(one) == account_number(other)
