"""Goods that had left before the order came here: shipped elsewhere, or by the marketplace itself.

The delivered quantity has to be right, so that the order is invoiced as ever, and nothing of it may
be sent, announced or reported again. Our stock is another question:

- Ordered before the stock was counted (:attr:`ShopAccount.stock_since`): the goods were not there
  any more when the stock was counted. Taking them out would take them out twice, so there is no
  delivery at all: the quantity is kept on the order line and counts as delivered.
- Ordered later: somebody sent them past Odoo, and Odoo still believes to have them. They are taken
  out by a delivery that is done at once and in silence. The same holds for what a marketplace sends
  from its own warehouse.
- Goods with lot or serial numbers, and houses that deliver in several steps: nobody here knows the
  numbers. They count as delivered like the first, and a case asks to correct the stock.
"""

from odoo import api, fields, models

ABOUT_DELIVERY = frozenset({"receipt", "payment", "reminder", "shipped"})
RULES_ABOUT_DELIVERY = frozenset(
    {
        "note",
        "address",
        "pickup_numbers",
        "pickup_refused",
        "pickup_size",
        "country",
        "customer",
        "duplicate",
        "first_invoice",
        "amount",
    }
)


class SaleOrder(models.Model):
    _inherit = "sale.order"

    shop_gone = fields.Boolean(
        "Sent before the import",
        readonly=True,
        copy=False,
        help="All goods had left before the order came here: nothing is sent or announced again.",
    )
    shop_by_channel = fields.Boolean(
        "Sent by the marketplace",
        readonly=True,
        copy=False,
        help="The marketplace sends the goods from its own warehouse.",
    )

    def _shop_is_handled_here(self):
        """Override: what has left already is none of our messages' business."""
        return not self.shop_gone and super()._shop_is_handled_here()

    def _action_confirm(self):
        """Override of `sale` to take out of stock at once what has left already."""
        result = super()._action_confirm()
        self.order_line._shop_take_out()
        return result


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    shop_gone_qty = fields.Float(
        "Sent before the import", digits="Product Unit", readonly=True, copy=False
    )
    shop_gone_moved = fields.Boolean(
        "Taken out of stock",
        readonly=True,
        copy=False,
        help="What was sent before the import is taken out of our stock, too.",
    )

    @api.depends("state", "shop_gone_qty", "shop_gone_moved")
    def _compute_qty_delivered(self):
        return super()._compute_qty_delivered()

    def _prepare_qty_delivered(self):
        """Override of `sale_stock` to count what left before there was an order."""
        quantities = super()._prepare_qty_delivered()
        for line in self:
            if line.state == "sale" and (gone := line._shop_counted_qty()):
                quantities[line] = quantities.get(line, 0.0) + gone
        return quantities

    def _get_qty_procurement(self, previous_product_uom_qty=False):
        """Override of `sale_stock`: what has left need not be delivered."""
        quantity = super()._get_qty_procurement(previous_product_uom_qty)
        return quantity + self._shop_counted_qty()

    def _shop_counted_qty(self) -> float:
        """Return what left without being moved here."""
        goods = self.product_id.type == "consu"
        return self.shop_gone_qty if goods and not self.shop_gone_moved else 0.0

    def _shop_take_out(self) -> None:
        """Do the deliveries of what has left already, in silence."""
        quantities = {}
        for line in self.filtered(lambda line: line.shop_gone_moved and line.shop_gone_qty):
            for move in line.move_ids.filtered(
                lambda move: (
                    move.state not in ("done", "cancel")
                    and move.location_dest_id.usage == "customer"
                )
            ):
                # the share, not the quantity: a kit's moves are those of its parts
                share = line.shop_gone_qty / line.product_uom_qty
                quantities[move] = move.product_uom.round(move.product_uom_qty * share)
        if not quantities:
            return
        moves = self.env["stock.move"].union(*quantities)
        pickings = moves.picking_id.with_context(shop_gone=True)
        pickings.shop_known = True
        pickings._automation_deliver(quantities)


class AutomationPolicy(models.Model):
    _inherit = "automation.policy"

    def _waits_for_payment(self, order) -> bool:
        """Override of `order_automation`: goods that have left cannot wait for money."""
        return not order.shop_gone and super()._waits_for_payment(order)


class AutomationRule(models.Model):
    _inherit = "automation.rule"

    def _filter_orders(self, orders):
        """Override of `order_automation`: what has left need not be held back."""
        if self.kind in RULES_ABOUT_DELIVERY:
            orders = orders.filtered(lambda order: not order.shop_gone)
        return super()._filter_orders(orders)


class AutomationMail(models.Model):
    _inherit = "automation.mail"

    def _get_refusal(self):
        """Override of `order_automation`: no news about what the buyer may hold in their hands."""
        order = self.order_id
        if order.shop_by_channel:
            return self.env._("The marketplace sends this order and writes to the buyer itself.")
        if order.shop_gone and self.kind in ABOUT_DELIVERY:
            return self.env._("The goods had left before the order came here.")
        return super()._get_refusal()
