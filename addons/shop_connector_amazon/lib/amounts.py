"""Amazon's amounts, to the cent: what each article, its shipping and its discounts cost.

Amazon names no tax rate and does not say whether the tax is inside its amounts. Both are found out:
the sums with and without the tax are compared with the order's total, and the rate is the one of
Europe's rates that gives the stated tax.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from odoo.addons.automation_core.lib.texts import Marker
from odoo.addons.shop_connector.lib.reader import Money

from . import const
from .reader import Reader

_lt = Marker(__name__)


ZERO: Final = Decimal(0)
CENT: Final = Decimal("0.01")
HALF_CENT: Final = Decimal("0.005")
RATES: Final = tuple(Decimal(rate) for rate in const.VAT_RATES.split())
TAX: Final = "TAX"
DISCOUNT: Final = "DISCOUNT"
ITEM: Final = "ITEM"


@dataclass
class ItemAmounts:
    """The amounts of one article: ``parts`` by kind (ITEM, SHIPPING, ...), always as charged;
    ``discounts`` by what they reduce, always positive; ``taxes`` by what is taxed ("" unknown).
    """

    parts: dict[str, Decimal] = field(default_factory=dict)
    discounts: dict[str, Decimal] = field(default_factory=dict)
    taxes: dict[str, Decimal] = field(default_factory=dict)
    total: Decimal | None = None  # as Amazon sums it up
    unit_price: Decimal | None = None

    @property
    def plain(self) -> Decimal:
        """The sum without looking at taxes."""
        return sum(self.parts.values(), ZERO) - sum(self.discounts.values(), ZERO)

    @property
    def tax(self) -> Decimal:
        """All of the stated tax."""
        return sum(self.taxes.values(), ZERO)

    @property
    def is_stated(self) -> bool:
        """Whether Amazon says anything about money."""
        return bool(self.parts) or self.total is not None or self.unit_price is not None

    def reduce(self) -> None:
        """Take the tax out of gross amounts: that part is Amazon's."""
        for kind, tax in self.taxes.items():
            target = kind if kind in self.parts else ITEM
            self.parts[target] = self.parts.get(target, ZERO) - tax

    def rate(self, gross: bool) -> Decimal | None:
        """Return the tax rate in percent, ``None`` when the stated tax does not tell."""
        base = self.plain - self.tax if gross else self.plain
        return find_rate(base, self.tax, len(self.taxes) + len(self.parts))


def read_item(row: Reader, quantity: int) -> tuple[ItemAmounts, set[str]]:
    """Return the amounts of an article and the currencies they are in."""
    found = ItemAmounts()
    currencies: set[str] = set()

    def keep(money: Money | None) -> Decimal | None:
        if money is None:
            return None
        currencies.add(money.currency)
        return money.amount

    price = row.block("product", _lt("article")).block("price", _lt("price"))
    found.unit_price = keep(price.money("unitPrice", _lt("unit price")))
    proceeds = row.block("proceeds", _lt("amounts"))
    found.total = keep(proceeds.money("proceedsTotal", _lt("line total")))
    for part in proceeds.rows("breakdowns", _lt("amounts")):
        kind = part.needed("type", _lt("kind of amount"), 40).upper()
        amount = keep(part.money("subtotal", _lt("amount")))
        if amount is None:
            raise part.fail("subtotal", _lt("%(name)s has no amount."))
        if kind in (TAX, DISCOUNT):
            _read_details(part, kind, amount, found, currencies)
        else:
            found.parts[kind] = found.parts.get(kind, ZERO) + amount
    _complete(found, quantity)
    return found, currencies


def _read_details(
    part: Reader, kind: str, amount: Decimal, found: ItemAmounts, currencies: set[str]
) -> None:
    """Note a tax or discount by what it belongs to; the details count only if they add up."""
    details: list[tuple[str, Decimal]] = []
    for row in part.rows("detailedBreakdowns", _lt("details")):
        value = row.money("value", _lt("amount"))
        if value is not None:
            currencies.add(value.currency)
            details.append((row.text("subtype", _lt("kind"), 40).upper(), value.amount))
    if sum((value for _kind, value in details), ZERO) != amount:
        details = [("" if kind == TAX else ITEM, amount)]
    target = found.taxes if kind == TAX else found.discounts
    for subtype, part_amount in details:
        share = part_amount if kind == TAX else abs(part_amount)
        target[subtype] = target.get(subtype, ZERO) + share


def _complete(found: ItemAmounts, quantity: int) -> None:
    """Fill in the price of the article where Amazon only states part of the amounts."""
    if ITEM in found.parts or not quantity:
        return
    if found.unit_price is not None:
        found.parts[ITEM] = found.unit_price * quantity
    elif found.total is not None and not found.parts:
        found.parts[ITEM] = found.total


def is_gross(items: Sequence[ItemAmounts], total: Decimal) -> bool | None:
    """Return whether the taxes are inside the amounts; ``None`` when neither adds up."""
    plain = sum((item.plain for item in items), ZERO)
    tax = sum((item.tax for item in items), ZERO)
    if plain == total:
        return True
    return False if plain + tax == total else None


def find_rate(base: Decimal, tax: Decimal, amounts: int = 1) -> Decimal | None:
    """Return the rate that gives ``tax`` on ``base``; each of the ``amounts`` was rounded."""
    if base <= 0 or tax < 0:
        return None
    if not tax:
        return None  # nothing stated is not the same as free of tax
    slack = HALF_CENT * (amounts + 1)
    exact = tax * 100 / base
    fitting = [rate for rate in RATES if rate and abs(base * rate / 100 - tax) <= slack]
    return min(fitting, key=lambda rate: abs(rate - exact), default=None)


def to_cent(amount: Decimal) -> Decimal:
    """Return an amount rounded as money is."""
    return amount.quantize(CENT, ROUND_HALF_UP)
