"""How alike two names are, with everything banks and people do to names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from itertools import combinations, product
from math import log

from .words import UNKNOWN, folded, one_edit, word_set, words

TITLES = word_set(
    "dr prof dipl ing med phil jur rer nat mag herr hern frau hr fr familie fam eheleute ehel firma"
    " fa und u o oder and mr mrs ms miss von van vom zu zum der den de la di da inh inhaber geb"
    " geborene co c kontoinhaber"
)
LEGAL_FORMS = word_set(  # as folded: "haftungsbeschränkt" has one a
    "gmbh mbh kg ag ug ohg gbr eingetragener verein ek ekfm ekfr se ltd limited inc lc llc kga sarl"
    " sa srl bv nv eg partg partgmbb cie haftungsbeschrankt"
)
_LOST_DOT = re.compile(r"\b([^\W\d_]{2,})\.(?=[^\W\d_]{2})")
CUT = 24  # a name this long may have lost its end
PSP = word_set("paypal klarna amazon stripe adyen mollie ebay sumup payone worldline")


class Likeness(IntEnum):
    """How alike: each step is worth more than the one before."""

    NONE = 0
    FIRST = 1  # only a given name
    SURNAME = 2  # only a family name, or one word of a firm's
    ALIKE = 3  # initials, one more or less of several names, a married name
    SAME = 4


@dataclass(frozen=True, slots=True)
class Name:
    """A name as its words."""

    words: tuple[str, ...]
    joined: str
    cut: bool = False


def parsed(text: str) -> Name:
    """Take a name apart: without titles and legal forms."""
    found = words(_LOST_DOT.sub(_unknown_dot, text))
    core = [word for word in found if word not in TITLES and word not in LEGAL_FORMS]
    if core and core[0] == "e" and "k" in core:  # "e.K."
        core = [word for word in core if word not in "ek"]
    elif found[-2:] in (["e", "k"], ["e", "v"]):
        core = core[:-2] or core
    core = core or found
    return Name(tuple(dict.fromkeys(core)), "".join(core), len(text) >= CUT)


def _unknown_dot(match: re.Match[str]) -> str:
    """A dot inside a word stands for a letter, but not behind "Dr"."""
    return match[0] if folded(match[1]) in TITLES else match[1] + UNKNOWN


def spellings(text: str) -> tuple[Name, ...]:
    """Return a partner's name as it is, and without the letters that banks may drop."""
    dropped = "".join(sign for sign in text if sign.isascii())
    return (parsed(text),) if dropped == text else (parsed(text), parsed(dropped))


def _same_word(first: str, second: str) -> bool:
    if first == second:
        return True
    if UNKNOWN in first or UNKNOWN in second:
        return _fits_unknown(first, second)
    return min(len(first), len(second)) >= 5 and one_edit(first, second)


def _fits_unknown(first: str, second: str) -> bool:
    """Compare words where ``?`` stands for a lost letter (or two)."""
    masked, plain = (first, second) if UNKNOWN in first else (second, first)
    head, _, tail = masked.partition(UNKNOWN)
    tail = tail.replace(UNKNOWN, "")
    if len(head) + len(tail) < 2 or not plain.startswith(head):
        return False
    rest = plain[len(head) :]
    if UNKNOWN in masked.partition(UNKNOWN)[2]:
        return len(rest) - len(tail) <= 4
    return rest.endswith(tail) and len(rest) - len(tail) <= 2


def _pair_up(payer: Name, other: Name) -> tuple[set[str], int]:
    """Return the other's words that the payer has, and how many more by an initial only."""
    whole: set[str] = set()
    initials = 0
    free = list(payer.words)
    for word in other.words:
        hit = next((mine for mine in free if _same_word(mine, word)), None)
        if hit is None and payer.cut and payer.words:
            last = payer.words[-1]
            hit = last if last in free and len(last) > 1 and word.startswith(last) else None
        if hit is not None:
            free.remove(hit)
            whole.add(word)
    for word in other.words:
        if word in whole:
            continue
        hit = next(
            (mine for mine in free if 1 in (len(mine), len(word)) and mine[0] == word[0]), None
        )
        if hit is not None:
            free.remove(hit)
            initials += 1
    return whole, initials


class Names:
    """Compares names, knowing which words are common and which are given names."""

    def __init__(self, names: Iterable[Name]) -> None:
        self.count: Counter[str] = Counter()
        self.leading: Counter[str] = Counter()
        self.total = 1
        for name in names:
            self.total += 1
            self.count.update(name.words)
            if len(name.words) > 1:
                self.leading[name.words[0]] += 1

    def rarity(self, word: str) -> float:
        """Return 0 for a word in every name to 1 for one in hardly any."""
        return log(self.total / max(self.count[word], 1) + 1) / log(self.total + 1)

    def is_given(self, word: str) -> bool:
        """Tell whether a word is mostly a given name (it leads several partners' names)."""
        return self.leading[word] >= 2 and self.leading[word] * 2 > self.count[word]

    def likeness(self, payer: Name, other: Name) -> Likeness:
        """Compare a payer's name with a partner's."""
        if not payer.words or not other.words:
            return Likeness.NONE
        if payer.joined == other.joined or (
            payer.cut and len(payer.joined) >= 14 and other.joined.startswith(payer.joined)
        ):
            return Likeness.SAME
        whole, initials = _pair_up(payer, other)
        if not whole:
            return Likeness.NONE
        return self._graded(whole, initials, payer, other)

    def _graded(self, whole: set[str], initials: int, payer: Name, other: Name) -> Likeness:
        smaller = min(len(payer.words), len(other.words))
        if len(whole) >= 2:
            if len(whole) + initials >= smaller:
                return Likeness.ALIKE if initials else Likeness.SAME
            return self._partly(whole)
        word = next(iter(whole))
        if len(whole) >= smaller and len(word) >= 4 and smaller == 1:
            alone = len(payer.words) == len(other.words)
            return Likeness.SAME if alone else self._single(word)
        if initials and not self.is_given(word):
            return Likeness.ALIKE
        return self._single(word)

    def _partly(self, whole: set[str]) -> Likeness:
        """Both have words the other lacks: a married name, or just two firms of one trade."""
        given = any(self.is_given(word) for word in whole)
        return Likeness.ALIKE if given and len(whole) > 1 else Likeness.SURNAME

    def _single(self, word: str) -> Likeness:
        if len(word) < 3 or self.is_given(word):
            return Likeness.FIRST
        return Likeness.SURNAME


def keys(name: Name) -> set[str]:
    """Return the keys a partner is found by: pairs of words, initial and word, all in one."""
    found = {name.joined}
    for first, second in combinations(sorted(name.words[:5]), 2):
        found.add(f"{first} {second}")
        found.add(f"{first[0]}. {second}")
        found.add(f"{second[0]}. {first}")
    return found


def _search(name: Name) -> set[str]:
    found = {name.joined}
    for first, second in combinations(sorted(name.words[:5]), 2):
        found.add(f"{first} {second}")
        for one, other in ((first, second), (second, first)):
            if len(one) == 1:
                found.add(f"{one}. {other}")
            elif len(other) > 1:  # a partner kept with an initial only
                found.add(" ".join(sorted((one[0], other))))
    return found


def search_keys(name: Name) -> set[str]:
    """Return the keys to look a payer up by: every lost letter put in again."""
    if UNKNOWN not in name.joined:
        return _search(name)
    found: set[str] = set()
    for letters in product("aous", repeat=min(name.joined.count(UNKNOWN), 2)):
        text = " ".join(name.words)
        for letter in letters:
            text = text.replace(UNKNOWN, letter, 1)
        found |= _search(Name(tuple(text.split()), text.replace(" ", "")))
    return found
