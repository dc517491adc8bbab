"""Try a mapping on a real file: what would become of it, in words, without storing anything."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

from ..channel import RawOrder
from ..order import PayloadError, ShopOrder, clean_text
from . import readers, tree
from .model import FeedMapping, FileFormat
from .parser import parse_order
from .raw import RawFeed, raw_orders

ROWS: Final = 20
MAX_PATHS: Final = 300


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """One order: its values by field, or why it cannot be read."""

    number: str
    values: Mapping[str, str] = field(default_factory=dict)
    problem: str = ""
    hint: str = ""
    order: ShopOrder | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """A file, tried. ``columns`` and ``line_columns`` are what the files have, with an example.

    ``problem`` is about the file or the mapping as a whole.
    """

    rows: tuple[PreviewRow, ...] = ()
    orders: int = 0
    columns: Mapping[str, str] = field(default_factory=dict)
    line_columns: Mapping[str, str] = field(default_factory=dict)
    problem: str = ""
    hint: str = ""


def preview(mapping: FeedMapping, heads: bytes, lines: bytes = b"", rows: int = ROWS) -> Preview:
    """Return what the mapping makes of the first orders of a file; never raises."""
    columns = sample(heads, mapping.heads)
    line_columns = sample(lines, mapping.lines) if mapping.layout == "joined" else {}
    try:
        found = raw_orders(RawFeed(heads, lines), mapping)
        shown = tuple(_row(raw, mapping) for raw in found[:rows])
    except PayloadError as error:
        return Preview((), 0, columns, line_columns, error.message, error.hint)
    return Preview(shown, len(found), columns, line_columns)


def sample(content: bytes, form: FileFormat) -> dict[str, str]:
    """Return the columns or paths of a file's records, each with the first value found."""
    found: dict[str, str] = {}
    with suppress(PayloadError):  # the preview says it
        for name in readers.columns(content, form):
            found[name] = ""
        for record in readers.read(content, form)[:ROWS]:
            _collect(record, "", found)
    return found


def _collect(node: object, path: str, found: dict[str, str]) -> None:
    if isinstance(node, Mapping):
        for key, value in node.items():
            below = path if key == tree.TEXT else f"{path}/{key}".lstrip("/")
            _collect(value, below, found)
    elif isinstance(node, list):
        for item in node:
            _collect(item, path, found)
    elif len(found) < MAX_PATHS or path in found:
        found[path] = found.get(path) or clean_text(node, 60)


def _row(raw: RawOrder, mapping: FeedMapping) -> PreviewRow:
    if raw.problem:
        return PreviewRow(raw.number or raw.external_id, problem=raw.problem, hint=raw.hint)
    try:
        order = parse_order(raw.body, mapping)
    except PayloadError as error:
        return PreviewRow(raw.number or raw.external_id, problem=error.message, hint=error.hint)
    return PreviewRow(order.number, _values(order), order=order)


def _values(order: ShopOrder) -> dict[str, str]:
    """Return an order's values, by the fields' names."""
    values: dict[str, object] = {
        "number": order.number,
        "ordered_at": order.ordered_at.isoformat(),
        "currency": order.currency,
        "total": f"{order.total:.2f}",
        "email": order.customer.email,
        "payment": order.payment_code,
        "shipping": order.shipping_code,
        "note": order.buyer_note,
        "status": order.shop_status,
    }
    for block, address in (("billing", order.billing), ("delivery", order.delivery)):
        values[f"{block}.name"] = address.name or address.company
        values[f"{block}.street"] = address.street_line
        values[f"{block}.city"] = f"{address.zip} {address.city}".strip()
        values[f"{block}.country"] = address.country_code
    for line in order.lines:
        values[f"line.{line.line_id}"] = (
            f"{line.quantity:f} × {line.sku} {line.name} = {line.total:.2f}"
        )
    return {key: str(value) for key, value in values.items() if value}
