"""The formula in words, with figures: “12 on hand, 2 reserved, 1 kept back → 9”."""

from decimal import Decimal

from odoo import models

from ..lib import stock as formula


def plain(number: Decimal) -> str:
    """Return a number without needless zeros."""
    return f"{number.normalize():f}" if number else "0"


class ShopAccount(models.Model):
    _inherit = "shop.account"

    def _explain_stock(
        self, policy: formula.Policy, goods: formula.Goods, pack: Decimal = formula.PIECE
    ) -> str:
        """Return how the quantity in the shop comes about."""
        offer = formula.offer(policy, goods, pack)
        parts = self._explain_goods(policy, goods)
        if kept := formula.buffer(policy, goods):
            parts.append(self.env._("%s kept back", plain(kept)))
        if pack != formula.PIECE:
            parts.append(self.env._("%s pieces in a pack", plain(pack)))
        if policy.most:
            parts.append(self.env._("at most %s", policy.most))
        return f"{', '.join(parts)} → {offer.quantity}"

    def _explain_goods(self, policy: formula.Policy, goods: formula.Goods) -> list[str]:
        parts = [self.env._("%s on hand", plain(goods.on_hand))]
        if policy.basis == "free":
            parts.append(self.env._("%s reserved", plain(goods.reserved)))
        else:
            if policy.basis == "forecast":
                parts.append(self.env._("%s on their way", plain(goods.incoming)))
            parts.append(self.env._("%s still to be delivered", plain(goods.outgoing)))
        if goods.promised:
            parts.append(self.env._("%s in open shop orders", plain(goods.promised)))
        return parts


class ShopListing(models.Model):
    _inherit = "shop.listing"

    def _compute_explanation(self):
        goods = self.env["shop.stock"]._goods(self.filtered("wanted_state").ids)
        for listing in self:
            if listing.id not in goods:
                listing.explanation = False
                continue
            policy, figures, row = goods[listing.id]
            listing.explanation = listing.account_id._explain_stock(policy, figures, row["pack"])
