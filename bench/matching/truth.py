"""Whether the truth can be known: what else fits a payment that names no document."""

import random
from collections import defaultdict
from datetime import timedelta
from itertools import combinations

from maker import Draft
from names import transliterated
from world import Item, Partner, World


def _folded(partner: Partner) -> str:
    if partner.company:
        return transliterated(partner.name).lower()
    return f"{transliterated(partner.first)[:1]} {transliterated(partner.last)}".lower()


class Knowledge:
    """Looks for documents that would explain a payment just as well."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.by_name: dict[str, list[Partner]] = defaultdict(list)
        self.by_account: dict[str, list[Partner]] = defaultdict(list)
        self.by_email: dict[str, list[Partner]] = defaultdict(list)
        for partner in world.partners:
            self.by_name[_folded(partner)].append(partner)
            self.by_email[partner.email].append(partner)
            for account in partner.known_ibans:
                self.by_account[account].append(partner)

    def judge(self, draft: Draft) -> None:
        """Mark the draft as unknowable when something else fits as well."""
        if draft.evidence and draft.partner and draft.knowable:
            draft.knowable = not self._rivals(draft)

    def _rivals(self, draft: Draft) -> bool:
        cents, own = round(draft.payment["amount"] * 100), {item.id for item in draft.targets}
        items = [
            [item for item in self.world.open(partner, fresh=False) if self._fits(item, draft)]
            for partner in self._partners(draft)
        ]
        found = [
            fit
            for some in items
            for fit in _explanations(some, cents, draft.payment["date"], deep=len(own) > 1)
        ]
        if own not in found and cents == sum(item.cents for item in draft.targets):
            found.append(own)  # a long sum is not searched for above
        # An amount that nothing explains is no proof: any other document might be meant.
        return found != [own] if found else sum(map(len, items)) > 1

    def _fits(self, item: Item, draft: Draft) -> bool:
        """A document younger than the payment cannot be meant."""
        payment = draft.payment
        return (
            item.currency == payment["currency"] and item.date.isoformat() <= payment["date"]
        ) or item in draft.targets

    def _partners(self, draft: Draft) -> list[Partner]:
        partner, payment = draft.partner, draft.payment
        assert partner
        if draft.evidence == "name" and payment["payer_iban"] in partner.known_ibans:
            return [partner]
        by = {
            "name": self.by_name[_folded(partner)],
            "account": self.by_account[payment["payer_iban"]],
            "email": self.by_email[partner.email],
        }
        return by.get(draft.evidence) or [partner]


def _due(item: Item, day: str) -> set[int]:
    """What may be paid on a day: all, or less the discount up to three days after its term."""
    discounted = item.cents - round(item.cents * item.percent / 100)
    grace = item.until and (item.until + timedelta(days=3)).isoformat() >= day
    return {item.cents, discounted} if grace else {item.cents}


def _explanations(items: list[Item], cents: int, day: str, *, deep: bool) -> list[set[str]]:
    found = [{item.id} for item in items if cents in _due(item, day)]
    for size in range(2, 5 if deep else 3):
        found += [
            {item.id for item in some}
            for some in combinations(items[:18], size)
            if sum(item.cents for item in some) == cents
        ]
    return found


def settle(drafts: list[Draft], world: World, rng: random.Random) -> tuple[list[dict], list[dict]]:
    """Payments and truth as they are written, in a mixed order."""
    knowledge = Knowledge(world)
    rng.shuffle(drafts)
    payments, truth = [], []
    for number, draft in enumerate(drafts, 1):
        knowledge.judge(draft)
        draft.payment["id"] = f"Z{number:05}"
        payments.append(draft.payment)
        truth.append(_entry(draft))
    return payments, truth


def _entry(draft: Draft) -> dict:
    targets: list[Item] = draft.targets
    return {
        "payment": draft.payment["id"],
        "class": draft.noise,
        "targets": [item.id for item in targets],
        "knowable": draft.knowable,
    }
