"""Texts as a document can hold them: no control characters, only what its encoding knows."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from odoo.addons.automation_core.lib import characters
from odoo.addons.automation_core.lib.texts import Marker

from .problems import HINT_FORMAT, DocumentError

_lt = Marker(__name__)

# Signs without a decomposition that have one usual way of writing them in fewer letters.
_OTHERWISE: Final = {
    "ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss", "ẞ": "SS",
    "æ": "ae", "Æ": "Ae", "œ": "oe", "Œ": "Oe", "ø": "oe", "Ø": "Oe", "å": "aa", "Å": "Aa",
    "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "þ": "th", "Þ": "Th",
    "ħ": "h", "Ħ": "H", "ı": "i", "ĸ": "k", "ŋ": "n", "Ŋ": "N", "ŧ": "t", "Ŧ": "T",
    "€": "EUR", "£": "GBP", "¥": "JPY", "–": "-", "—": "-", "‐": "-", "‑": "-", "−": "-",
    "„": '"', "“": '"', "”": '"', "«": '"', "»": '"', "‚": "'", "‘": "'", "’": "'", "´": "'",
    "‹": "'", "›": "'", "•": "-", "·": "-", "×": "x", "…": "...", "°": "Grad",
    "Ș": "S", "ș": "s", "Ț": "T", "ț": "t",
}  # fmt: skip


def clean(text: str) -> str:
    """Return a text on one line, without signs that cannot be seen."""
    return " ".join("".join(map(_visible, unicodedata.normalize("NFC", text))).split())


def clean_lines(text: str) -> str:
    """Return a text with its line breaks, without other signs that cannot be seen."""
    return "\n".join(filter(None, map(clean, text.splitlines())))


def _visible(char: str) -> str:
    category = unicodedata.category(char)
    if category == "Cf":  # soft hyphens, marks of direction: they have no width
        return ""
    return " " if category in ("Cc", "Cs", "Cn", "Co", "Zl", "Zp", "Zs") else char


def encoding_of(name: str) -> str:
    """Return an encoding's name as Python has it.

    :raises DocumentError: nobody knows it
    """
    try:
        return characters.known(name)
    except characters.UnknownCharacters as error:
        raise DocumentError(
            _lt("There is no encoding “%(name)s”.", name=name[:40]), HINT_FORMAT, "encoding"
        ) from error


def writable(text: str, encoding: str, label: str, field: str = "") -> str:
    """Return a text in characters that an encoding has: ł becomes l where there is no ł.

    :param label: what the text is, for the sentence
    :raises DocumentError: it has a sign that nobody can write otherwise
    """
    if _fits(text, encoding):
        return text
    return "".join(_written(char, encoding, label, field) for char in text)


def ascii_of(text: str, instead: str = "_") -> str:
    """Return a text in ASCII; ``instead`` stands for what cannot be written so."""
    return "".join(_other_way(char, "ascii") or instead for char in clean(text))


def _written(char: str, encoding: str, label: str, field: str) -> str:
    found = _other_way(char, encoding)
    if found is None:
        raise DocumentError(
            _lt(
                "“%(sign)s” in “%(label)s” cannot be written in the encoding %(encoding)s.",
                sign=char,
                label=label,
                encoding=encoding,
            ),
            _lt("Choose UTF-8 for the shipper, or write the word otherwise."),
            field,
        )
    return found


def _other_way(char: str, encoding: str) -> str | None:
    """Return a character as an encoding has it, ``None`` if there is no way."""
    if _fits(char, encoding):
        return char
    plain = _OTHERWISE.get(char)
    if plain is None:
        decomposed = unicodedata.normalize("NFKD", char)
        plain = "".join(part for part in decomposed if not unicodedata.combining(part))
        plain = "".join(_OTHERWISE.get(part, part) for part in plain)
    return plain if (plain or unicodedata.combining(char)) and _fits(plain, encoding) else None


def _fits(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeError:
        return False
    return True


def words_within(text: str, limit: int) -> tuple[str, str]:
    """Return as many whole words as fit, and the rest; nothing where the first word is too long."""
    if len(text) <= limit:
        return text, ""
    head = text[: limit + 1]
    place = max((found.start() for found in re.finditer(r" ", head)), default=-1)
    return (text[:place], text[place + 1 :]) if place > 0 else ("", text)
