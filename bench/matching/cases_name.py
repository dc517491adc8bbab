"""Payments without a number: name, account, customer number, or the amount alone."""

import names
import texts
from maker import Draft, Maker, case
from world import Item


@case
def customer_no(maker: Maker) -> list[Draft]:
    item, rng = maker.world.pick(), maker.rng
    if not item:
        return []
    number = item.partner.customer_no
    text = rng.choice(("Kd-Nr {}", "Kundennummer {}", "KdNr. {} Rechnung", "{}", "KD {} danke"))
    return maker.draft(item, text.format(number), evidence="customer_no")


@case
def name_only(maker: Maker) -> list[Draft]:
    """No number at all; the amount fits."""
    item, rng = maker.world.pick(), maker.rng
    if not item:
        return []
    text = rng.choice((*texts.WORDS, "", item.partner.name, texts.stray(rng)))
    return maker.draft(item, text, evidence="name")


@case
def umlaut_name(maker: Maker) -> list[Draft]:
    """As before, with a name whose letters a bank spoilt."""
    for _ in (1, 2, 3, 4, 5, 6, 7, 8):
        item = maker.world.pick()
        if item and not item.partner.name.isascii():
            name = names.spoilt(maker.rng, item.partner.name)
            return maker.draft(item, maker.rng.choice(texts.WORDS), name=name, evidence="name")
    return []


@case
def known_account(maker: Maker) -> list[Draft]:
    """A strange name, but this account has paid for the customer before."""
    item = _with_account(maker)
    if not item:
        return []
    name, text = maker.stranger(), maker.rng.choice(texts.WORDS)
    account = item.partner.known_ibans[0]
    return maker.draft(item, text, name=name, account=account, evidence="account")


@case
def shared_account(maker: Maker) -> list[Draft]:
    """An account that has paid for two customers; amount or name tells which."""
    item, other = _with_account(maker), maker.world.pick()
    if not item or not other or other.partner is item.partner:
        return []
    account = item.partner.known_ibans[0]
    if len(other.partner.known_ibans) > 2:
        return []
    other.partner.known_ibans.append(account)
    name = maker.payer(maker.rng.choice((item.partner, item.partner, other.partner)))
    return maker.draft(
        item, maker.rng.choice(texts.WORDS), name=name, account=account, evidence="account"
    )


def _with_account(maker: Maker) -> Item | None:
    for _ in (1, 2, 3, 4, 5, 6, 7, 8):
        item = maker.world.pick()
        if item and item.partner.known_ibans:
            return item
    return None


@case
def relative_named(maker: Maker) -> list[Draft]:
    """Somebody else pays and names the customer."""
    item, rng = maker.world.pick(), maker.rng
    if not item or item.partner.company:
        return []
    who = f"{item.partner.first} {item.partner.last}"
    text = rng.choice(("fuer {}", "Bestellung {}", "{} Rechnung", "Zahlung Rechnung {}")).format(
        who
    )
    name = maker.stranger(item.partner.last if rng.random() < 0.4 else "")
    return maker.draft(item, text, name=name, account=names.iban(rng), evidence="name")


@case
def stranger(maker: Maker) -> list[Draft]:
    """Only the amount fits: nobody can be sure."""
    item = maker.world.pick()
    if not item:
        return []
    text, account = maker.rng.choice(texts.WORDS), names.iban(maker.rng)
    return maker.draft(item, text, name=maker.stranger(), account=account, knowable=False)


@case
def twin(maker: Maker) -> list[Draft]:
    """Two customers of one name, one amount, no number: nobody can know."""
    item, rng = maker.world.pick(), maker.rng
    if not item or item.partner.company:
        return []
    one = item.partner
    if rng.random() < 0.6:
        double = maker.world.partner((one.first, one.last))
        name = f"{one.first} {one.last}"
    else:
        firsts = [f for f in names.FIRST if f[0] == one.first[0] and f != one.first]
        if not firsts:
            return []
        double, name = (
            maker.world.partner((rng.choice(firsts), one.last)),
            f"{one.first[0]}. {one.last}",
        )
    maker.world.used.add(maker.world.item(double, cents=item.cents, date=item.date).id)
    text, account = rng.choice(texts.WORDS), names.iban(rng)
    return maker.draft(item, text, name=name, account=account, knowable=False)


@case
def twin_by_account(maker: Maker) -> list[Draft]:
    """Twins told apart by the account, the customer number or the document's number."""
    item, rng = maker.world.pick(), maker.rng
    if not item or item.partner.company:
        return []
    one = item.partner
    double = maker.world.partner((one.first, one.last))
    double.known_ibans = []
    maker.world.used.add(maker.world.item(double, cents=item.cents, date=item.date).id)
    kind, name = rng.randrange(3), f"{one.first} {one.last}"
    if kind == 0:
        one.known_ibans = (
            [*one.known_ibans, one.iban] if one.iban not in one.known_ibans else one.known_ibans
        )
        text, evidence = rng.choice(texts.WORDS), "account"
        return maker.draft(item, text, name=name, account=one.iban, evidence=evidence)
    number = item.number if kind == 1 else f"Kundennr. {one.customer_no}"
    evidence = "" if kind == 1 else "customer_no"
    return maker.draft(item, number, name=name, account=names.iban(rng), evidence=evidence)


@case
def several_unnumbered(maker: Maker) -> list[Draft]:
    """Some of the customer's open documents, no number."""
    rng, first = maker.rng, maker.world.pick()
    if not first:
        return []
    items = [i for i in maker.world.open(first.partner) if i.currency == "EUR"]
    while len(items) < 3:
        items.append(maker.world.item(first.partner))
    return _sum(maker, rng.sample(items, rng.choice((2, 2, 3))))


@case
def all_open(maker: Maker) -> list[Draft]:
    """All that is open, in one sum."""
    first = maker.world.pick()
    if not first:
        return []
    items = maker.world.open(first.partner, fresh=False)
    while len(items) < 2:
        items.append(maker.world.item(first.partner))
    if len(items) > 9 or any(i.id in maker.world.used or i.currency != "EUR" for i in items):
        return []
    return _sum(maker, items)


def _sum(maker: Maker, items: list[Item]) -> list[Draft]:
    rng = maker.rng
    maker.world.used.update(item.id for item in items)
    partner = items[0].partner
    text = rng.choice(
        (*texts.WORDS, "alle offenen Rechnungen", "Sammelzahlung", partner.customer_no)
    )
    payment = maker.bank(sum(i.cents for i in items), text, partner=partner, items=items)
    return [Draft(payment, items, evidence="name", partner=partner)]
