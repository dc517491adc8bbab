"""What a message says: read from the order at the moment it is sent."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from odoo import fields, models

from odoo.addons.automation_core.lib import errors

from ..lib import outbox, parcels, tracking
from .shop_carrier import PROBLEM


class Obsolete(Exception):
    """There is nothing to tell any more; the text says why."""


class Later(Exception):
    """Something is missing that may come until then."""

    def __init__(self, until: datetime) -> None:
        super().__init__()
        self.until = until


class CarrierUnknown(errors.Rejected):
    """The shop's code of a carrier, or a usable tracking number, is missing."""

    problem = PROBLEM


class ShopMessage(models.Model):
    _inherit = "shop.message"

    def _prepare(self):
        """Return what to tell, and note it in words; see `lib.outbox`."""
        if not self.account_id._tells(self.kind):
            raise Obsolete(self.env._("Switched off on the account."))
        return getattr(self, f"_prepare_{self.kind}")()

    def _prepare_frame(self) -> dict:
        """Return what every message about an order begins with."""
        shop_order = self.shop_order_id
        if not shop_order:
            raise Obsolete(self.env._("The order is not in the inbox any more."))
        return {
            "external_id": shop_order.external_id,
            "number": shop_order.number or shop_order.external_id,
            "again": self.uncertain or self._has_forerunner(),
            "extra": dict(shop_order.extra or {}),
        }

    def _has_forerunner(self) -> bool:
        """Whether the shop may know something of this kind about the order already."""
        return bool(
            self.search_count(
                [
                    ("sale_order_id", "=", self.sale_order_id.id),
                    ("kind", "=", self.kind),
                    ("id", "!=", self.id),
                    "|",
                    ("state", "=", "sent"),
                    ("uncertain", "=", True),
                ],
                limit=1,
            )
        )

    # ------------------------------------------------------------------
    # Shipments
    # ------------------------------------------------------------------

    def _prepare_shipment(self) -> outbox.Shipment:
        order = self.sale_order_id
        outward = order._automation_deliveries()
        done = outward.filtered(lambda picking: picking.state == "done")
        gone = done.filtered(lambda picking: not picking.shop_known).sorted(
            lambda picking: (picking.date_done, picking.id)
        )
        if not gone:
            raise Obsolete(self.env._("Nothing of the order has left."))
        if order.shop_order_id.state == "cancelled":
            raise Obsolete(self.env._("The shop has cancelled the order."))
        self._wait_for_tracking(gone)
        packed = self.env["shop.parcel"]._pack(order, self._read_deliveries(gone))
        shipment = outbox.Shipment(
            **self._prepare_frame(),
            ordered_at=order.date_order.replace(tzinfo=UTC),
            parcels=tuple(self._prepare_parcel(parcel) for parcel in packed),
            complete=done == outward,
        )
        self.text = self._describe_shipment(shipment)
        return shipment

    def _wait_for_tracking(self, gone) -> None:
        hours = timedelta(hours=self.account_id.tracking_wait_hours)
        for picking in gone:
            if hours and not picking._get_parcels():
                until = picking.date_done + hours
                if until > fields.Datetime.now():
                    raise Later(until)

    def _read_deliveries(self, gone) -> list[parcels.Gone]:
        items = self._read_items(gone)
        return [
            parcels.Gone(
                picking.id,
                picking.date_done.replace(tzinfo=UTC),
                tuple(items[picking]),
                tuple(
                    parcels.Label(
                        tracking.tidy(parcel["number"]),
                        self._get_carrier_code(picking, parcel),
                        parcel["carrier"],
                        parcel["link"],
                    )
                    for parcel in picking._get_parcels()
                )
                or (self._get_unnumbered(picking),),
            )
            for picking in gone
        ]

    def _read_items(self, gone) -> dict:
        """Return what left with each delivery, as the shop's line ids with quantities."""
        items = {picking: [] for picking in gone}
        lines = self.sale_order_id.order_line.filtered("shop_line_id")
        for line in lines:
            moves = line.move_ids.filtered(
                lambda move: move.state == "done" and move.picking_id in gone
            )
            if not moves:
                continue
            parts = [
                line._shop_quantities(moves.filtered(lambda move, p=picking: move.picking_id == p))
                for picking in gone
            ]
            ordered = parcels.exact(line.product_uom_qty - line.shop_gone_qty)
            left = parcels.left_with(line._shop_delivered(moves), ordered, parts)
            for picking, quantity in zip(gone, left, strict=True):
                if quantity:
                    items[picking].append((line.shop_line_id, quantity))
        return items

    def _get_unnumbered(self, picking) -> parcels.Label:
        # sudo: the shop is told the carrier's name, its settings stay hidden
        carrier = picking.sudo().carrier_id
        row = self.account_id.carrier_ids._find(carrier, carrier.name or "")
        return parcels.Label("", row.code or "", carrier.name or "")

    def _get_carrier_code(self, picking, parcel: dict) -> str:
        """Return the shop's code for a parcel's carrier; check what can be checked before."""
        rows = self.account_id.carrier_ids
        if not rows:
            return ""
        carrier = picking.sudo().carrier_id  # sudo: see above
        name = parcel["carrier"]
        row = rows._find(carrier if name == (carrier.name or "") else carrier.browse(), name)
        if not row:
            raise self._get_unknown_carrier(picking, name)
        if problem := tracking.problem(parcel["number"], row.tracking_format or ""):
            raise CarrierUnknown(
                problem,
                self.env._(
                    "Correct the tracking number of delivery %s; it is told by itself then.",
                    picking.name,
                ),
            )
        return row.code

    def _get_unknown_carrier(self, picking, name: str) -> CarrierUnknown:
        if not name:
            return CarrierUnknown(
                self.env._("Delivery %s has a tracking number but no carrier.", picking.name),
                self.env._("Choose the carrier on the delivery; it is told by itself then."),
            )
        return CarrierUnknown(
            self.env._("The shop's code for the carrier “%s” is not known.", name),
            self.env._(
                "Add the carrier on the account “%s”, page “Messages to the shop”; it is told by "
                "itself then.",
                self.account_id.name,
            ),
        )

    def _prepare_parcel(self, parcel: parcels.Packed) -> outbox.Parcel:
        return outbox.Parcel(
            reference=parcel.reference,
            items=parcel.items,
            shipped_at=parcel.gone.shipped_at,
            carrier=parcel.label.carrier,
            carrier_name=parcel.label.carrier_name,
            tracking=parcel.label.number,
            link=parcel.label.link,
        )

    def _describe_shipment(self, shipment: outbox.Shipment) -> str:
        lines = [
            self.env._(
                "Parcel %(reference)s: %(items)s (%(carrier)s %(number)s)",
                reference=parcel.reference,
                items=self._describe_items(parcel.items) or self.env._("no article of its own"),
                carrier=parcel.carrier or parcel.carrier_name or self.env._("no carrier"),
                number=parcel.tracking or self.env._("without tracking number"),
            )
            for parcel in shipment.parcels
        ]
        lines.append(
            self.env._("The order is complete.")
            if shipment.complete
            else self.env._("More will follow.")
        )
        return "\n".join(lines)

    def _describe_items(self, items: Iterable[tuple[str, Decimal]]) -> str:
        lines = self.sale_order_id.order_line.grouped("shop_line_id")
        return ", ".join(
            f"{quantity:f} × {self._describe_line(lines.get(line_id), line_id)}"
            for line_id, quantity in items
        )

    def _describe_line(self, line, line_id: str) -> str:
        return (line and (line[:1].product_id.default_code or line[:1].name)) or line_id

    # ------------------------------------------------------------------
    # Cancellations and invoices
    # ------------------------------------------------------------------

    def _prepare_cancellation(self) -> outbox.Cancellation:
        order = self.sale_order_id
        if order.shop_order_id.state == "cancelled":
            raise Obsolete(self.env._("The shop has cancelled the order."))
        whole = order.state == "cancel"
        items = order._shop_ordered() if whole else order._shop_reduced()
        if not whole and not items:
            raise Obsolete(self.env._("Nothing of the order is cancelled any more."))
        cancellation = outbox.Cancellation(
            **self._prepare_frame(),
            items=tuple(items.items()),
            reason=order.shop_cancel_reason or "other",
            whole=whole,
        )
        reasons = dict(order._fields["shop_cancel_reason"]._description_selection(self.env))
        self.text = self.env._(
            "%(what)s will not be delivered: %(items)s. Reason: %(reason)s",
            what=self.env._("The whole order") if whole else self.env._("A part of the order"),
            items=self._describe_items(cancellation.items),
            reason=reasons[cancellation.reason],
        )
        self.items = [[line_id, str(quantity)] for line_id, quantity in cancellation.items]
        return cancellation

    def _prepare_invoice(self) -> outbox.InvoiceFile:
        move = self.move_id
        if move.state != "posted" or not move.filed_attachment_id:
            raise Obsolete(self.env._("The invoice is not filed."))
        refund = move.move_type == "out_refund"
        invoice = outbox.InvoiceFile(
            **self._prepare_frame(),
            invoice_number=move.name,
            credit_note=refund,
            total=self._get_money(move.amount_total),
            tax=self._get_money(move.amount_tax),
            currency=move.currency_id.name,
            # sudo: the filed document is the accountants'; the shop gets it by their setting
            pdf=move.sudo().filed_attachment_id.raw or b"",
        )
        self.text = self.env._(
            "%(kind)s %(number)s over %(total)s",
            kind=self.env._("Credit note") if refund else self.env._("Invoice"),
            number=move.name,
            total=move.currency_id.format(abs(move.amount_total)),
        )
        return invoice

    def _get_money(self, amount: float) -> Decimal:
        digits = self.move_id.currency_id.decimal_places
        return Decimal(f"{abs(amount):.{digits}f}")
