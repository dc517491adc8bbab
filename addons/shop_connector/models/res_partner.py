from odoo import models


class ResPartner(models.Model):
    _inherit = "res.partner"

    # customers are looked up by these for every batch of orders
    _email_normalized_shop_idx = models.Index(
        "(email_normalized) WHERE email_normalized IS NOT NULL"
    )
    _zip_shop_idx = models.Index("(zip) WHERE zip IS NOT NULL")
