"""Which documents (and customers) a payer names by number."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from .book import Book
from .references import Number, Window, chunks, windows
from .words import one_edit

_DOC_WORD = re.compile(
    r"(?:rechnung\w*|rechn|rech|rg|re|rnr|rgnr|renr|rgnummer|beleg\w*|bestell\w*|best|auftrag\w*|auftr"
    r"|ab|order|invoice|inv|nr|no|nummer|num|vorgang\w*|angebot\w*|bill|facture|kauf\w*|shop\w*|#)"
    r"[\W_]*(?:s?nr|nummer|no|num|id)?[^\w\x00]*$"
)
_CUSTOMER_WORD = re.compile(
    r"(?:kund\w*|kd|kdnr|knr|customer\w*|mitglied\w*|debitor\w*|konto\w*|kto|vertrag\w*|vtr|steuer\w*"
    r"|st|stnr|versicherung\w*|police\w*|mandat\w*|plz|artikel\w*|art|az|aktenz\w*|wohnung|whg)"
    r"[\W_]*(?:nr|nummer|no|num)?[^\w\x00]*$"
)
_ITEM_WORD = {
    "invoice": re.compile(r"(?:auftr|bestell|order)\w*[\W_]*(?:nr|nummer|no)?[^\w\x00]*$"),
    "order": re.compile(r"(?:rechn|rg|invoice|rnr)\w*[\W_]*(?:nr|nummer|no)?[^\w\x00]*$"),
}
_LETTERS = re.compile(r"([A-Za-z]+)[\s/\-._:#]{0,3}$")
_YEAR_BEFORE = re.compile(r"(?:20|\b)(\d\d)[/\-._ ]{1,2}$")
_YEAR_AFTER = re.compile(r"[/\-.](?:20)?(\d\d)(?!\d)")
_LIST = re.compile(
    r"[\s,;+&/.]*(?:und|u\.?|and|sowie|\+|&)?\s*(?:(?P<word>[A-Za-z]{1,4})[/\-. ]{0,2})?$",
    re.IGNORECASE,
)
_COMMA = re.compile(r"[,;+&]|\bu(?:nd)?\b", re.IGNORECASE)
_RANGE = re.compile(r"\s*(?:-|–|bis(?:\s*nr\.?)?)\s*(?:[A-Za-z]{1,4}[/\-. ]{0,2})?$", re.I)
# what digits are worth, by how many were written: log-odds against standing there by chance
_WORTH = (0.0, 0.3, 1.0, 2.5, 4.0, 5.5, 7.0, 8.0, 9.0)
FULL = 11.0
STRONG = 6.0
_GROUPS = frozenset("/-._:# ")
_MANY = 60  # documents of one key: it tells nothing


@dataclass(slots=True)
class Hit:
    """A document named by a number: where, and how sure (log-odds)."""

    number: str
    weight: float
    start: int
    end: int
    text: int  # which of the texts; 0 is the remittance
    full: bool
    fuzzy: bool = False
    listed: bool = False  # one of several named together
    other: bool = False  # with a mistake, but exactly another document's number

    @property
    def rank(self) -> tuple[float, int]:
        """The surer and longer one is shown."""
        return self.weight, self.end - self.start


@dataclass
class Mentions:
    """What the texts of one payment name."""

    texts: list[str]
    windows: list[Window]
    docs: dict[int, Hit] = field(default_factory=dict)
    customers: dict[int, Hit] = field(default_factory=dict)
    spans: list[tuple[int, int, int, set[int]]] = field(default_factory=list)  # strong: text, place
    strange: bool = False  # a number as ours look like, but of no document here

    @cached_property
    def long_windows(self) -> list[Window]:
        """Digits that may be a number with a mistake, each once."""
        seen = {window.digits: window for window in reversed(self.windows)}
        return [window for window in reversed(seen.values()) if len(window.digits) >= 4]

    def ranked(self, book: Book) -> list[tuple[int, Hit]]:
        """Return the documents named, the surest first; equals by number, never by chance."""
        return sorted(
            self.docs.items(),
            key=lambda named: (-named[1].weight, named[1].start, book.docs[named[0]].item.id),
        )

    def unexplained(self, places: Sequence[int], customer: int) -> int:
        """Count places in the text that name documents, but none of these, nor the customer."""
        said = self.customers.get(customer)
        return sum(
            1
            for text, start, end, named in self.spans
            if not named.intersection(places)
            and not (said and said.text == text and said.start < end and start < said.end)
        )


def find(book: Book, texts: list[str]) -> Mentions:
    """Look all numbers of the texts up."""
    found = Mentions(texts, [])
    for which, text in enumerate(texts):
        if text:
            found.windows += windows(text, which)
    hits = _digit_hits(book, found) + _compact_hits(book, found)
    for place, hit in _without_parts(hits):
        best = found.docs.get(place)
        if hit.weight > 0.2 and (best is None or best.rank < hit.rank):
            found.docs[place] = hit
    _expand_lists(book, found)
    _spans(found)
    _customers(book, found)
    found.strange = _is_strange(book, found)
    return found


def _digit_hits(book: Book, found: Mentions) -> list[tuple[int, Hit]]:
    hits = []
    for window in found.windows:
        named = book.by_digits.get(window.digits.lstrip("0")) or book.by_digits.get(window.plain)
        if not named or len(named) > _MANY:
            continue
        text = found.texts[window.text]
        around = _before(text, window.start), text[window.end : window.end + 6]
        for number, place in named:
            weight, full = _worth(book, found, number, window, around, book.docs[place].item.type)
            hits.append(
                (place, Hit(number.text, weight, window.start, window.end, window.text, full))
            )
    return hits


def _before(text: str, start: int) -> str:
    return text[max(0, start - 26) : start].replace("\n", "").lower()


def _worth(
    book: Book,
    found: Mentions,
    number: Number,
    window: Window,
    around: tuple[str, str],
    kind: str,
) -> tuple[float, bool]:
    """Return the log-odds that these digits mean this number, and whether it is all of it."""
    typed = window.digits
    before, after = around
    full = len(typed) >= len(number.digits) - 2 and len(number.digits) > len(number.serial)
    alone = number.digits == number.serial
    worth = _WORTH[min(len(typed), 8)] - window.loose
    if not full and _separated(found, window):
        worth -= 2.0
    letters = _LETTERS.search(before)
    written = letters[1].upper() if letters else ""
    if number.prefix and _ends_with(written, number.prefix):
        worth += 3.0
    elif _CUSTOMER_WORD.search(before):
        worth -= 3.0
    elif _DOC_WORD.search(before):
        worth += 2.0 - (1.5 if _ITEM_WORD[kind].search(before) else 0.0)
    elif written in book.prefixes and number.prefix:
        worth -= 1.5
    if len(typed) == 4 and "2000" <= typed <= "2049" and worth < 7:
        worth -= 3.0
    if not full and number.year:
        year = _YEAR_BEFORE.search(before) or _YEAR_AFTER.match(after)
        if year and year[1] != number.year[-2:]:
            worth -= 3.0
    return min(worth, FULL), full or (alone and len(typed) >= 5)


def _separated(found: Mentions, window: Window) -> bool:
    """Tell whether the digits were written in groups."""
    return not _GROUPS.isdisjoint(found.texts[window.text][window.start : window.end])


def _ends_with(written: str, prefix: str) -> bool:
    return written == prefix or (len(prefix) > 1 and written.endswith(prefix))


def _compact_hits(book: Book, found: Mentions) -> list[tuple[int, Hit]]:
    hits = []
    for which, text in enumerate(found.texts):
        for chunk, start, end in chunks(text):
            for number, place in book.by_compact.get(chunk, ())[:_MANY]:
                if number.mixed or number.prefix:
                    weight = min(_WORTH[min(len(chunk), 8)] + 3.0, FULL)
                    hits.append((place, Hit(number.text, weight, start, end, which, True)))
    return hits


def _without_parts(hits: list[tuple[int, Hit]]) -> list[tuple[int, Hit]]:
    """Weaken what was only read from a part of a longer number."""
    whole = {(hit.text, hit.start, hit.end) for _place, hit in hits if hit.full and hit.weight >= 7}
    for _place, hit in hits:
        for text, start, end in whole:
            inside = text == hit.text and start <= hit.start and hit.end <= end
            if inside and hit.end - hit.start < end - start - (0 if hit.full else 2):
                hit.weight -= 4.0
                break
    return hits


def _expand_lists(book: Book, found: Mentions) -> None:
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
    for group in groups:
        if group[0].text != hit.text or group[0].start <= end:
            continue
        gap = found.texts[hit.text][end : group[0].start]
        ranged = bool(_RANGE.match(gap))
        if not ranged and not _is_list(book, gap):
            if len(gap) > 20:
                break
            continue
        for window in group:
            serial = _continued(number, window.digits)
            if serial is None or (len(window.digits) < 2 and not _COMMA.search(gap)):
                continue
            if _is_cut(found.texts[hit.text], window.end):
                continue
            far = ranged and 0 < serial - last <= 30
            places = [
                other
                for value in (range(last + 1, serial + 1) if far else (serial,))
                for other in book.by_series.get((number.series, value), ())
            ]
            if places:
                for other in places:
                    _add(found, other, hit, window, book)
                end, last = window.end, serial
                break
        else:
            end = max(end, group[-1].end) if ranged or _COMMA.search(gap) else end


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


def _spans(found: Mentions) -> None:
    """Collect the places that name documents for sure, one entry for overlapping ones."""
    strong = [
        (hit.text, hit.start, hit.end, place)
        for place, hit in found.docs.items()
        if hit.weight >= STRONG
    ]
    for text, start, end, place in sorted(strong):
        last = found.spans[-1] if found.spans else None
        if last and last[0] == text and start < last[2]:
            last[3].add(place)
            found.spans[-1] = (text, last[1], max(end, last[2]), last[3])
        else:
            found.spans.append((text, start, end, {place}))


def _customers(book: Book, found: Mentions) -> None:
    for window in found.windows:
        for place in book.by_customer.get(window.digits.lstrip("0"), ())[:_MANY]:
            number = book.customer_numbers[place]
            before = _before(found.texts[window.text], window.start)
            letters = _LETTERS.search(before)
            typed = window.digits
            weight = _WORTH[min(len(typed), 8)] - window.loose - 1.0
            if (
                number.prefix and letters and _ends_with(letters[1].upper(), number.prefix)
            ) or _CUSTOMER_WORD.search(before):
                weight += 3.0
            elif _DOC_WORD.search(before):
                weight -= 2.0
            if _separated(found, window):
                weight -= 2.5
            best = found.customers.get(place)
            if weight > 1.5 and (best is None or best.weight < weight):
                found.customers[place] = Hit(
                    number.text, min(weight, 7.0), window.start, window.end, window.text, True
                )


def _is_strange(book: Book, found: Mentions) -> bool:
    """Tell whether the text has a number in the form of ours that no document here has."""
    for window in found.windows:
        size = len(window.digits)
        if size < 5 or window.loose > 0.5 or _is_known(found, window):
            continue
        before = _before(found.texts[window.text], window.start)
        letters = _LETTERS.search(before)
        if letters and (letters[1].upper(), size) in book.shapes:
            return True
        told = _DOC_WORD.search(before) or window.text
        if ("", size) in book.shapes and told and not _CUSTOMER_WORD.search(before):
            return True
    return False


def _is_known(found: Mentions, window: Window) -> bool:
    """Tell whether a document or customer is named here."""
    hits = [hit for hit in found.docs.values() if hit.weight >= STRONG]
    return any(
        hit.text == window.text and hit.start < window.end and window.start < hit.end
        for hit in (*hits, *found.customers.values())
    )


def near(found: Mentions, numbers: Sequence[Number]) -> Hit | None:
    """Return where one of the numbers stands with one mistake."""
    windows = found.long_windows
    if not windows:
        return None
    for number in numbers:
        if number.mixed or (len(number.serial) < 4 and len(number.digits) < 6):
            continue
        long = number.digits
        short = number.serial if len(number.serial) >= 4 else long
        for window in windows:
            typed = window.digits
            size = len(typed)
            if size >= 6 and -1 <= size - len(long) <= 1 and one_edit(typed, long):
                return _fuzzy(found, number, window, 5.0)
            if -1 <= size - len(short) <= 1 and one_edit(typed, short):
                return _fuzzy(found, number, window, 3.5 if size >= 5 else 2.5)
    return None


def _fuzzy(found: Mentions, number: Number, window: Window, weight: float) -> Hit:
    other = any(
        text == window.text and start < window.end and window.start < end
        for text, start, end, _places in found.spans
    )
    where = (window.start, window.end, window.text)
    return Hit(number.text, 2.0 if other else weight, *where, False, fuzzy=True, other=other)
