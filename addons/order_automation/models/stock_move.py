from odoo import models

from .engine_memo import memo_of

ORDERPOINTS = "orderpoints"


class StockMove(models.Model):
    """Confirming many deliveries at once: what core does for every move is done once a batch."""

    _inherit = "stock.move"

    # ------------------------------------------------------------------
    # Which picking
    # ------------------------------------------------------------------

    def _search_picking_for_assignation(self):
        """Override of `stock`: go from the references to their moves, which are few and known.

        Core searches all open pickings for one that has a move with the reference; that is the
        dearest statement of a confirmation once there are many.
        """
        if memo_of(self.env) is None or not self.reference_ids:
            return super()._search_picking_for_assignation()
        candidates = self.reference_ids.move_ids.picking_id
        if not candidates:
            return candidates
        return super()._search_picking_for_assignation()

    # ------------------------------------------------------------------
    # Reordering rules
    # ------------------------------------------------------------------

    def _having_orderpoints(self):
        """Return those moves whose products have reordering rules at all."""
        known = memo_of(self.env).known(ORDERPOINTS)
        if unknown := set(self.product_id.ids) - known.keys():
            # sudo: whether there are any, whoever may see them
            found = self.env["stock.warehouse.orderpoint"].sudo()
            groups = found._read_group([("product_id", "in", list(unknown))], ["product_id"])
            having = {product.id for [product] in groups}
            known.update({product_id: product_id in having for product_id in unknown})
        return self.filtered(lambda move: known[move.product_id.id])

    def _update_orderpoints(self):
        """Override of `stock`: asked for every write of a move; most products have no such rule."""
        if memo_of(self.env) is None:
            return super()._update_orderpoints()
        return super(StockMove, self._having_orderpoints())._update_orderpoints()

    def _trigger_scheduler(self):
        """Override of `stock`: see above."""
        if memo_of(self.env) is None:
            return super()._trigger_scheduler()
        return super(StockMove, self._having_orderpoints())._trigger_scheduler()

    # ------------------------------------------------------------------
    # Reservation
    # ------------------------------------------------------------------

    def _action_assign(self, force_qty=False):
        """Override of `stock`: reserve move by move, create the move lines together."""
        if memo_of(self.env) is None or len(self) < 2 or force_qty:
            return super()._action_assign(force_qty=force_qty)
        moves = self.with_context(automation_new_lines=[])
        return super(StockMove, moves)._action_assign(force_qty=force_qty)

    def _update_reserved_quantity(
        self, need, location_id, lot_id=None, package_id=None, owner_id=None, strict=True
    ):
        """Override of `stock`: the goods are reserved at once, the lines are created later."""
        new_lines = self.env.context.get("automation_new_lines")
        if new_lines is None:
            return super()._update_reserved_quantity(
                need, location_id, lot_id, package_id, owner_id, strict
            )
        vals_list, taken = self._update_reserved_quantity_vals(
            need, location_id, lot_id, package_id, owner_id, strict
        )
        for vals in vals_list:
            self._reserve_for_line(vals)
        new_lines += vals_list
        return taken

    def _reserve_for_line(self, vals: dict) -> None:
        """Reserve what a move line with ``vals`` would reserve on being created."""
        unit = self.env["uom.uom"].browse(vals["product_uom_id"])
        quantity = unit._compute_quantity(
            vals["quantity"], self.product_id.uom_id, rounding_method="HALF-UP"
        )
        if not quantity:
            return
        self.env["stock.quant"]._update_reserved_quantity(
            self.product_id,
            self.env["stock.location"].browse(vals["location_id"]),
            quantity,
            lot_id=self.env["stock.lot"].browse(vals.get("lot_id") or ()),
            package_id=self.env["stock.package"].browse(vals.get("package_id") or ()),
            owner_id=self.env["res.partner"].browse(vals.get("owner_id") or ()),
        )
