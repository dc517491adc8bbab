from odoo import api, fields, models
from odoo.exceptions import UserError

QUIET_VALIDATION = {"skip_backorder": True, "skip_sms": True}


class StockPicking(models.Model):
    _inherit = "stock.picking"

    handed_over_date = fields.Datetime(
        "Handed over on",
        readonly=True,
        copy=False,
        help="When the delivery was given to its shipper.",
    )

    automation_held_reason = fields.Char("Held because", compute="_compute_automation_held_reason")

    @api.depends("sale_id.automation_case_ids.state", "sale_id.automation_case_ids.blocking")
    def _compute_automation_held_reason(self):
        for picking in self:
            # sudo: warehouse staff need not see cases, but have to know that they must wait
            cases = picking.sale_id.sudo()._automation_holding_cases()
            picking.automation_held_reason = ", ".join(cases.mapped("name"))

    def _automation_hand_over(self, text: str) -> None:
        """A shipper has these deliveries now; ``text`` says who and how."""
        self.handed_over_date = fields.Datetime.now()
        self.env["automation.log"]._add(
            [(picking.sale_id, "hand_over", text) for picking in self if picking.sale_id]
        )

    def _automation_deliver(self, quantities: dict | None = None):
        """The one way by which a delivery becomes done without a person at the screen.

        :param quantities: ``{stock.move: quantity}`` that have left, in the moves' units; ``None``
            means all that is reserved. What is missing goes on as a back-order.
        :return: the pickings that are done
        :raises UserError: when a delivery needs a person (lot numbers, nothing to send)
        """
        for move, quantity in (quantities or {}).items():
            move.quantity = quantity
            move.picked = True
        result = self.with_context(**QUIET_VALIDATION).button_validate()
        open_ones = self.filtered(lambda picking: picking.state != "done")
        if open_ones:
            wanted = result.get("name") if isinstance(result, dict) else False
            raise UserError(
                self.env._(
                    "Delivery %(names)s cannot be done by itself%(wanted)s. Finish it by hand.",
                    names=", ".join(open_ones.mapped("name")),
                    wanted=f" ({wanted})" if wanted else "",
                )
            )
        return self

    def _action_done(self):
        """Override of `stock`: held orders stay; what has left is told to the customer."""
        self._automation_refuse_held()
        result = super()._action_done()
        self._automation_on_shipped()
        return result

    def _automation_refuse_held(self) -> None:
        for picking in self:
            leaving = picking.location_dest_id.usage == "customer"
            if leaving and picking.automation_held_reason:
                raise UserError(
                    self.env._(
                        "%(picking)s must not leave: order %(order)s is held (%(reason)s). "
                        "Close the case on the order first.",
                        picking=picking.name,
                        order=picking.sale_id.name,
                        reason=picking.automation_held_reason,
                    )
                )

    def _automation_on_shipped(self) -> None:
        """Note what has left. Extended by add-ons that report shipments to the shop."""
        gone = self.filtered(
            lambda picking: (
                picking.state == "done"
                and picking.location_dest_id.usage == "customer"
                and picking.sale_id.automation_policy_id
            )
        )
        if not gone:
            return
        # sudo: whoever validates in the warehouse need not have rights on the sale
        orders = gone.sale_id.sudo()
        orders.filtered(
            lambda order: not order.automation_shipped
        ).automation_shipped = fields.Datetime.now()
        self.env["automation.log"]._add(
            [
                (picking.sale_id, "shipped", self.env._("Delivery %s has left", picking.name))
                for picking in gone
            ]
        )
        self.env["automation.mail"]._enqueue("shipped", pickings=gone)

    def _send_confirmation_email(self):
        """Override of `stock`: automated orders get their own mail, after the transaction."""
        return super(
            StockPicking, self.filtered(lambda picking: not picking.sale_id.automation_policy_id)
        )._send_confirmation_email()
