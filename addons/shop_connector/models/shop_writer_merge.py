"""Orders that the shop put together: the line keeps its id, the order gets a new one."""

from odoo import models

from ..lib.channel import UNIQUE_LINES
from .shop_order_interpret import Reading

MERGED = "shop:merged"


class ShopWriter(models.AbstractModel):
    _inherit = "shop.writer"

    def _resolve_merged(self, account, readings: list[Reading]) -> None:
        """Close the orders whose lines have come again under another order of the account.

        One search for the whole batch; only channels whose line ids mean the same line for good.
        """
        if UNIQUE_LINES not in account._channel_capabilities():
            return
        found = self.env["sale.order.line"].search(
            [
                ("shop_account_id", "=", account.id),
                ("shop_line_id", "in", list(_line_ids(readings))),
                ("state", "!=", "cancel"),
            ]
        )
        fresh, pairs = {reading.record for reading in readings}, {}
        for same in found.grouped("shop_line_id").values():
            *older, newest = same.order_id.sorted(
                lambda sale: (sale.shop_order_id in fresh, sale.date_order, len(sale.order_line))
            )
            pairs.update(dict.fromkeys(older, newest))
        doubtful = [pair for pair in pairs.items() if not self._merge(*pair)]
        self.env["automation.case"]._raise([self._merge_question(*pair) for pair in doubtful])
        self._release_merged(account, readings)

    def _release_merged(self, account, readings: list[Reading]) -> None:
        """Keep goods once: give free what other unpaid orders with the same lines keep."""
        if UNIQUE_LINES not in account._channel_capabilities():
            return
        own = [reading.record.id for reading in readings]
        rows = self.env["shop.reservation"].search(
            [
                ("account_id", "=", account.id),
                ("line_id", "in", list(_line_ids(readings))),
                ("shop_order_id", "not in", own),
            ]
        )
        rows.shop_order_id.filtered(lambda record: record.state == "reserved").state = "ignored"
        rows.unlink()

    def _merge(self, old, new) -> bool:
        """Close ``old``, all of which is in ``new`` now; return whether that was possible."""
        whole = _goods(old) <= _goods(new)
        if not whole or old.prepaid_amount or old._shop_progress() not in ("open", "released"):
            return False
        old.shop_merged_into_id = new
        old._shop_cancel(self.env._("The shop put it together with others: see %s.", new.name))
        # sudo: the inbox is the program's
        old.sudo().shop_order_id._finish_plain("cancelled")
        self.env["automation.log"]._add(
            [(new, "shop", self.env._("Contains order %s, which is cancelled.", old.name))]
        )
        return True

    def _merge_question(self, old, new) -> dict:
        return {
            "record": new,
            "code": MERGED,
            "seen": old.name,
            "name": self.env._("Order %(old)s has the same articles", old=old.name),
            "explanation": self.env._(
                "The shop put orders together, and %(old)s has them too: it is paid, being sent, "
                "or has more than this one. Send each article once: cancel what is double, then "
                "close this case.",
                old=old.name,
            ),
        }


def _goods(sale) -> set:
    """Return the ids of the articles; shipping, fees and discounts may differ after merging."""
    account = sale.shop_account_id
    extras = (
        account.shipping_product_id
        | account.fee_product_id
        | account.discount_product_id
        | account.voucher_product_id
    )
    lines = sale.order_line.filtered(lambda line: line.product_id not in extras)
    return set(lines.mapped("shop_line_id")) - {False}


def _line_ids(readings: list[Reading]) -> set[str]:
    ordered = {
        line.line_id
        for reading in readings
        for line in reading.order.lines
        if line.kind == "product"
    }
    kept = {row.line_id for reading in readings for row in reading.order.reservations}
    return ordered | kept
