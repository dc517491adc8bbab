"""Files for the way back: shipments and stock as tables."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from odoo.addons.automation_core.lib.texts import Marker

from .. import outbox
from .problems import HINT_MAPPING, MappingProblem
from .reader import zone

_lt = Marker(__name__)

SHIPMENT: Final = ("number", "carrier", "tracking", "date", "url", "line", "quantity")
STOCK: Final = ("sku", "quantity")
HINT_COLUMNS: Final = _lt("Write them like this: number=Order, tracking=Tracking number")


@dataclass(frozen=True, slots=True)
class Table:
    """How a file is written. ``columns`` are pairs of a field and the header's word for it."""

    columns: tuple[tuple[str, str], ...]
    delimiter: str = ";"
    encoding: str = "utf-8"
    header: bool = True
    line_end: str = "\r\n"
    date: str = "%d.%m.%Y"
    decimal: str = ","
    zone: str = "Europe/Berlin"


@dataclass(frozen=True, slots=True)
class Shipment:
    """A parcel of an order; several parcels are several rows."""

    number: str
    carrier: str
    tracking: str
    shipped_at: datetime
    url: str = ""
    line: str = ""
    quantity: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Stock:
    """How many of an article can be sold."""

    sku: str
    quantity: Decimal


SHIPMENT_TABLE: Final = Table(
    (
        ("number", "Bestellnummer"),
        ("carrier", "Versanddienst"),
        ("tracking", "Sendungsnummer"),
        ("date", "Versanddatum"),
    )
)
STOCK_TABLE: Final = Table((("sku", "Artikelnummer"), ("quantity", "Bestand")))


def columns(text: str, known: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Return the columns named in a setting: ``field=Title, field=Title``.

    :raises MappingProblem: a field is not known
    """
    found = []
    for part in text.split(","):
        name, _sign, title = part.partition("=")
        if not part.strip():
            continue
        if name.strip() not in known:
            raise MappingProblem(
                _lt(
                    "There is no value “%(name)s” for a column; possible are %(names)s.",
                    name=one_line(name)[:40],
                    names=", ".join(known),
                ),
                HINT_COLUMNS,
            )
        found.append((name.strip(), one_line(title) or name.strip()))
    if not found:
        raise MappingProblem(_lt("The file has no columns."), HINT_COLUMNS)
    return tuple(found)


def shipment_rows(told: outbox.Shipment, table: Table) -> list[Shipment]:
    """Return the rows about an order: one per parcel, or per item where the table asks for items.

    Parcels reported earlier are among them: a file that got lost does no harm.
    """
    by_item = bool({"line", "quantity"} & {name for name, _title in table.columns})
    return [
        Shipment(
            told.external_id,  # the shop's own number, without a prefix of ours
            parcel.carrier or parcel.carrier_name,
            parcel.tracking,
            parcel.shipped_at,
            parcel.link,
            line,
            quantity,
        )
        for parcel in told.parcels
        for line, quantity in (parcel.items if by_item else (("", None),))
    ]


def merged(old: bytes, new: bytes, table: Table) -> bytes:
    """Return a file with the rows of another one added that it does not have yet."""
    end = table.line_end.encode(table.encoding)
    lines = dict.fromkeys([*old.split(end), *new.split(end)])
    lines.pop(b"", None)
    return b"".join(line + end for line in lines)


def shipment_file(rows: Iterable[Shipment], table: Table = SHIPMENT_TABLE) -> bytes:
    """Return the file that tells a shop what was sent; a row given twice is in it once."""
    here = zone(table.zone)
    return _table(
        (
            {
                "number": row.number,
                "carrier": row.carrier,
                "tracking": row.tracking,
                "date": row.shipped_at.astimezone(here).strftime(table.date),
                "url": row.url,
                "line": row.line,
                "quantity": "" if row.quantity is None else amount(row.quantity, table.decimal),
            }
            for row in dict.fromkeys(rows)
        ),
        table,
    )


def stock_file(rows: Iterable[Stock], table: Table = STOCK_TABLE) -> bytes:
    """Return the file that tells a shop what can be sold; never less than nothing.

    An article given twice counts with its last figure. What is not in the file is not touched.
    """
    last = {row.sku: row for row in rows}
    return _table(
        (
            {"sku": row.sku, "quantity": amount(max(row.quantity, Decimal(0)), table.decimal)}
            for row in last.values()
        ),
        table,
    )


def amount(value: Decimal, decimal: str = ",") -> str:
    """Return a number without needless zeros: 3, 2,5."""
    text = f"{value:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.replace(".", decimal)


def one_line(text: str) -> str:
    """Return a text as it may stand in a cell: no line breaks, no control characters."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _table(rows: Iterable[dict[str, str]], table: Table) -> bytes:
    names: Sequence[str] = [name for name, _title in table.columns]
    stream = io.StringIO(newline="")
    try:
        writer = csv.writer(stream, delimiter=table.delimiter, lineterminator=table.line_end)
        if table.header:
            writer.writerow([title for _name, title in table.columns])
        writer.writerows([one_line(row[name]) for name in names] for row in rows)
        return stream.getvalue().encode(table.encoding, errors="replace")
    except KeyError as error:
        raise MappingProblem(
            _lt("The file has no value for a column “%(name)s”.", name=error.args[0]), HINT_MAPPING
        ) from error
    except (LookupError, TypeError, ValueError, csv.Error) as error:
        raise MappingProblem(
            _lt("Delimiter or encoding of the file cannot be used."), HINT_MAPPING
        ) from error
