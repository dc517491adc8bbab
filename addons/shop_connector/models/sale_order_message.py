"""What the shop is told about an order."""

from decimal import Decimal

from odoo import api, fields, models

from ..lib.channel import CANCELLATIONS, INVOICES, PARTIAL_CANCELLATIONS, SHIPMENTS
from ..lib.parcels import exact
from .shop_message import REASONS

BY_HAND = "shop:tell"
KINDS = {
    "shipment": (SHIPMENTS, "report_shipments"),
    "cancellation": (CANCELLATIONS, "report_cancellations"),
    "invoice": (INVOICES, "report_invoices"),
}


class SaleOrder(models.Model):
    _inherit = "sale.order"

    shop_message_ids = fields.One2many(
        "shop.message",
        "sale_order_id",
        "Messages to the shop",
        groups="automation_core.group_automation_user",
    )
    shop_message_count = fields.Integer(compute="_compute_shop_message_state")
    shop_message_state = fields.Selection(
        [("failed", "Failed"), ("open", "On the way"), ("sent", "Sent")],
        "Told to the shop",
        compute="_compute_shop_message_state",
    )
    shop_cancel_reason = fields.Selection(
        REASONS, "Reason for cancelling", copy=False, help="Told to the shop with a cancellation."
    )

    @api.depends("shop_message_ids.state")
    def _compute_shop_message_state(self):
        # sudo: how it stands is shown with the order, the messages themselves are not
        groups = (
            self.env["shop.message"]
            .sudo()
            ._read_group(
                [("sale_order_id", "in", self.ids)],
                ["sale_order_id"],
                ["__count", "state:array_agg_distinct"],
            )
        )
        known = {order.id: (count, set(states)) for order, count, states in groups}
        for order in self:
            count, states = known.get(order.id, (0, set()))
            order.shop_message_count = count
            order.shop_message_state = self._get_shop_message_state(states)

    @api.model
    def _get_shop_message_state(self, states: set[str]) -> str | bool:
        if "failed" in states:
            return "failed"
        if states & {"pending", "sending", "waiting"}:
            return "open"
        return "sent" if "sent" in states else False

    # ------------------------------------------------------------------
    # What the shop is told
    # ------------------------------------------------------------------

    def _shop_is_told(self, kind: str) -> bool:
        """Whether the shop of this order wants to know."""
        # sudo: whoever ships or cancels need not see the inbox
        order = self.sudo()
        account = order.shop_account_id
        if not account or not order.shop_order_id or not account._tells(kind):
            return False
        return kind == "invoice" or order._shop_is_handled_here()

    def _shop_is_handled_here(self) -> bool:
        """Whether we ship the order: not the marketplace, and not somebody before it came."""
        return True

    def _action_cancel(self):
        """Override of `sale` to cancel the order in the shop as well."""
        alive = self.filtered(lambda order: order.state != "cancel" and order.shop_account_id)
        result = super()._action_cancel()
        if not self.env.context.get("shop_cancels"):
            alive._shop_tell_cancellation()
        return result

    def _automation_step_cancel(self):
        """Override of `order_automation`: the shop is told why."""
        self.filtered("shop_account_id").shop_cancel_reason = "unpaid"
        return super()._automation_step_cancel()

    def _shop_tell_cancellation(self) -> None:
        """Tell the shop what will not be delivered, or a person where it cannot be told."""
        # sudo: whoever cancels need not see the inbox
        orders = self.sudo().filtered(
            lambda order: (
                order.shop_order_id
                and order.shop_order_id.state != "cancelled"
                and order._shop_is_handled_here()
            )
        )
        by_hand = orders.filtered(lambda order: not order._shop_takes_cancellation())
        told = (orders - by_hand).filtered(lambda order: order._shop_is_told("cancellation"))
        self.env["shop.message"]._enqueue("cancellation", [(order, None) for order in told])
        by_hand.filtered(
            lambda order: order.state == "cancel" or order._shop_reduced()
        )._shop_ask_person()

    def _shop_tell_reduction(self) -> None:
        """Staff reduced these orders; the inbox, which follows the shop, tells it nothing."""
        if not self.env.context.get("automation_engine"):
            self.filtered(
                lambda order: order.state != "cancel" and order.shop_account_id
            )._shop_tell_cancellation()

    def _shop_ask_person(self) -> None:
        """Ask for what cannot be told: somebody has to do it in the seller's portal."""
        # sudo: whoever cancels need not see the inbox
        self.env["automation.case"]._raise(
            [
                order._prepare_by_hand_case()
                for order in self.sudo()
                if order.shop_order_id and order.shop_account_id.report_cancellations
            ]
        )

    def _shop_takes_cancellation(self) -> bool:
        words = self.shop_account_id._channel_capabilities()
        wanted = {CANCELLATIONS} if self.state == "cancel" else {PARTIAL_CANCELLATIONS}
        return wanted <= words

    def _prepare_by_hand_case(self) -> dict:
        number = self.shop_order_id.number
        shop = self.shop_account_id.name
        whole = self.state == "cancel"
        gone = self._shop_ordered().keys() - set(self.order_line.mapped("shop_line_id"))
        facts = "" if whole else f"{sorted(self._shop_reduced().items())}{sorted(gone)}"
        return {
            "record": self,
            "code": BY_HAND,
            "kind": "data",
            "blocking": False,
            "seen": f"{whole}:{facts}",
            "name": self.env._("Cancel order %s in the shop as well", number)
            if whole
            else self.env._("Cancel a part of order %s in the shop as well", number),
            "explanation": self.env._(
                "The shop “%(shop)s” cannot be told by itself. Open its seller's portal, cancel "
                "the order or the articles there, then resolve this case.",
                shop=shop,
            ),
        }

    def _shop_ordered(self) -> dict[str, Decimal]:
        """Return what the buyer ordered: the shop's line ids with quantities."""
        lines = self.order_line.grouped("shop_line_id")
        ordered = {}
        for line_id, fact in ((self.shop_order_id.facts or {}).get("lines") or {}).items():
            sku, quantity, _total, _tax = fact.rsplit("|", 3)
            line = lines.get(line_id, self.order_line.browse())
            if sku or any(one.product_id.type != "service" for one in line):
                ordered[line_id] = Decimal(quantity)
        return ordered

    def _shop_reduced(self) -> dict[str, Decimal]:
        """Return what the buyer still expects of lines that we have reduced.

        A line that was deleted may have been replaced by another: that is for a person to say.
        """
        lines, told = self.order_line.grouped("shop_line_id"), self._shop_told_reductions()
        reduced = {}
        for line_id, ordered in self._shop_ordered().items():
            if line_id in lines:
                kept = exact(sum(lines[line_id].mapped("product_uom_qty")))
                reduced[line_id] = ordered - kept - told.get(line_id, Decimal(0))
        return {line_id: quantity for line_id, quantity in reduced.items() if quantity > 0}

    def _shop_told_reductions(self) -> dict[str, Decimal]:
        """Return the reductions that were told since the shop sent its order last."""
        told = {}
        for message in self.shop_message_ids:
            fresh = message.sent_date and message.sent_date >= self.shop_order_id.received
            if message.kind == "cancellation" and message.state == "sent" and fresh:
                for line_id, quantity in message.items or []:
                    told[line_id] = told.get(line_id, Decimal(0)) + Decimal(quantity)
        return told

    def action_shop_messages(self):
        """Open what the shop was told about these orders."""
        action = self.env["ir.actions.act_window"]._for_xml_id("shop_connector.shop_message_action")
        return {**action, "domain": [("sale_order_id", "in", self.ids)], "context": {}}


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def write(self, vals):
        """Override of `sale`: pieces that will not be delivered are told to the shop."""
        before = {line.id: line.product_uom_qty for line in self if "product_uom_qty" in vals}
        result = super().write(vals)
        self.filtered(
            lambda line: (
                line.shop_line_id
                and line.product_uom_id.compare(
                    line.product_uom_qty, before.get(line.id, line.product_uom_qty)
                )
                < 0
            )
        ).order_id._shop_tell_reduction()
        return result

    def unlink(self):
        """Override of `sale`: what is deleted may have been replaced, so a person is asked."""
        unknown = self.order_id.shop_account_id.unknown_product_id
        orders = self.filtered(
            lambda line: line.shop_line_id and line.product_id not in unknown
        ).order_id
        result = super().unlink()
        if not self.env.context.get("automation_engine"):
            orders.exists()._shop_ask_person()
        return result

    def _shop_quantities(self, moves) -> dict[int, Decimal]:
        """Return how much of each product ``moves`` have taken away for this line."""
        quantities = {}
        for move in moves:
            quantity = move.quantity
            if move.product_id == self.product_id:
                quantity = move.product_uom._compute_quantity(quantity, self.product_uom_id)
            known = quantities.get(move.product_id.id, Decimal(0))
            quantities[move.product_id.id] = known + exact(quantity)
        return quantities

    def _shop_delivered(self, moves) -> Decimal:
        """Return how much of this line ``moves`` have delivered; for a kit, whole kits."""
        if moves.product_id != self.product_id:
            return exact(self.qty_delivered - self.shop_gone_qty)
        return self._shop_quantities(moves)[self.product_id.id]
