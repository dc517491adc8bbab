from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.automation_core.lib.errors import AutomationError

from ..lib.consent import read_code, read_state


class ShopEbayConnect(models.TransientModel):
    """Leads the seller to eBay. The answer comes back by itself where eBay can reach Odoo's
    address; elsewhere it is pasted.
    """

    _name = "shop.ebay.connect"
    _description = "Connect with eBay"

    account_id = fields.Many2one("shop.account", required=True, ondelete="cascade")
    consent_url = fields.Char("Page at eBay", compute="_compute_consent_url")
    return_url = fields.Char(related="account_id.ebay_consent_url", string="Auth accepted URL")
    answer = fields.Char(
        "Address you came to",
        help="The whole address in your browser after you agreed, if you did not come back here "
        "by yourself.",
    )

    @api.depends("account_id")
    def _compute_consent_url(self):
        for wizard in self:
            wizard.consent_url = wizard.account_id and wizard.account_id._ebay_consent_page()

    def action_open(self):
        """Leave for eBay."""
        self.ensure_one()
        return {"type": "ir.actions.act_url", "url": self.consent_url, "target": "self"}

    def action_take(self):
        """Take the pasted answer."""
        self.ensure_one()
        answer = self.answer or ""
        if self.account_id._ebay_by_state(read_state(answer)) != self.account_id:
            raise UserError(
                self.env._(
                    "This is not the address eBay sent you to, or it is older than an hour. Press "
                    "“Go to eBay” and copy the whole address you come to."
                )
            )
        try:
            self.account_id._ebay_agree(read_code(answer))
        except AutomationError as error:
            raise UserError(self.account_id._error_sentence(error)) from error
        return {"type": "ir.actions.client", "tag": "soft_reload"}
