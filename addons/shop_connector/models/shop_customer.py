from odoo import fields, models


class ShopCustomer(models.Model):
    """Under which id a shop knows one of our customers."""

    _name = "shop.customer"
    _description = "Buyer id at a shop"
    _rec_name = "buyer_id"

    account_id = fields.Many2one("shop.account", required=True, ondelete="cascade", readonly=True)
    company_id = fields.Many2one(related="account_id.company_id")
    buyer_id = fields.Char("Buyer id", required=True, readonly=True)
    partner_id = fields.Many2one("res.partner", required=True, ondelete="cascade", index=True)

    _buyer_uniq = models.UniqueIndex("(account_id, buyer_id)", "This buyer is known already.")
