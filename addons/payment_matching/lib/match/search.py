"""Which documents are worth weighing for one payment: by number, amount and payer, never all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cached_property

from . import codes
from .amounts import judge, subsets, sums
from .book import CENT, Book, Doc
from .hits import STRONG
from .mentions import find
from .model import Payment
from .names import Likeness
from .payer import Payers
from .remittance import read
from .score import Candidate, Scorer
from .slips import near

_PARTNERS = 10  # partners whose documents are looked at
_SUMMING = 4  # partners whose documents are summed up
_DOCS = 12  # documents of a partner weighed one by one
_SUMMED = 40  # documents of a partner that may be summed up: the newest
_MANY = 400  # documents of one partner: a collective customer, no payer
_WEIGHED = 60
_NET = 20


class Search:
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
        """Return the open documents of a partner that may be summed up, by date."""
        if partner not in self._open_docs:
            docs: list[Doc] = []
            for place in reversed(self.book.by_partner.get(partner, ())[-_MANY:]):
                doc = self._summable(place)
                if doc:
                    docs.append(doc)
                if len(docs) >= _SUMMED:
                    break
            self._open_docs[partner] = docs[::-1]
        return self._open_docs[partner]

    def _fitting(self, place: int) -> Doc | None:
        doc = self.book.docs[place]
        item = doc.item
        fits = item.currency == self.payment.currency and item.direction == self.direction
        return doc if fits and doc.open > 0 else None

    def _summable(self, place: int) -> Doc | None:
        doc = self._fitting(place)
        return doc if doc and not doc.paid and doc.day <= self.day + 3 else None

    def _places(self) -> Iterable[int]:
        """Return the documents worth weighing, best sources first, each once."""
        named = self.found.ranked(self.book)
        places = dict.fromkeys(place for place, _hit in named[:30])
        places.update(dict.fromkeys(self._by_amount()))
        for partner in self._partners:
            places.update(dict.fromkeys(self._of_partner(partner)))
        return places

    def _by_amount(self) -> list[int]:
        """Return the documents of this amount where something else fits a little, too."""
        currency, names = self.payment.currency, self.payers.names
        found = self.book.of_amount((currency, self.direction, self.amount), names)
        found = [place for place in found if self._is_hinted(place)]
        for off in (0, CENT, -CENT, 2 * CENT, -2 * CENT):
            key = (currency, self.direction, self.amount + off)
            found += self.book.by_net.get(key, ())[:_NET]
        return found

    def _is_hinted(self, place: int) -> bool:
        doc = self.book.docs[place]
        if doc.partner in self.payers.likely:
            return True
        if doc.partner >= 0:
            words = self.book.parties[doc.partner].words
            if not self.payers.family.isdisjoint(words):
                return True
            if not self.payers.own.isdisjoint(words) and (
                self.payers.likeness(doc.partner) >= Likeness.ALIKE
            ):
                return True  # a name with a slip, which no key finds
        return near(self.found, doc.numbers) is not None

    def _of_partner(self, partner: int) -> list[int]:
        """Return the documents of a partner that this amount may be meant for."""
        places = self.book.by_partner.get(partner, [])
        if len(places) > _MANY:
            return []
        if not self._is_well_known(partner):
            places = [place for place in places if self._is_plausible(place)]
        if len(places) > _DOCS:
            places = sorted(places, key=self._distance)[:_DOCS]
        return places

    def _is_well_known(self, partner: int) -> bool:
        return self.payers.evidence(partner).weight >= 7.0 or len(self._open(partner)) == 1

    def _is_plausible(self, place: int) -> bool:
        doc = self.book.docs[place]
        return judge(self.amount, [doc], self.day).weight > -2.5

    def _distance(self, place: int) -> tuple[bool, int]:
        doc = self.book.docs[place]
        return doc.paid, abs(doc.open - self.amount)

    @cached_property
    def _partners(self) -> list[int]:
        """The partners who may be the payer, the likeliest first."""
        weights = {place: self.payers.evidence(place).weight for place in self.payers.likely}
        for place, hit in self.found.docs.items():
            partner = self.book.docs[place].partner
            if hit.weight >= 4.0 and partner >= 0:
                weights[partner] = max(weights.get(partner, 0.0), hit.weight)
        ranked = sorted(
            (place for place in weights if weights[place] >= 3.0),
            key=lambda place: (-weights[place], self.book.parties[place].partner.id),
        )
        return ranked[:_PARTNERS]

    def _sets(self) -> dict[tuple[int, ...], tuple[tuple[Doc, ...], int]]:
        """Return several documents at once, and from how many they were chosen."""
        found: dict[tuple[int, ...], tuple[tuple[Doc, ...], int]] = {}
        for partner in self._partners[:_SUMMING]:
            docs = self._open(partner)
            for chosen in sums(docs, self.amount, self.day):
                found[tuple(doc.place for doc in chosen)] = (chosen, len(docs))
        for chosen in self._named_together():
            rivals = len(self._open(chosen[0].partner))
            found.setdefault(tuple(doc.place for doc in chosen), (chosen, rivals))
        return found

    def _named_together(self) -> Iterable[tuple[Doc, ...]]:
        """Return what is named of each customer, and any of it that the amount explains."""
        named = self._named()
        by_partner: dict[int, list[Doc]] = defaultdict(list)
        for doc in named:
            by_partner[doc.partner].append(doc)
        yield from (tuple(docs) for docs in by_partner.values() if len(docs) > 1)
        yield from subsets(named, self.amount, self.day)

    def _named(self) -> list[Doc]:
        """Return the open documents named in the text, one for each place in it."""
        docs: list[Doc] = []
        spans: set[tuple[int, int, int]] = set()
        for place, hit in self.found.ranked(self.book):
            doc = self._summable(place)
            taken = any(
                text == hit.text and start < hit.end and hit.start < end
                for text, start, end in spans
            )
            if doc and hit.weight >= 4.0 and (hit.listed or not taken):
                spans.add((hit.text, hit.start, hit.end))
                docs.append(doc)
        return sorted(docs[:20], key=lambda doc: (doc.day, doc.item.id))


def _further(payment: Payment) -> Sequence[str]:
    """Return the other fields that may hold a number."""
    end_to_end = payment.end_to_end_id
    if end_to_end.strip().upper() in ("NOTPROVIDED", "NONREF", "NOT PROVIDED"):
        end_to_end = ""
    return end_to_end, payment.invoice_id, payment.reference_id
