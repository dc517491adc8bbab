from odoo import api, fields, models

RESULTS = [
    ("goes", "Goes by itself"),
    ("held", "Is held"),
    ("stuck", "Cannot be imported"),
    ("none", "Is not imported"),
]


class ShopTrial(models.TransientModel):
    """What the latest orders of a shop would have become; nothing of it was kept."""

    _name = "shop.trial"
    _description = "Trial run of a shop"
    _rec_name = "account_id"

    account_id = fields.Many2one("shop.account", required=True, ondelete="cascade")
    line_ids = fields.One2many("shop.trial.line", "trial_id", "Orders", readonly=True)
    text = fields.Char("Summary", compute="_compute_text")

    @api.depends("line_ids.result")
    def _compute_text(self):
        for trial in self:
            results = trial.line_ids.mapped("result")
            trial.text = self.env._(
                "%(all)s orders: %(goes)s would go by themselves, %(held)s would be held, "
                "%(stuck)s could not be imported.",
                all=len(results),
                goes=results.count("goes"),
                held=results.count("held"),
                stuck=results.count("stuck"),
            )


class ShopTrialLine(models.TransientModel):
    _name = "shop.trial.line"
    _description = "Order of a trial run"
    _rec_name = "number"

    trial_id = fields.Many2one("shop.trial", required=True, index=True, ondelete="cascade")
    number = fields.Char("Order")
    date = fields.Datetime("Ordered")
    articles = fields.Char()
    currency_id = fields.Many2one("res.currency")
    shop_total = fields.Monetary("Total in the shop")
    order_total = fields.Monetary("Total here")
    result = fields.Selection(RESULTS)
    reasons = fields.Text("Why")
