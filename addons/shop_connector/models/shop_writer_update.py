"""Changes of orders that are not released yet."""

from odoo import models
from odoo.fields import Command

from ..lib.order import PayloadError
from .shop_lookup import Lookup
from .shop_order_interpret import Reading
from .shop_writer import PAYMENT, QUIET


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
        text = self.env._("Changed, because the shop changed it: %s.", ", ".join(sorted(parts)))
        self.env["automation.log"]._add([(sale, "shop", text)])
        sale._automation_recheck()
        return True

    def _prepare_update_vals(
        self, lookup: Lookup, reading: Reading, sale, people, parts: set[str]
    ) -> dict:
        order = reading.order
        vals = {
            "note": {"buyer_note": order.buyer_note or False},
            "total": {"shop_total": float(order.total)},
            "billing": {"partner_invoice_id": people.invoice.id},
            "delivery": {"partner_shipping_id": people.delivery.id},
        }
        chosen = {}
        for part in parts & vals.keys():
            chosen |= vals[part]
        if "lines" in parts:
            chosen["order_line"] = self._prepare_line_commands(lookup, reading, sale, people)
        return chosen

    def _prepare_line_commands(self, lookup: Lookup, reading: Reading, sale, people) -> list:
        """Return what to do with the order's lines; those the shop left alone stay as staff left
        them.
        """
        position = sale.fiscal_position_id
        before = (reading.record.facts or {}).get("lines", {})
        known = {line.shop_line_id: line for line in sale.order_line if line.shop_line_id}
        commands = []
        for index, line in enumerate(reading.lines, start=1):
            if (
                line.line_id in known
                and before.get(line.line_id) == reading.facts["lines"][line.line_id]
            ):
                continue
            vals = self._prepare_line_vals(
                lookup, reading.order, line, position, people.delivery, index
            )
            if existing := known.get(line.line_id):
                commands.append(Command.update(existing.id, vals))
            else:
                commands.append(Command.create(vals))
        gone = known.keys() - reading.facts["lines"].keys()
        rounding = sale.order_line.filtered(
            lambda line: not line.shop_line_id and line.sequence == 9999
        )
        commands += [Command.delete(known[line_id].id) for line_id in gone]
        return commands + [Command.delete(line.id) for line in rounding]
