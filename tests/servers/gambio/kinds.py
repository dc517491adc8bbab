"""What the made-up orders are about: articles, kinds of orders and how each kind differs."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal

from .people import Buyer, german_vat, make_buyer

CENT = Decimal("0.01")
ZERO = Decimal(0)
NOTES = (
    "Bitte als Geschenk verpacken, danke!",
    "Lieferung bitte erst ab Montag, wir sind im Urlaub.",
    "Beim Nachbarn Müller (2. OG links) abgeben 🙂",
    "Rechnung bitte auf die Firma ausstellen.",
)
# kind -> how many of 100 orders are of this kind
KINDS = {
    "plain": 40, "paypal": 12, "prepayment": 8, "invoice": 5, "quantities": 6, "guest": 4,
    "note": 3, "packstation": 3, "variants": 3, "b2b_gross": 2, "b2b_net": 2, "austria": 1,
    "switzerland": 1, "netherlands": 1, "discount": 1, "coupon": 1, "voucher": 1, "cod": 1,
    "mixed_tax": 1, "packstation_no_number": 1, "packstation_bulky": 1, "unknown_sku": 1,
    "cancelled": 1,
}  # fmt: skip


@dataclass(frozen=True)
class Article:
    """What the shop sells: gross price; ``options`` are the properties of a variant."""

    sku: str
    name: str
    price: Decimal
    tax: int = 19
    options: tuple[tuple[str, str], ...] = ()
    bulky: bool = False


CATALOGUE = (
    Article("KERZE-01", "Bienenwachskerze „Nordlicht“", Decimal("14.90")),
    Article("TASSE-BL", "Steinguttasse blau, 0,3 l", Decimal("12.50")),
    Article("DECKE-XL", "Wolldecke 150 × 200 cm", Decimal("89.00")),
    Article("REGAL-2M", "Eichenregal 200 cm", Decimal("349.00"), bulky=True),
    Article("TEE-100", "Ostfriesentee 100 g", Decimal("6.95"), tax=7),
    Article("BUCH-17", "Kochbuch „Grünkohl & mehr“", Decimal("24.00"), tax=7),
    Article("SHIRT-M-ROT", "T-Shirt", Decimal("19.90"), options=(("Größe", "M"), ("Farbe", "Rot"))),
    Article(
        "SHIRT-L-BLAU", "T-Shirt", Decimal("19.90"), options=(("Größe", "L"), ("Farbe", "Blau"))
    ),
)


@dataclass
class Draft:
    """One order while it is made up."""

    buyer: Buyer
    lines: list[tuple[Article, int]]
    payment: str = "paypal3"
    delivery: Buyer | None = None
    comment: str = ""
    status: int = 1
    net: bool = False
    tax_free: bool = False
    vat: str = ""
    extras: list[tuple[str, str, Decimal]] = field(default_factory=list)


def cents(value: Decimal) -> Decimal:
    """Return an amount rounded to the cent."""
    return value.quantize(CENT, ROUND_HALF_UP)


def make_draft(
    rng: random.Random,
    kind: str,
    catalogue: Sequence[Article],
    buyers: list[Buyer],
    lines: int | None,
) -> Draft:
    """Return an order of a kind; every fifth plain buyer has bought before."""
    country = {"austria": "AT", "switzerland": "CH", "netherlands": "NL"}.get(kind, "DE")
    if kind == "plain" and buyers and rng.random() < 0.2:
        buyer = rng.choice(buyers)
    else:
        buyer = make_buyer(rng, 2 + len(buyers), country, kind.startswith("b2b"))
        buyers.append(buyer)
    usual = [a for a in catalogue if not a.bulky and not a.options] or list(catalogue)
    if kind != "mixed_tax":
        usual = [a for a in usual if a.tax == usual[0].tax]
    count = min(lines or rng.choice((1, 1, 1, 2, 2, 3)), len(usual))
    draft = Draft(buyer, [(article, 1) for article in rng.sample(usual, count)])
    if kind == "plain":
        draft.payment = rng.choice(("paypal3", "paypal3", "paypal3", "invoice", "moneyorder"))
    _SHAPES.get(kind, _no_change)(rng, draft, catalogue)
    return draft


def _no_change(rng: random.Random, draft: Draft, catalogue: Sequence[Article]) -> None:
    """Leave the plain order as it is."""


def _prepayment(rng: random.Random, draft: Draft, catalogue: Sequence[Article]) -> None:
    draft.payment = rng.choice(("moneyorder", "eustandardtransfer"))


def _invoice(rng: random.Random, draft: Draft, catalogue: Sequence[Article]) -> None:
    draft.payment = "invoice"


def _note(rng: random.Random, draft: Draft, catalogue: Sequence[Article]) -> None:
    draft.comment = rng.choice(NOTES)


def _quantities(rng: random.Random, draft: Draft, catalogue: Sequence[Article]) -> None:
    draft.lines = [(article, rng.randint(2, 12)) for article, _one in draft.lines]


def _guest(rng: random.Random, draft: Draft, catalogue: Sequence[Article]) -> None:
    draft.buyer = replace(draft.buyer, guest=True)


def _locker(rng: random.Random, draft: Draft, catalogue: Sequence[Article]) -> None:
    number = str(rng.randint(1_000_000, 99_999_999))
    draft.delivery = draft.buyer.at_locker(rng.randint(101, 399), number)


def _locker_no_number(rng: random.Random, draft: Draft, catalogue: Sequence[Article]) -> None:
    draft.delivery = draft.buyer.at_locker(rng.randint(101, 399), "")


def _locker_bulky(rng: random.Random, draft: Draft, catalogue: Sequence[Article]) -> None:
    _locker(rng, draft, catalogue)
    bulky = [article for article in catalogue if article.bulky]
    draft.lines = [(rng.choice(bulky), 1)] if bulky else draft.lines


def _variants(rng: random.Random, draft: Draft, catalogue: Sequence[Article]) -> None:
    variants = [article for article in catalogue if article.options]
    draft.lines = [(article, 1) for article in variants[:2]] or draft.lines


def _b2b(rng: random.Random, draft: Draft, catalogue: Sequence[Article]) -> None:
    draft.vat = german_vat(rng)
    draft.payment = "invoice"


def _b2b_net(rng: random.Random, draft: Draft, catalogue: Sequence[Article]) -> None:
    _b2b(rng, draft, catalogue)
    draft.net = True


def _tax_free(rng: random.Random, draft: Draft, catalogue: Sequence[Article]) -> None:
    draft.tax_free = True


def _discount(rng: random.Random, draft: Draft, catalogue: Sequence[Article]) -> None:
    goods = sum((article.price * quantity for article, quantity in draft.lines), ZERO)
    draft.extras.append(("ot_discount", "3.00% Rabatt:", -cents(goods * Decimal("0.03"))))


def _coupon(rng: random.Random, draft: Draft, catalogue: Sequence[Article]) -> None:
    draft.extras.append(("ot_coupon", "Kupon: HERBST5", Decimal("-5.00")))


def _voucher(rng: random.Random, draft: Draft, catalogue: Sequence[Article]) -> None:
    draft.extras.append(("ot_gv", "Guthaben/Gutscheine:", Decimal("-10.00")))


def _cod(rng: random.Random, draft: Draft, catalogue: Sequence[Article]) -> None:
    draft.payment = "cod"
    draft.extras.append(("ot_cod_fee", "Nachnahmegebühr:", Decimal("5.95")))


def _mixed(rng: random.Random, draft: Draft, catalogue: Sequence[Article]) -> None:
    low = [article for article in catalogue if article.tax == 7]
    high = [article for article in catalogue if article.tax == 19 and not article.bulky]
    if low and high:
        draft.lines = [(rng.choice(low), 2), (rng.choice(high), 1)]


def _unknown(rng: random.Random, draft: Draft, catalogue: Sequence[Article]) -> None:
    article, quantity = draft.lines[0]
    name = "Restposten ohne Stammdaten"
    draft.lines[0] = (replace(article, sku=f"NEU-{rng.randint(1000, 9999)}", name=name), quantity)


def _cancelled(rng: random.Random, draft: Draft, catalogue: Sequence[Article]) -> None:
    draft.status = 99


_SHAPES = {
    "prepayment": _prepayment,
    "invoice": _invoice,
    "note": _note,
    "quantities": _quantities,
    "guest": _guest,
    "packstation": _locker,
    "packstation_no_number": _locker_no_number,
    "packstation_bulky": _locker_bulky,
    "variants": _variants,
    "b2b_gross": _b2b,
    "b2b_net": _b2b_net,
    "switzerland": _tax_free,
    "discount": _discount,
    "coupon": _coupon,
    "voucher": _voucher,
    "cod": _cod,
    "mixed_tax": _mixed,
    "unknown_sku": _unknown,
    "cancelled": _cancelled,
}
