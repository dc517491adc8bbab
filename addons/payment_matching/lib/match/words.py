"""Text as banks hand it over: letters folded to what survives every charset, and near spellings."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

UNKNOWN = "?"  # a letter the bank could not write
_LIGATURES = str.maketrans(
    {"ß": "ss", "æ": "ae", "ø": "oe", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"}
)
# what banks put for a letter they cannot write
_UNKNOWN_LETTERS = re.compile(r"(?<=\w)[?\ufffd¿*#\x1a]+|(?<!\w)[?\ufffd]+(?=\w)")
_PAIRS = re.compile("ae|oe|ue|ss")
_SINGLE = {"ae": "a", "oe": "o", "ue": "u", "ss": "s"}
_BROKEN_UTF8 = re.compile("[ÃÂ][\x80-\xbf\u0152-\u2122]")
_WORD = re.compile(r"\??[^\W_]+(?:\?+[^\W_]*)*")


def mended(text: str) -> str:
    """Return text whose UTF-8 was once read as Latin-1 as it was meant."""
    if not _BROKEN_UTF8.search(text):
        return text
    for charset in ("cp1252", "latin-1"):
        try:
            return text.encode(charset).decode("utf-8")
        except UnicodeError:
            continue
    return text


@lru_cache(maxsize=65536)
def folded(text: str) -> str:
    """Return lower-case letters without accents; ä, ae and a become one, so do ß, ss and s.

    Both sides of every comparison go through it: banks write umlauts as two letters, as one
    without dots, or not at all (then a question mark stays for any letter).
    """
    if text.isascii():
        plain = text.lower()
    else:
        plain = mended(text).lower().translate(_LIGATURES)
        plain = unicodedata.normalize("NFKD", plain)
        plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    plain = _UNKNOWN_LETTERS.sub(UNKNOWN, plain)
    return _PAIRS.sub(lambda pair: _SINGLE[pair[0]], plain)


def words(text: str) -> list[str]:
    """Return the folded words of a text."""
    return _WORD.findall(folded(text))


def mailbox(address: str) -> str:
    """Return an e-mail address as the box it is delivered to.

    What follows a plus is the owner's own note; Gmail knows no dots and has two domains.
    """
    local, _, domain = address.strip().lower().rpartition("@")
    local = local.partition("+")[0] or local
    if domain in ("gmail.com", "googlemail.com"):
        local, domain = local.replace(".", ""), "gmail.com"
    return f"{local}@{domain}" if local else domain


def one_edit(first: str, second: str) -> bool:
    """Tell whether the texts differ by one letter: wrong, missing, too much, or two swapped."""
    short, long = (first, second) if len(first) <= len(second) else (second, first)
    if len(long) - len(short) > 1 or short == long:
        return False
    start = 0
    while start < len(short) and short[start] == long[start]:
        start += 1
    if len(short) < len(long):
        return short[start:] == long[start + 1 :]
    if short[start + 1 :] == long[start + 1 :]:
        return True
    swapped = long[start + 1 : start + 2] + long[start : start + 1]
    return short[start : start + 2] == swapped and short[start + 2 :] == long[start + 2 :]


def swapped(first: str, second: str) -> bool:
    """Tell whether two neighbouring signs changed places."""
    return (
        len(first) == len(second)
        and first != second
        and one_edit(first, second)
        and (sorted(first) == sorted(second))
    )


def word_set(text: str) -> frozenset[str]:
    """Return the words of a list that stands in the source."""
    return frozenset(text.split())
