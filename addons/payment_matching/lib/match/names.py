"""How alike two names are, with everything banks and people do to names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
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
_OWNER = re.compile(r"\b(?:inh|inhaber(?:in)?)\b", re.IGNORECASE)
_UMLAUTS = frozenset("äöüßÄÖÜ")
CUT = 24  # a name this long may have lost its end
PSP = word_set("paypal klarna amazon stripe adyen mollie ebay sumup payone worldline")


class Likeness(IntEnum):
    """How alike: each step is worth more than the one before."""

    NONE = 0
    FIRST = 1  # only a given name
    SURNAME = 2  # only a family name, or one word of a firm's
    ALIKE = 3  # initials, one more or less of several names, a married name
    LARGER = 4  # one of a couple, a second given name
    SAME = 5


@dataclass(frozen=True, slots=True)
class Name:
    """A name as its words."""

    words: tuple[str, ...]
    joined: str
    cut: bool = False
    key: frozenset[str] = frozenset()

    @property
    def masked(self) -> bool:
        """Tell whether letters are lost or the end may be."""
        return self.cut or UNKNOWN in self.joined


@dataclass(slots=True)
class _Pairs:
    """Words two names have in common."""

    whole: list[str]
    near: int  # how many more with a letter wrong or lost
    initials: int


def parsed(text: str) -> Name:
    """Take a name apart: without titles and legal forms."""
    found = words(_LOST_DOT.sub(_unknown_dot, text))
    core = [word for word in found if word not in TITLES and word not in LEGAL_FORMS]
    if core and core[0] == "e" and "k" in core:  # "e.K."
        core = [word for word in core if word not in "ek"]
    elif found[-2:] in (["e", "k"], ["e", "v"]):
        core = core[:-2] or core
    core = core or found
    unique = tuple(dict.fromkeys(core))
    return Name(unique, "".join(core), len(text) >= CUT, frozenset(unique))


def _unknown_dot(match: re.Match[str]) -> str:
    """A dot inside a word stands for a letter, but not behind "Dr"."""
    return match[0] if folded(match[1]) in TITLES else match[1] + UNKNOWN


def spellings(text: str) -> tuple[Name, ...]:
    """Return a partner's name as it is, and without the letters that banks may drop."""
    dropped = "".join(sign for sign in text if sign.isascii())
    without = "".join(sign for sign in text if sign not in _UMLAUTS)
    return tuple(parsed(one) for one in dict.fromkeys((text, dropped, without)))


def payer_names(text: str) -> tuple[Name, ...]:
    """Return a payer's name as it is, and a firm's without its owner's."""
    firm = _OWNER.split(text)[0].strip()
    return (parsed(text),) if firm in ("", text) else (parsed(text), parsed(firm))


def _fits_unknown(first: str, second: str) -> bool:
    """Compare words where ``?`` stands for a lost letter (or two)."""
    masked, plain = (first, second) if UNKNOWN in first else (second, first)
    if len(masked.replace(UNKNOWN, "")) < 2:
        return False
    return bool(_with_gaps(masked).fullmatch(plain))


@lru_cache(maxsize=4096)
def _with_gaps(masked: str) -> re.Pattern[str]:
    return re.compile(r"\w{0,2}".join(map(re.escape, masked.split(UNKNOWN))))


class Names:
    """Compares names, knowing which words are common and which are given names."""

    def __init__(self, names: Iterable[Name]) -> None:
        self.count: Counter[str] = Counter()
        self.leading: Counter[str] = Counter()
        self.total = 1
        for name in names:
            self.total += 1
            self.count.update(name.words)
            self.leading.update(name.words[:-1])

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
        if payer.joined == other.joined or payer.key == other.key:
            return Likeness.SAME
        if payer.cut and len(payer.joined) >= 14 and other.joined.startswith(payer.joined):
            return Likeness.SAME
        pairs = self._pairs(payer, other)
        return self._graded(pairs, payer, other) if pairs.whole or pairs.near else Likeness.NONE

    def _pairs(self, payer: Name, other: Name) -> _Pairs:
        """Find the other's words in the payer's: whole ones first, then near ones and initials."""
        pairs = _Pairs([word for word in other.words if word in payer.words], 0, 0)
        free = [word for word in payer.words if word not in pairs.whole]
        for word in other.words:
            if word in pairs.whole:
                continue
            hit = next((mine for mine in free if self._is_near(mine, word, payer)), None)
            initial = next((mine for mine in free if _is_initial(mine, word)), None)
            pairs.near += hit is not None
            pairs.initials += hit is None and initial is not None
            if hit or initial:
                free.remove(hit or initial or "")
        return pairs

    def _is_near(self, mine: str, word: str, payer: Name) -> bool:
        if UNKNOWN in mine or UNKNOWN in word:
            return _fits_unknown(mine, word)
        if payer.cut and mine == payer.words[-1] and len(mine) > 1 and word.startswith(mine):
            return True
        if mine == payer.words[-1] and self._is_torn(mine, word, payer):
            return True
        # Meyer is not Meier: a word that other names have is no slip
        return min(len(mine), len(word)) >= 4 and not self.count[mine] and one_edit(mine, word)

    def _is_torn(self, mine: str, word: str, payer: Name) -> bool:
        """Tell whether the last word lost its end: some banks and portals cut early."""
        long = len(payer.joined) >= 14 and len(mine) >= 4
        return long and word.startswith(mine) and not self.count[mine]

    def _graded(self, pairs: _Pairs, payer: Name, other: Name) -> Likeness:
        smaller, larger = sorted((len(payer.words), len(other.words)))
        known = len(pairs.whole) + pairs.near
        if known >= 2 or smaller == 1 == known:
            if known == larger:
                return Likeness.ALIKE if pairs.near and not payer.masked else Likeness.SAME
            if known >= 2 and known >= smaller:
                return Likeness.LARGER
        if known + pairs.initials >= smaller and pairs.initials and known:
            given = all(self.is_given(word) for word in pairs.whole)
            return Likeness.FIRST if given and pairs.whole else Likeness.ALIKE
        return self._partly(pairs.whole)

    def _partly(self, whole: list[str]) -> Likeness:
        """Both have words the other lacks: a married name, or two firms of one trade."""
        given = [word for word in whole if self.is_given(word)]
        others = [word for word in whole if word not in given and len(word) > 2]
        if given and others:
            return Likeness.ALIKE
        return Likeness.SURNAME if others else Likeness.FIRST if given else Likeness.NONE


def _is_initial(first: str, second: str) -> bool:
    return 1 in (len(first), len(second)) and first[0] == second[0]


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
    for letters in product(
        ("a", "o", "u", "s", "e", ""), repeat=min(name.joined.count(UNKNOWN), 2)
    ):
        text = " ".join(name.words)
        for letter in letters:
            text = text.replace(UNKNOWN, letter, 1)
        found |= _search(Name(tuple(text.split()), text.replace(" ", "")))
    return found
