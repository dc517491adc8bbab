"""Document numbers: what they look like, and where they stand in a text.

A number is compared by its digits: the payer leaves out the prefix, the year and leading zeros,
writes other separators, O for 0; the bank puts a line break or a blank into it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from odoo.addons.order_automation.lib.epc_qr import is_creditor_reference

from .remittance import LINE

_LETTER_DIGITS = str.maketrans("OoIl", "0011")
_FOLD = str.maketrans("OIL", "011")
_ATOM = re.compile(r"[OoIl]*[0-9][0-9OoIl]*")
_CHUNK = re.compile(r"[A-Za-z0-9]+")
_SEGMENT = re.compile(r"[A-Za-z]+|[0-9]+")
_YEAR = re.compile(r"(?:20)?[0-4]\d")
_RF = re.compile(r"(?<![A-Za-z0-9])RF\s?\d\s?\d(?:\s?[A-Z0-9]){3,23}", re.IGNORECASE)
_JOINTS = frozenset(" \n\r\t/-._#:")
MAX_ATOMS = 5  # a number consists of so many groups of digits at most


@dataclass(frozen=True, slots=True)
class Number:
    """One number of a document."""

    text: str
    prefix: str  # leading letters, upper case
    digits: str  # all digits
    serial: str  # the last group of digits, with its zeros
    year: str  # the group before it, if it is a year
    compact: str  # letters and digits, folded
    series: str  # everything but the serial
    mixed: bool  # letters among the digits: only found as a whole

    @property
    def keys(self) -> set[str]:
        """Digits it is found by, without leading zeros."""
        found = {self.digits}
        if self.year or len(self.serial) >= 6 or self.series == self.prefix:
            found.add(self.serial)
        if self.year:
            for year in (self.year, self.year[-2:]):
                for serial in (self.serial, self.serial.lstrip("0")):
                    found |= {year + serial, serial + year}
        return {key.lstrip("0") for key in found} - {""}


def parse_number(text: str) -> Number | None:
    """Take a document's number apart; None where it has no digit."""
    segments = _SEGMENT.findall(text)
    groups = [segment for segment in segments if segment.isdigit()]
    if not groups:
        return None
    prefix = segments[0].upper() if not segments[0].isdigit() else ""
    serial = groups[-1]
    year = ""
    if len(groups) == 2 and _YEAR.fullmatch(serial) and len(groups[0]) > len(serial):
        year, serial = serial, groups[0]  # RE-00123/26
    elif len(groups) > 1 and _YEAR.fullmatch(groups[-2]) and len(groups) <= 3:
        year = groups[-2]
    elif len(groups) == 1 and re.fullmatch(r"20[0-4]\d{3,}", serial) and len(serial) >= 7:
        year, serial = serial[:4], serial[4:]
    head, _, tail = text.upper().rpartition(serial)
    series = f"{head.rstrip('/-._ #')}{tail}"
    mixed = any(not segment.isdigit() for segment in segments[1:])
    return Number(text, prefix, "".join(groups), serial, year, compact(text), series, mixed)


def compact(text: str) -> str:
    """Return letters and digits only, look-alikes folded."""
    return "".join(_CHUNK.findall(text)).upper().translate(_FOLD)


class Window(NamedTuple):
    """Digits found in a text, perhaps of several groups; ``text`` is which of the texts."""

    digits: str
    start: int
    end: int
    loose: float  # what was assumed to join it
    text: int
    plain: str  # each group without its leading zeros


class _Atom(NamedTuple):
    digits: str
    start: int
    end: int
    cut: float  # how sure it is that its end is an end; above 0: the line's end cut it perhaps


def _atoms(text: str) -> list[_Atom]:
    found: list[_Atom] = []
    for match in _ATOM.finditer(text):
        start, end = match.span()
        if start and text[start - 1].isalpha():
            while not text[start].isdigit():
                start += 1
        if end < len(text) and text[end].isalpha():
            while not text[end - 1].isdigit():
                end -= 1
        digits = text[start:end].translate(_LETTER_DIGITS)
        line = start // LINE + 1
        border = line * LINE
        if "\n" not in text and start < border < end and len(text) > LINE:
            left = border - start
            found.append(_Atom(digits[:left], start, border, 1.0))
            found.append(_Atom(digits[left:], border, end, 0.0))
        else:
            found.append(_Atom(digits, start, end, 0.0))
    return found


def _gap(text: str, start: int, end: int) -> float | None:
    """Return how doubtful it is to join digits over this gap; None: they do not belong together."""
    if start == end:
        return 0.0
    gap = text[start:end]
    if len(gap) > 6 or len(gap.strip("\r\n")) > 3 or not _JOINTS.issuperset(gap):
        return None
    if not gap.strip("\r\n") or " " not in gap:
        return 0.0
    return 1.0 if not gap.strip(" ") else 0.3


def windows(text: str, which: int = 0) -> list[Window]:
    """Return all groups of digits of a text, alone and joined with those that follow."""
    atoms = _atoms(text)
    gaps = [_gap(text, one.end, two.start) for one, two in pairwise(atoms)]
    found: list[Window] = []
    for first, atom in enumerate(atoms):
        digits, plain, loose = "", "", 0.0
        torn = 2.0 if first and atoms[first - 1].end == atom.start else 0.0
        for last in range(first, min(first + MAX_ATOMS, len(atoms))):
            if last > first:
                gap = gaps[last - 1]
                if gap is None:
                    break
                loose += gap
            digits += atoms[last].digits
            plain += atoms[last].digits.lstrip("0")
            if len(digits) > 28:
                break
            torn_end = 2.0 if atoms[last].cut else 0.0
            doubt = loose + torn + torn_end
            found.append(Window(digits, atom.start, atoms[last].end, doubt, which, plain))
    return found


def creditor_references(text: str) -> list[tuple[str, int, int]]:
    """Return (the creditor's own number in it, start, end) of all RF references (ISO 11649)."""
    found = []
    for match in _RF.finditer(text):
        whole = "".join(_CHUNK.findall(match[0])).upper()
        for size in range(len(whole), 6, -1):  # a word may follow without a blank
            if is_creditor_reference(whole[:size]):
                found.append((whole[4:size], match.start(), match.end()))
                break
    return found


def chunks(text: str) -> list[tuple[str, int, int]]:
    """Return (folded letters and digits, start, end) of all words, alone and joined."""
    parts = [(match[0], match.start(), match.end()) for match in _CHUNK.finditer(text)]
    found = []
    for first, (_word, start, _end) in enumerate(parts):
        joined = ""
        for last in range(first, min(first + 6, len(parts))):
            if last > first and _gap(text, parts[last - 1][2], parts[last][1]) is None:
                break
            joined += parts[last][0]
            if len(joined) > 30:
                break
            if len(joined) >= 4:
                found.append((joined.upper().translate(_FOLD), start, parts[last][2]))
    return found
