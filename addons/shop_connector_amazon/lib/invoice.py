"""Handing in invoices: off by default, for it needs a role and the seller's own choice.

The keys of the options are those sellers report as working; the documentation is vague about them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

from odoo.addons.automation_core.lib import errors
from odoo.addons.automation_core.lib.texts import Marker
from odoo.addons.shop_connector.lib.order import clean_text

from . import const, explain
from .amounts import to_cent
from .feeds import PDF_TYPE, FeedJob

_lt = Marker(__name__)


OWN_SERVICE: Final = "79525"  # Amazon writes the invoices itself
MOST_BYTES: Final = 10 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Invoice:
    """An invoice or credit note for an order. ``shipment_id`` is Amazon's, if it is known."""

    number: str
    order_id: str
    marketplace: str
    total: Decimal
    tax: Decimal
    kind: Literal["Invoice", "CreditNote"] = "Invoice"
    shipment_id: str = ""


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A complaint in a report that is a table."""

    code: str
    is_error: bool
    text: str
    hint: str


def build_job(invoice: Invoice, pdf: bytes) -> FeedJob:
    """Return the file to send.

    :raises errors.Rejected: for what Amazon would refuse
    """
    if not pdf.startswith(b"%PDF-"):
        raise errors.Rejected(
            _lt("The file of invoice %(number)s is no PDF.", number=invoice.number),
            _lt("Print the invoice again."),
        )
    if len(pdf) > MOST_BYTES:
        raise errors.Rejected(
            _lt("The file of invoice %(number)s is too large for Amazon.", number=invoice.number),
            _lt("Use smaller pictures in the layout of the invoice."),
        )
    if not invoice.number.strip() or not (invoice.order_id or invoice.shipment_id):
        raise errors.Rejected(_lt("The invoice has no number or no order."), _lt("Post it first."))
    options = {
        "metadata:invoicenumber": invoice.number.strip(),
        "metadata:documenttype": invoice.kind,
        "metadata:totalamount": f"{to_cent(abs(invoice.total)):f}",
        "metadata:totalvatamount": f"{to_cent(abs(invoice.tax)):f}",
    }
    if invoice.shipment_id:
        options["metadata:shippingid"] = invoice.shipment_id
    else:
        options["metadata:orderid"] = invoice.order_id
    return FeedJob(const.INVOICE_FEED, (invoice.marketplace,), PDF_TYPE, options)


def read_report(content: bytes) -> tuple[ReportRow, ...]:
    """Return the complaints of a report that is a table with tabs; none means accepted."""
    return tuple(_rows(content.decode("utf-8", "replace")))


def _rows(text: str) -> Iterator[ReportRow]:
    columns: dict[str, int] = {}
    for line in text.splitlines():
        cells = [clean_text(cell, 400) for cell in line.split("\t")]
        names = [cell.lower() for cell in cells]
        if "error-code" in names:
            columns = {name: index for index, name in enumerate(names)}
        elif columns and len(cells) > columns["error-code"] and any(cells):
            yield _row({name: cells[i] for name, i in columns.items() if i < len(cells)})


def _row(cells: dict[str, str]) -> ReportRow:
    code = cells.get("error-code", "")
    told = explain.meaning(code, cells.get("error-message", ""))
    kind = cells.get("error-type", "Error")
    return ReportRow(code, not re.match("warn", kind, re.IGNORECASE), told.text, told.hint)
