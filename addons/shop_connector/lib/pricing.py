"""Bring a shop's lines into the form an order needs: a tax rate on every line, a unit price that
multiplies out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

from .order import ShopLine, ShopOrder

CENT = Decimal("0.01")
ZERO = Decimal(0)
TAX_SLACK = Decimal("0.02")  # shops round the tax per line, per rate or once


def unit_price(line: ShopLine) -> Decimal:
    """Return the price of one unit that gives exactly the line's total."""
    if line.unit_price * line.quantity == line.total:
        return line.unit_price
    return line.total / line.quantity


def contained_tax(total: Decimal, percent: Decimal, gross: bool) -> Decimal:
    """Return the tax in a gross (or on a net) amount, not rounded."""
    return total * percent / (percent + 100 if gross else Decimal(100))


def states_rates(order: ShopOrder) -> bool:
    """Whether the shop says at least one tax rate; marketplaces say none."""
    return any(line.tax_percent is not None for line in order.lines)


def with_own_taxes(order: ShopOrder, rates: Mapping[str, Decimal]) -> tuple[ShopLine, ...]:
    """Return the lines of an order without any rate with ``rates``, our own by line id of goods.

    Shipping and fees follow the goods' main rate, a discount over goods of several rates is shared
    out by their value.
    """
    lines = tuple(
        replace(line, tax_percent=rates[line.line_id]) if line.line_id in rates else line
        for line in order.lines
    )
    return with_taxes(replace(order, lines=lines, tax_total=None))


def tax_gap(order: ShopOrder, lines: Iterable[ShopLine]) -> tuple[Decimal, Decimal] | None:
    """Return our tax and the shop's, if they contradict each other by more than rounding can."""
    if order.tax_total is None:
        return None
    taxes = [
        contained_tax(line.total, line.tax_percent or ZERO, order.prices_include_tax)
        for line in lines
    ]
    ours = sum(taxes, ZERO).quantize(CENT, ROUND_HALF_UP)
    slack = max(TAX_SLACK, len(taxes) * CENT)
    return (ours, order.tax_total) if abs(ours - order.tax_total) > slack else None


def with_taxes(order: ShopOrder) -> tuple[ShopLine, ...]:
    """Return the order's lines with a tax rate on each.

    What the shop states is kept. Where it states none (often on shipping and discounts) the rate is
    the one that gives the order's tax total; a discount over goods of several rates is shared out
    by their value.
    """
    unknown = [line for line in order.lines if line.tax_percent is None]
    if not unknown:
        return order.lines
    shares = _shares(order.lines)
    if guess := _matching_rate(order, unknown, shares):
        return _all_with_rate(order.lines, guess[0])
    main = max(shares, key=lambda rate: shares[rate])
    lines: list[ShopLine] = []
    for line in order.lines:
        if line.tax_percent is not None:
            lines.append(line)
        elif line.kind == "discount" and len(shares) > 1:
            lines.extend(_split(line, shares))
        else:
            lines.append(replace(line, tax_percent=main))
    return tuple(lines)


def _shares(lines: Iterable[ShopLine]) -> dict[Decimal, Decimal]:
    """Return the value of the goods per tax rate; never empty."""
    shares: dict[Decimal, Decimal] = {}
    for line in lines:
        if line.tax_percent is not None and line.total > 0:
            shares[line.tax_percent] = shares.get(line.tax_percent, ZERO) + line.total
    return shares or {ZERO: Decimal(1)}


def _matching_rate(
    order: ShopOrder, unknown: Sequence[ShopLine], shares: dict[Decimal, Decimal]
) -> tuple[Decimal] | None:
    """Return the one rate for all unknown lines that leads to the shop's tax total, the goods' main
    rate first.
    """
    if order.tax_total is None:
        return None
    gross = order.prices_include_tax
    known = sum(
        (
            contained_tax(x.total, x.tax_percent, gross)
            for x in order.lines
            if x.tax_percent is not None
        ),
        ZERO,
    )
    open_total = sum((line.total for line in unknown), ZERO)
    for rate in [*sorted(shares, key=lambda rate: -shares[rate]), ZERO]:
        if abs(known + contained_tax(open_total, rate, gross) - order.tax_total) <= TAX_SLACK:
            return (rate,)
    return None


def _all_with_rate(lines: Iterable[ShopLine], rate: Decimal) -> tuple[ShopLine, ...]:
    return tuple(
        line if line.tax_percent is not None else replace(line, tax_percent=rate) for line in lines
    )


def _split(line: ShopLine, shares: dict[Decimal, Decimal]) -> list[ShopLine]:
    """Share a discount out over the tax rates by the goods' value, to the cent."""
    whole = sum(shares.values(), ZERO)
    rest = line.total
    parts: list[ShopLine] = []
    rates = sorted(shares, key=lambda rate: shares[rate])
    for rate in rates[:-1]:
        amount = (line.total * shares[rate] / whole).quantize(CENT, ROUND_HALF_UP)
        rest -= amount
        parts.append(_part(line, rate, amount))
    parts.append(_part(line, rates[-1], rest))
    return [part for part in parts if part.total]


def _part(line: ShopLine, rate: Decimal, amount: Decimal) -> ShopLine:
    return replace(
        line,
        line_id=f"{line.line_id}/{rate.normalize():f}",
        quantity=Decimal(1),
        unit_price=amount,
        total=amount,
        tax_percent=rate,
    )
