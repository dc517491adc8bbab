"""Whether the truth can be known: what else fits a payment that names no document."""

import random
from collections import defaultdict
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
        cents = round(draft.payment["amount"] * 100)
        own = {item.id for item in draft.targets}
        found = [
            fit
            for partner in self._partners(draft)
            for fit in self._explanations(partner, cents, deep=len(own) > 1)
        ]
        exact = cents == sum(item.cents for item in draft.targets)
        # An amount that is not the document's own is no proof: any other document might be meant.
        others = [fit for fit in found if fit != own]
        return bool(others) or (not exact and self._open_count(draft) > 1)

    def _open_count(self, draft: Draft) -> int:
        return sum(len(self.world.open(p, fresh=False)) for p in self._partners(draft))

    def _partners(self, draft: Draft) -> list[Partner]:
        partner, payment = draft.partner, draft.payment
        assert partner
        by = {
            "name": self.by_name[_folded(partner)],
            "account": self.by_account[payment["payer_iban"]],
            "email": self.by_email[partner.email],
        }
        return by.get(draft.evidence) or [partner]

    def _explanations(self, partner: Partner, cents: int, *, deep: bool) -> list[set[str]]:
        items = [i for i in self.world.open(partner, fresh=False) if i.currency == "EUR"]
        found = [{i.id} for i in items if i.cents == cents]
        sizes = range(2, 5 if deep else 3)
        for size in sizes:
            found += [
                {i.id for i in some}
                for some in combinations(items[:18], size)
                if sum(i.cents for i in some) == cents
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
