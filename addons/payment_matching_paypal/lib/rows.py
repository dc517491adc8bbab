"""PayPal's rows: what a transaction is, and which of its states counts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from odoo.addons.automation_core.lib.texts import Marker

from . import const
from .answer import Json, Money, Page, read_moment, read_money, read_text

_lt = Marker(__name__)


@dataclass(frozen=True, slots=True)
class Row:
    """A transaction as PayPal's search tells it, checked."""

    id: str
    code: str
    status: str
    amount: Money
    when: datetime
    updated: datetime
    fee: Money | None
    reference: str
    info: Json = field(repr=False)
    payer: Json = field(repr=False)
    raw: Json = field(repr=False)

    @property
    def group(self) -> str:
        """What the event code begins with."""
        return self.code[:3]

    @property
    def identity(self) -> tuple[str, ...]:
        """What makes it the same transaction; of payments only the group counts."""
        code = self.group if self.group == "T00" else self.code
        return self.id, code, "+" if self.plus else "-", self.amount.currency

    @property
    def state(self) -> tuple[datetime, bool]:
        """Grows as time goes on."""
        return self.updated, self.status != const.PENDING

    @property
    def plus(self) -> bool:
        """Whether money came in."""
        return self.amount.value >= 0


def read_rows(pages: Sequence[Page]) -> tuple[list[Row], list[str]]:
    """Return the rows of all pages, of each transaction its latest state, and what is damaged."""
    latest_rows: dict[tuple[str, ...], Row] = {}
    damaged = 0
    for data in (data for page in pages for data in page.rows):
        row = _row(data)
        if row is None:
            damaged += 1
            continue
        known = latest_rows.get(row.identity)
        if known is None or row.state >= known.state:
            latest_rows[row.identity] = row
    problem = _lt("%(count)s transactions could not be read: look at PayPal.", count=damaged)
    return list(latest_rows.values()), [problem] if damaged else []


def _row(data: object) -> Row | None:
    if not isinstance(data, dict) or not isinstance(info := data.get("transaction_info"), dict):
        return None
    amount = read_money(info.get("transaction_amount"))
    when = read_moment(info.get("transaction_initiation_date"))
    updated = read_moment(info.get("transaction_updated_date"))
    name = read_text(info.get("transaction_id"), 40)
    if amount is None or not name or not (when or updated):
        return None
    payer = data.get("payer_info")
    related = info.get("paypal_reference_id_type") in (None, "", "TXN")
    return Row(
        name,
        read_text(info.get("transaction_event_code"), 10).upper(),
        read_text(info.get("transaction_status"), 4).upper(),
        amount,
        when or updated,  # type: ignore[arg-type]
        updated or when,  # type: ignore[arg-type]
        read_money(info.get("fee_amount")),
        read_text(info.get("paypal_reference_id"), 40) if related else "",
        info,
        payer if isinstance(payer, dict) else {},
        data,
    )


def moves_money(row: Row) -> bool:
    if row.group == const.NO_MONEY or not row.amount.value:
        return False
    return row.status not in (const.PENDING, const.DENIED)


def count_pending(rows: Iterable[Row], booked: Sequence[Row], currency: str) -> int:
    """Return how many payments are on their way."""
    done = {row.id for row in booked}
    return sum(
        row.status == const.PENDING and row.amount.currency == currency and row.id not in done
        for row in rows
    )
