"""What digits in a text are worth as the number of a document or customer."""

from __future__ import annotations

import re

from .book import Book
from .references import Number, Window

DOC_WORD = re.compile(
    r"(?:rechnung\w*|beleg\w*|bestell\w*|auftrag\w*|vorgang\w*|angebot\w*|nummer|factu+r\w*"
    r"|(?<![a-z])(?:rechn|rech|rg|re|r|rnr|rgnr|renr|best|auftr|ab|order|invoice|inv|nr|no|num"
    r"|bill|kauf\w*|shop\w*)|#)"
    r"[\W_]*(?:s?nr|nummer|no|num|id)?[^\w\x00]*$"
)
CUSTOMER_WORD = re.compile(
    r"(?:kund\w*|customer\w*|mitglied\w*|debitor\w*|konto\w*|vertrag\w*|steuer\w*|versicherung\w*"
    r"|(?<![a-z])(?:kd|kdnr|knr|kto|vtr|st|stnr|police\w*|mandat\w*|plz|artikel\w*|art|az|aktenz\w*"
    r"|wohnung|whg|tan|ref))"
    r"[\W_]*(?:nr|nummer|no|num)?[^\w\x00]*$"
)
_OTHER_WORD = {  # words for another kind of document
    "invoice": re.compile(r"(?:auftr|bestell|order)\w*[\W_]*(?:nr|nummer|no)?[^\w\x00]*$"),
    "order": re.compile(r"(?:rechn|rg|invoice|rnr)\w*[\W_]*(?:nr|nummer|no)?[^\w\x00]*$"),
}
_LETTERS = re.compile(r"([A-Za-z]+)[\s/\-._:#]{0,3}$")
_YEAR = re.compile(r"20[0-4]\d")
_YEAR_BEFORE = re.compile(r"(?:20|\b)(\d\d)[/\-._ ]{1,2}$")
_YEAR_AFTER = re.compile(r"[/\-.](?:20)?(\d\d)(?!\d)")
_GROUPS = frozenset("/-._:# ")
# by how many digits were written: log-odds against standing there by chance
_WORTH = (0.0, 0.3, 1.0, 2.5, 4.0, 5.5, 7.0, 8.0, 9.0)
SHOP_FIELD = 2  # which of the texts is the field the shop fills with its number
FULL = 11.0  # no number is worth more


def worth(book: Book, text: str, window: Window, number: Number, kind: str) -> tuple[float, bool]:
    """Return the log-odds that these digits mean this number, and whether it is all of it.

    :param kind: the document's type
    """
    typed = window.digits
    told = before(text, window.start)
    full = len(typed) >= len(number.digits) - 2 and len(number.digits) > len(number.serial)
    weight = by_length(typed) - window.loose
    said = _by_words(book, told, number, kind)
    first = window.text == SHOP_FIELD and not any(sign.isdigit() for sign in told)
    weight += 2.0 if first and said == 0 else said
    if not full and separated(text, window):
        weight -= 2.0
    if _YEAR.fullmatch(typed) and weight < 7:
        weight -= 3.0
    if not full and number.year:
        year = _YEAR_BEFORE.search(told) or _YEAR_AFTER.match(text[window.end : window.end + 6])
        weight -= 3.0 if year and year[1] != number.year[-2:] else 0.0
    alone = number.digits == number.serial
    return min(weight, FULL), full or (alone and len(typed) >= 5)


def _by_words(book: Book, told: str, number: Number, kind: str) -> float:
    """What the words before the digits say about them."""
    written = letters_before(told)
    if number.prefix and ends_with(written, number.prefix):
        return 3.0
    if CUSTOMER_WORD.search(told):
        return -3.0
    if DOC_WORD.search(told):
        return 0.5 if _OTHER_WORD[kind].search(told) else 2.0
    return -1.5 if written in book.prefixes and number.prefix else 0.0


def is_alien(book: Book, told: str, number: Number) -> bool:
    """Tell whether the letters before the digits are those of another kind of document."""
    written = letters_before(told)
    return (
        bool(number.prefix) and written in book.prefixes and not ends_with(written, number.prefix)
    )


def customer_worth(text: str, window: Window, number: Number) -> float:
    """Return the log-odds that these digits are a customer's number."""
    told = before(text, window.start)
    weight = by_length(window.digits) - window.loose - 1.0
    written = number.prefix and ends_with(letters_before(told), number.prefix)
    if written or CUSTOMER_WORD.search(told):
        weight += 3.0
    elif DOC_WORD.search(told):
        weight -= 2.0
    return weight - (2.5 if separated(text, window) else 0.0)


def by_length(digits: str) -> float:
    """Return what digits are worth by how many there are."""
    return _WORTH[min(len(digits), 8)]


def before(text: str, start: int) -> str:
    """Return what stands before a place, in lower case and without line ends."""
    return text[max(0, start - 26) : start].replace("\r", "").replace("\n", "").lower()


def letters_before(told: str) -> str:
    """Return the letters right before a number, in upper case."""
    found = _LETTERS.search(told)
    return found[1].upper() if found else ""


def separated(text: str, window: Window) -> bool:
    """Tell whether the digits were written in groups."""
    return not _GROUPS.isdisjoint(text[window.start : window.end])


def ends_with(written: str, prefix: str) -> bool:
    """Tell whether letters end with a number's prefix (blanks between words may be lost)."""
    return written == prefix or (len(prefix) > 1 and written.endswith(prefix))
