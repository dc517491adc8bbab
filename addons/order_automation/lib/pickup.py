"""Pick-up points in an address as buyers type it: lockers, post offices, other carriers' shops.

The words are those of DHL in Germany (name / post number / "Packstation 123" / zip town) and what
buyers make of them. Other carriers' names are known only to see that a parcel cannot go there.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from . import postal
from .postnumber import find_post_numbers

LOCKER, OUTLET, OTHER = "locker", "outlet", "other"

_I = re.IGNORECASE
_GAP = r"[\s\-_.:]*"  # between the parts of a word: "Pack-Station", "DHL: Packstation"
_BEFORE = r"(?<![^\W\d_])"  # no letter before
_AFTER = r"(?![^\W\d_])"  # no letter after: "Packstationsweg" is a street

_CARRIER = r"(?:hermes|evri|dpd|gls|ups|fedex|tnt|inpost|post\s?nl|bpost|mondial\s?relay)"
_POINT = (
    rf"(?:pak+e?t{_GAP}(?:shop|station)|parcel{_GAP}(?:shop|locker)|pack(?:et)?{_GAP}station"
    rf"|pick{_GAP}up(?:{_GAP}point)?|access{_GAP}point|service{_GAP}point|depot|locker|shop|punt)"
)
_OTHER = re.compile(
    rf"{_BEFORE}(?:amazon{_GAP}(?:hub{_GAP})?(?:lockers?|counter|pick{_GAP}up|abholstation)"
    rf"|{_CARRIER}{_GAP}{_POINT}"
    rf"|post{_GAP}fach|p\.?\s?o\.?{_GAP}box|post{_GAP}(?:office{_GAP})?box|postbus|postboks"
    r"|bo[iî]te\s+postale|case\s+postale|casella\s+postale|apartado\s+(?:de\s+correos|postal)"
    r"|pakadoo|my\s?flex\s?box|paczkomat|packeta|z[aá]silkovna|balíkovna|z-box|foxpost"
    r"|point\s+relais|relais\s+colis|mondial\s+relay|my\s?post\s?24|pick\s?post|pack\s?up"
    r"|(?:bahnhofs?)?postlagernd|poste\s+restante|general\s+delivery|fermo\s?posta"
    rf"|post{_GAP}abholstation|pakketautomaat|pakketpunt){_AFTER}",
    _I,
)
_BOX_LINES = {  # a line that is nothing but a post office box, by country
    **dict.fromkeys(("DE", "AT", "CH", ""), re.compile(r"p\.?f\.? ?[0-9][0-9 ]{2,}", _I)),
    **dict.fromkeys(("FR", "LU", "MC"), re.compile(r"b\.?p\.? ?[0-9]+", _I)),
    "SE": re.compile(r"box ?[0-9]+", _I),
}
_CARRIER_ALONE = re.compile(_BEFORE + _CARRIER + _AFTER, _I)

_DHL = rf"(?:(?:dhl|deutsche\s+post){_GAP})?"
_STRONG = re.compile(
    rf"{_BEFORE}{_DHL}(?:"
    rf"(?P<locker>pa(?:c|k|ck|kk)(?:e?t)?{_GAP}station|packst\.?|post{_GAP}station"
    rf"|packing{_GAP}station|parcel{_GAP}(?:station|locker)|dhl{_GAP}(?:parcel{_GAP})?locker)"
    rf"|(?P<outlet>post{_GAP}filiale?(?:{_GAP}direkt)?|post{_GAP}agentur|pak+e?t{_GAP}shop"
    rf"|(?:dhl|deutsche\s+post){_GAP}(?:filiale|service{_GAP}point|shop|parcel{_GAP}shop)))"
    rf"{_AFTER}",
    _I,
)
# words with other meanings: believed with a number, and a post number or no street beside them
_WEAK = re.compile(
    rf"{_BEFORE}{_DHL}(?:(?P<locker>lockers?|p\.?s\.?|p{_GAP}station)"
    rf"|(?P<outlet>filiale(?:{_GAP}direkt)?|deutsche\s+post|post{_GAP}office|post{_GAP}amt"
    rf"|parcel{_GAP}shop)){_AFTER}",
    _I,
)
_NOT_THERE = re.compile(
    r"\b(?:kein\w*|nicht|neben|gegenüber|hinter|vor|nähe|statt|no|not|next\s+to|behind)\b"
    r"[^0-9]{0,20}$",
    _I,
)
_WORDS = {"packstation": LOCKER, "poststation": LOCKER, "postfiliale": OUTLET, "paketshop": OUTLET}
_LOOK_ALIKES = frozenset(("backstation", "parkstation", "tankstation", "postfilialen"))
_LIKE = 0.85  # one letter in ten wrong, missing, doubled or swapped

_SEPARATOR = r"[\s:.#,;()\[\]/_\-–—*|]*"
_LABEL = r"(?:(?:nr|no|num|nummer|number|n°)(?![^\W\d_])[\s.:#]*)?"
_ID = r"([1-9][0-9]{2})"
_AFTER_WORD = re.compile(rf"{_SEPARATOR}{_LABEL}{_ID}(?![0-9])", _I)
_BEFORE_WORD = re.compile(rf"(?<![0-9]){_ID}{_SEPARATOR}$")
_GLUED = re.compile(rf"{_SEPARATOR}{_LABEL}{_ID}(?=([0-9]{{6,10}})(?![0-9]))", _I)
_ALONE = re.compile(rf"{_SEPARATOR}{_LABEL}{_ID}{_SEPARATOR}", _I)
_PAIRS = (
    re.compile(rf"{_ID}[\s,;/\-]+(?=[0-9]{{6,10}}$)"),
    re.compile(rf"(?<=[0-9]{{6}})[\s,;/\-]+{_ID}$"),
)


@dataclass(frozen=True, slots=True)
class Pickup:
    """What was found: kind, the words as typed, its number and the buyer's post number."""

    kind: str
    place: str
    number: str = ""
    post_number: str = ""
    sure: bool = True  # one post number, and its check digit is right


@dataclass(frozen=True, slots=True)
class _Word:
    """A word for a pick-up point: in which line, from where to where, and how well known."""

    kind: str
    line: int
    start: int
    end: int
    strength: str = "strong"


def find(lines: Sequence[str], country: str = "DE", zip_code: str = "") -> Pickup | None:
    """The pick-up point named in `lines` (street, second street line, company, name, ...)."""
    lines = list(lines)
    other = _find_other(lines, country)
    if other:
        return other
    found = None
    for word in _words(lines):
        pickup = _read(lines, word, zip_code)
        if pickup and (pickup.number or not found):
            found = pickup
        if found and found.number:
            break
    if found and found.kind == OUTLET and any(map(_CARRIER_ALONE.search, lines)):
        return Pickup(OTHER, found.place)
    return found


def _find_other(lines: list[str], country: str) -> Pickup | None:
    box = _BOX_LINES.get(country)
    for index, line in enumerate(lines):
        match = _OTHER.search(line) or (box.fullmatch(line) if box else None)
        if match and not _is_denied(lines, index, match.start()):
            return Pickup(OTHER, match.group())
    return None


def _words(lines: list[str]) -> Iterator[_Word]:
    """Every word that may name a locker or an outlet, the surest first."""
    for pattern, strength in ((_STRONG, "strong"), (_WEAK, "weak")):
        for index, line in enumerate(lines):
            for match in pattern.finditer(line):
                kind = LOCKER if match["locker"] else OUTLET
                yield _Word(kind, index, match.start(), match.end(), strength)
        if strength == "strong":
            yield from _mistyped(lines)


def _mistyped(lines: list[str]) -> Iterator[_Word]:
    if not any(re.search(_ID, line) for line in lines):
        return
    for index, line in enumerate(lines):
        for match in re.finditer(r"[^\W\d_]{3,}(?:[\s\-][^\W\d_]{4,})?", line):
            typed = re.sub(r"[\s\-]", "", match.group()).casefold().removeprefix("dhl")
            if 8 <= len(typed) <= 13 and (like := _most_like(typed)):
                strength = "weak" if typed in _LOOK_ALIKES else "number"
                yield _Word(_WORDS[like], index, match.start(), match.end(), strength)


def _most_like(typed: str) -> str:
    likeness = {word: SequenceMatcher(None, typed, word).ratio() for word in _WORDS}
    best = max(likeness, key=lambda word: likeness[word])
    return best if likeness[best] >= _LIKE else ""


def _read(lines: list[str], word: _Word, zip_code: str) -> Pickup | None:
    """The numbers that belong to `word`; None when the word does not mean a pick-up point."""
    if _is_denied(lines, word.line, word.start):
        return None
    place = lines[word.line][word.start : word.end].strip(" -_.:")
    number, rest = _take_number(lines, word)
    numbers = find_post_numbers(rest, zip_code)
    pickup = Pickup(word.kind, place, number, numbers.best, numbers.sure)
    if word.strength == "strong":
        return pickup
    if not number:
        return None
    door = word.strength == "weak" and _has_door(lines, word.line, word.start)
    return None if door and not numbers.best else pickup


def _take_number(lines: list[str], word: _Word) -> tuple[str, list[str]]:
    """The place's number and the lines without the word and that number."""
    line = lines[word.line]
    before, after = line[: word.start], line[word.end :]
    rest = list(lines)
    rest[word.line] = f"{before} ; {after}"
    for pattern, text in ((_AFTER_WORD, after), (_GLUED, after)):
        if match := pattern.match(text):
            tail = re.sub(rf"^{_SEPARATOR}", "", text[match.end(1) :])
            if pattern is _GLUED and not _is_glued(match.group(1), match.group(2)):
                continue
            rest[word.line] = f"{before} ; {tail}"
            return match.group(1), rest
    if match := _BEFORE_WORD.search(before):
        rest[word.line] = f"{before[: match.start(1)]} ; {after}"
        return match.group(1), rest
    return _take_lonely_number(rest)


def _is_glued(number: str, post_number: str) -> bool:
    """Whether locker and post number were typed without a blank: only if the check digit says so"""
    whole = find_post_numbers([number + post_number])
    return find_post_numbers([post_number]).sure and not (whole.best and whole.sure)


def _take_lonely_number(rest: list[str]) -> tuple[str, list[str]]:
    """A number in a line of its own, or in one line with the post number and nothing else."""
    for index, line in enumerate(rest):
        if match := _ALONE.fullmatch(line):
            return match.group(1), [*rest[:index], "", *rest[index + 1 :]]
    for index, line in enumerate(rest):
        bare = line.strip(" ;,")
        for pattern in _PAIRS:
            if (match := pattern.search(bare)) and re.fullmatch(r"[0-9\s,;/\-]+", bare):
                left = pattern.sub("", bare)
                return match.group(1), [*rest[:index], left, *rest[index + 1 :]]
    return "", rest


def _is_denied(lines: list[str], index: int, start: int) -> bool:
    """ "Hauptstr. 5, nicht an Packstation": named, but not meant."""
    return bool(_NOT_THERE.search(lines[index][:start])) and _has_door(lines, index, start)


def _has_door(lines: list[str], index: int, start: int) -> bool:
    """Whether a street with its house number stands beside the word (first two lines: street)."""
    places = [line for i, line in enumerate(lines[:2]) if i != index]
    if index < 2:
        places.append(lines[index][:start])
    return any(postal.has_letters(text) and postal.has_house_number(text) for text in places)
