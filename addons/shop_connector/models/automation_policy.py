from odoo import fields, models


class AutomationPolicy(models.Model):
    _inherit = "automation.policy"

    shop_account_ids = fields.Many2many("shop.account", string="Shop accounts")

    def _get_conditions(self):
        """Override of `order_automation` to choose a policy by the shop account."""
        return [*super()._get_conditions(), ("shop_account_ids", "shop_account_id")]
