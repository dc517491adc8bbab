"""Fetching from shops: one page, one transaction with its cursor."""

from odoo import api, models

from odoo.addons.automation_core.lib.masking import mask
from odoo.addons.automation_core.translated import translated

from ..lib.channel import OrderPage

OUTAGE = "shop:outage"


class ShopAccount(models.Model):
    _inherit = "shop.account"

    _poll_cron = "shop_connector.ir_cron_poll"

    @api.model
    def _cron_poll(self):
        """Fetch from every due account. **Commits**; no account's trouble reaches another."""
        self._poll_run()

    def _poll_fetch(self, cursor: dict) -> OrderPage:
        return self._channel_fetch_orders(cursor)

    def _poll_store(self, page: OrderPage):
        """Put the orders of a page into the inbox."""
        stored = self.env["shop.order"]._store(self, page.orders)
        if stored:
            self._trigger_cron("shop_connector.ir_cron_interpret")
        return stored

    def _poll_case(self) -> dict:
        name = self.env._("Orders of the shop “%s” cannot be fetched", self.name)
        return {"code": OUTAGE, "name": name}

    def _error_sentence(self, error: Exception) -> str:
        """Override of `automation_core` to keep this account's secrets out of what is shown."""
        return self._readable(super()._error_sentence(error))

    def _readable(self, text: str) -> str:
        """Return a channel's text in the reader's language, without this account's secrets."""
        # sudo: the secrets are needed to hide them
        return mask(translated(self.env, text), self.sudo()._channel_secrets())
