"""What the outbox tells Amazon about an order: shipments, cancellations, invoices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Final

from odoo.addons.automation_core.lib import errors
from odoo.addons.automation_core.lib.texts import Marker
from odoo.addons.shop_connector.lib import outbox
from odoo.addons.shop_connector.lib.order import PayloadError

from . import cancellation, carriers, const, invoice, jobs, packages, untracked
from .client import SpApi
from .feeds import Feeds
from .model import Package
from .orders import OrdersApi
from .reader import Reader
from .shipment import Parcel, Shipments, is_known

_lt = Marker(__name__)

REASONS: Final = {
    "no_stock": cancellation.OUT_OF_STOCK,
    "buyer_request": cancellation.BUYER_ASKED,
    "address": "ShippingAddressUndeliverable",
}
OTHER_REASON: Final = "GeneralAdjustment"
SELLER_CENTRAL: Final = _lt("Do it in Seller Central.")


class Outgoing:
    """Tells Amazon about orders of one account.

    :param marketplace: where an order belongs that does not say so itself
    """

    def __init__(self, api: SpApi, seller: str, marketplace: str) -> None:
        self._api = api
        self._seller = seller
        self._marketplace = marketplace
        self._feeds = Feeds(api)
        self._orders = OrdersApi(api)

    # -- shipments --------------------------------------------------------

    def shipment(self, shipment: outbox.Shipment) -> outbox.Receipt:
        """Report what Amazon does not know yet: a call for each parcel with a tracking number, a
        file for those without.
        """
        if shipment.extra.get("fulfilled_by") == "amazon":
            return outbox.Receipt(known=True, text=_lt("Amazon itself sends this order."))
        told = [parcel for parcel in shipment.parcels if parcel.items]
        shipments = Shipments(self._api)
        look = shipment.again or len(told) > 1 or bool(shipment.extra.get("packages"))
        known = shipments.packages(shipment.external_id) if look else ()
        rows = [amazon_parcel(row, known, [other.reference for other in told]) for row in told]
        sent = 0
        for parcel in rows:
            if not parcel.tracking.strip() or is_known(parcel, known):
                continue
            place = self._place(shipment.extra)
            result = shipments.confirm(
                shipment.external_id, place, parcel, ordered_at=shipment.ordered_at
            )
            sent += result == "sent"
        if all(parcel.tracking.strip() for parcel in rows):
            return outbox.Receipt(known=not sent)
        return self._untracked(shipment, rows)

    def _untracked(self, shipment: outbox.Shipment, rows: Sequence[Parcel]) -> outbox.Receipt:
        """Hand in a file about the parcels without tracking number, as far as they are new."""
        if not self._seller:
            raise errors.Rejected(
                _lt("The parcel has no tracking number."),
                _lt("Enter it on the delivery, or the merchant token in the account."),
            )
        plain = [parcel for parcel in rows if not parcel.tracking.strip()]
        told = _told(rows)
        order = self._order(shipment.external_id)
        parts = untracked.still_open(plain, told, _fulfilled(order))
        new = [replace(row, items=part) for row, part in zip(plain, parts, strict=True) if part]
        if not new:
            return outbox.Receipt(known=True)
        now = datetime.fromtimestamp(self._api.now(), UTC)
        document = untracked.build_document(self._seller, shipment.external_id, new, now)
        job = self._feeds.send(untracked.build_job(self._place(shipment.extra)), document)
        kept = {"feed": jobs.pack(job), "order": shipment.external_id, "told": told}
        return outbox.Receipt(job=kept, wait=jobs.WAIT)

    def ask_shipment(self, kept: Mapping[str, object]) -> outbox.Receipt:
        """Return what became of a file about parcels.

        :raises errors.Rejected: when Amazon has refused it
        """
        job = jobs.look(self._feeds, jobs.unpack(kept.get("feed")))
        if job.stage == "running":
            return outbox.Receipt(job={**kept, "feed": jobs.pack(job)}, wait=jobs.WAIT)
        number = str(kept.get("order", ""))
        refused = tuple(cancellation.read_failures(self._feeds.result(job)).values())
        if not refused:
            return outbox.Receipt()
        told = kept.get("told")
        fulfilled = _fulfilled(self._order(number))
        if isinstance(told, dict) and all(fulfilled.get(k, 0) >= n for k, n in told.items()):
            return outbox.Receipt(known=True)
        raise errors.Rejected(refused[0].text, refused[0].hint)

    # -- cancellations ----------------------------------------------------

    def cancellation(self, wanted: outbox.Cancellation) -> outbox.Receipt:
        """Hand in the cancellation of an order or of whole lines; Amazon has only a file for it."""
        order = self._order(wanted.external_id)
        if _status(order) == const.CANCELLED:
            return outbox.Receipt(known=True)
        ordered = _ordered(order)
        items = tuple(ordered) if wanted.whole else _whole_lines(ordered, wanted.items)
        row = cancellation.Cancellation(
            wanted.external_id, REASONS.get(wanted.reason, OTHER_REASON), items
        )
        document = cancellation.build_document(self._seller, [row])
        job = self._feeds.send(cancellation.build_job(self._place(wanted.extra)), document)
        kept = {"feed": jobs.pack(job), "order": wanted.external_id}
        return outbox.Receipt(job=kept, wait=jobs.WAIT)

    def ask_cancellation(self, kept: Mapping[str, object]) -> outbox.Receipt:
        """Return what became of a cancellation.

        :raises errors.Rejected: when Amazon has refused it
        """
        job = jobs.look(self._feeds, jobs.unpack(kept.get("feed")))
        if job.stage == "running":
            return outbox.Receipt(job={**kept, "feed": jobs.pack(job)}, wait=jobs.WAIT)
        number = str(kept.get("order", ""))
        row = cancellation.Cancellation(number, OTHER_REASON)
        (result,) = cancellation.read_report(self._feeds.result(job), [row])
        if result.accepted:
            return outbox.Receipt()
        if _status(self._order(number)) == const.CANCELLED:
            return outbox.Receipt(known=True)
        raise errors.Rejected(result.text, result.hint)

    # -- invoices ---------------------------------------------------------

    def invoice(self, file: outbox.InvoiceFile) -> outbox.Receipt:
        """Upload an invoice or a credit note."""
        bill = invoice.Invoice(
            number=file.invoice_number,
            order_id=file.external_id,
            marketplace=self._place(file.extra),
            total=file.total,
            tax=file.tax,
            kind="CreditNote" if file.credit_note else "Invoice",
        )
        job = self._feeds.send(invoice.build_job(bill, file.pdf), file.pdf)
        return outbox.Receipt(job={"feed": jobs.pack(job)}, wait=jobs.WAIT)

    def ask_invoice(self, kept: Mapping[str, object]) -> outbox.Receipt:
        """Return what became of an invoice.

        :raises outbox.StopKind: when Amazon writes this account's invoices itself
        :raises errors.Rejected: when Amazon has refused it
        """
        job = jobs.look(self._feeds, jobs.unpack(kept.get("feed")))
        if job.stage == "running":
            return outbox.Receipt(job={"feed": jobs.pack(job)}, wait=jobs.WAIT)
        for row in invoice.read_report(self._feeds.result(job)):
            if row.code == invoice.OWN_SERVICE:
                raise outbox.StopKind(row.text, row.hint)
            if row.is_error:
                raise errors.Rejected(row.text, row.hint)
        return outbox.Receipt()

    # -- helpers ----------------------------------------------------------

    def _place(self, extra: Mapping[str, str]) -> str:
        return extra.get("marketplace") or self._marketplace

    def _order(self, number: str) -> Reader:
        order = self._orders.order(number, ("CANCELLATION", "FULFILLMENT"))
        return Reader(order, _lt("Order %(number)s", number=number))


def amazon_parcel(
    row: outbox.Parcel, known: Sequence[Package], references: Sequence[int]
) -> Parcel:
    """Return a parcel in Amazon's words.

    A number that a parcel with other content has at Amazon is left to that one: somebody has
    confirmed it in Seller Central.
    """
    code, name = _carrier(row)
    parcel = Parcel(
        reference=row.reference,
        carrier=code,
        carrier_name=name,
        tracking=row.tracking,
        shipped_at=row.shipped_at,
        items=tuple((item, _count(amount)) for item, amount in row.items if item.isalnum()),
    )
    strange = [
        package
        for package in known
        if package.reference == str(row.reference)
        and not packages.same_tracking(package.tracking, row.tracking)
        and sorted(package.items) != sorted(parcel.items)
    ]
    if not strange:
        return parcel
    return replace(parcel, reference=packages.next_reference(known, references))


def _carrier(row: outbox.Parcel) -> tuple[str, str]:
    """Return Amazon's name of the carrier, or “Other” and what the carrier calls itself."""
    if row.carrier:
        return row.carrier, row.carrier_name
    found = carriers.find_carrier(row.carrier_name)
    if found:
        return found.code, ""
    return (carriers.OTHER, row.carrier_name) if row.carrier_name.strip() else ("", "")


def _count(amount: Decimal) -> int:
    if amount != amount.to_integral_value():
        raise errors.Rejected(
            _lt("Amazon only takes whole quantities, not %(quantity)s.", quantity=f"{amount:f}"),
            SELLER_CENTRAL,
        )
    return int(amount)


def _told(rows: Sequence[Parcel]) -> dict[str, int]:
    """Return what has left of each article."""
    sums: dict[str, int] = {}
    for item, quantity in (part for row in rows for part in row.items):
        sums[item] = sums.get(item, 0) + quantity
    return sums


def _fulfilled(order: Reader) -> dict[str, int]:
    """Return what Amazon has as shipped of each article."""
    try:
        return {
            row.needed("orderItemId", _lt("article's number"), 64): row.block(
                "fulfillment", _lt("fulfilment")
            ).count("quantityFulfilled", _lt("shipped quantity"), 0)
            for row in order.rows("orderItems", _lt("article"))
        }
    except PayloadError as error:
        raise errors.InvalidAnswer(error.message, error.hint) from error


def _status(order: Reader) -> str:
    return order.block("fulfillment", _lt("fulfilment")).text(
        "fulfillmentStatus", _lt("status"), 40
    )


def _ordered(order: Reader) -> dict[str, int]:
    """Return the articles of an order that are still wanted, with their quantities."""
    found = {}
    try:
        for row in order.rows("orderItems", _lt("article")):
            number = row.needed("orderItemId", _lt("article's number"), 64)
            found[number] = row.count("quantityOrdered", _lt("quantity"))
    except PayloadError as error:
        raise errors.InvalidAnswer(error.message, error.hint) from error
    return {number: quantity for number, quantity in found.items() if quantity}


def _whole_lines(
    ordered: Mapping[str, int], items: Sequence[tuple[str, Decimal]]
) -> tuple[str, ...]:
    """Return the articles' numbers; Amazon's file can only cancel all of an article."""
    for item, amount in items:
        if ordered.get(item, 0) > amount:
            raise errors.Rejected(
                _lt("Amazon can only cancel all pieces of an article, not some of them."),
                SELLER_CENTRAL,
            )
    return tuple(item for item, _amount in items if item in ordered)
