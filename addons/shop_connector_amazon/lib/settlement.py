"""Read Amazon's settlement, report V2: what was sold, kept and paid out, to the cent.

A table with tabs. The first row after the headings tells the payout, all others add up to it.
German accounts get “1141,18” and “28.03.2023 07:49:55 UTC”, others “1141.18” and ISO dates.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Final

from odoo.addons.automation_core.lib.texts import Marker
from odoo.addons.shop_connector.lib.order import PayloadError, clean_text
from odoo.addons.shop_connector.lib.settlement import Group, Settlement, SettlementRow

from .amounts import ZERO

_lt = Marker(__name__)


HINT: Final = _lt(
    "Fetch the settlement again, or download it in Seller Central under “Payments” as “flat "
    "file V2” and import it as it is."
)
NEEDED: Final = (
    "settlement-id",
    "deposit-date",
    "total-amount",
    "currency",
    "transaction-type",
    "order-id",
    "amount-type",
    "amount-description",
    "amount",
)
MOST_ROWS: Final = 500_000

_GROUPED = re.compile(r"[+-]?\d{1,3}(?:([.,])\d{3})(?:\1\d{3})*(?!\1)[.,]\d{1,2}", re.ASCII)
_PLAIN = re.compile(r"[+-]?\d{1,12}(?:[.,]\d{1,2})?", re.ASCII)
_FORMATS: Final = ("%d.%m.%Y %H:%M:%S", "%Y-%m-%d %H:%M:%S", "%d.%m.%Y", "%Y-%m-%d")
_FEES: Final = frozenset(
    {"itemfees", "itemfee", "servicefee", "service fee", "cost of advertising"}
)
_REFUNDS: Final = ("refund", "chargeback", "a-to-z")
_WITHHELD: Final = "itemwithheldtax"
_RESERVES: Final = ("reserve amount", "balance adjustment")


class SettlementError(PayloadError):
    """The file is no settlement, or does not add up. Nothing of it may be booked."""


def read_settlement(content: bytes) -> Settlement:
    """Return a settlement.

    :raises SettlementError: whatever is wrong with it, and nothing else
    """
    names, table = _table(_decode(content))
    head: dict[str, str] | None = None
    rows: list[SettlementRow] = []
    for line, cells in table:
        values = dict(zip(names, cells, strict=True))
        if values["total-amount"]:
            if head is not None:
                raise _fail(_lt("The file holds more than one settlement."), line)
            head = values
        if values["amount"]:
            rows.append(_row(line, values))
        if head is not None and values["settlement-id"] != head["settlement-id"]:
            raise _fail(_lt("The file mixes rows of different settlements."), line)
    if head is None:
        raise _fail(_lt("The settlement has no row with the total."), 2)
    return _checked(head, rows)


def _checked(head: Mapping[str, str], rows: Iterable[SettlementRow]) -> Settlement:
    found = Settlement(
        settlement_id=head["settlement-id"],
        currency=_currency(head["currency"]),
        total=_money(head["total-amount"], 2),
        deposited_at=_time(head["deposit-date"], 2),
        start=_time(head.get("settlement-start-date", ""), 2),
        end=_time(head.get("settlement-end-date", ""), 2),
        rows=tuple(rows),
    )
    if not found.settlement_id:
        raise _fail(_lt("The settlement has no number."), 2)
    parts = sum((row.amount for row in found.rows), ZERO)
    if parts != found.total:
        raise SettlementError(
            _lt(
                "Settlement %(settlement_id)s does not add up: its rows give %(parts)s, the "
                "payout is %(total)s %(currency)s.",
                settlement_id=found.settlement_id,
                parts=parts,
                total=found.total,
                currency=found.currency,
            ),
            HINT,
            "total-amount",
        )
    return found


def _decode(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _table(text: str) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """Return the headings and the rows with their line numbers."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter="\t", quoting=csv.QUOTE_NONE)
    rows: list[tuple[int, list[str]]] = []
    names: list[str] = []
    try:
        for cells in reader:
            if not any(cells):
                continue
            if not names:
                names = [clean_text(cell, 80).lower() for cell in cells]
                _check_headings(names)
                continue
            if len(cells) > len(names) or len(rows) >= MOST_ROWS:
                raise _fail(
                    _lt("The settlement has a row that does not fit its headings."), reader.line_num
                )
            cells += [""] * (len(names) - len(cells))
            rows.append((reader.line_num, [clean_text(cell, 300) for cell in cells]))
    except csv.Error as error:
        raise _fail(_lt("The settlement is damaged."), reader.line_num) from error
    _check_headings(names)
    return names, rows


def _check_headings(names: list[str]) -> None:
    missing = [name for name in NEEDED if name not in names]
    if missing:
        raise SettlementError(
            _lt(
                "The file is no settlement of Amazon (flat file V2): the column “%(column)s” is "
                "missing.",
                column=missing[0],
            ),
            HINT,
            "headings",
        )
    if len(set(names)) < len(names):
        raise SettlementError(
            _lt("The file is no settlement of Amazon (flat file V2): a column is there twice."),
            HINT,
            "headings",
        )


def _row(line: int, values: Mapping[str, str]) -> SettlementRow:
    quantity = values.get("quantity-purchased", "")
    posted = values.get("posted-date-time") or values.get("posted-date", "")
    return SettlementRow(
        line=line,
        group=group_of(
            values["transaction-type"], values["amount-type"], values["amount-description"]
        ),
        amount=_money(values["amount"], line),
        transaction=values["transaction-type"],
        kind=values["amount-type"],
        description=values["amount-description"],
        order_id=values["order-id"],
        item_id=values.get("order-item-code", ""),
        sku=values.get("sku", ""),
        quantity=int(quantity) if re.fullmatch("[0-9]{1,9}", quantity) else 0,
        marketplace=values.get("marketplace-name", ""),
        shipment_id=values.get("shipment-id", ""),
        adjustment_id=values.get("adjustment-id", ""),
        posted_at=_time(posted, line),
    )


def group_of(transaction: str, kind: str, description: str) -> Group:
    """Return what an amount means for the books; what is not known is “other”, never lost."""
    transaction, kind, description = (
        transaction.strip().lower(),
        kind.strip().lower(),
        description.strip().lower(),
    )
    if kind == _WITHHELD or description.startswith("marketplacefacilitator"):
        return "withheld"
    if kind in _FEES or transaction == "servicefee":
        return "fee"
    if any(word in description for word in _RESERVES):
        return "reserve"
    if transaction.startswith(_REFUNDS):
        return "refund"
    if kind == "promotion":
        return "discount"
    return "gross" if kind == "itemprice" else "other"


def _currency(text: str) -> str:
    if not re.fullmatch("[A-Z]{3}", text):
        raise _fail(_lt("The settlement has no valid currency: “%(text)s”.", text=text[:20]), 2)
    return text


def _money(text: str, line: int) -> Decimal:
    """Return an amount with point or comma; which of them divides thousands is never guessed."""
    plain = text.replace("\u2212", "-").replace(" ", "").replace("\u00a0", "")
    if _GROUPED.fullmatch(plain):
        thousands = next(sign for sign in plain if sign in ".,")
        plain = plain.replace(thousands, "")
    elif not _PLAIN.fullmatch(plain):
        raise _fail(_lt("The settlement has no valid amount: “%(text)s”.", text=text[:40]), line)
    return Decimal(plain.replace(",", "."))


def _time(text: str, line: int) -> datetime | None:
    """Return a time in UTC; "" is none."""
    if not text:
        return None
    plain = text.removesuffix("UTC").strip()
    for form in _FORMATS:
        try:
            return datetime.strptime(plain, form).replace(tzinfo=UTC)
        except ValueError:
            continue
    try:
        when = datetime.fromisoformat(plain)
    except ValueError:
        raise _fail(
            _lt("The settlement has no valid date: “%(text)s”.", text=text[:40]), line
        ) from None
    return when.astimezone(UTC) if when.tzinfo else when.replace(tzinfo=UTC)


def _fail(problem: str, line: int) -> SettlementError:
    return SettlementError(problem, HINT, f"line {line}")
