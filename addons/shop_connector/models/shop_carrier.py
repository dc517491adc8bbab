from fnmatch import fnmatchcase

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..lib import tracking

PROBLEM = "carrier"


class ShopCarrier(models.Model):
    """What a shop calls one of our carriers."""

    _name = "shop.carrier"
    _description = "Carrier of a shop"
    _order = "account_id, sequence, id"
    _rec_name = "code"

    account_id = fields.Many2one("shop.account", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="account_id.company_id")
    sequence = fields.Integer(default=10)
    carrier_id = fields.Many2one(
        "delivery.carrier",
        "Delivery method",
        index="btree_not_null",
        ondelete="cascade",
        help="One of your own delivery methods. Empty: by its name.",
    )
    pattern = fields.Char(
        "Carrier's name",
        help="* stands for any text: dhl* means “DHL Paket” as well as “dhl express”. "
        "The first line that fits counts.",
    )
    code = fields.Char("Shop's code", required=True, help="Exactly as the shop writes it.")
    tracking_format = fields.Char(
        "Form of its tracking numbers",
        help="A regular expression for the whole number, e.g. [0-9]{14}. Empty: any number.",
    )

    _named = models.Constraint(
        "CHECK (carrier_id IS NOT NULL OR pattern IS NOT NULL)",
        "Choose a delivery method or enter the name of a carrier.",
    )

    @api.constrains("tracking_format")
    def _check_tracking_format(self):
        for row in self:
            if row.tracking_format and not tracking.is_format(row.tracking_format):
                raise ValidationError(
                    self.env._("“%s” is not a regular expression.", row.tracking_format)
                )

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        rows._try_again()
        return rows

    def write(self, vals):
        result = super().write(vals)
        self._try_again()
        return result

    def _try_again(self) -> None:
        """What failed for want of this line need not be sent again by hand."""
        # sudo: the outbox is written by the program only
        messages = self.env["shop.message"].sudo()
        messages.search(
            [
                ("account_id", "in", self.account_id.ids),
                ("state", "=", "failed"),
                ("problem", "=", PROBLEM),
            ]
        )._requeue()

    def _find(self, carrier, name: str):
        """Return the first of these lines that fits our delivery method, or its name."""
        plain = name.strip().casefold()
        return next((row for row in self if row._fits(carrier, plain)), self.browse())

    def _fits(self, carrier, plain: str) -> bool:
        if self.carrier_id:
            return self.carrier_id == carrier
        return bool(plain) and fnmatchcase(plain, (self.pattern or "").strip().casefold())
