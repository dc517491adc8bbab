"""Bookings in CSV files, by a map of columns or by what the columns are called."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from odoo.addons.automation_core.lib.texts import Marker

from . import csv_values as values
from .layouts import PENDING, plain, recognised
from .model import ColumnMap, Statement, StatementError, StatementLine
from .text import decoded, lines_of, number_of_account, reference, squeezed

_lt = Marker(__name__)

MAX_ROWS = 200_000
MAX_CELL = 100_000
_DELIMITERS = ";\t,|"
_HEAD_LINES = 40
_SHORT_IDS = ("code", "mandate_id", "creditor_id", "bank_reference", "reference_id", "invoice_id")
_HINT = _lt("Look at the row in the file, or set up the columns of the source.")


@dataclass(frozen=True, slots=True)
class Preview:
    """What a file's columns look like: for setting up a map."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    columns: ColumnMap | None


@dataclass(frozen=True, slots=True)
class Table:
    """A file's headings and rows."""

    headings: list[str]
    rows: list[tuple[int, list[str]]]  # number of the line, cells
    delimiter: str
    skip: int


def guess_columns(content: bytes) -> ColumnMap | None:
    """Return how to read a file whose headings are known; None if date or amount are not."""
    return preview(content, rows=0).columns


def preview(content: bytes, columns: ColumnMap | None = None, rows: int = 10) -> Preview:
    """Return headings and first rows as they will be read, with the map that is sure."""
    try:
        table = _shown(content, columns or ColumnMap({}))
    except StatementError:
        return Preview((), (), None)
    shown = tuple(tuple(cells) for _number, cells in table.rows[:rows])
    return Preview(tuple(table.headings), shown, columns or _guessed(table))


def _shown(content: bytes, columns: ColumnMap) -> Table:
    """Return a table even if none of its headings is known: the fullest row is taken for them."""
    try:
        return table_of(content, columns)
    except StatementError:
        return table_of(content, ColumnMap({}), lambda names: {n: n for n in names if n.strip()})


def read(content: bytes, columns: ColumnMap | None = None) -> tuple[Statement, ...]:
    """Return the statements of a file, one for each account, without keys."""
    table = table_of(content, columns or ColumnMap({}))
    columns = columns or _guessed(table)
    if columns is None:
        raise StatementError(
            _lt("The columns of the file are not known."),
            _lt("Set up its columns at the source: at least date and amount."),
        )
    return _Reader(table, columns).statements()


def table_of(
    content: bytes,
    columns: ColumnMap,
    known: Callable[[list[str]], Mapping[str, str]] = recognised,
) -> Table:
    """Return a file's rows below its headings; ``known`` tells which headings are understood."""
    text = _text(content, columns.encoding)
    delimiter = columns.delimiter or _delimiter(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows: list[tuple[int, list[str]]] = []
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                rows.append((reader.line_num, cells))
            if any(len(cell) > MAX_CELL for cell in cells):
                raise StatementError(_lt("The file is not a CSV file that can be read."), _HINT)
            if len(rows) > MAX_ROWS:
                raise StatementError(_lt("The file has too many rows."), _HINT)
    except csv.Error as error:
        raise StatementError(_lt("The file is not a CSV file that can be read."), _HINT) from error
    place = _heading_place(rows, columns, known)
    if place is None:
        raise StatementError(_lt("The file has no line of column headings."), _HINT)
    return Table([cell.strip() for cell in rows[place][1]], rows[place + 1 :], delimiter, place)


def _text(content: bytes, encoding: str) -> str:
    if not encoding:
        return decoded(content).replace("\x00", "")
    try:
        return content.decode("utf-8-sig" if plain(encoding) == "utf8" else encoding)
    except (UnicodeDecodeError, LookupError) as error:
        raise StatementError(
            _lt("The file is not written in the characters %(name)s.", name=encoding),
            _lt("Choose another character set for the source, or none: it is found out then."),
        ) from error


def _delimiter(text: str) -> str:
    head = [line for line in text.splitlines()[:_HEAD_LINES] if line.strip()]
    return max(_DELIMITERS, key=lambda sign: max((line.count(sign) for line in head), default=0))


def _heading_place(
    rows: list[tuple[int, list[str]]],
    columns: ColumnMap,
    known: Callable[[list[str]], Mapping[str, str]],
) -> int | None:
    """Return the row of the headings: that has the map's, or the most of the known ones."""
    if columns.skip:
        return columns.skip if columns.skip < len(rows) else None
    wanted = {part for name in columns.columns.values() for part in name.split("+")}
    best, score = None, 1
    for place, (_number, cells) in enumerate(rows[:_HEAD_LINES]):
        names = {cell.strip() for cell in cells}
        found = len(wanted & names) if wanted else len(known(list(names)))
        if found > score or (wanted and wanted <= names):
            best, score = place, found
    return best


def _guessed(table: Table) -> ColumnMap | None:
    found = recognised(table.headings)
    state = found.pop("state", "")
    amount = "amount" in found or ("credit" in found and "debit" in found)
    if "date" not in found or not amount:
        return None
    return ColumnMap(
        columns=found,
        delimiter=table.delimiter,
        booked={state: "*"} if state else {},
    )


class _Reader:
    """Reads the rows of one file."""

    def __init__(self, table: Table, columns: ColumnMap) -> None:
        self.table = table
        self.map = columns
        self.columns = columns.columns
        self.headings = {name: place for place, name in enumerate(table.headings)}
        self.places = self._places()
        self.rows = [row for row in table.rows if not self._is_foot(row[1])]
        self.pending = 0
        self.booked = [row for row in self.rows if self._is_booked(row[1])]
        self.formats = columns.date_format or values.date_format(self._cells("date"))
        amounts = [
            cell for name in ("amount", "credit", "debit", "fee") for cell in self._cells(name)
        ]
        self.decimal = columns.decimal or values.decimal_sign(amounts)

    def _places(self) -> dict[str, list[int]]:
        """Return where each field's columns stand; the map's headings must be there."""
        known = {
            heading: place for place, heading in reversed(list(enumerate(self.table.headings)))
        }
        places = {}
        for name, heading in self.columns.items():
            parts = [heading] if heading in known else [part.strip() for part in heading.split("+")]
            if missing := [part for part in parts if part not in known]:
                raise StatementError(
                    _lt("The file has no column “%(name)s”.", name=missing[0]),
                    _lt("Choose another file, or change the columns of the source."),
                )
            places[name] = [known[part] for part in parts]
        return places

    def cell(self, cells: list[str], name: str) -> str:
        """Return a row's value of a field."""
        found = [cells[place] for place in self.places.get(name, ()) if place < len(cells)]
        return " ".join(part for part in found if part.strip()).strip()

    def _cells(self, name: str) -> list[str]:
        found = (self.cell(cells, name) for _number, cells in self.booked)
        return [text for text in found if text]

    def _is_foot(self, cells: list[str]) -> bool:
        """Whether a row is a sum or balance below the bookings: words where the date belongs."""
        text = self.cell(cells, "date")
        return not any(char.isdigit() for char in text) and plain(text) not in PENDING

    def _is_booked(self, cells: list[str]) -> bool:
        """Whether a row is booked, by the map's columns or by the words that banks use."""
        booked = plain(self.cell(cells, "date")) not in PENDING
        for heading, wanted in self.map.booked.items():
            place = self.headings.get(heading, len(cells))
            value = plain(cells[place]) if place < len(cells) else ""
            right = value not in PENDING if wanted == "*" else value == plain(wanted)
            booked = booked and right
        self.pending += not booked
        return booked

    def statements(self) -> tuple[Statement, ...]:
        """Return the lines by account and currency."""
        groups: dict[tuple[str, str], list[StatementLine]] = {}
        for number, cells in self.booked:
            account = number_of_account(self.cell(cells, "account")) or self.map.account
            line = self._line(number, cells)
            groups.setdefault((account, line.currency), []).append(line)
        if not groups:
            groups[(self.map.account, self.map.currency or "EUR")] = []
        pending = [self.pending, *([0] * len(groups))]
        return tuple(
            Statement(
                account=number_of_account(account),
                currency=currency,
                lines=tuple(lines),
                start=min((line.date for line in lines), default=None),
                end=max((line.date for line in lines), default=None),
                pending=count,
            )
            for ((account, currency), lines), count in zip(groups.items(), pending, strict=False)
        )

    def _line(self, number: int, cells: list[str]) -> StatementLine:
        booked = self._date(cells, "date")
        amount = self._amount(number, cells)
        if booked is None:
            raise StatementError(
                _lt("Row %(row)s: “%(text)s” is no date.", row=number, text=_short(cells)), _HINT
            )
        payer = self.cell(cells, "payee_name") if amount < 0 else self.cell(cells, "payer_name")
        line = StatementLine(
            key="",
            date=booked,
            amount=amount,
            currency=self._currency(cells),
            value_date=self._date(cells, "value_date"),
            payer_name=squeezed(payer or self.cell(cells, "payer_name")),
            payer_iban=number_of_account(self.cell(cells, "payer_iban")),
            payer_bic=number_of_account(self.cell(cells, "payer_bic")),
            payer_email=self.cell(cells, "payer_email"),
            remittance=lines_of(self.cell(cells, "remittance")),
            end_to_end_id=reference(self.cell(cells, "end_to_end_id")),
            fee=self._number(cells, "fee") or Decimal(0),
            raw=self.table.delimiter.join(cells),
        )
        ids: dict[str, Any] = {name: reference(self.cell(cells, name)) for name in _SHORT_IDS}
        return values.told_apart(replace(line, **ids))

    def _currency(self, cells: list[str]) -> str:
        text = self.cell(cells, "currency").upper()
        if len(text) == 3 and text.isalpha():
            return text
        return "EUR" if text == "€" else self.map.currency or self._heading_currency()

    def _heading_currency(self) -> str:
        heading = self.columns.get("amount", "").upper()
        return next((name for name in ("USD", "GBP", "CHF") if name in heading), "EUR")

    def _amount(self, number: int, cells: list[str]) -> Decimal:
        amount = self._number(cells, "amount")
        if amount is None and not self.cell(cells, "amount"):
            credit, debit = self._number(cells, "credit"), self._number(cells, "debit")
            if credit is not None or debit is not None:
                amount = abs(credit or Decimal(0)) - abs(debit or Decimal(0))
        if amount is None:
            raise StatementError(
                _lt(
                    "Row %(row)s: there is no amount in “%(text)s”.", row=number, text=_short(cells)
                ),
                _HINT,
            )
        sign = plain(self.cell(cells, "sign"))
        return -abs(amount) if sign in {"s", "soll", "d", "debit", "af", "dbit"} else amount

    def _number(self, cells: list[str], name: str) -> Decimal | None:
        return values.number(self.cell(cells, name), self.decimal)

    def _date(self, cells: list[str], name: str) -> date | None:
        return values.day(self.cell(cells, name), self.formats)


def _short(cells: list[str]) -> str:
    return "; ".join(cells)[:80]
