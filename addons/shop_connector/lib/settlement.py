"""What a marketplace has paid out, kept and taken back, in one form for all channels.

All money is :class:`~decimal.Decimal` in the settlement's currency; fees and refunds are negative.
The rows of a settlement add up to its total, else it is not handed out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Literal

Group = Literal["gross", "discount", "fee", "refund", "withheld", "reserve", "other"]
"""What an amount means for the books:

``gross``     what buyers paid, shipping included
``discount``  what they were let off
``fee``       what the marketplace keeps for its services
``refund``    what buyers got back, and what the marketplace gave back with it
``withheld``  taxes the marketplace pays
``reserve``   money it keeps back or pays out from earlier
``other``     whatever is not known: never lost
"""
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class SettlementRow:
    """One amount. ``transaction``, ``kind`` and ``description`` are the marketplace's own words."""

    line: int  # in the file
    group: Group
    amount: Decimal
    transaction: str = ""
    kind: str = ""
    description: str = ""
    order_id: str = ""  # the shop's id of the order
    item_id: str = ""  # the shop's id of the line
    sku: str = ""
    quantity: int = 0
    marketplace: str = ""
    shipment_id: str = ""
    adjustment_id: str = ""
    posted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class OrderMoney:
    """What a settlement says about one order; fees and refunds are negative."""

    order_id: str
    gross: Decimal = ZERO
    discount: Decimal = ZERO
    fees: Decimal = ZERO
    refunds: Decimal = ZERO
    withheld: Decimal = ZERO
    other: Decimal = ZERO

    @property
    def net(self) -> Decimal:
        """What remains of it."""
        return self.gross + self.discount + self.fees + self.refunds + self.withheld + self.other


@dataclass(frozen=True, slots=True)
class Settlement:
    """One payout. ``total`` is what was (or will be) transferred on ``deposited_at``."""

    settlement_id: str
    currency: str
    total: Decimal
    deposited_at: datetime | None
    start: datetime | None
    end: datetime | None
    rows: tuple[SettlementRow, ...]

    def orders(self) -> tuple[OrderMoney, ...]:
        """Return the money by order, in the sequence of the file."""
        sums: dict[str, dict[Group, Decimal]] = {}
        for row in self.rows:
            if row.order_id:
                groups = sums.setdefault(row.order_id, {})
                groups[row.group] = groups.get(row.group, ZERO) + row.amount
        return tuple(_order_money(order_id, groups) for order_id, groups in sums.items())

    def other_rows(self) -> tuple[SettlementRow, ...]:
        """Return what belongs to no order: subscription, storage, advertising, reserves."""
        return tuple(row for row in self.rows if not row.order_id)


def _order_money(order_id: str, groups: Mapping[Group, Decimal]) -> OrderMoney:
    return OrderMoney(
        order_id,
        gross=groups.get("gross", ZERO),
        discount=groups.get("discount", ZERO),
        fees=groups.get("fee", ZERO),
        refunds=groups.get("refund", ZERO),
        withheld=groups.get("withheld", ZERO),
        other=groups.get("other", ZERO) + groups.get("reserve", ZERO),
    )


@dataclass(frozen=True, slots=True)
class SettlementFile:
    """A settlement as the marketplace hands it out, and what it says.

    ``settlement`` is ``None`` where the file is damaged or does not add up: nothing of it may be
    booked; ``problem`` and ``hint`` (both may be texts that can be translated) say why. The file is
    worth keeping in both cases.
    """

    external_id: str  # unique within the account
    name: str
    content: bytes = field(repr=False)
    settlement: Settlement | None = None
    problem: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class SettlementPage:
    """Some settlements, and the cursor (plain JSON) that is true once they are stored."""

    files: tuple[SettlementFile, ...]
    cursor: Mapping[str, object] = field(default_factory=dict)
    more: bool = False
