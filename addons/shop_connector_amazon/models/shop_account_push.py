"""Notifications: never taken as data, only as a reason to ask now."""

import secrets
from datetime import timedelta

from odoo import api, fields, models

from ..lib.notification import read_hint

PAUSE = timedelta(minutes=3)  # as often as Amazon allows a search in the long run


class ShopAccount(models.Model):
    _inherit = "shop.account"

    amazon_push_key = fields.Char(groups="base.group_system", copy=False)
    amazon_push_url = fields.Char(
        "Address for notifications",
        compute="_compute_amazon_push_url",
        groups="base.group_system",
        help="Optional. Where an event bridge may send Amazon's ORDER_CHANGE notifications: each "
        "lets the next fetch start now. Whoever knows the address can do no more than that.",
    )

    @api.depends("amazon_push_key")
    def _compute_amazon_push_url(self):
        for account in self:
            path = f"/shop_connector_amazon/notify/{account.amazon_push_key}"
            account.amazon_push_url = account.amazon_push_key and account.get_base_url() + path

    def action_amazon_push(self):
        """Make an address for notifications, or a new one."""
        for account in self:
            account.amazon_push_key = secrets.token_urlsafe(32)
        return True

    def _amazon_notified(self, body: str) -> str:
        """Take a notification; return what it is about: order, listing, feed or other.

        News about orders let the next fetch start now, at most every three minutes: the content is
        not believed, Amazon itself is asked.
        """
        self.ensure_one()
        about = read_hint(body).about
        if about == "order" and self.live:
            now = fields.Datetime.now()
            due = max(now, (self.last_poll or now - PAUSE) + PAUSE)
            if not self.next_poll or self.next_poll > due:
                self.next_poll = due
                self.env.ref("shop_connector.ir_cron_poll")._trigger(at=due)
        return about
