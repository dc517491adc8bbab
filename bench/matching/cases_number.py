"""Payments that name a document, more or less legibly."""

import re

import names
import texts
from maker import Draft, Maker, case
from world import Item


def _item(maker: Maker) -> Item | None:
    return maker.world.pick()


@case
def clean(maker: Maker) -> list[Draft]:
    item = _item(maker)
    return maker.draft(item, maker.words(item.number, item.partner, [item])) if item else []


@case
def shop_number(maker: Maker) -> list[Draft]:
    """The number the shop showed the buyer."""
    item = _item(maker)
    if not item or not item.shop_order_no:
        return []
    return maker.draft(item, maker.words(item.shop_order_no, item.partner, [item]))


@case
def rewritten(maker: Maker) -> list[Draft]:
    item = _item(maker)
    if not item:
        return []
    number = texts.rewritten(
        maker.rng, maker.rng.choice((item.number, item.shop_order_no or item.number))
    )
    return maker.draft(item, maker.words(number, item.partner, [item]))


@case
def wrapped(maker: Maker) -> list[Draft]:
    """The number lies across the end of a line of 27 characters."""
    item, rng = _item(maker), maker.rng
    if not item:
        return []
    number = item.number if rng.random() < 0.7 else texts.rewritten(rng, item.number)
    text = maker.words(number, item.partner, [item])
    lead = (27 - text.find(number) - rng.randint(1, max(1, len(number) - 1))) % 27
    words = "Guten Tag, wie ausgemacht zahle ich"
    text = (words[: lead - 1].rstrip().ljust(lead - 1) + " " if lead > 1 else "") + text
    return maker.draft(item, texts.wrapped(text, rng.choice(("\n", "\n", "\n", "", " "))), raw=True)


@case
def typo(maker: Maker) -> list[Draft]:
    """One slip; payer and amount are right."""
    item = _item(maker)
    if not item:
        return []
    number = texts.slips(maker.rng, item.number)
    return maker.draft(item, maker.words(number, item.partner, [item]))


@case
def buried(maker: Maker) -> list[Draft]:
    """Telephone numbers, dates, postcodes round the number."""
    item, rng = _item(maker), maker.rng
    if not item:
        return []
    parts = [maker.words(item.number, item.partner, [item])]
    parts += [texts.stray(rng) for _ in range(rng.randint(1, 3))]
    rng.shuffle(parts)
    return maker.draft(item, rng.choice((" ", ", ", " / ")).join(parts))


@case
def end_to_end(maker: Maker) -> list[Draft]:
    item, rng = _item(maker), maker.rng
    if not item:
        return []
    number = rng.choice((item.number, re.sub(r"[^A-Za-z0-9-]", "", item.number)))
    return maker.draft(item, rng.choice(texts.WORDS), end_to_end=number)


@case
def wrong_method(maker: Maker) -> list[Draft]:
    """Ordered with another way to pay, then transferred."""
    item = _item(maker)
    if not item:
        return []
    item.payment_method = maker.rng.choice(("paypal", "cash on delivery", "amazon", "credit card"))
    return maker.draft(item, maker.words(item.number, item.partner, [item]))


@case
def several(maker: Maker) -> list[Draft]:
    """Two to five documents with their numbers."""
    rng, first = maker.rng, _item(maker)
    if not first:
        return []
    items = maker.world.open(first.partner)
    while len(items) < 2 or (len(items) < 4 and rng.random() < 0.3):
        items.append(maker.world.item(first.partner, type=first.type))
    items = [i for i in items if i.currency == "EUR"]
    items = rng.sample(items, min(len(items), rng.choice((2, 2, 2, 3, 3, 4, 5))))
    return _together(maker, items, texts.listed(rng, sorted(i.number for i in items)))


@case
def number_range(maker: Maker) -> list[Draft]:
    """Neighbouring documents: "00123 bis 00126"."""
    rng, first = maker.rng, _item(maker)
    if not first:
        return []
    scheme = rng.choice(maker.world.schemes["invoice"])
    day, items = first.date, []
    number = maker.world.next_number(scheme, day)
    tail = list(re.finditer(r"\d+", number))
    if len(tail[-1].group()) < 3:
        return []
    start = int(tail[-1].group())
    for step in (0, 1, 2, 3)[: rng.randint(2, 4)]:
        text = number[: tail[-1].start()] + f"{start + step:0{len(tail[-1].group())}}"
        if any(item.number == text for item in maker.world.items):
            return []
        items.append(maker.world.item(first.partner, type="invoice", number=text, date=day))
    return _together(maker, items, texts.span(rng, [i.number for i in items]))


def _together(maker: Maker, items: list[Item], numbers: str) -> list[Draft]:
    maker.world.used.update(item.id for item in items)
    partner, cents = items[0].partner, sum(item.cents for item in items)
    text = maker.words(numbers, partner, items)
    payment = maker.bank(cents, text, partner=partner, items=items)
    return [Draft(payment, items, partner=partner)]


@case
def other_number(maker: Maker) -> list[Draft]:
    """The right amount from the right payer, but somebody else's number."""
    item, other = _item(maker), _item(maker)
    if not item or not other or item.partner is other.partner or item.cents == other.cents:
        return []
    text = maker.words(other.number, item.partner, [item])
    return maker.draft(item, text, evidence="name")


@case
def other_number_same_amount(maker: Maker) -> list[Draft]:
    """The same, and the other document even has the same amount."""
    item = _item(maker)
    if not item:
        return []
    other = maker.world.item(maker.rng.choice(maker.world.partners), cents=item.cents)
    maker.world.used.add(other.id)
    if other.partner is item.partner:
        return []
    text = maker.words(other.number, item.partner, [item])
    return maker.draft(
        item, text, name=f"{item.partner.first} {item.partner.last}".strip() or item.partner.name
    )


@case
def relative(maker: Maker) -> list[Draft]:
    """Husband, mother, flatmate: another name, the right number."""
    item, rng = _item(maker), maker.rng
    if not item:
        return []
    number = item.number if rng.random() < 0.75 else item.shop_order_no or item.number
    name = maker.stranger(item.partner.last if rng.random() < 0.5 else "")
    text = maker.words(number, None if rng.random() < 0.5 else item.partner, [item])
    return maker.draft(item, text, name=name, account=names.iban(rng))


@case
def company_for_employee(maker: Maker) -> list[Draft]:
    item, rng = _item(maker), maker.rng
    if not item:
        return []
    firms = [p for p in maker.world.partners if p.company and p is not item.partner]
    firm = rng.choice(firms) if firms and rng.random() < 0.3 else None
    if firm and any(i.cents == item.cents for i in maker.world.by_partner[firm.id]):
        return []
    name, account = (firm.name, firm.iban) if firm else (names.company(rng), names.iban(rng))
    return maker.draft(item, maker.words(item.number, None, [item]), name=name, account=account)


@case
def currency(maker: Maker) -> list[Draft]:
    """A document in another currency, or a transfer from abroad that lost its charges."""
    item, rng = _item(maker), maker.rng
    if not item:
        return []
    if rng.random() < 0.5:
        cents = item.cents - rng.choice((500, 750, 1000, 1250))
        if cents < 1000:
            return []
        text = maker.words(item.number, item.partner, [item]) + " Charges SHA"
        return maker.draft(item, text, cents=cents, account=names.iban(rng, "CH"))
    item = maker.world.item(item.partner, currency=rng.choice(("USD", "CHF", "GBP")))
    drafts = maker.draft(item, maker.words(item.number, item.partner, [item]))
    drafts[0].payment["currency"] = item.currency
    return drafts
