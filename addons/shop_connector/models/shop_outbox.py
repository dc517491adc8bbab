"""Where the inbox meets the outbox."""

from odoo import fields, models

FORGET_SIZE = 1000


class ShopOrder(models.Model):
    _inherit = "shop.order"

    def _apply_cancellation(self, sale):
        """Override: what the shop itself cancels is not told to it."""
        self.env["automation.case"]._settle(sale, codes=["shop:tell"])
        return super()._apply_cancellation(sale.with_context(shop_cancels=True))

    def _forget_some(self, account) -> bool:
        """Override: messages go with the raw orders, but for those that somebody has to see."""
        more = super()._forget_some(account)
        before = fields.Datetime.subtract(fields.Datetime.now(), days=account.retention_days)
        old = self.env["shop.message"].search(
            [
                ("account_id", "=", account.id),
                ("state", "in", ("sent", "cancelled")),
                ("write_date", "<", before),
            ],
            limit=FORGET_SIZE,
        )
        old.unlink()
        return more or bool(old)
