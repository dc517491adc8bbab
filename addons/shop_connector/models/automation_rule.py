from odoo import fields, models


class AutomationRule(models.Model):
    _inherit = "automation.rule"

    shop_account_ids = fields.Many2many("shop.account", string="Shop accounts")

    def _get_conditions(self):
        """Override of `order_automation` to let a rule look at some shops' orders only."""
        return [*super()._get_conditions(), ("shop_account_ids", "shop_account_id")]
