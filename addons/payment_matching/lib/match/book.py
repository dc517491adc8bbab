"""Everything open and lately paid, found by number, amount or payer without looking at the rest."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from .model import Item, Partner
from .names import Name, Names, keys, spellings
from .references import Number, compact, parse_number
from .words import folded, mailbox

CENT = 10  # amounts are whole thousandths: some currencies have three decimals
GRACE = 3  # days a cash discount is still granted after its term
CROWD = 40  # more documents of one amount than this are narrowed down by the payer's name
_UNIT = Decimal(1)


def mills(amount: Decimal) -> int:
    """Return an amount in whole thousandths."""
    return int((amount * 1000).quantize(_UNIT, ROUND_HALF_UP))


def money(amount: int) -> Decimal:
    """Return thousandths as an amount."""
    return (Decimal(amount) / 1000).quantize(
        Decimal("0.01") if amount % 10 == 0 else Decimal("0.001")
    )


@dataclass(frozen=True, slots=True)
class Doc:
    """An item, prepared."""

    place: int
    item: Item
    partner: int  # place of the partner, -1: unknown
    open: int
    net: int  # less the cash discount; equal to open where there is none
    until: int  # last day of the discount with grace, as ordinal
    day: int
    numbers: tuple[Number, ...]
    method: str

    @property
    def paid(self) -> bool:
        """Tell whether nothing is left to be paid."""
        return self.item.state == "paid"


@dataclass(frozen=True, slots=True)
class Party:
    """A partner, prepared."""

    partner: Partner
    names: tuple[Name, ...]
    words: frozenset[str]
    email: str
    city: str


def account_key(text: str) -> str:
    """Return an account number without blanks, upper case."""
    return "".join(text.split()).upper()


def _doc(place: int, item: Item, partner: int) -> Doc:
    amount = mills(item.amount)
    net, until = amount, 0
    if item.cash_discount and item.cash_discount.percent:
        off = item.amount * item.cash_discount.percent / 100
        net = mills((item.amount - off).quantize(Decimal("0.01"), ROUND_HALF_UP))
        until = item.cash_discount.until.toordinal() + GRACE
    texts = dict.fromkeys((item.number, item.shop_order_no, *item.references))
    numbers = tuple(filter(None, (parse_number(text) for text in texts if text)))
    method = folded(item.payment_method)
    return Doc(place, item, partner, amount, net, until, item.date.toordinal(), numbers, method)


def _party(partner: Partner) -> Party:
    texts = filter(None, (partner.name, partner.contact))
    names = tuple(dict.fromkeys(name for text in texts for name in spellings(text)))
    words = frozenset(word for name in names for word in name.words)
    city = folded(partner.city).strip()
    return Party(partner, names, words, mailbox(partner.email), city)


class Book:
    """The indexes. Building them is the only time all items are looked at."""

    def __init__(self, partners: Iterable[Partner], items: Iterable[Item]) -> None:
        self.parties = [_party(partner) for partner in partners]
        self.names = Names(name for party in self.parties for name in party.names)
        self.cities = {party.city for party in self.parties if party.city}
        places = {party.partner.id: place for place, party in enumerate(self.parties)}
        self.docs = [
            _doc(place, item, places.get(item.partner, -1)) for place, item in enumerate(items)
        ]
        self._index_parties()
        self._index_docs()

    def _index_parties(self) -> None:
        self.by_account: dict[str, list[int]] = defaultdict(list)
        self.by_email: dict[str, list[int]] = defaultdict(list)
        self.by_name: dict[str, list[int]] = defaultdict(list)
        self.by_customer: dict[str, list[int]] = defaultdict(list)
        self.customer_numbers: dict[int, Number] = {}
        for place, party in enumerate(self.parties):
            for account in {account_key(iban) for iban in party.partner.known_ibans} - {""}:
                self.by_account[account].append(place)
            if party.email:
                self.by_email[party.email].append(place)
            for key in set().union(*(keys(name) for name in party.names)):
                self.by_name[key].append(place)
            number = parse_number(party.partner.customer_no)
            if number:
                self.customer_numbers[place] = number
                for key in {number.digits.lstrip("0"), number.serial.lstrip("0")} - {""}:
                    self.by_customer[key].append(place)

    def _index_docs(self) -> None:
        self.by_digits: dict[str, list[tuple[Number, int]]] = defaultdict(list)
        self.by_compact: dict[str, list[tuple[Number, int]]] = defaultdict(list)
        self.by_series: dict[tuple[str, int], list[int]] = defaultdict(list)
        self.by_amount: dict[tuple[str, str, int], list[int]] = defaultdict(list)
        self.by_net: dict[tuple[str, str, int], list[int]] = defaultdict(list)
        self.by_partner: dict[int, list[int]] = defaultdict(list)
        self._crowds: dict[tuple[str, str, int], dict[str, list[int]]] = {}
        self.shapes: set[tuple[str, int]] = set()
        self.prefixes: set[str] = set()
        for doc in self.docs:
            item = doc.item
            self.by_amount[item.currency, item.direction, doc.open].append(doc.place)
            if item.total is not None and item.total != item.amount:
                self.by_amount[item.currency, item.direction, mills(item.total)].append(doc.place)
            if doc.net != doc.open:
                self.by_net[item.currency, item.direction, doc.net].append(doc.place)
            self.by_partner[doc.partner].append(doc.place)
            for number in doc.numbers:
                self._index_number(number, doc.place)
        self.by_partner.pop(-1, None)
        for places in self.by_partner.values():
            places.sort(key=lambda place: (self.docs[place].day, self.docs[place].item.id))

    def _index_number(self, number: Number, place: int) -> None:
        if not number.mixed:
            for key in number.keys:
                self.by_digits[key].append((number, place))
            self.by_series[number.series, int(number.serial)].append(place)
        self.by_compact[number.compact].append((number, place))
        if number.prefix:
            self.prefixes.add(number.prefix)
        if not number.mixed and len(number.digits) >= (4 if number.prefix else 5):
            self.shapes.add((number.prefix, len(number.digits)))

    def of_amount(self, key: tuple[str, str, int], names: Iterable[Name]) -> list[int]:
        """Return the documents of an amount; of very many, those whose partner has such a name."""
        places = self.by_amount.get(key, [])
        if len(places) <= CROWD:
            return places
        if key not in self._crowds:
            crowd: dict[str, list[int]] = defaultdict(list)
            for place in places:
                for word in self._words_of(place):
                    crowd[word].append(place)
            self._crowds[key] = crowd
        words = sorted({word for name in names for word in name.words}, key=self.names.rarity)
        found: dict[int, None] = {}
        for word in reversed(words):  # the rarest first
            found.update(dict.fromkeys(self._crowds[key].get(word, ())[:CROWD]))
        return list(found)[:CROWD]

    def _words_of(self, place: int) -> frozenset[str]:
        partner = self.docs[place].partner
        return self.parties[partner].words if partner >= 0 else frozenset()


__all__ = ["Book", "Doc", "Party", "account_key", "compact", "mills", "money"]
