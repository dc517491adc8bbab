"""What happens to an imported order when the shop changes or cancels it.

Before its release an order follows the shop by itself. After that only what changes nothing for the
warehouse is done at once; the rest becomes a case that says what differs and can do it (see
:mod:`.shop_order_follow`).
"""

from odoo import models

from ..lib.facts import changed
from .shop_order_interpret import NOT_YET, Reading

CANCELLED = "shop:cancelled"
CHANGED = "shop:changed"
SHIPPED = "shop:shipped"
REOPENED = "shop:reopened"
GOODS = frozenset({"lines", "total", "billing", "delivery", "note"})


class ShopOrderUpdate(models.Model):
    _inherit = "shop.order"

    def _apply_changes(self, readings: list[Reading]) -> None:
        """Bring known orders up to date; only parts that the shop really changed are touched."""
        kept, cancelled, silent = [], [], self.browse()
        for reading in readings:
            sale = reading.record.sale_order_id
            if reading.order.state == "cancelled":
                self._apply_cancellation(sale)
                cancelled.append(reading)
            elif reading.order.treatment in NOT_YET:
                silent |= reading.record  # says nothing of an order that exists already
            elif self._apply_parts(reading, sale):
                kept.append(reading)
        self._finish(kept, "imported")
        self._finish_cancelled(cancelled)
        silent._finish_plain("imported")

    def _finish_cancelled(self, readings: list[Reading]) -> None:
        """Note the cancellation; what a cancelled order still says of itself does not count."""
        records = self.browse([reading.record.id for reading in readings])
        for record in records:
            record.facts = {**(record.facts or {}), "state": "cancelled"}
        records._finish_plain("cancelled")
        records._release_goods()

    def _finish_plain(self, state: str) -> None:
        self.write({"state": state, "error_path": False, "hint": False})
        self._register_success()

    # -- cancelled ---------------------------------------------------------

    def _apply_cancellation(self, sale) -> None:
        """Cancel an order that nobody works on yet; otherwise a person decides, once."""
        record = sale.shop_order_id
        if sale.state == "cancel" or (record.facts or {}).get("state") == "cancelled":
            return
        progress = sale._shop_progress()
        by_itself = record.account_id.cancel_released == "cancel"
        if progress == "open" or (progress == "released" and by_itself):
            sale._shop_cancel(self.env._("Cancelled, because the shop cancelled it."))
            return
        name, explanation = self._cancellation_texts(sale, progress)
        # what has left completely cannot be stopped by a case any more
        self._raise_for(sale, CANCELLED, name, explanation, progress, progress != "shipped")

    def _cancellation_texts(self, sale, progress: str) -> tuple[str, str]:
        if progress == "released":
            return (
                self.env._("The shop cancelled order %s after it was released", sale.name),
                self.env._(
                    "Nothing has left yet: “Follow the shop” cancels the order and its delivery. "
                    "“Go on anyway” sends the goods in spite of it."
                ),
            )
        if progress == "shipping":
            return (
                self.env._("The shop cancelled order %s while it is being sent", sale.name),
                self.env._(
                    "Stop the parcel if it is still in the house, then cancel the delivery and the "
                    "order. If the goods are on their way, expect a return."
                ),
            )
        return (
            self.env._("The shop cancelled order %s after it was sent", sale.name),
            self.env._(
                "The goods are with the buyer or on their way. When they come back, use “Return” "
                "on the delivery and credit the invoice; until then ask the buyer what is to "
                "happen."
            ),
        )

    # -- changed -----------------------------------------------------------

    def _apply_parts(self, reading: Reading, sale) -> bool:
        """Apply changed parts; return whether the reading was understood."""
        before = reading.record.facts or {}
        parts = changed(before, reading.facts)
        if sale.state == "cancel":
            self._note_reopened(sale, before)
            return True
        if "state" in parts:
            self._apply_state(reading, sale)
        if "payment" in parts:
            self.env["shop.writer"]._update_payment(reading, sale)
        if "terms" in parts:
            self.env["shop.writer"]._update_terms(reading.order, sale)
        if "holds" in parts:
            self.env["shop.writer"]._update_holds(reading, sale, before.get("holds") or {})
        return self._apply_goods(reading, sale, parts & GOODS)

    def _apply_goods(self, reading: Reading, sale, goods: set[str]) -> bool:
        if not goods:
            if reading.record.facts_open:
                self.env["automation.case"]._settle(
                    sale, codes=[CHANGED], note=self.env._("The shop took its change back.")
                )
            return True
        if sale._shop_progress() == "open":
            return self.env["shop.writer"]._update_order(reading, sale, goods)
        reading.left_open = self._follow_released(reading, sale, goods)
        return True

    def _apply_state(self, reading: Reading, sale) -> None:
        """The shop says that the order is open again, or that it has left."""
        self.env["automation.case"]._settle(
            sale, codes=[CANCELLED], note=self.env._("The shop took the cancellation back.")
        )
        if reading.facts["state"] != "shipped" or sale._shop_progress() not in ("open", "released"):
            return
        self._raise_for(
            sale,
            SHIPPED,
            self.env._("The shop says that order %s was sent; here it is not", sale.name),
            self.env._(
                "Somebody reported it as sent in the shop itself. If it has left, close this case "
                "and finish the delivery; if not, correct it in the shop. Do not send it twice."
            ),
            "shipped",
        )

    def _note_reopened(self, sale, before: dict) -> None:
        """An order cancelled because the shop said so is wanted after all."""
        if before.get("state") != "cancelled":
            return
        self._raise_for(
            sale,
            REOPENED,
            self.env._("The shop took up the cancelled order %s again", sale.name),
            self.env._("Set the order back to a quotation if it is to be delivered."),
            blocking=False,
        )

    def _raise_for(
        self, sale, code: str, name: str, explanation: str, seen: str = "", blocking: bool = True
    ) -> None:
        self.env["automation.log"]._add([(sale, "shop", name)])
        self.env["automation.case"]._raise(
            [
                {
                    "record": sale,
                    "code": code,
                    "kind": "data",
                    "name": name,
                    "explanation": explanation,
                    "seen": seen,
                    "blocking": blocking,
                }
            ]
        )
