from odoo import fields, models


class ShopAmazonMarketplace(models.Model):
    """A country's Amazon, by the number the interface calls it."""

    _name = "shop.amazon.marketplace"
    _description = "Amazon marketplace"
    _order = "sequence, name, id"

    name = fields.Char(required=True)
    code = fields.Char("Marketplace id", required=True, help="As Amazon numbers it.")
    country_id = fields.Many2one("res.country")
    sequence = fields.Integer(default=100)
    active = fields.Boolean(default=True)

    _code_uniq = models.UniqueIndex("(code)", "This marketplace is in the list already.")
