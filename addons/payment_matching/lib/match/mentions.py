"""Which documents (and customers) a payer names by number."""

from __future__ import annotations

from . import lists
from .book import Book
from .hits import STRONG, Hit, Mentions
from .references import Window, chunks, creditor_references, windows
from .worth import (
    CUSTOMER_WORD,
    DOC_WORD,
    FULL,
    before,
    by_length,
    customer_worth,
    is_alien,
    letters_before,
    worth,
)

_MANY = 60  # documents of one key: it tells nothing
_CUSTOMER = 7.0  # a customer's number is worth no more


def find(book: Book, texts: list[str]) -> Mentions:
    """Look all numbers of the texts up."""
    found = Mentions(texts, [])
    for which, text in enumerate(texts):
        if text:
            found.windows += windows(text, which)
        found.windows += _structured(text, which)
    hits = _digit_hits(book, found) + _compact_hits(book, found)
    for place, hit in _without_parts(hits):
        best = found.docs.get(place)
        if hit.weight > 0.2 and (best is None or best.rank < hit.rank):
            found.docs[place] = hit
    lists.expand(book, found)
    _spans(found)
    _customers(book, found)
    found.strange = _is_strange(book, found)
    return found


def _structured(text: str, which: int) -> list[Window]:
    """Return the numbers that stand in RF references as digits."""
    return [
        Window(digits, start, end, 0.0, which, digits.lstrip("0"))
        for body, start, end in (creditor_references(text) if "RF" in text.upper() else ())
        if (digits := "".join(sign for sign in body if sign.isdigit()))
    ]


def _digit_hits(book: Book, found: Mentions) -> list[tuple[int, Hit]]:
    hits = []
    for window in found.windows:
        named = book.by_digits.get(window.digits.lstrip("0")) or book.by_digits.get(window.plain)
        if not named or len(named) > _MANY:
            continue
        text = found.texts[window.text]
        where = window.start, window.end, window.text
        for number, place in named:
            weight, full = worth(book, text, window, number, book.docs[place].item.type)
            alien = weight >= STRONG and is_alien(book, before(text, window.start), number)
            hits.append((place, Hit(number.text, weight, *where, full, alien=alien)))
    return hits


def _compact_hits(book: Book, found: Mentions) -> list[tuple[int, Hit]]:
    hits = []
    for which, text in enumerate(found.texts):
        for chunk, start, end in chunks(text):
            for number, place in book.by_compact.get(chunk, ())[:_MANY]:
                if number.mixed or number.prefix:
                    weight = min(by_length(chunk) + 3.0, FULL)
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


def _spans(found: Mentions) -> None:
    """Collect the places that name documents for sure, one entry for overlapping ones."""
    strong = [
        (hit.text, hit.start, hit.end, place)
        for place, hit in found.docs.items()
        if hit.weight >= STRONG
    ]
    found.owned = [
        (hit.text, hit.start, hit.end)
        for hit in found.docs.values()
        if hit.weight >= STRONG and not hit.alien
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
            weight = min(customer_worth(found.texts[window.text], window, number), _CUSTOMER)
            best = found.customers.get(place)
            if weight > 1.5 and (best is None or best.weight < weight):
                where = window.start, window.end, window.text
                found.customers[place] = Hit(number.text, weight, *where, True)


def _is_strange(book: Book, found: Mentions) -> bool:
    """Tell whether the text has a number in the form of ours that no document here has."""
    for window in found.windows:
        size = len(window.digits)
        if size < 4 or window.loose > 0.5 or _is_known(found, window):
            continue
        told = before(found.texts[window.text], window.start)
        letters = letters_before(told)
        if letters and (letters, size) in book.shapes:
            return True
        expected = DOC_WORD.search(told) or window.text
        if ("", size) in book.shapes and expected and not CUSTOMER_WORD.search(told):
            return True
    return False


def _is_known(found: Mentions, window: Window) -> bool:
    """Tell whether a document or customer is named here."""
    hits = [hit for hit in found.docs.values() if hit.weight >= STRONG]
    customers = [hit for hit in found.customers.values() if hit.weight >= 4.0]
    return any(
        hit.text == window.text and hit.start < window.end and window.start < hit.end
        for hit in (*hits, *customers)
    )
