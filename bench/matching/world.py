"""The seller's customers and documents."""

import random
from collections import defaultdict
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from typing import Any

import names
from profiles import Profile

TODAY = date(2026, 11, 23)
SHIPPING = (390, 490, 590, 690)


@dataclass
class Partner:
    """A customer; what only the judge knows stands apart."""

    id: str
    name: str
    contact: str
    customer_no: str
    email: str
    city: str
    known_ibans: list[str] = field(default_factory=list)
    first: str = ""
    last: str = ""
    iban: str = ""

    @property
    def company(self) -> bool:
        return not self.last

    def public(self) -> dict[str, Any]:
        hidden = ("first", "last", "iban")
        return {key: value for key, value in asdict(self).items() if key not in hidden}


@dataclass
class Item:
    """An order or invoice; ``cents`` are open, ``shipping`` are part of them."""

    id: str
    type: str
    number: str
    shop_order_no: str
    partner: Partner
    state: str
    date: date
    cents: int
    currency: str
    payment_method: str
    percent: float = 0.0
    until: date | None = None
    shipping: int = 0

    def public(self) -> dict[str, Any]:
        terms = self.until and {"percent": self.percent, "until": self.until.isoformat()}
        return {
            "id": self.id,
            "type": self.type,
            "number": self.number,
            "shop_order_no": self.shop_order_no,
            "partner": self.partner.id,
            "state": self.state,
            "date": self.date.isoformat(),
            "amount": self.cents / 100,
            "currency": self.currency,
            "payment_method": self.payment_method,
            "cash_discount": terms,
        }


class World:
    """Makes partners and documents on demand; all of it follows from the seed."""

    def __init__(self, rng: random.Random, profile: Profile) -> None:
        self.rng, self.profile = rng, profile
        self.partners: list[Partner] = []
        self.items: list[Item] = []
        self.by_partner: dict[str, list[Item]] = defaultdict(list)
        self.used: set[str] = set()  # documents that a payment already belongs to
        self._counters: dict[str, int] = {}
        # A company keeps to a scheme, or has changed it once.
        self.schemes = {
            "order": rng.sample(profile.orders, rng.choice((1, 1, 2))),
            "invoice": rng.sample(profile.invoices, rng.choice((1, 2))),
            "shop": rng.sample(profile.shops, rng.choice((1, 2, 3))),
        }
        self.gambio = rng.choice((10000, 45000, 120000, 400000))

    # Partners

    def partner(
        self, name: tuple[str, str] | None = None, *, company: bool | None = None
    ) -> Partner:
        rng = self.rng
        if company is None:
            company = name is None and rng.random() < self.profile.companies
        first, last = name or names.person(rng)
        person = f"{first} {last}"
        if not company and rng.random() < 0.04:
            person = f"{rng.choice(names.TITLES)} {person}"
        if not company and rng.random() < 0.04:
            person = f"{rng.choice(names.FIRST)} und {person}"
        number = len(self.partners) + 1
        account = names.iban(rng, rng.choices(("DE", "AT", "NL", "PL", "CH"), (92, 3, 2, 2, 1))[0])
        made = Partner(
            id=f"P{number:05}",
            name=names.company(rng) if company else person,
            contact=person if company and rng.random() < 0.6 else "",
            customer_no=self.profile.customer_no.format(n=10000 + number * 3),
            email=names.email(rng, person) if rng.random() < 0.9 else "",
            city=rng.choice(names.CITIES),
            known_ibans=[account] if rng.random() < self.profile.accounts_known else [],
            first="" if company else first,
            last="" if company else last,
            iban=account,
        )
        self.partners.append(made)
        return made

    # Documents

    def next_number(self, scheme: str, day: date) -> str:
        key = scheme if "{m" not in scheme else f"{scheme}{day:%y%m}"
        start = self.gambio if scheme == "{g}" else self.rng.randint(20, 4000)
        # Most numbers are taken by one document after the other, as in life.
        step = 1 if self.rng.random() < 0.8 else self.rng.randint(2, 9)
        count = self._counters[key] = self._counters.get(key, start) + step
        digits = {
            f"d{size}": "".join(self.rng.choice("0123456789") for _ in range(size))
            for size in (2, 3, 5)
        }
        if scheme == "{g}":
            return str(count)
        sevens = [str(self.rng.randint(10**6, 10**7 - 1)) for _ in range(2)]
        text = scheme.replace("{d7}", sevens[0], 1).replace("{d7}", sevens[1], 1)
        text = text.replace("{d5}", digits["d5"], 1).replace("{d5}", digits["d5"][::-1], 1)
        return text.format(n=count, y=day.year, y2=f"{day:%y}", m=day.month, **digits)

    def price(self) -> tuple[int, int]:
        """Cents of goods and shipping, and the shipping in it."""
        rng, (mean, sigma) = self.rng, self.profile.prices
        euros = max(4, min(int(rng.lognormvariate(mean, sigma)), 25000))
        shipping = rng.choice(SHIPPING) if rng.random() < 0.6 else 0
        return euros * 100 + rng.choice(self.profile.ends) + shipping, shipping

    def item(self, partner: Partner, *, cents: int = 0, state: str = "open", **more: Any) -> Item:
        rng = self.rng
        kind = "order" if rng.random() < self.profile.order_share else "invoice"
        day = TODAY - timedelta(days=int(130 * rng.random() ** 1.6) + 4)
        price, shipping = self.price()
        shop = rng.random() < (0.85 if kind == "order" else 0.5)
        made = Item(
            id=f"D{len(self.items) + 1:05}",
            type=kind,
            number=self.next_number(rng.choice(self.schemes[kind]), day),
            shop_order_no=self.next_number(rng.choice(self.schemes["shop"]), day) if shop else "",
            partner=partner,
            state=state,
            date=day,
            cents=cents or price,
            currency="EUR",
            payment_method=self._method(kind),
            shipping=0 if cents else shipping,
        )
        if kind == "invoice" and rng.random() < self.profile.discounts:
            made.percent = rng.choice((2.0, 2.0, 3.0))
            made.until = day + timedelta(days=rng.choice((8, 10, 14)))
        for key, value in more.items():
            setattr(made, key, value)
        self.items.append(made)
        self.by_partner[partner.id].append(made)
        return made

    def _method(self, kind: str) -> str:
        if kind == "order":
            return self.rng.choices(("prepayment", "paypal", ""), (70, 20, 10))[0]
        return self.rng.choices(
            ("invoice", "prepayment", "paypal", "cash on delivery"), (75, 12, 8, 5)
        )[0]

    def fill(self, count: int) -> None:
        """Documents up to this number, spread unevenly over old and new customers."""
        rng = self.rng
        while len(self.items) < count:
            if len(self.partners) < self.profile.customers * count or not self.partners:
                partner = self.partner()
                if rng.random() < 0.4:
                    continue
            else:
                partner = self.partners[
                    int(len(self.partners) * rng.random() ** self.profile.regulars)
                ]
            state = "paid" if rng.random() < self.profile.paid_share else "open"
            currency = rng.choice(("USD", "CHF", "GBP")) if rng.random() < 0.01 else "EUR"
            self.item(partner, state=state, currency=currency)

    # Finding

    def open(self, partner: Partner, *, fresh: bool = True) -> list[Item]:
        """The customer's open documents; ``fresh``: that no payment was made for yet."""
        return [
            item
            for item in self.by_partner[partner.id]
            if item.state == "open" and not (fresh and item.id in self.used)
        ]

    def pick(self, *, state: str = "open") -> Item | None:
        """A document at random that nobody paid yet."""
        for _ in range(60):
            item = self.rng.choice(self.items)
            if item.state == state and item.id not in self.used and item.currency == "EUR":
                return item
        return None
