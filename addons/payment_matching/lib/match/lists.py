"""Lists of numbers of which only the first is written in full."""

from __future__ import annotations

import re
from collections import defaultdict

from .book import Book
from .hits import Hit, Mentions
from .references import Number, Window

_LIST = re.compile(
    r"[\s,;+&/.]*(?:und|u\.?|and|sowie|\+|&)?\s*(?:(?P<word>[A-Za-z]{1,4})[/\-. ]{0,2})?$",
    re.IGNORECASE,
)
_COMMA = re.compile(r"[,;+&]|\bu(?:nd)?\b", re.IGNORECASE)
_RANGE = re.compile(r"\s*(?:-|–|bis(?:\s*nr\.?)?)\s*(?:[A-Za-z]{1,4}[/\-. ]{0,2})?$", re.I)
_REACH = 20  # letters between two numbers of a list
_LONGEST = 30  # documents in "00123 bis 00127"


def expand(book: Book, found: Mentions) -> None:
    """Follow "00123, 124 und 130" and "00123 bis 00127" from a number that was found."""
    following: dict[tuple[int, int], list[Window]] = defaultdict(list)
    for window in found.windows:
        if window.loose < 2.0 and len(window.digits) < 13:
            following[window.text, window.start].append(window)
    for windows_here in following.values():
        windows_here.sort(key=lambda window: -window.end)  # the longest that is a number
    starts = sorted(following)
    for place, hit in found.ranked(book):
        number = next(n for n in book.docs[place].numbers if n.text == hit.number)
        if hit.weight >= 4.0 and not number.mixed:
            _follow(book, found, hit, number, [following[start] for start in starts])


def _follow(
    book: Book, found: Mentions, hit: Hit, number: Number, groups: list[list[Window]]
) -> None:
    end, last = hit.end, int(number.serial)
    text = found.texts[hit.text]
    for group in groups:
        if group[0].text != hit.text or group[0].start <= end:
            continue
        gap = text[end : group[0].start]
        ranged = bool(_RANGE.match(gap))
        if not ranged and not _is_list(book, gap):
            if len(gap) > _REACH:
                break
            continue
        meant = _meant(book, number, group, last if ranged else None, text, gap)
        if meant:
            window, last, places = meant
            for place in places:
                _add(found, place, hit, window, book)
            end = window.end
        elif ranged or _COMMA.search(gap):
            end = max(end, group[-1].end)


def _meant(
    book: Book, number: Number, group: list[Window], last: int | None, text: str, gap: str
) -> tuple[Window, int, list[int]] | None:
    """Return the documents that digits in a list stand for: the longest reading that is one."""
    for window in group:
        serial = _continued(number, window.digits)
        if serial is None or (len(window.digits) < 2 and not _COMMA.search(gap)):
            continue
        if _is_cut(text, window.end):
            continue
        far = last is not None and 0 < serial - last <= _LONGEST
        values = range((last or 0) + 1, serial + 1) if far else (serial,)
        places = [
            place for value in values for place in book.by_series.get((number.series, value), ())
        ]
        if places:
            return window, serial, places
    return None


def _is_list(book: Book, gap: str) -> bool:
    match = _LIST.match(gap)
    if not match:
        return False
    word = (match["word"] or "").upper()
    return not word or word in book.prefixes or word in ("RE", "RG", "RNR", "NR")


def _is_cut(text: str, end: int) -> bool:
    """Tell whether the digits go on in the next line."""
    rest = text[end : end + 4]
    return rest[:1] in ("\r", "\n") and rest.lstrip("\r\n")[:1].isdigit()


def _continued(number: Number, digits: str) -> int | None:
    """Return the serial meant by digits later in a list."""
    if len(digits) >= len(number.digits) and len(number.digits) > len(number.serial):
        head, tail = number.digits.split(number.serial, 1)
        if not (digits.startswith(head) and digits.endswith(tail)):
            return None
        return int(digits[len(head) : len(digits) - len(tail)] or 0)
    if len(digits) >= len(number.serial.lstrip("0")):
        return int(digits)
    return int(number.serial[: -len(digits)] + digits)


def _add(found: Mentions, place: int, base: Hit, window: Window, book: Book) -> None:
    number = next((n for n in book.docs[place].numbers if not n.mixed), None)
    before = found.docs.get(place)
    weight = min(base.weight, 9.0)
    if number and (before is None or before.weight < weight):
        found.docs[place] = Hit(
            number.text, weight, window.start, window.end, base.text, base.full, listed=True
        )
