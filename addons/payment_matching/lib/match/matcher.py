"""The matcher: candidates by index, weighed, compared with each other and with "none"."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import islice

from odoo.addons.automation_core.lib.texts import Marker, Text

from . import codes
from .amounts import subsets, sums
from .book import CENT, Book, Doc, mills, money
from .calibration import CEILING, calibrated, softmax
from .mentions import STRONG, find
from .model import Item, Note, Partner, Payment, Proposal
from .payer import Payers
from .reasons import reason
from .remittance import read
from .score import Candidate, Scorer

_lt = Marker(__name__)

RANKS = 3
OWN = -4.0
SPOKEN = 0.35  # below this the best candidate is not worth a look
ALSO = 0.01  # nor is a second one below this
_PARTNERS = 12  # partners whose documents are looked at
_DOCS = 12  # documents of a partner weighed one by one
_SUMMED = 40  # documents of a partner that may be summed up
_WEIGHED = 60


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
        why = codes.aside(payment)
        if why is not None:
            return [], Note(payment.id, why)
        amount = abs(mills(payment.amount))
        if not amount:
            return [], None
        candidates = _Search(self.book, payment, amount).candidates()
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
        return proposals, None

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


def _paid_note(candidate: Candidate) -> Text:
    numbers = ", ".join(doc.item.number for doc in candidate.docs if doc.paid)
    return _lt("%(number)s is paid already: perhaps paid twice.", number=numbers)


class _Search:
    """Finds and weighs the candidates of one payment."""

    def __init__(self, book: Book, payment: Payment, amount: int) -> None:
        self.book = book
        self.payment = payment
        self.amount = amount
        self.day = payment.date.toordinal()
        self._open_docs: dict[int, list[Doc]] = {}
        self.direction = "in" if payment.amount > 0 else "out"
        text = read(payment.remittance, book.cities)
        self.found = find(book, [text.text, *_further(payment)])
        self.payers = Payers(book, payment, text.payers, self.found)
        self.scorer = Scorer(book, payment, amount, self.found, self.payers)
        self.scorer.refund = self.direction == "in" and codes.sounds_like_refund(payment)

    def candidates(self) -> list[Candidate]:
        """Return single documents and sets of them, weighed."""
        singles = [doc for place in self._places() if (doc := self._fitting(place))]
        found = [self.scorer.weigh([doc], self._rivals(doc)) for doc in singles[:_WEIGHED]]
        found = [one for one in found if not one.paid or self._explains(one)]
        return found + [self.scorer.weigh(docs, rivals) for docs, rivals in self._sets().values()]

    def _explains(self, paid: Candidate) -> bool:
        hit = self.found.docs.get(paid.docs[0].place)
        return paid.fit.explained or bool(hit and hit.weight >= STRONG)

    def _rivals(self, doc: Doc) -> int:
        return len(self._open(doc.partner)) if doc.partner >= 0 else 2

    def _open(self, partner: int) -> list[Doc]:
        """Return the documents of a partner that may be summed up, oldest first."""
        if partner not in self._open_docs:
            places = self.book.by_partner.get(partner, ())
            docs = (self._summable(place) for place in places)
            self._open_docs[partner] = list(islice(filter(None, docs), _SUMMED))
        return self._open_docs[partner]

    def _fitting(self, place: int) -> Doc | None:
        doc = self.book.docs[place]
        item = doc.item
        fits = item.currency == self.payment.currency and item.direction == self.direction
        return doc if fits and doc.open > 0 else None

    def _places(self) -> list[int]:
        """Return the documents worth weighing, best sources first, each once."""
        places: dict[int, None] = {}
        named = sorted(self.found.docs.items(), key=lambda entry: -entry[1].weight)
        places.update(dict.fromkeys(place for place, _hit in named[:30]))
        places.update(dict.fromkeys(self._by_amount()))
        for partner in self._partners():
            mine = self.book.by_partner.get(partner, [])
            if len(mine) > _DOCS:
                mine = sorted(mine, key=self._distance)[:_DOCS]
            places.update(dict.fromkeys(mine))
        return list(places)

    def _distance(self, place: int) -> tuple[bool, int]:
        doc = self.book.docs[place]
        return doc.paid, abs(doc.open - self.amount)

    def _by_amount(self) -> list[int]:
        currency, names = self.payment.currency, self.payers.names
        found = list(self.book.of_amount((currency, self.direction, self.amount), names))
        for off in (0, CENT, -CENT, 2 * CENT, -2 * CENT):
            found += self.book.by_net.get((currency, self.direction, self.amount + off), ())[:20]
        return found

    def _partners(self) -> list[int]:
        """Return the partners who may be the payer, the likeliest first."""
        weights = {place: self.payers.evidence(place).weight for place in self.payers.candidates()}
        for place, hit in self.found.docs.items():
            partner = self.book.docs[place].partner
            if hit.weight >= 4.0 and partner >= 0:
                weights[partner] = max(weights.get(partner, 0.0), hit.weight)
        ranked = sorted(
            (place for place in weights if weights[place] >= 3.0), key=lambda p: (-weights[p], p)
        )
        return ranked[:_PARTNERS]

    def _sets(self) -> dict[tuple[int, ...], tuple[tuple[Doc, ...], int]]:
        """Return several documents at once, and from how many they were chosen."""
        found: dict[tuple[int, ...], tuple[tuple[Doc, ...], int]] = {}
        for partner in self._partners()[:4]:
            docs = self._open(partner)
            for chosen in sums(docs, self.amount, self.day):
                found[tuple(doc.place for doc in chosen)] = (chosen, len(docs))
        named = self._named()
        if len(named) > 1:
            for chosen in (tuple(named), *subsets(named, self.amount, self.day)):
                rivals = len(self._open(chosen[0].partner))
                found.setdefault(tuple(doc.place for doc in chosen), (chosen, rivals))
        return found

    def _summable(self, place: int) -> Doc | None:
        doc = self._fitting(place)
        return doc if doc and not doc.paid and doc.day <= self.day + 3 else None

    def _named(self) -> list[Doc]:
        """Return the open documents named in the text, one for each place in it."""
        docs: list[Doc] = []
        spans: set[tuple[int, int]] = set()
        hits = sorted(self.found.docs.items(), key=lambda entry: -entry[1].weight)
        for place, hit in hits:
            doc = self._summable(place)
            taken = any(start < hit.end and hit.start < end for start, end in spans)
            if doc and hit.weight >= 4.0 and (hit.listed or not taken):
                spans.add((hit.start, hit.end))
                docs.append(doc)
        return sorted(docs, key=lambda doc: (doc.day, doc.place))[:8]


def _further(payment: Payment) -> Sequence[str]:
    """Return the other fields that may hold a number."""
    end_to_end = payment.end_to_end_id
    if end_to_end.strip().upper() in ("NOTPROVIDED", "NONREF", "NOT PROVIDED"):
        end_to_end = ""
    return end_to_end, payment.invoice_id, payment.reference_id
