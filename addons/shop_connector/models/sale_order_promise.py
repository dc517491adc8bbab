"""What an order brings along from its shop beside goods and money: promises, links, progress."""

from odoo import api, fields, models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    shop_hurry = fields.Boolean(
        "Urgent",
        readonly=True,
        copy=False,
        help="The shop promised the buyer a fast delivery, with tracking.",
    )
    delivery_note = fields.Text(
        "Note for the carrier", copy=False, help="What the buyer wrote for whoever brings it."
    )
    shop_address = fields.Text(
        "Address as sent",
        readonly=True,
        copy=False,
        help="The delivery address as the shop sent it, line by line, whatever became of it here.",
    )
    shop_merged_into_id = fields.Many2one(
        "sale.order",
        "Merged into",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="The shop put this order and another one together.",
    )
    shop_merged_ids = fields.One2many("sale.order", "shop_merged_into_id", "Merged orders")
    shop_original_id = fields.Many2one(
        "sale.order", "Replaces", compute="_compute_shop_original_id", compute_sudo=True
    )
    shop_replacement_ids = fields.Many2many(
        "sale.order",
        string="Replacements",
        compute="_compute_shop_replacement_ids",
        compute_sudo=True,
    )

    @api.depends("shop_order_id.replaces")
    def _compute_shop_original_id(self):
        """The original is looked up, so that it may come into the inbox after its replacement."""
        ids = self.shop_order_id.filtered("replaces").mapped("replaces")
        originals = self._find_by_external_id(ids) if ids else {}
        for order in self:
            record = order.shop_order_id
            order.shop_original_id = originals.get((record.account_id, record.replaces), False)

    @api.depends("shop_order_id")
    def _compute_shop_replacement_ids(self):
        rows = self.env["shop.order"].search(
            [
                ("account_id", "in", self.shop_account_id.ids),
                ("replaces", "in", self.shop_order_id.mapped("external_id")),
            ]
        )
        found = rows.grouped(lambda row: (row.account_id, row.replaces))
        for order in self:
            key = (order.shop_account_id, order.shop_order_id.external_id)
            order.shop_replacement_ids = found[key].sale_order_ids if key in found else False

    def _find_by_external_id(self, external_ids: list[str]) -> dict:
        rows = self.env["shop.order"].search(
            [("account_id", "in", self.shop_account_id.ids), ("external_id", "in", external_ids)]
        )
        return {(row.account_id, row.external_id): row.sale_order_id for row in rows}

    # -- progress ----------------------------------------------------------

    def _shop_progress(self) -> str:
        """Return how far the order is: ``open`` (not released), ``released`` (nobody has touched
        the goods), ``shipping``, ``shipped`` or ``cancelled``.
        """
        self.ensure_one()
        if self.state == "cancel":
            return "cancelled"
        if self.state in ("draft", "sent"):
            return "open"
        pickings = self.picking_ids.filtered(lambda picking: picking.state != "cancel")
        todo = pickings.filtered(lambda picking: picking.state != "done")
        billed = any(move.state == "posted" for move in self.invoice_ids)
        if not todo and (pickings or billed or self.shop_gone):
            return "shipped"
        touched = todo.filtered(lambda picking: picking.printed or picking.handed_over_date)
        return "shipping" if todo != pickings or touched or billed else "released"

    def _shop_cancel(self, text: str) -> None:
        """Cancel because the shop said so; it need not be told."""
        self.with_context(shop_cancels=True)._action_cancel()
        self.env["automation.log"]._add([(order, "shop", text) for order in self])
        self.env["automation.case"]._settle(self, code_prefix="shop:", note=text)

    # -- buttons -----------------------------------------------------------

    def action_open_shop_original(self):
        return self._action_open_orders(self.shop_original_id)

    def action_open_shop_replacements(self):
        return self._action_open_orders(self.shop_replacement_ids)

    def action_open_shop_merged(self):
        return self._action_open_orders(self.shop_merged_into_id | self.shop_merged_ids)

    def _action_open_orders(self, orders):
        action = {"type": "ir.actions.act_window", "res_model": "sale.order"}
        if len(orders) == 1:
            return {**action, "res_id": orders.id, "views": [(False, "form")]}
        return {
            **action,
            "name": self.env._("Orders"),
            "domain": [("id", "in", orders.ids)],
            "views": [(False, "list"), (False, "form")],
        }


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _prepare_procurement_values(self):
        """Override of `sale_stock` to let urgent goods be reserved first."""
        values = super()._prepare_procurement_values()
        if self.order_id.shop_hurry:
            values["priority"] = "1"
        return values


class StockMove(models.Model):
    _inherit = "stock.move"

    def _get_new_picking_values(self):
        """Override of `stock` to put urgent orders' deliveries first."""
        values = super()._get_new_picking_values()
        # sudo: who confirms a move need not see its sale
        if any(self.sudo().sale_line_id.order_id.mapped("shop_hurry")):
            values["priority"] = "1"
        return values


class StockPicking(models.Model):
    _inherit = "stock.picking"

    shop_delivery_note = fields.Text(related="sale_id.delivery_note", string="Carrier's note")
