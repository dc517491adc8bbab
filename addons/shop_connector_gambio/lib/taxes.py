"""Find the tax rate of shipping, fees and discounts.

The shop states rates for goods and the tax per rate, no more. Every plausible distribution is
computed; the one whose taxes equal the shop's is the answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import product
from math import prod

from odoo.addons.shop_connector.lib.order import LineKind

CENT = Decimal("0.01")
ZERO = Decimal(0)
MOST_TRIALS = 5_000

Shares = tuple[tuple[Decimal, Decimal], ...]  # (rate in percent, amount), together the whole row


@dataclass(frozen=True, slots=True)
class Extra:
    """A row of the totals that becomes an order line."""

    kind: LineKind
    value: Decimal


def tax_of(amount: Decimal, rate: Decimal, gross: bool) -> Decimal:
    """Return the tax in (gross) or on (net) an amount, unrounded."""
    return amount * rate / (100 + rate if gross else Decimal(100))


def distribute(
    goods: Mapping[Decimal, Decimal],
    extras: Sequence[Extra],
    tax_rows: Mapping[Decimal, Decimal],
    gross: bool,
    lines: int,
) -> list[Shares | None]:
    """Return for each extra how it spreads over the rates; ``None``: nothing fits the shop's taxes.

    :param goods: value of the goods per tax rate
    :param tax_rows: the shop's tax per rate; empty when it states none
    :param lines: number of goods lines, each of which the shop may have rounded
    """
    choices = [_choices(extra, goods) for extra in extras]
    if tax_rows and prod(map(len, choices)) <= MOST_TRIALS:
        trials = [
            (_deviation(goods, trial, tax_rows, gross), place, trial)
            for place, trial in enumerate(product(*choices))
        ]
        deviation, _place, best = min(trials, key=lambda row: row[:2])
        if deviation <= CENT * (2 + lines):
            return list(best)
    return [_plain_guess(extra, goods) for extra in extras]


def _choices(extra: Extra, goods: Mapping[Decimal, Decimal]) -> list[Shares]:
    """Return the ways a row may be taxed, the usual one first."""
    rates = sorted(goods, key=lambda rate: -goods[rate])
    single: list[Shares] = [((rate, extra.value),) for rate in rates]
    spread = [_spread(extra.value, goods)] if len(rates) > 1 else []
    untaxed: list[Shares] = [] if ZERO in goods else [((ZERO, extra.value),)]
    if extra.kind == "voucher":
        return [*untaxed, *single, *spread]
    if extra.kind == "discount":
        return [*spread, *single, *untaxed]
    return [*single, *spread, *untaxed]


def _spread(value: Decimal, goods: Mapping[Decimal, Decimal]) -> Shares:
    """Return ``value`` spread like the goods, to the cent, the rest on the largest share."""
    total = sum(goods.values(), ZERO)
    if not total:
        return tuple((rate, value if place == 0 else ZERO) for place, rate in enumerate(goods))
    parts = {
        rate: (value * amount / total).quantize(CENT, ROUND_HALF_UP)
        for rate, amount in goods.items()
    }
    largest = max(goods, key=lambda rate: goods[rate])
    parts[largest] += value - sum(parts.values(), ZERO)
    return tuple(parts.items())


def _deviation(
    goods: Mapping[Decimal, Decimal],
    trial: Sequence[Shares],
    tax_rows: Mapping[Decimal, Decimal],
    gross: bool,
) -> Decimal:
    """Return by how many cents a distribution misses the shop's tax rows at worst."""
    bases = dict(goods)
    for shares in trial:
        for rate, amount in shares:
            bases[rate] = bases.get(rate, ZERO) + amount
    return max(
        abs(tax_of(bases.get(rate, ZERO), rate, gross) - tax_rows.get(rate, ZERO)).quantize(
            CENT, ROUND_HALF_UP
        )
        for rate in bases.keys() | tax_rows.keys()
    )


def _plain_guess(extra: Extra, goods: Mapping[Decimal, Decimal]) -> Shares | None:
    """Return the answer without tax rows: vouchers are untaxed, the rest follows the goods."""
    if extra.kind == "voucher":
        return ((ZERO, extra.value),)
    return ((next(iter(goods)), extra.value),) if len(goods) == 1 else None
