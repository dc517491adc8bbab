"""Settlements in CSV files, by the names of their columns.

Understood are one row for each amount (order, kind, amount), and one row for each order with its
amount, fee and refund in columns of their own. A row of kind payout tells the total; without one
the total is the sum.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from odoo.addons.automation_core.lib.texts import Marker

from .settlement import ZERO, Group, Row, Settlement
from .statement import csv_values as values
from .statement.csv import Table, table_of
from .statement.layouts import plain
from .statement.model import ColumnMap, StatementError

_lt = Marker(__name__)

FIELDS = ("order", "kind", "amount", "fee", "refund", "text", "settlement", "date", "currency")
_NAMES: Mapping[str, tuple[str, ...]] = {
    "order": (
        "orderid", "bestellnummer", "auftragsnummer", "ordernumber", "bestellung", "orderno",
        "bestellid", "marktplatzbestellnummer", "order",
    ),
    "kind": ("type", "typ", "art", "transactiontype", "transaktionsart", "kind", "vorgang"),
    "amount": (
        "amount", "betrag", "gross", "brutto", "grossamount", "bruttobetrag", "umsatz", "total",
        "summe", "verkaufspreis",
    ),
    "fee": (
        "fee", "fees", "gebuehr", "gebuehren", "provision", "commission", "verkaufsgebuehr",
        "verkaufsprovision", "entgelt",
    ),
    "refund": ("refund", "refunds", "erstattung", "rueckerstattung", "gutschrift"),
    "text": ("description", "beschreibung", "text", "bezeichnung", "details", "titel"),
    "settlement": (
        "settlementid", "settlement", "abrechnungsnummer", "abrechnung", "payoutid",
        "auszahlungsid", "auszahlungsnummer", "batchid",
    ),
    "date": (
        "payoutdate", "auszahlungsdatum", "depositdate", "settlementdate", "abrechnungsdatum",
        "datum", "date",
    ),
    "currency": ("currency", "waehrung"),
}  # fmt: skip
_WORDS: tuple[tuple[str, tuple[str, ...]], ...] = (  # the first that is part of the kind counts
    ("payout", ("payout", "auszahlung", "transfer", "ueberweisung", "disbursement")),
    ("refund", ("refund", "erstattung", "return", "retoure", "chargeback", "storno")),
    ("fee", ("fee", "gebuehr", "provision", "commission", "entgelt", "abo", "subscription",
             "werbung", "advertising", "kosten")),
    ("reserve", ("reserve", "einbehalt", "ruecklage", "hold")),
    ("withheld", ("tax", "steuer", "withheld")),
    ("gross", ("sale", "order", "verkauf", "bestellung", "payment", "zahlung", "umsatz", "shipping",
               "versand", "charge", "gross")),
)  # fmt: skip
_HINT = _lt("Enter the headings of the order and the amount at the marketplace, then try again.")


def read_settlements(
    name: str, content: bytes, columns: Mapping[str, str] | None = None
) -> tuple[Settlement, ...]:
    """Return the settlements of a file.

    :param columns: headings by :data:`FIELDS`; those that are not given are found out
    :raises StatementError: in the user's words; nothing of the file may be booked then
    """
    given = {field: heading for field, heading in (columns or {}).items() if heading}
    table = table_of(content, ColumnMap(given), _recognised)
    found = {**_recognised(table.headings), **given}
    if "amount" not in found:
        raise StatementError(_lt("The file has no column with an amount."), _HINT)
    return tuple(_Reader(name, table, found).settlements())


def _recognised(headings: list[str]) -> dict[str, str]:
    places = {plain(heading): heading for heading in reversed(headings)}
    found: dict[str, str] = {}
    for field, names in _NAMES.items():
        heading = next((places[name] for name in names if name in places), None)
        if heading is not None and heading not in found.values():
            found[field] = heading
    return found


class _Reader:
    """Reads the rows of one file."""

    def __init__(self, name: str, table: Table, columns: Mapping[str, str]) -> None:
        self.name = name
        self.table = table
        self.places = {}
        for field, heading in columns.items():
            if heading not in table.headings:
                raise StatementError(_lt("The file has no column “%(name)s”.", name=heading), _HINT)
            self.places[field] = table.headings.index(heading)
        self.decimal = values.decimal_sign(
            [self.cell(cells, f) for _n, cells in table.rows for f in ("amount", "fee", "refund")]
        )
        dates = {self.cell(cells, "date") for _number, cells in table.rows} - {""}
        self.format = values.date_format(sorted(dates))

    def cell(self, cells: list[str], field: str) -> str:
        """Return a row's value."""
        place = self.places.get(field, len(cells))
        return cells[place].strip() if place < len(cells) else ""

    def settlements(self) -> Iterator[Settlement]:
        """Yield what belongs to each settlement number of the file."""
        groups: dict[str, list[tuple[int, list[str]]]] = {}
        for number, cells in self.table.rows:
            key = self.cell(cells, "settlement") or self.name.rpartition(".")[0] or self.name
            groups.setdefault(key, []).append((number, cells))
        if not groups:
            raise StatementError(_lt("The file has no rows."), _HINT)
        for key, rows in groups.items():
            yield self._settlement(key, rows)

    def _settlement(self, key: str, numbered: list[tuple[int, list[str]]]) -> Settlement:
        rows: list[Row] = []
        payout: Decimal | None = None
        for number, cells in numbered:
            if _word(self.cell(cells, "kind")) == "payout":
                payout = (payout or ZERO) + abs(self._amount(number, cells, "amount") or ZERO)
            else:
                rows += self._rows(number, cells)
        total = sum((row.amount for row in rows), ZERO)
        if payout is not None and payout != total:
            raise StatementError(
                _lt(
                    "The rows of settlement %(number)s add up to %(sum)s, but %(total)s was paid.",
                    number=key,
                    sum=f"{total:.2f}",
                    total=f"{payout:.2f}",
                ),
                _lt("Download the whole settlement once more; nothing was taken from this one."),
            )
        days = [values.day(self.cell(cells, "date"), self.format) for _number, cells in numbered]
        known = [day for day in days if day]
        currencies = {self.cell(cells, "currency").upper() for _number, cells in numbered} - {""}
        if len(currencies) > 1:
            raise StatementError(
                _lt("Settlement %(number)s is in several currencies.", number=key),
                _lt("Download one settlement for each currency."),
            )
        return Settlement(
            number=key,
            currency=next(iter(currencies), ""),
            total=total,
            paid=max(known, default=None),
            rows=tuple(rows),
            start=min(known, default=None),
            end=max(known, default=None),
        )

    def _rows(self, number: int, cells: list[str]) -> Iterator[Row]:
        """Yield the amounts of one row: its own, and those in the columns of fee and refund."""
        order, text = self.cell(cells, "order"), self.cell(cells, "text")
        kind = self.cell(cells, "kind")
        amount = self._amount(number, cells, "amount")
        fee = self._amount(number, cells, "fee")
        refund = self._amount(number, cells, "refund")
        if amount is None and fee is None and refund is None:
            raise StatementError(_lt("Row %(row)s has no amount.", row=number), _HINT)
        if amount:
            yield Row(_group(kind, amount, order), amount, order, text or kind)
        if fee:
            signed = -abs(fee) if amount is None or amount >= 0 else abs(fee)
            yield Row("fee", signed, order, text or kind)
        if refund:
            yield Row("refund", -abs(refund), order, text or kind)

    def _amount(self, number: int, cells: list[str], field: str) -> Decimal | None:
        text = self.cell(cells, field)
        if not text:
            return None
        found = values.number(text, self.decimal)
        if found is None:
            raise StatementError(
                _lt("Row %(row)s: “%(text)s” is no amount.", row=number, text=text[:40]), _HINT
            )
        return found


def _word(kind: str) -> str:
    text = plain(kind)
    return next((group for group, words in _WORDS if any(word in text for word in words)), "")


def _group(kind: str, amount: Decimal, order: str) -> Group:
    """Return what an amount means: by its kind's words, else by its sign."""
    groups: dict[str, Group] = {
        "refund": "refund", "fee": "fee", "reserve": "reserve", "withheld": "withheld",
        "gross": "gross",
    }  # fmt: skip
    if found := groups.get(_word(kind)):
        return "refund" if found == "gross" and amount < 0 else found
    if order:
        return "gross" if amount > 0 else "refund"
    return "other"
