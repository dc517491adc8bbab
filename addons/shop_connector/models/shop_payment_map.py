from fnmatch import fnmatchcase

from odoo import api, fields, models

from ..lib.order import ShopOrder


class ShopPaymentMap(models.Model):
    """What a shop's word for a way of paying means here."""

    _name = "shop.payment.map"
    _description = "Payment of a shop"
    _order = "account_id, sequence, id"

    account_id = fields.Many2one("shop.account", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="account_id.company_id")
    sequence = fields.Integer(default=10)
    pattern = fields.Char(
        "Shop's payment code",
        required=True,
        help="* stands for any text: paypal* means paypal, paypal2hub and so on. "
        "The first line that fits counts.",
    )
    method_id = fields.Many2one("automation.payment.method", "Payment method", required=True)
    paid = fields.Selection(
        [("shop", "When the shop says so"), ("always", "Always"), ("never", "Never")],
        "Already paid",
        required=True,
        default="shop",
    )

    @api.model
    def _find(self, lines, order: ShopOrder):
        """Return the first of ``lines`` that fits the order's payment."""
        code = order.payment_code.strip().lower()
        return next(
            (line for line in lines if fnmatchcase(code, line.pattern.strip().lower())),
            self.browse(),
        )

    def _is_paid(self, order: ShopOrder) -> bool:
        """Whether the money of ``order`` is there; an unknown payment may be called paid too."""
        if not self or self.paid == "shop":
            return order.payment_state == "paid"
        return self.paid == "always"
