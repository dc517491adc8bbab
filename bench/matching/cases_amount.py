"""Payments whose amount is not what is open, and those that came through PayPal."""

from datetime import timedelta

import texts
from maker import Draft, Maker, case
from world import TODAY, Item


def _paid(maker: Maker, item: Item, cents: int, named: float = 0.75, **more: object) -> list[Draft]:
    """A customer's transfer of another amount; a share of ``named`` gives the number."""
    if cents <= 0 or cents == item.cents:
        return []
    if maker.rng.random() < named:
        return maker.draft(
            item, maker.words(item.number, item.partner, [item]), cents=cents, **more
        )
    text = maker.rng.choice(texts.WORDS)
    return maker.draft(item, text, cents=cents, evidence="name", **more)


@case
def part(maker: Maker) -> list[Draft]:
    """An instalment."""
    item, rng = maker.world.pick(), maker.rng
    if not item or item.cents < 4000:
        return []
    cents = rng.choice((item.cents // 2, item.cents // 3, 5000, 10000, 2000))
    return _paid(maker, item, cents, 0.9) if cents < item.cents - 1000 else []


@case
def two_payments(maker: Maker) -> list[Draft]:
    """Both halves of one document."""
    item, rng = maker.world.pick(), maker.rng
    if not item or item.cents < 4000:
        return []
    first = round(item.cents * rng.choice((0.5, 0.4, 0.3, 0.5)))
    drafts = []
    for cents in (first, item.cents - first):
        text = maker.words(item.number, item.partner, [item])
        drafts += maker.draft(item, text, cents=cents)
    return drafts


@case
def discount(maker: Maker) -> list[Draft]:
    """Within its term."""
    return _discount(maker, (-6, 0))


@case
def discount_grace(maker: Maker) -> list[Draft]:
    """Up to three days late."""
    return _discount(maker, (1, 3))


@case
def discount_late(maker: Maker) -> list[Draft]:
    """Taken long after."""
    return _discount(maker, (4, 15))


def _discount(maker: Maker, days: tuple[int, int]) -> list[Draft]:
    item, rng = maker.world.pick(), maker.rng
    if not item or item.type != "invoice" or item.cents < 2000:
        return []
    if not item.until:
        item.percent, item.until = 2.0, item.date + timedelta(days=rng.choice((8, 10, 14)))
    day = max(item.until + timedelta(days=rng.randint(*days)), item.date)
    if day > TODAY:
        return []
    return _paid(maker, item, item.cents - round(item.cents * item.percent / 100), day=day)


@case
def discount_untold(maker: Maker) -> list[Draft]:
    """Taken though none was granted."""
    item, rng = maker.world.pick(), maker.rng
    if not item or item.until or item.cents < 2000:
        return []
    return _paid(maker, item, item.cents - round(item.cents * rng.choice((2, 3)) / 100))


@case
def cents(maker: Maker) -> list[Draft]:
    item, rng = maker.world.pick(), maker.rng
    if not item:
        return []
    return _paid(maker, item, item.cents + rng.choice((-9, -5, -2, -1, 1, 1, 2, 5)))


@case
def shipping_left_out(maker: Maker) -> list[Draft]:
    item = maker.world.pick()
    return _paid(maker, item, item.cents - item.shipping) if item and item.shipping else []


@case
def overpaid(maker: Maker) -> list[Draft]:
    item, rng = maker.world.pick(), maker.rng
    if not item:
        return []
    step = rng.choice((100, 500, 1000))
    more = rng.choice(
        (-(-(item.cents + 1) // step) * step, item.cents + rng.choice((490, 590, 1000)))
    )
    return _paid(maker, item, more, 0.85)


@case
def digits_swapped(maker: Maker) -> list[Draft]:
    item, rng = maker.world.pick(), maker.rng
    if not item:
        return []
    digits = list(str(item.cents))
    place = rng.randrange(len(digits) - 1)
    digits[place], digits[place + 1] = digits[place + 1], digits[place]
    return _paid(maker, item, int("".join(digits))) if digits[0] != "0" else []


@case
def paypal_number(maker: Maker) -> list[Draft]:
    """The shop gave its number to the payment."""
    item, rng = maker.world.pick(), maker.rng
    if not item:
        return []
    number = item.shop_order_no if item.shop_order_no and rng.random() < 0.7 else item.number
    number = rng.choice((number, number, number, f"{number}-1", f"GX{number}", f"order {number}"))
    more = {"payer_email": item.partner.email if rng.random() < 0.6 else ""}
    return _paypal(maker, item, invoice_id=number, **more)


@case
def paypal_email(maker: Maker) -> list[Draft]:
    """No number; the address is the customer's."""
    item = maker.world.pick()
    if not item or not item.partner.email:
        return []
    name = maker.payer(item.partner) if maker.rng.random() < 0.5 else maker.stranger()
    more = {"payer_email": item.partner.email, "name": name}
    return _paypal(maker, item, "email", **more)


@case
def paypal_name(maker: Maker) -> list[Draft]:
    """No number, another address."""
    item = maker.world.pick()
    if not item:
        return []
    mail = f"pp{maker.rng.randint(100, 99999)}@example.net"
    return _paypal(maker, item, "name", payer_email=mail)


@case
def paypal_note(maker: Maker) -> list[Draft]:
    """The buyer wrote the number himself."""
    item, rng = maker.world.pick(), maker.rng
    if not item:
        return []
    number = rng.choice(
        (item.number, texts.rewritten(rng, item.number), texts.slips(rng, item.number))
    )
    return _paypal(maker, item, note=maker.words(number, item.partner, [item]))


def _paypal(maker: Maker, item: Item, evidence: str = "", **more: str) -> list[Draft]:
    maker.world.used.add(item.id)
    name = more.pop("name", "") or maker.payer(item.partner)
    code = maker.rng.choice(("T0006", "T0006", "T0007", "T0000", "T0011", "T0003"))
    payment = maker.paypal(item.cents, code, name=name, day=maker.day([item]), **more)
    return [Draft(payment, [item], evidence=evidence, partner=item.partner)]
