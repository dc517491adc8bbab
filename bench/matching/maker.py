"""Puts payments together: who pays how, in which words, on which day."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import names
import texts
from world import TODAY, Item, Partner, World


@dataclass
class Draft:
    """A payment with the truth about it.

    ``evidence`` is what tells the documents apart where no number does (name, account, e-mail,
    customer number, amount): :mod:`truth` decides from it whether anybody could know.
    """

    payment: dict[str, Any]
    targets: list[Item] = field(default_factory=list)
    noise: str = ""
    evidence: str = ""
    knowable: bool = True
    partner: Partner | None = None


Case = Callable[["Maker"], list[Draft]]
CASES: dict[str, Case] = {}


def case(function: Case) -> Case:
    """A noise class: its name is the function's. No draft: nothing in the world fits just now."""
    CASES[function.__name__] = function
    return function


class Maker:
    """The pen of all payers and the printers of all banks."""

    def __init__(self, rng: random.Random, world: World) -> None:
        self.rng, self.world = rng, world
        self.camt = rng.random() < 0.4  # one bank speaks in CAMT's codes, another in GVC

    # Days and names

    def day(self, items: list[Item]) -> date:
        """Some days after the youngest document."""
        start = max((item.date for item in items), default=TODAY - timedelta(days=20))
        return min(TODAY, start + timedelta(days=int(30 * self.rng.random() ** 2) + 1))

    def payer(self, partner: Partner) -> str:
        """The account holder as this bank writes it."""
        rng, (first, last) = self.rng, (partner.first, partner.last)
        if partner.company:
            name = self._company(partner.name)
        else:
            name = rng.choice(
                (
                    partner.name,
                    f"{first} {last}",
                    f"{first} {last}",
                    f"{last}, {first}",
                    f"{last} {first}".upper(),
                    f"{first[0]}. {last}",
                    f"{first} {last} u. {rng.choice(names.FIRST)} {last}",
                    f"{rng.choice(names.FIRST)} und {first} {last}",
                    f"{rng.choice(('Herr', 'Frau', 'Dr.'))} {first} {last}",
                    f"{first} {rng.choice(names.FIRST)} {last}",
                )
            )
        if rng.random() < 0.35:
            name = names.spoilt(rng, name)
        return name[:27].rstrip() if rng.random() < 0.15 else name[:70]

    def _company(self, name: str) -> str:
        for form in names.FORMS:
            if name.endswith(form) and self.rng.random() < 0.3:
                other = {"GmbH & Co. KG": "GmbH u. Co KG", "e.K.": "eK", "AG": "Aktiengesellschaft"}
                return name.removesuffix(form) + self.rng.choice(("", other.get(form, "")))
        return name.upper() if self.rng.random() < 0.2 else name

    def stranger(self, last: str = "") -> str:
        """Somebody who is no customer (or at least not on purpose)."""
        return f"{self.rng.choice(names.FIRST)} {last or names.last_name(self.rng)}"

    # Words

    def words(self, number: str, partner: Partner | None, items: list[Item]) -> str:
        """A sentence round the number, in this payer's style."""
        rng = self.rng
        phrase = rng.choice(texts.PHRASES[rng.choice(self.world.profile.phrases)])
        day = items[0].date if items else TODAY
        return phrase.format(
            n=number,
            name=f"{partner.first} {partner.last}".strip() or partner.name if partner else "",
            k=partner.customer_no if partner else rng.randint(10000, 99999),
            date=rng.choice(
                (f"{day:%d.%m.%Y}", f"{day.day}.{day.month}.{day:%y}", f"{day:%d%m%y}")
            ),
            other=rng.randint(1000, 99999),
            amount=f"{sum(i.cents for i in items) / 100:.2f}".replace(".", ","),
        )

    # Payments

    def bank(
        self,
        cents: int,
        text: str,
        *,
        partner: Partner | None = None,
        items: list[Item] = (),
        **more: Any,
    ) -> dict[str, Any]:
        """A line of the bank statement. ``raw``: the text arrives as it is."""
        rng = self.rng
        end_to_end = more.pop("end_to_end", "") or rng.choice(
            ("", "NOTPROVIDED", "NOTPROVIDED", "")
        )
        name = more.pop("name", None) or (self.payer(partner) if partner else self.stranger())
        account = more.pop("account", None)
        if account is None:
            own = partner and (rng.random() < 0.8 or not partner.known_ibans)
            account = partner.iban if own and partner else names.iban(rng)
        raw = more.pop("raw", False)
        text = text if raw else texts.handed_on(rng, text, end_to_end=end_to_end)
        code = more.pop("code", "") or self._code(cents)
        day = more.pop("day", None) or self.day(list(items))
        return self._payment("bank", day, cents, name, text, code) | {
            "payer_iban": account,
            "end_to_end_id": end_to_end,
            **more,
        }

    def paypal(
        self,
        cents: int,
        code: str,
        *,
        name: str = "",
        note: str = "",
        day: date | None = None,
        **more: Any,
    ) -> dict[str, Any]:
        """A row of the payment service."""
        fee = -(round(cents * 0.0249) + 35) / 100 if code.startswith("T00") and cents > 0 else 0.0
        made = self._payment("paypal", day or self.day([]), cents, name, note, code)
        return made | {"fee": fee, **more}

    def _code(self, cents: int) -> str:
        if self.camt:
            return "PMNT-RCDT-ESCT" if cents > 0 else "PMNT-ICDT-ESCT"
        return self.rng.choice(("166", "166", "152", "169", "")) if cents > 0 else "116"

    def _payment(
        self, source: str, day: date, cents: int, name: str, text: str, code: str
    ) -> dict[str, Any]:
        return {
            "id": "",
            "source": source,
            "date": day.isoformat(),
            "amount": cents / 100,
            "currency": "EUR",
            "payer_name": name,
            "payer_iban": "",
            "end_to_end_id": "",
            "remittance": text,
            "code": code,
            "fee": 0.0,
            "invoice_id": "",
            "payer_email": "",
            "reference_id": "",
        }

    def draft(
        self,
        item: Item,
        text: str,
        *,
        cents: int | None = None,
        evidence: str = "",
        knowable: bool = True,
        **more: Any,
    ) -> list[Draft]:
        """One transfer of the customer for one document."""
        self.world.used.add(item.id)
        more.setdefault("partner", item.partner)
        payment = self.bank(item.cents if cents is None else cents, text, items=[item], **more)
        return [Draft(payment, [item], "", evidence, knowable, item.partner)]
