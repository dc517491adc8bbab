"""Log-odds of "this payment pays these documents" against "it pays nothing here"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .amounts import EQUAL, Fit, judge
from .book import Book, Doc, money
from .mentions import STRONG, Hit, Mentions, near
from .model import Payment
from .names import Likeness
from .payer import Evidence, Payers, Signal

PRIOR = -7.0  # a document chosen at random is not meant
SET_PRIOR = -1.0  # several at once are rarer than one
PAID = -2.0  # paying twice is rarer than paying
_SURE = 8.0


@dataclass(slots=True)
class Candidate:
    """Documents that may be meant."""

    docs: tuple[Doc, ...]
    score: float
    signals: list[Signal]
    fit: Fit
    safe: bool  # explained well enough to be confirmed after a glance

    @property
    def paid(self) -> bool:
        """Tell whether nothing is open here any more: explains the payment, is no target."""
        return any(doc.paid for doc in self.docs)


class Scorer:
    """Weighs documents for one payment."""

    def __init__(
        self, book: Book, payment: Payment, amount: int, found: Mentions, payers: Payers
    ) -> None:
        self.book = book
        self.payment = payment
        self.amount = amount
        self.day = payment.date.toordinal()
        self.found = found
        self.payers = payers
        text = payment.remittance.lower()
        self.speaks_of_part = any(
            word in text
            for word in ("rate", "anzahlung", "teilzahlung", "teil", "abschlag", "rest")
        )
        self.refund = False

    def weigh(self, docs: Sequence[Doc]) -> Candidate:
        """Add up everything that speaks for and against these documents."""
        fit = judge(self.amount, docs, self.day, self.speaks_of_part)
        signals: list[Signal] = []
        evidence = self._payer(docs, signals)
        numbers = self._numbers(docs, fit, evidence, signals)
        signals.append(self._amount(docs, fit))
        self._context(docs, signals)
        prior = PRIOR + (SET_PRIOR - 0.3 * (len(docs) - 2) if len(docs) > 1 else 0.0)
        score = prior + evidence.weight + sum(weight for _name, weight, _values in signals)
        safe = fit.explained and self._is_safe(docs, numbers, evidence)
        return Candidate(tuple(docs), score, [*evidence.signals, *signals], fit, safe)

    def _payer(self, docs: Sequence[Doc], signals: list[Signal]) -> Evidence:
        places = {doc.partner for doc in docs}
        best = max((self.payers.evidence(place) for place in places), key=lambda e: e.weight)
        if len(places) > 1:
            signals.append(("mixed", -2.0, ()))
        return best

    def _numbers(
        self, docs: Sequence[Doc], fit: Fit, evidence: Evidence, signals: list[Signal]
    ) -> float:
        """Weigh the numbers; return the weakest of the documents' (0: one is not named)."""
        hits = [self.found.docs.get(doc.place) for doc in docs]
        named = [hit for hit in hits if hit]
        if not named and len(docs) == 1 and (fit.weight > 0 or evidence.weight >= 4.0):
            fuzzy = near(self.found, docs[0].numbers)
            hits, named = [fuzzy], [fuzzy] if fuzzy else []
        best = max((hit.weight for hit in named), default=0.0)
        for place, hit in enumerate(sorted(named, key=lambda hit: -hit.weight)):
            signals.append(("number", hit.weight if place == 0 else 0.0, (hit,)))
        missing = len(docs) - len(named)
        if named and missing:
            signals.append(("unnamed", -1.5 * min(missing, 3), ()))
        self._against_numbers(docs, best, signals)
        return min((hit.weight if hit else 0.0) for hit in hits) if hits else 0.0

    def _against_numbers(self, docs: Sequence[Doc], best: float, signals: list[Signal]) -> None:
        others = self.found.unexplained([doc.place for doc in docs])
        if others:
            signals.append(("other_number", -1.5 * min(others, 3), (others,)))
        elif self.found.strange and best < STRONG:
            signals.append(("strange", -1.0, ()))

    def _amount(self, docs: Sequence[Doc], fit: Fit) -> Signal:
        if fit.kind == "equal" and len(docs) > 1:
            return ("sum", EQUAL, (self._say(self.amount), len(docs)))
        off = self._say(fit.discount or abs(fit.difference))
        if fit.kind == "equal":
            return ("equal", EQUAL, (self._say(self.amount),))
        return (fit.kind, fit.weight, (self._say(self.amount), off))

    def _say(self, amount: int) -> str:
        return f"{money(amount)} {self.payment.currency}"

    def _context(self, docs: Sequence[Doc], signals: list[Signal]) -> None:
        youngest = max(doc.day for doc in docs)
        if youngest > self.day + 1:
            signals.append(("future", -3.0 if youngest <= self.day + 4 else -4.5, ()))
        elif self.day - youngest > 365:
            signals.append(("old", -1.0, ()))
        method = self._method(docs)
        if method:
            signals.append(method)
        if self.refund:
            signals.append(("refund", -6.0, ()))
        if any(doc.paid for doc in docs):
            signals.append(("paid", PAID, ()))

    def _method(self, docs: Sequence[Doc]) -> Signal | None:
        told = next((doc for doc in docs if doc.method), None)
        if told is None:
            return None
        paypal = "paypal" in told.method
        if self.payment.source == "paypal":
            return ("method", 0.7, ()) if paypal else None
        if paypal or any(word in told.method for word in _SERVICES):
            return ("other_method", -2.5, (told.item.payment_method,))
        return None

    def _is_safe(self, docs: Sequence[Doc], numbers: float, evidence: Evidence) -> bool:
        if evidence.contradicted or len({doc.partner for doc in docs}) > 1:
            return False
        if max(doc.day for doc in docs) > self.day + 1:
            return False
        if self.found.unexplained([doc.place for doc in docs]):
            return False
        if numbers >= _SURE:
            return True
        if numbers >= 4.0 and evidence.likeness >= Likeness.SURNAME:
            return True
        strong = evidence.known or evidence.likeness is Likeness.SAME or evidence.weight >= 6.0
        return strong and not (self.found.strange and numbers < 2.5)


_SERVICES = (
    "klarna",
    "amazon",
    "kredit",
    "credit",
    "nachnahm",
    "stripe",
    "ebay",
    "apple",
    "google",
)

__all__ = ["Candidate", "Hit", "Scorer"]
