"""Changes of orders that exist already."""

from odoo import models
from odoo.fields import Command

from ..lib.facts import fact_key
from ..lib.order import PayloadError, ShopLine
from ..lib.pricing import states_rates
from .shop_lookup import Lookup
from .shop_order_interpret import Reading
from .shop_writer import PAYMENT, QUIET, ROUNDING_SEQUENCE


class ShopWriter(models.AbstractModel):
    _inherit = "shop.writer"

    def _update_payment(self, reading: Reading, sale) -> None:
        """The shop tells another way of paying, or that the money came."""
        order, account = reading.order, reading.record.account_id
        row = self.env["shop.payment.map"]._find(account.payment_map_ids, order)
        if row.method_id and row.method_id != sale.automation_payment_method_id:
            sale.automation_payment_method_id = row.method_id
        missing = sale.currency_id.round(float(order.total) - sale.prepaid_amount)
        if row._is_paid(order) and missing > 0:
            sale._register_prepaid(missing, self.env._("the shop says the order is paid"))
        if sale.automation_payment_method_id and row.method_id.kind != "paid":
            self.env["automation.case"]._settle(sale, codes=[PAYMENT])
        self.env["automation.case"]._raise(self._payment_questions(account, order, sale))

    def _update_order(self, reading: Reading, sale, parts: set[str]) -> bool:
        """Bring the changed parts of an order up to date; return whether they were understood."""
        writer = self.with_context(**QUIET)
        account = reading.record.account_id.with_context(**QUIET)
        lookup = Lookup(account, [reading.order])
        if not writer._is_writable(lookup, reading):
            return False
        [people] = writer._resolve_people(lookup, [reading.order])
        try:
            vals = writer._prepare_update_vals(lookup, reading, sale, people, parts)
        except PayloadError as error:
            reading.record._quarantine(str(error), error.hint, error.field)
            return False
        sale.with_context(**QUIET).write(vals)
        writer._settle_rounding(account, sale)
        writer._resolve_merged(account, [reading])
        writer._ask_taxes_again(lookup, reading, sale)
        text = self.env._("Changed, because the shop changed it: %s.", self._part_names(parts))
        self.env["automation.log"]._add([(sale, "shop", text)])
        sale._automation_recheck()
        return True

    def _part_names(self, parts: set[str]) -> str:
        names = {
            "lines": self.env._("articles"),
            "total": self.env._("total"),
            "billing": self.env._("invoice address"),
            "delivery": self.env._("delivery address"),
            "note": self.env._("buyer's note"),
        }
        return ", ".join(name for part, name in names.items() if part in parts)

    def _prepare_update_vals(
        self, lookup: Lookup, reading: Reading, sale, people, parts: set[str]
    ) -> dict:
        order = reading.order
        vals = {
            "note": {"buyer_note": order.buyer_note or False},
            "total": {"shop_total": float(order.total)},
            "billing": {"partner_invoice_id": people.invoice.id},
            "delivery": {
                "partner_shipping_id": people.delivery.id,
                "shop_address": order.delivery.as_sent or False,
            },
        }
        chosen = {}
        for part in parts & vals.keys():
            chosen |= vals[part]
        delivery = people.delivery if "delivery" in parts else sale.partner_shipping_id
        position = lookup.order_position(order, people.customer, delivery)
        moved = "delivery" in parts and position != sale.fiscal_position_id
        if moved:
            chosen["fiscal_position_id"] = position.id
        if moved or "lines" in parts:
            rated = lookup.rated(
                order,
                reading.lines,
                position if moved else sale.fiscal_position_id,
                delivery.country_id,
            )
            chosen["order_line"] = self._prepare_line_commands(lookup, reading, sale, rated, moved)
        return chosen

    def _prepare_line_commands(
        self, lookup: Lookup, reading: Reading, sale, rated: list, every: bool
    ) -> list:
        """Return what to do with the order's lines; those the shop left alone stay as staff left
        them, unless ``every`` line gets other taxes.
        """
        known = {line.shop_line_id: line for line in sale.order_line if line.shop_line_id}
        commands, wanted = [], set()
        for index, (line, taxes) in enumerate(rated, start=1):
            wanted.add(line.line_id)
            existing = known.get(line.line_id)
            if existing and not every and not self._is_changed(reading, line):
                continue
            vals = self._prepare_line_vals(lookup, reading.order, line, taxes, index)
            if not existing:
                commands.append(Command.create(vals))
            elif sale.state == "sale":
                commands.append(Command.update(existing.id, _released_vals(existing, vals)))
            else:
                commands.append(Command.update(existing.id, vals))
        gone = sale.order_line.filtered(
            lambda line: (
                line.shop_line_id not in wanted
                if line.shop_line_id
                else line.sequence == ROUNDING_SEQUENCE
            )
        )
        return commands + [_remove(line) for line in gone]

    @staticmethod
    def _is_changed(reading: Reading, line: ShopLine) -> bool:
        """Whether the shop changed a line. Without rates from the shop, shipping and discounts
        follow the goods.
        """
        if line.kind != "product" and not states_rates(reading.order):
            return True
        key = fact_key(line.line_id, reading.facts)
        before = (reading.record.facts or {}).get("lines", {})
        return before.get(key) != reading.facts["lines"][key]


def _released_vals(existing, vals: dict) -> dict:
    """Return what may change on a line whose goods are being prepared: its article may not."""
    if existing.product_id.id != vals["product_id"]:
        return {}
    return {key: vals[key] for key in ("product_uom_qty", "price_unit", "technical_price_unit")}


def _remove(line):
    """A line of a released order cannot be deleted; nothing of it is to be delivered."""
    if line.state == "sale":
        return Command.update(line.id, {"product_uom_qty": 0.0})
    return Command.delete(line.id)
