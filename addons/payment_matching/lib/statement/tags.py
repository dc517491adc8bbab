"""The labels that banks put into the remittance text: SVWZ+, EREF+, ... and /REMI/, /NAME/, ..."""

from __future__ import annotations

import re

# Ids end with the line unless it is full; texts go on to the next label.
_IDS = (
    "EREF",
    "KREF",
    "MREF",
    "CRED",
    "DEBT",
    "BREF",
    "RREF",
    "IBAN",
    "BIC",
    "PURP",
    "OAMT",
    "COAM",
)
_NAMES = ("ABWA", "ABWE", "ANAM")
_TEXTS = ("SVWZ", "SQTP", "ORCR", "ORDR", *_NAMES)
_SHORT = ("IBAN", "BIC", "ANAM", "SQTP", "ORCR", "ORDR")  # only as words of their own
_ANYWHERE = "|".join(tag for tag in (*_IDS, *_TEXTS) if tag not in _SHORT)
_TAG = re.compile(rf"({_ANYWHERE})\+|(?:(?<=\s)|(?<=\n)|^)({'|'.join(_SHORT)})\+|(MTLG):")
_FULL = 25  # a line of 27 whose blanks at the end are lost

_SLASHED = re.compile(
    r"/(EREF|PREF|MARF|CSID|TRTP|TRCD|CNTP|IBAN|BIC|NAME|REMI|USTD|STRD|ORDP|BENM|UDTR|UCRD|ADDR"
    r"|ID|PURP|RTRN|ISDT|OCMT|CHGS|SVCL|BUSP|ULTC|ULTD)/"
)
_WORDS = re.compile(
    r"\b(IBAN|BIC|NAAM|NAME|OMSCHRIJVING|KENMERK|MACHTIGING|INCASSANT|BETALINGSKENM\.?)\s*:\s*",
    re.IGNORECASE,
)


def labelled(lines: list[str]) -> dict[str, str]:
    """Split lines of remittance at their labels; what stands before the first is under ``""``.

    A label may be broken by the end of a line. Texts keep the breaks, ids lose them.
    """
    text = "".join(lines)
    breaks = _breaks(lines)
    marks = _marks(text, breaks)
    found: dict[str, str] = {"": _with_breaks(text, 0, marks[0][1] if marks else len(text), breaks)}
    for place, (tag, _start, begin) in enumerate(marks):
        end = marks[place + 1][1] if place + 1 < len(marks) else len(text)
        if tag in _IDS:
            stop = _id_end(begin, end, breaks)
            rest = _with_breaks(text, stop, end, breaks)
            found.setdefault(tag, text[begin:stop].strip())
            found["rest"] = "\n".join(filter(None, (found.get("rest", ""), rest)))
        elif tag in _NAMES:
            found.setdefault(tag, " ".join(text[begin:end].split()))
        elif tag in found:
            found[tag] += "\n" + _with_breaks(text, begin, end, breaks)
        else:
            found[tag] = _with_breaks(text, begin, end, breaks)
    return found


def slashed(text: str) -> dict[str, str]:
    """Split a text with labels between slashes, as Dutch and Belgian banks write them."""
    parts = _SLASHED.split(f"/{text}" if not text.startswith("/") else text)
    found: dict[str, str] = {}
    for tag, value in zip(parts[1::2], parts[2::2], strict=True):
        value = value.strip("/ ").strip()
        if value:
            found.setdefault(tag, value)
    return found


def worded(text: str) -> dict[str, str]:
    """Split a text with labels that are words and a colon (``IBAN: ... NAAM: ...``)."""
    parts = _WORDS.split(text)
    found: dict[str, str] = {}
    for tag, value in zip(parts[1::2], parts[2::2], strict=True):
        found.setdefault(tag.upper().rstrip("."), " ".join(value.split()))
    return found


def _breaks(lines: list[str]) -> list[tuple[int, int]]:
    """Return the places of the line ends in the joined text, with the length of that line."""
    place, found = 0, []
    for line in lines[:-1]:
        place += len(line)
        found.append((place, len(line)))
    return found


def _marks(text: str, breaks: list[tuple[int, int]]) -> list[tuple[str, int, int]]:
    """Return the labels with their start and the start of their value."""
    starts = {0, *(place for place, _length in breaks)}
    marks = []
    for match in _TAG.finditer(text):
        tag = match[1] or match[2] or match[3]
        marks.append((tag, match.start(), match.end()))
    known = {start for _tag, start, _end in marks}
    for tag in _SHORT:  # at the start of a line that is joined to the one before
        for match in re.finditer(rf"{tag}\+", text):
            if match.start() in starts - known:
                marks.append((tag, match.start(), match.end()))
    return sorted(marks, key=lambda mark: mark[1])


def _id_end(begin: int, end: int, breaks: list[tuple[int, int]]) -> int:
    """Return where an id ends: at the first line end inside it that was not forced."""
    for place, length in breaks:
        if begin < place < end and length < _FULL:
            return place
    return end


def _with_breaks(text: str, begin: int, end: int, breaks: list[tuple[int, int]]) -> str:
    """Return a part of the joined text with the line ends that were in it."""
    places = [place for place, _length in breaks if begin < place < end]
    pieces = [text[a:b].strip() for a, b in zip([begin, *places], [*places, end], strict=True)]
    return "\n".join(piece for piece in pieces if piece)
