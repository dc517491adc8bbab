"""What happens to an imported order when the shop changes or cancels it."""

from odoo import fields, models

from ..lib.facts import changed
from .shop_order_interpret import Reading

CANCELLED = "shop:cancelled"
CHANGED = "shop:changed"
GOODS = frozenset({"lines", "total", "billing", "delivery", "note"})


class ShopOrderUpdate(models.Model):
    _inherit = "shop.order"

    def _apply_changes(self, readings: list[Reading]) -> None:
        """Bring known orders up to date; only parts that the shop really changed are touched."""
        kept = []
        for reading in readings:
            sale = reading.record.sale_order_id
            parts = changed(reading.record.facts or {}, reading.facts)
            if reading.order.state == "cancelled":
                self._apply_cancellation(sale)
                self._finish([reading], "cancelled")
            elif sale.state == "cancel" or self._apply_parts(reading, sale, parts):
                kept.append(reading)
        self._finish(kept, "imported")

    def _apply_cancellation(self, sale) -> None:
        """Cancel an order that is not released yet; for a released one a person decides."""
        if sale.state == "cancel":
            return
        if sale.state in ("draft", "sent"):
            sale._action_cancel()
            self.env["automation.log"]._add(
                [(sale, "shop", self.env._("Cancelled, because the shop cancelled it."))]
            )
            return
        self._raise_for(
            sale,
            CANCELLED,
            self.env._("The shop cancelled order %s after it was released", sale.name),
            self.env._(
                "Stop the delivery if it has not left the house, and cancel the order. If the "
                "goods are on their "
                "way, expect a return. Override this case to ship in spite of it."
            ),
        )

    def _apply_parts(self, reading: Reading, sale, parts: set[str]) -> bool:
        """Apply changed parts; return whether the reading was understood."""
        if "payment" in parts:
            self.env["shop.writer"]._update_payment(reading, sale)
        goods = parts & GOODS
        if not goods:
            return True
        if sale.state in ("draft", "sent"):
            return self.env["shop.writer"]._update_order(reading, sale, goods)
        names = {
            "lines": self.env._("articles"),
            "total": self.env._("total"),
            "billing": self.env._("invoice address"),
            "delivery": self.env._("delivery address"),
            "note": self.env._("buyer's note"),
        }
        self._raise_for(
            sale,
            CHANGED,
            self.env._("The shop changed order %s after it was released", sale.name),
            self.env._(
                "Changed: %s. Compare with the raw data of the shop order, correct the order or "
                "the delivery by "
                "hand, then resolve this case.",
                ", ".join(names[part] for part in names if part in goods),
            ),
        )
        return True

    def _raise_for(self, sale, code: str, name: str, explanation: str) -> None:
        self.env["automation.log"]._add([(sale, "shop", name)])
        self.env["automation.case"]._raise(
            [
                {
                    "record": sale,
                    "code": code,
                    "kind": "data",
                    "name": name,
                    "explanation": explanation,
                    "seen": fields.Datetime.to_string(fields.Datetime.now()),
                }
            ]
        )
