"""Log-odds of "this payment pays these documents" against "it pays nothing here"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log

from .amounts import Fit, accidental, judge
from .book import Book, Doc
from .hits import STRONG, Hit, Mentions
from .model import UNKNOWN_DAY, Payment
from .names import Likeness
from .payer import Evidence, Payers, Signal
from .slips import near
from .words import word_set

PRIOR = -7.0  # a document chosen at random is not meant
SET_PRIOR = -1.0  # several at once are rarer than one
PAID = -2.0  # paying twice is rarer than paying
_RARE = 8  # documents of one amount: chance hardly hits it
_SURE = 7.0  # a number that needs no other proof than the amount
_CHANCE = 0.02  # sets that hit the amount by chance: more than this is no proof
_PART_WORDS = ("rate", "anzahlung", "teilzahlung", "abschlag", "rest")
_SERVICES = word_set("klarna amazon kredit credit nachnahm stripe ebay apple google")


@dataclass(slots=True)
class Candidate:
    """Documents that may be meant."""

    docs: tuple[Doc, ...]
    score: float
    core: float  # without what only ranks equals: dates, way of payment
    signals: list[Signal]
    fit: Fit
    safe: bool  # explained well enough to be confirmed after a glance
    payer: Evidence

    @property
    def paid(self) -> bool:
        """Tell whether nothing is open here any more: explains the payment, is no target."""
        return any(doc.paid for doc in self.docs)

    def object_to(self, weight: float) -> None:
        """Weaken it: the payer has a document of the same amount."""
        self.score += weight
        self.signals.append(("own_document", weight, ()))
        self.safe = False


@dataclass(frozen=True, slots=True)
class Numbers:
    """How the numbers in the text fit some documents."""

    weakest: float  # 0: a document is not named
    best: float
    fuzzy: bool = False
    slips: tuple[Hit, ...] = ()  # with a mistake, and as written nobody's


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
        self.speaks_of_part = any(word in text for word in _PART_WORDS)
        self.refund = False

    def weigh(self, docs: Sequence[Doc], rivals: int = 1) -> Candidate:
        """Add up everything that speaks for and against these documents.

        :param rivals: open documents of the customer (for a set: those it was chosen from)
        """
        fit = judge(self.amount, docs, self.day, self.speaks_of_part)
        signals: list[Signal] = []
        evidence = self._payer(docs, signals)
        numbers = self._numbers(docs, fit, evidence, signals)
        signals.append(self._amount(docs, fit))
        self._choice(docs, fit, numbers, rivals, evidence, signals)
        context = self._context(docs)
        core = PRIOR + evidence.weight + sum(weight for _name, weight, _values in signals)
        if len(docs) > 1:
            core += SET_PRIOR - 0.3 * (len(docs) - 2)
        score = core + sum(weight for _name, weight, _values in context)
        safe = fit.explained and self._is_safe(docs, numbers, evidence, rivals)
        signals = [*evidence.signals, *signals, *context]
        return Candidate(tuple(docs), score, core, signals, fit, safe, evidence)

    def _payer(self, docs: Sequence[Doc], signals: list[Signal]) -> Evidence:
        places = {doc.partner for doc in docs}
        best = max((self.payers.evidence(place) for place in places), key=lambda e: e.weight)
        if len(places) > 1:
            signals.append(("mixed", -2.0, ()))
        return best

    def _numbers(
        self, docs: Sequence[Doc], fit: Fit, evidence: Evidence, signals: list[Signal]
    ) -> Numbers:
        hits = [self.found.docs.get(doc.place) for doc in docs]
        if len(docs) == 1 and not (hits[0] and hits[0].weight >= 4.0):
            hits = [self._near(docs[0], fit, evidence) or hits[0]]
        elif fit.explained and any(hits):
            hits = [
                hit or self._near(doc, fit, evidence) for hit, doc in zip(hits, docs, strict=True)
            ]
        named = sorted(filter(None, hits), key=lambda hit: -hit.weight)
        best = named[0].weight if named else 0.0
        for place, hit in enumerate(named):
            signals.append(("number", hit.weight if place == 0 else 0.0, (hit,)))
        missing = len(docs) - len(named)
        if named and missing:
            signals.append(("unnamed", -3.0 * min(missing, 2), ()))
        slips = tuple(hit for hit in named if hit.fuzzy and not hit.other)
        fuzzy = bool(named) and named[0] in slips
        numbers = Numbers(0.0 if missing else named[-1].weight, best, fuzzy, slips)
        self._against_numbers(docs, numbers, fit, signals)
        return numbers

    def _near(self, doc: Doc, fit: Fit, evidence: Evidence) -> Hit | None:
        """A number with a mistake counts only where amount or payer agree."""
        if fit.weight <= 0 and evidence.weight < 4.0:
            return None
        hit = near(self.found, doc.numbers)
        if hit and evidence.weight < 0:
            hit.weight = self._unknown_payer(hit, doc, fit, evidence)
        return hit

    def _unknown_payer(self, hit: Hit, doc: Doc, fit: Fit, evidence: Evidence) -> float:
        """Return what a number with a mistake is worth where only the amount agrees."""
        long = hit.end - hit.start > 4
        if long and fit.kind == "equal" and self._equals(doc) <= _RARE:
            return hit.weight + (1.0 if hit.other else -0.5)
        return 1.0 if evidence.contradicted else hit.weight - 2.0

    def _equals(self, doc: Doc) -> int:
        """Return how many documents have this amount."""
        return len(self.book.by_amount[doc.item.currency, doc.item.direction, doc.open])

    def _against_numbers(
        self, docs: Sequence[Doc], numbers: Numbers, fit: Fit, signals: list[Signal]
    ) -> None:
        others = self._others(docs, numbers)
        if others and not numbers.fuzzy:
            each = -1.5 if fit.explained else -3.0
            signals.append(("other_number", each * min(others, 3), ()))
        elif self.found.strange and numbers.best < STRONG and not numbers.fuzzy:
            signals.append(("strange", -1.0 if fit.explained else -5.0, ()))

    def _others(self, docs: Sequence[Doc], numbers: Numbers) -> int:
        places = [doc.place for doc in docs]
        return self.found.unexplained(places, docs[0].partner, numbers.slips)

    def _amount(self, docs: Sequence[Doc], fit: Fit) -> Signal:
        if fit.kind == "equal":
            doc = docs[0]
            if len(docs) > 1:
                return ("sum", fit.weight, (self.amount, len(docs)))
            return ("equal", fit.weight - 0.5 * log(self._equals(doc)), (self.amount,))
        return (fit.kind, fit.weight, (self.amount, fit.discount or abs(fit.difference)))

    def _choice(
        self,
        docs: Sequence[Doc],
        fit: Fit,
        numbers: Numbers,
        rivals: int,
        evidence: Evidence,
        signals: list[Signal],
    ) -> None:
        """How easily chance hits the amount, by how many documents there are to choose from."""
        if len(docs) == 1:
            if rivals == 1 and not fit.explained and evidence.weight >= 4.5 and not docs[0].paid:
                signals.append(("only_open", 1.5, ()))
        elif len(docs) == rivals:
            signals.append(("all_open", 1.0, ()))
        elif numbers.weakest < 4.0:
            chance = accidental(rivals, len(docs), self.amount)
            if chance > 0.002:
                signals.append(("choice", -log(1 + 100 * chance), (rivals,)))

    def _context(self, docs: Sequence[Doc]) -> list[Signal]:
        signals: list[Signal] = []
        youngest = max(doc.day for doc in docs)
        if youngest > self.day + 1:
            signals.append(("future", -3.0 if youngest <= self.day + 4 else -4.5, ()))
        elif self.day - youngest > 365 and youngest > UNKNOWN_DAY.toordinal():
            signals.append(("old", -1.0, ()))
        method = self._method(docs)
        if method:
            signals.append(method)
        if self.refund:
            signals.append(("refund", -6.0, ()))
        if any(doc.paid for doc in docs):
            signals.append(("paid", PAID, ()))
        return signals

    def _method(self, docs: Sequence[Doc]) -> Signal | None:
        told = next((doc for doc in docs if doc.method), None)
        if told is None:
            return None
        paypal = "paypal" in told.method
        if self.payment.source == "paypal":
            return ("method", 0.7, ()) if paypal else None
        if paypal or any(word in told.method for word in _SERVICES):
            return ("other_method", -2.0, (told.item.payment_method,))
        return None

    def _is_safe(
        self, docs: Sequence[Doc], numbers: Numbers, evidence: Evidence, rivals: int
    ) -> bool:
        if evidence.contradicted or len({doc.partner for doc in docs}) > 1:
            return False
        chosen = 1 < len(docs) < rivals and numbers.weakest < 4.0
        if chosen and accidental(rivals, len(docs), self.amount) > _CHANCE:
            return False
        exact = numbers.weakest >= STRONG and evidence.strong
        if max(doc.day for doc in docs) > self.day + (3 if exact else 1):
            return False  # invoices of a weekend are written on Monday
        if self._others(docs, numbers) and not numbers.fuzzy:
            return False
        if numbers.weakest >= _SURE:
            return True
        if numbers.weakest >= 3.5 and evidence.likeness >= Likeness.SURNAME:
            return True
        return evidence.strong and (numbers.fuzzy or not self.found.strange)
