"""Changes of orders that are released: what is done at once, what a person decides, and doing it
on their word.
"""

from odoo import models
from odoo.exceptions import UserError

from ..lib.facts import Facts, changed, merged
from .shop_order_interpret import Reading
from .shop_order_update import CANCELLED, CHANGED, GOODS


class ShopOrderFollow(models.Model):
    _inherit = "shop.order"

    def _follow_released(self, reading: Reading, sale, goods: set[str]) -> set[str]:
        """Do what disturbs nobody; return the parts a person has to decide about."""
        writer = self.env["shop.writer"]
        done = set()
        if goods & {"billing", "delivery"}:
            done = writer._move_released(reading, sale, goods)
        left = goods - done
        if left:
            self._raise_changed(reading, sale, left)
        else:
            self.env["automation.case"]._settle(sale, codes=[CHANGED])
        return left

    def _raise_changed(self, reading: Reading, sale, parts: set[str]) -> None:
        progress = sale._shop_progress()
        self._raise_for(
            sale,
            CHANGED,
            self.env._("The shop changed order %s after it was released", sale.name),
            "\n".join(self._changes_in_words(reading, sale, parts, progress)),
            repr(sorted((part, repr(reading.facts[part])) for part in parts)),
            progress != "shipped",
        )

    def _changes_in_words(self, reading: Reading, sale, parts: set[str], progress: str):
        """Yield the lines of a case's explanation: what differs, and what can be done."""
        names = {
            "billing": self.env._("Changed: the invoice address."),
            "delivery": self.env._("Changed: the delivery address."),
            "note": self.env._("Changed: the buyer's note."),
        }
        if "lines" in parts:
            yield from self._line_changes(reading, sale)
        if "total" in parts:
            money = sale.currency_id.format
            yield self.env._(
                "Total: %(ours)s here, %(theirs)s in the shop.",
                ours=money(sale.shop_total),
                theirs=money(float(reading.order.total)),
            )
        yield from (names[part] for part in names if part in parts)
        if progress == "released":
            yield self.env._(
                "Nothing has left yet: “Follow the shop” changes the order and its delivery. "
                "“Go on anyway” sends the order as it was."
            )
        elif progress == "shipping":
            yield self.env._(
                "The delivery is on its way through the house: correct it and the order by hand, "
                "then close this case."
            )
        else:
            yield self.env._("The goods have left: settle the difference with the buyer.")

    def _line_changes(self, reading: Reading, sale):
        """Yield a sentence for each article that is ordered in another quantity or at another
        price.
        """
        before = (reading.record.facts or {}).get("lines", {})
        known = {line.shop_line_id: line for line in sale.order_line if line.shop_line_id}
        for line in reading.order.lines:
            ours = known.get(line.line_id)
            if ours is None:
                yield self.env._(
                    "New: %(quantity)s × %(name)s",
                    quantity=f"{line.quantity.normalize():f}",
                    name=line.name or line.sku,
                )
            elif before.get(line.line_id) != reading.facts["lines"].get(line.line_id):
                yield self.env._(
                    "%(name)s: %(ours)s ordered here, %(theirs)s in the shop",
                    name=ours.product_id.display_name,
                    ours=f"{ours.product_uom_qty:g}",
                    theirs=f"{line.quantity.normalize():f}",
                )
        wanted = {line.line_id for line in reading.order.lines}
        for line_id, ours in known.items():
            if line_id not in wanted and line_id.rpartition("/")[0] not in wanted:
                yield self.env._(
                    "%(name)s: %(ours)s ordered here, no longer in the shop",
                    name=ours.product_id.display_name,
                    ours=f"{ours.product_uom_qty:g}",
                )

    # -- on a person's word ------------------------------------------------

    def _follow_now(self, code: str) -> None:
        """Do to the order what the shop says by now, as long as nothing has left."""
        self.ensure_one()
        sale = self.sale_order_id
        if sale._shop_progress() not in ("open", "released"):
            raise UserError(
                self.env._("Something of %s has left already: correct it by hand.", sale.name)
            )
        if code == CANCELLED:
            sale._shop_cancel(self.env._("Cancelled as in the shop."))
        elif code == CHANGED:
            self._follow_changes(sale)

    def _follow_changes(self, sale) -> None:
        record = self._in_its_language().with_company(self.company_id)
        readings = record._read_payloads() if self.payload else []
        if not readings:
            raise UserError(
                self.env._("The shop's data of this order are gone. Fetch it again first.")
            )
        [reading] = readings
        parts = changed(self.facts or {}, reading.facts) & GOODS
        sale = sale.with_env(record.env).with_context(automation_engine=True)
        if not self.env["shop.writer"]._update_order(reading, sale, parts):
            raise UserError(self.last_error)
        self.write({"facts": merged(self.facts or {}, reading.facts), "facts_open": False})
        self.env["automation.case"]._settle(
            sale, codes=[CHANGED], note=self.env._("The order follows the shop.")
        )

    def _accept_difference(self) -> None:
        """A person closed the case: what the shop says is known now, and not asked again."""
        for record in self.filtered("facts_open"):
            facts: Facts = record.facts_open
            record.write({"facts": facts, "facts_open": False})
