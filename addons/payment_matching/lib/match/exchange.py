"""JSON to the matcher's records and back. Tolerant in form, strict in what money and dates are."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Literal, TypeVar

from odoo.addons.automation_core.lib.errors import Rejected
from odoo.addons.automation_core.lib.texts import Marker

from .model import UNKNOWN_DAY, CashDiscount, Item, Partner, Payment, Proposal

_lt = Marker(__name__)

Row = Mapping[str, Any]
Record = TypeVar("Record")


class BadRow(Rejected):
    """A record that cannot be read."""


def _text(row: Row, name: str) -> str:
    value = row.get(name)
    return "" if value is None else str(value)


def _money(row: Row, name: str, default: str | None = None) -> Decimal:
    value = row.get(name)
    if value is None or value == "":
        value = default
    try:
        amount = Decimal(str(value).strip().replace(" ", ""))
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite():
        raise BadRow(_lt("“%(name)s” is no amount: %(value)s.", name=name, value=repr(value)))
    return amount


def _day(row: Row, name: str) -> date:
    value = _text(row, name).strip()
    if not value:
        return UNKNOWN_DAY
    try:
        return date.fromisoformat(value[:10])
    except ValueError:
        raise BadRow(
            _lt("“%(name)s” is no date: %(value)s.", name=name, value=repr(value))
        ) from None


def _id(row: Row) -> str:
    if row.get("id") is None:
        raise BadRow(_lt("A record has no id."))
    return str(row["id"])


def partner(row: Row) -> Partner:
    """Read one partner."""
    ibans = row.get("known_ibans") or ()
    return Partner(
        _id(row),
        _text(row, "name"),
        _text(row, "contact"),
        _text(row, "customer_no"),
        _text(row, "email"),
        tuple(str(iban) for iban in ([ibans] if isinstance(ibans, str) else ibans) if iban),
        _text(row, "city"),
    )


def item(row: Row) -> Item:
    """Read one item. Not in the format but understood: direction, references, total."""
    amount = _money(row, "amount")
    out = row.get("direction") == "out" or amount < 0
    discount = row.get("cash_discount") or {}
    granted = discount.get("percent") and discount.get("until")
    return Item(
        id=_id(row),
        type="order" if _text(row, "type") == "order" else "invoice",
        number=_text(row, "number"),
        partner=_text(row, "partner"),
        date=_day(row, "date"),
        amount=abs(amount),
        currency=_text(row, "currency").strip().upper() or "EUR",
        state="paid" if _text(row, "state") == "paid" else "open",
        shop_order_no=_text(row, "shop_order_no"),
        payment_method=_text(row, "payment_method"),
        cash_discount=CashDiscount(_money(discount, "percent"), _day(discount, "until"))
        if granted
        else None,
        direction=_direction(out),
        references=tuple(str(reference) for reference in row.get("references") or ()),
        total=_money(row, "total") if row.get("total") is not None else None,
    )


def _direction(out: bool) -> Literal["in", "out"]:
    return "out" if out else "in"


def payment(row: Row) -> Payment:
    """Read one payment."""
    return Payment(
        id=_id(row),
        date=_day(row, "date"),
        amount=_money(row, "amount"),
        currency=_text(row, "currency").strip().upper() or "EUR",
        source=_text(row, "source") or "bank",
        payer_name=_text(row, "payer_name"),
        payer_iban=_text(row, "payer_iban"),
        payer_account=_text(row, "payer_account"),
        payer_email=_text(row, "payer_email"),
        end_to_end_id=_text(row, "end_to_end_id"),
        remittance=_text(row, "remittance"),
        code=_text(row, "code"),
        fee=_money(row, "fee", "0"),
        invoice_id=_text(row, "invoice_id"),
        reference_id=_text(row, "reference_id"),
    )


def read_all(rows: object, read: Callable[[Row], Record], what: str) -> list[Record]:
    """Read a list of records; the error names the file's part and the record."""
    if not isinstance(rows, list):
        raise BadRow(_lt("%(what)s must be a list of records.", what=what))
    records = []
    for place, row in enumerate(rows):
        if not isinstance(row, dict):
            raise BadRow(_lt("%(what)s[%(place)s] is no record.", what=what, place=place))
        try:
            records.append(read(row))
        except BadRow as error:
            raise BadRow(
                _lt("%(what)s[%(place)s]: %(error)s", what=what, place=place, error=error.message)
            ) from None
    return records


def written(
    proposals: Sequence[Proposal], ids: Mapping[str, object], reasons: bool
) -> list[dict[str, object]]:
    """Return proposals as JSON records; ids as they came in."""
    rows: list[dict[str, object]] = []
    for proposal in proposals:
        row: dict[str, object] = {
            "payment": ids[f"payment {proposal.payment}"],
            "targets": [ids[f"item {target}"] for target in proposal.targets],
            "confidence": proposal.confidence,
            "rank": proposal.rank,
        }
        if reasons:
            row["likely"] = proposal.likely
            row["difference"] = str(proposal.difference)
            row["discount"] = str(proposal.discount)
            row["reasons"] = [
                {
                    "kind": one.kind,
                    "text": str(one.text),
                    "weight": one.weight,
                    "start": one.start,
                    "end": one.end,
                }
                for one in proposal.reasons
            ]
        rows.append(row)
    return rows
