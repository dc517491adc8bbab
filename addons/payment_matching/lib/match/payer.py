"""Who pays: what speaks for each partner, and for another one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from .book import Book, account_key
from .hits import Hit, Mentions
from .model import Payment
from .names import PSP, Likeness, Name, parsed, payer_names, search_keys
from .words import folded, mailbox, words

Signal = tuple[str, float, tuple[object, ...]]  # kind of signal, log-odds, what its text needs

ACCOUNT = 8.0
EMAIL = 7.0
SAME_NAME = 6.0
_LIKENESS = {
    Likeness.SAME: SAME_NAME,
    Likeness.LARGER: 5.3,
    Likeness.ALIKE: 4.5,
    Likeness.SURNAME: -0.3,
    Likeness.FIRST: 0.2,
}
NAMED = 5.0
_KNOWN_ELSEWHERE = -4.0
_RELATED_ELSEWHERE = -2.5
_OTHER_NAME = -1.5
_CROWD = 30  # partners found by one key: it tells too little


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for one partner being the payer."""

    weight: float
    signals: tuple[Signal, ...]
    likeness: Likeness
    known: bool  # by account or e-mail
    contradicted: bool = False  # the payer is known to be somebody else

    @property
    def strong(self) -> bool:
        """Tell whether this is the payer, as far as that can be known."""
        return self.known or self.likeness >= Likeness.LARGER or self.weight >= 6.0


class Payers:
    """The payer of one payment, compared with partners (each once)."""

    def __init__(
        self, book: Book, payment: Payment, also: tuple[str, ...], found: Mentions
    ) -> None:
        self.book = book
        self.found = found
        texts = [text for text in (*also, payment.payer_name) if text and not _is_service(text)]
        self.names: list[Name] = list(
            dict.fromkeys(name for text in texts for name in payer_names(text))
        )
        self.label = texts[0] if texts else ""
        self.accounts = [
            key for key in map(account_key, (payment.payer_iban, payment.payer_account)) if key
        ]
        self.email = mailbox(payment.payer_email)
        self.mail_name = parsed(_spoken(payment.payer_email)) if self.email else None
        joined = found.texts[0].replace("\r", "").replace("\n", "")
        spoken = words(joined)
        if joined != found.texts[0]:
            spoken += words(found.texts[0])
        self.own = {word for name in self.names for word in name.words}
        self.words = self.own.union(spoken)
        self._evidence: dict[int, Evidence] = {}
        self._likeness: dict[int, Likeness] = {}
        self.by_account = {p for key in self.accounts for p in book.by_account.get(key, ())}
        self.by_email = set(book.by_email.get(self.email, ())) if self.email else set()
        self.by_name = self._by_name()
        self.family = {word for word in self.words if not book.names.is_given(word)}
        self.by_text = self._by_text(spoken)
        self.same = {p for p in self.by_name if self.likeness(p) >= Likeness.LARGER}
        self.said: dict[int, Hit] = found.customers

    def _by_name(self) -> set[int]:
        found: set[int] = set()
        names = [*self.names, *([self.mail_name] if self.mail_name else [])]
        for name in names:
            for key in search_keys(name):
                places = self.book.by_name.get(key, ())
                if len(places) <= _CROWD:
                    found.update(places)
        return found

    def _by_text(self, spoken: list[str]) -> set[int]:
        """Return the partners whose whole name stands in the text."""
        found: set[int] = set()
        initials = [word for word in spoken if len(word) > 1]
        pairs = dict.fromkeys((*pairwise(spoken), *pairwise(initials)))
        for first, second in pairs:
            places = self.book.by_name.get(" ".join(sorted((first, second))), ())
            if len(first) > 1 and len(second) > 1 and len(places) <= _CROWD:
                given = self.book.names.is_given(first) != self.book.names.is_given(second)
                found.update(place for place in places if given or self._is_named(place))
        return found

    def _is_named(self, place: int) -> bool:
        return any(
            len(name.words) > 1 and self.words.issuperset(name.words)
            for name in self.book.parties[place].names
        )

    @cached_property
    def likely(self) -> set[int]:
        """The partners who may well be the payer."""
        return self.by_account | self.by_email | self.by_name | self.by_text | set(self.said)

    def likeness(self, place: int) -> Likeness:
        """Return the best likeness of the payer's names with a partner's."""
        best = self._likeness.get(place)
        if best is None:
            names = self.book.parties[place].names
            pairs = (self.book.names.likeness(mine, one) for mine in self.names for one in names)
            best = self._likeness[place] = max(pairs, default=Likeness.NONE)
        return best

    def evidence(self, place: int) -> Evidence:
        """Weigh one partner."""
        if place not in self._evidence:
            self._evidence[place] = self._weigh(place)
        return self._evidence[place]

    def _weigh(self, place: int) -> Evidence:
        if place < 0:
            return Evidence(0.0, (), Likeness.NONE, False)
        like = self.likeness(place)
        signals = [*self._identity(place), *self._name_signals(place, like)]
        known = place in self.by_account or place in self.by_email
        said = self.said.get(place)
        if said:
            signals.append(("customer", said.weight, (said,)))
        weights = sorted((weight for _kind, weight, _args in signals), reverse=True)
        total = weights[0] + 0.4 * sum(weights[1:]) if weights else 0.0
        named = place in self.by_text
        contradicted = (
            not known and not named and like <= Likeness.SURNAME and self._elsewhere(place)
        )
        if contradicted:
            against = _KNOWN_ELSEWHERE if like <= Likeness.FIRST else _RELATED_ELSEWHERE
            signals.append(("elsewhere", against, (self._elsewhere_name(),)))
            total += against
        elif named:
            pass
        elif self.names and like <= Likeness.FIRST and not known and not said:
            signals.append(("other_name", _OTHER_NAME, (self.label,)))
            total += _OTHER_NAME
        return Evidence(total, tuple(signals), like, known, contradicted)

    def _identity(self, place: int) -> list[Signal]:
        signals: list[Signal] = []
        party = self.book.parties[place]
        if place in self.by_account:
            shared = max(len(self.book.by_account.get(key, ())) for key in self.accounts)
            signals.append(("account", ACCOUNT - (2.0 if shared > 3 else 0.0), ()))
        if place in self.by_email:
            signals.append(("email", EMAIL, (party.partner.email,)))
        return signals

    def _name_signals(self, place: int, like: Likeness) -> list[Signal]:
        signals: list[Signal] = []
        party = self.book.parties[place]
        if like > Likeness.FIRST:
            weight = _LIKENESS[like]
            if like is Likeness.SURNAME:
                shared = [w for n in party.names for w in n.words if w in self.words]
                rarity = max((self.book.names.rarity(word) for word in shared), default=0.0)
                weight += 2.0 * rarity
            signals.append(("name", weight, (party.partner.name,)))
        elif self.mail_name:
            other = max(
                (self.book.names.likeness(self.mail_name, n) for n in party.names), default=0
            )
            if other >= Likeness.ALIKE:
                signals.append(("mail_name", 3.0, (party.partner.name,)))
        if place in self.by_text and like < Likeness.ALIKE:
            signals.append(("named", NAMED, (party.partner.name,)))
        if party.city and party.city in self.words:
            signals.append(("city", 1.0, (party.partner.city,)))
        return signals

    def _elsewhere(self, place: int) -> bool:
        others = self.by_account | self.by_email | self.same
        return bool(others) and place not in others

    def _elsewhere_name(self) -> str:
        others = self.by_account | self.by_email | self.same
        return min(self.book.parties[place].partner.name for place in others)


def _is_service(text: str) -> bool:
    found = words(text)
    return bool(found) and found[0] in PSP and len(found) <= 6


def _spoken(email: str) -> str:
    local = email.partition("@")[0].partition("+")[0]
    return " ".join(
        part for part in folded(local).replace("_", ".").replace("-", ".").split(".") if part
    )
