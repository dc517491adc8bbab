"""The matcher: candidates by index, weighed, compared with each other and with "none"."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from odoo.addons.automation_core.lib.texts import Marker, Text

from . import codes
from .book import Book, mills, money
from .calibration import CEILING, calibrated, softmax
from .model import UNKNOWN_DAY, Item, Note, Partner, Payment, Proposal
from .reasons import reason
from .score import Candidate
from .search import Search

_lt = Marker(__name__)

RANKS = 3
OWN = -5.0  # against paying for somebody else what one owes oneself
SPOKEN = 0.35  # below this the best candidate is not worth a look
ALSO = 0.01  # nor is a second one below this


class Matcher:
    """Proposes what payments pay. The indexes are built once, here.

    :param threshold: confidence from which a proposal is likely
    :param today: payments without a usable date are judged as of this day
    """

    def __init__(
        self,
        partners: Iterable[Partner],
        items: Iterable[Item],
        *,
        threshold: float = 0.95,
        today: date | None = None,
    ) -> None:
        self.book = Book(partners, items)
        self.threshold = threshold
        self.today = today

    def propose(self, payments: Iterable[Payment]) -> tuple[list[Proposal], list[Note]]:
        """Return proposals, and notes for payments without one where something can be said."""
        proposals: list[Proposal] = []
        notes: list[Note] = []
        for payment in payments:
            found, note = self.propose_one(payment)
            proposals += found
            if note:
                notes.append(note)
        return proposals, notes

    def propose_one(self, payment: Payment) -> tuple[list[Proposal], Note | None]:
        """Return the proposals for one payment (ranks 1 to 3), or why there is none."""
        if payment.date == UNKNOWN_DAY:
            payment = replace(payment, date=self.today or date.today())  # noqa: DTZ011
        why = codes.aside(payment)
        if why is not None:
            return [], Note(payment.id, why)
        amount = abs(mills(payment.amount))
        if not amount:
            return [], None
        candidates = Search(self.book, payment, amount).candidates()
        return self._proposals(payment, candidates)

    def _proposals(
        self, payment: Payment, candidates: list[Candidate]
    ) -> tuple[list[Proposal], Note | None]:
        _prefer_own(candidates)
        candidates.sort(key=_order)
        chances = softmax([candidate.score for candidate in candidates])
        if not candidates or not _worth_a_look(candidates[0], chances):
            return [], None
        if candidates[0].paid:
            return [], Note(payment.id, _paid_note(candidates[0]))
        ranked = [
            (candidate, chance)
            for candidate, chance in zip(candidates, chances, strict=True)
            if not candidate.paid and chance >= ALSO
        ][:RANKS]
        alone = not any(other.core > candidates[0].core - 1.5 for other in candidates[1:])
        proposals = [
            self._proposal(payment, candidate, chance, rank, alone)
            for rank, (candidate, chance) in enumerate(ranked, 1)
        ]
        return _shared(proposals), None

    def _proposal(
        self, payment: Payment, candidate: Candidate, chance: float, rank: int, alone: bool
    ) -> Proposal:
        confidence = calibrated(chance)
        safe = candidate.safe and rank == 1 and alone
        if not safe:
            confidence = min(confidence, CEILING)
        confidence = round(confidence, 4)
        fit = candidate.fit
        said = (reason(signal, payment.currency) for signal in candidate.signals)
        reasons = sorted(said, key=lambda one: -abs(one.weight))
        return Proposal(
            payment.id,
            tuple(doc.item.id for doc in candidate.docs),
            confidence,
            rank,
            safe and confidence >= self.threshold,
            money(fit.difference),
            money(fit.discount),
            tuple(reasons),
        )


def _worth_a_look(best: Candidate, chances: list[float]) -> bool:
    """Likely enough by itself, or one of a few equals of a payer who is known."""
    if chances[0] >= SPOKEN:
        return True
    return chances[0] >= SPOKEN / 2 and sum(chances) >= 0.6 and best.payer.weight >= 3.0


def _prefer_own(candidates: list[Candidate]) -> None:
    """A payer with a fitting document of his own hardly pays somebody else's."""
    if any(one.fit.explained and one.payer.strong and not one.paid for one in candidates):
        for one in candidates:
            if one.payer.contradicted:
                one.object_to(OWN)


def _order(candidate: Candidate) -> tuple[object, ...]:
    """Best first; of equals the older document, then the smaller number: never by chance."""
    docs = candidate.docs
    return (
        -round(candidate.score, 6),
        len(docs),
        [doc.day for doc in docs],
        [doc.item.number for doc in docs],
        [doc.item.id for doc in docs],
    )


def _shared(proposals: list[Proposal]) -> list[Proposal]:
    """Only one of them can be right: their probabilities add up to 1 at most."""
    total = sum(one.confidence for one in proposals)
    if total <= 1:
        return proposals
    if not proposals[0].likely:
        return [replace(one, confidence=_cut(one.confidence / total)) for one in proposals]
    first, *others = proposals
    part = (1 - first.confidence) / (total - first.confidence)
    return [first, *(replace(one, confidence=_cut(one.confidence * part)) for one in others)]


def _cut(confidence: float) -> float:
    return int(confidence * 10_000) / 10_000


def _paid_note(candidate: Candidate) -> Text:
    numbers = ", ".join(doc.item.number for doc in candidate.docs if doc.paid)
    return _lt("%(number)s is paid already: perhaps paid twice.", number=numbers)
