"""A delivery as a table: the columns a shipper wants, a row for each item or parcel."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from decimal import Decimal
from typing import Final, Literal

from odoo.addons.automation_core.lib.texts import Marker

from ..model import Box, DispatchLine, DispatchOrder
from . import figures, words
from .address import ALONE, CHAINS, Limits, Lines, fitted, lines_of, street_parts
from .fields import BOX, FIELDS, LINE, label
from .problems import HINT_DELIVERY, HINT_FORMAT, DocumentError
from .settings import Settings, TableFormat
from .sizes import within

_lt = Marker(__name__)

_QUOTING: Final[Mapping[str, Literal[0, 1, 3]]] = {
    "minimal": csv.QUOTE_MINIMAL,
    "all": csv.QUOTE_ALL,
    "none": csv.QUOTE_NONE,
}
ONE: Final = Decimal(1)
Row = Mapping[str, "str | Decimal"]


def write(order: DispatchOrder, form: TableFormat, settings: Settings | None = None) -> bytes:
    """Return the table of a delivery.

    :raises DocumentError: the format cannot be used, or something does not fit into it
    """
    settings = settings or Settings()
    check(form, settings)
    encoding = words.encoding_of(settings.encoding)
    stream = io.StringIO(newline="")
    writer = csv.writer(
        stream,
        delimiter=form.delimiter,
        quotechar=form.quote or None,
        quoting=_QUOTING[form.quoting] if form.quote else csv.QUOTE_NONE,
        lineterminator=form.line_end,
    )
    written = [_cells(row, form, encoding) for row in _rows(order, form, settings)]
    if form.header:
        titles = [column.title for column in form.columns]
        written.insert(0, [words.writable(title, encoding, title) for title in titles])
    try:
        writer.writerows(written)
    except csv.Error as error:
        raise _not_quoted(form, written) from error
    mark = "\ufeff" if form.mark and encoding.startswith("utf") else ""
    return (mark + stream.getvalue()).encode(encoding)


def check(form: TableFormat, settings: Settings) -> None:
    """Refuse a format that can never give a table.

    :raises DocumentError: and why
    """
    words.encoding_of(settings.encoding)
    if not form.columns:
        raise DocumentError(_lt("The table has no columns."), HINT_FORMAT, "columns")
    signs = [form.delimiter, form.quote, form.decimal]
    if any(len(sign) != 1 or sign in "\r\n\0" for sign in signs if sign) or not form.delimiter:
        raise DocumentError(
            _lt("Delimiter, quote and decimal sign have to be one sign each."),
            HINT_FORMAT,
            "delimiter",
        )
    if form.delimiter == form.quote or form.decimal not in (",", "."):
        raise DocumentError(
            _lt("The delimiter may not be the quote, and the decimal sign is “,” or “.”."),
            HINT_FORMAT,
            "delimiter",
        )
    if form.line_end not in ("\r\n", "\n", "\r"):
        raise DocumentError(_lt("The table has no line ends."), HINT_FORMAT, "line_end")
    _check_fields(form)


def _check_fields(form: TableFormat) -> None:
    unfit = LINE if form.rows == "parcel" else BOX
    for column in form.columns:
        if column.field and column.field not in FIELDS:
            raise DocumentError(
                _lt("There is no field “%(name)s” for a column.", name=column.field[:60]),
                HINT_FORMAT,
                "columns",
            )
        if column.field in unfit:
            raise DocumentError(
                _lt(
                    "The column “%(title)s” does not go with the rows of this table: its field is "
                    "“%(field)s”.",
                    title=column.title,
                    field=label(column.field),
                ),
                _lt("A table has a row for each item, or a row for each parcel."),
                "columns",
            )


def _not_quoted(form: TableFormat, rows: list[list[str]]) -> DocumentError:
    """Nothing may be quoted, and a text holds the sign that parts the columns."""
    hostile = {form.delimiter, *form.line_end, *form.quote}
    cells = ((column, cell) for row in rows for column, cell in zip(form.columns, row, strict=True))
    column, cell = next(
        ((column, cell) for column, cell in cells if hostile & set(cell)), (form.columns[0], "")
    )
    return DocumentError(
        _lt(
            "“%(text)s” in the column “%(title)s” holds the sign that parts the columns, and the "
            "shipper wants no quotes.",
            text=cell[:80],
            title=column.title,
        ),
        _lt("Correct the text, or let the shipper's tables have quotes."),
        column.field,
    )


def _cells(row: Row, form: TableFormat, encoding: str) -> list[str]:
    """Return a row's texts in the order of the columns, in letters that the encoding has."""
    cells = []
    for column in form.columns:
        value = row[column.field] if column.field else column.fixed
        if isinstance(value, Decimal):
            value = figures.number(value, form.decimal, label(column.field))
        name = column.title or label(column.field)
        cells.append(words.writable(words.clean(value), encoding, name, column.field))
    return cells


def _rows(order: DispatchOrder, form: TableFormat, settings: Settings) -> Iterator[Row]:
    head = _head(order, form, settings)
    if form.rows == "item":
        if not order.lines:
            raise DocumentError(_lt("The delivery has no lines."), HINT_DELIVERY, "lines")
        for line in order.lines:
            yield {**head, **_line(line)}
        return
    boxes = order.boxes or (Box(_weight(order)),)
    for place, box in enumerate(boxes, start=1):
        yield {**head, **_box(box, place, order)}


def _head(order: DispatchOrder, form: TableFormat, settings: Settings) -> dict[str, str | Decimal]:
    created = figures.local(order.created, settings.zone)
    place = order.place
    lines = lines_of(order.recipient, order.place)
    return {
        "number": order.number,
        "delivery": order.delivery,
        "order": order.order,
        "shop_order": order.shop_order,
        "customer_no": order.customer_no,
        "created": created.strftime(form.date),
        "ship_by": order.ship_by.strftime(form.date) if order.ship_by else "",
        "carrier": order.carrier,
        "service": order.service,
        "partial": form.yes if order.partial else form.no,
        "note": order.note,
        "currency": order.currency,
        "total.weight": _weight(order),
        "total.value": figures.total((line.value, line.quantity) for line in order.lines),
        "total.parcels": str(max(1, len(order.boxes))),
        "total.items": str(len(order.lines)),
        "place.kind": place.kind if place else "",
        "place.number": place.number if place else "",
        "place.post_number": place.post_number if place else "",
        **_address("recipient", lines, form, settings),
        **_address("sender", lines_of(order.sender), form, settings),
    }


def _address(who: str, lines: Lines, form: TableFormat, settings: Settings) -> dict[str, str]:
    """Return an address's columns. What the table has no column for has no room in it either."""
    wanted = {
        "street" if name in ("street_name", "house_number") else name
        for column in form.columns
        for owner, _dot, name in [column.field.partition(".")]
        if owner == who
    }
    limits = _limits_of(wanted, settings)
    found = asdict(fitted(lines, limits))
    found["street_name"], found["house_number"] = street_parts(found["street"])
    most = settings.limits.house_number
    if most is not None and any(x.field == f"{who}.house_number" for x in form.columns):
        within(found["house_number"], f"{who}.house_number", most)
    return {f"{who}.{name}": text for name, text in found.items()}


def _limits_of(wanted: set[str], settings: Settings) -> Limits:
    """Return what a table has room for: none in a column it lacks, where it has one of the kind.

    A table that wants no names at all, say, is none that loses one.
    """
    changed: dict[str, int | None] = {}
    for chain in (*CHAINS, *((name,) for name in ALONE)):
        rest = 0 if wanted & set(chain) else None
        changed.update({name: rest for name in chain if name not in wanted})
    return replace(settings.limits, **changed)


def _weight(order: DispatchOrder) -> Decimal:
    if order.boxes:
        return figures.total((box.weight, ONE) for box in order.boxes)
    return figures.total((line.weight, line.quantity) for line in order.lines)


def _line(line: DispatchLine) -> dict[str, str | Decimal]:
    return {f"line.{name.removeprefix('line.')}": getattr(line, name.removeprefix("line."))
            for name in LINE}  # fmt: skip


def _box(box: Box, place: int, order: DispatchOrder) -> dict[str, str | Decimal]:
    return {
        "box.place": str(place),
        "box.reference": box.reference or f"{order.number}-{place}",
        "box.weight": box.weight,
        "box.length": box.length,
        "box.width": box.width,
        "box.height": box.height,
    }
