"""The people of the demo company at work: what a visitor would otherwise have to do by hand."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Command

LEFT_OPEN = timedelta(hours=26)  # the newest troubles are left for the visitor
LEFT_READY = 6  # deliveries that always stay ready for the visitor
PARTIAL_EVERY = 8
NEVER_PAID_EVERY = 7
ANSWERS = {
    "note": "Mit dem Kunden telefoniert, Wunsch im Lieferschein vermerkt.",
    "duplicate": "Kunde bestätigt: beide Bestellungen sind gewollt.",
    "pickup": "Kundin hat die Angaben per E-Mail ergänzt.",
    "data": "Mit dem Shop abgeglichen und freigegeben.",
}


class AutomationDemo(models.AbstractModel):
    _inherit = "automation.demo"

    @api.model
    def _cron_staff(self):
        """Let the people do what they would do in a few minutes."""
        staff = self._in_staff_language()
        staff._bank_work(limit=1)
        staff._warehouse_work(limit=1, age=timedelta(minutes=6))

    @api.model
    def _staff_day(self) -> None:
        """Let the people do a day's work."""
        staff = self._in_staff_language()
        staff._bank_work()
        staff._desk_work()
        staff._warehouse_work()

    @api.model
    def _in_staff_language(self):
        """Return this model in the company's language: what they do stands in the timeline."""
        return self.with_context(lang=self.env.company.partner_id.lang or self.env.lang)

    # -- the bank ----------------------------------------------------------

    @api.model
    def _bank_work(self, limit: int | None = None) -> None:
        """Money arrives one to four days after the order; one in seven never pays."""
        now = fields.Datetime.now()
        waiting = self.env["sale.order"].search(
            [("automation_state", "=", "waiting_payment")], order="id"
        )
        paying = waiting.filtered(
            lambda order: (
                order.id % NEVER_PAID_EVERY
                and not order.prepaid_amount
                and order.date_order + timedelta(hours=30 + order.id * 7 % 60) < now
            )
        )
        for order in paying[:limit]:
            order._register_prepaid(
                order.amount_total,
                self.env._("Bank transfer of %s, Sparkasse Musterstadt", order.partner_id.name),
            )

    # -- the desk ----------------------------------------------------------

    @api.model
    def _desk_work(self) -> None:
        """Jana confirms what goes abroad and closes the older cases."""
        jana = self.env.ref("automation_demo.user_jana")
        now = fields.Datetime.now()
        self.env["sale.order"].search(
            [
                ("automation_state", "=", "new"),
                ("automation_due", "=", False),
                ("date_order", "<", now - timedelta(hours=20)),
            ]
        ).with_user(jana).action_confirm()
        cases = self.env["automation.case"].search(
            [
                ("state", "=", "open"),
                ("res_model", "=", "sale.order"),
                ("kind", "!=", "technical"),
                ("create_date", "<", now - LEFT_OPEN),
            ]
        )
        for case in cases:
            case.resolution = self._get_answer(case)
            self._mend(case.order_id)
            case.with_user(jana).action_override()

    @api.model
    def _get_answer(self, case) -> str:
        kind = self.env["automation.rule"].browse(self._get_rule_id(case)).exists().kind or "data"
        return ANSWERS.get(kind.split("_")[0], ANSWERS["data"])

    @api.model
    def _get_rule_id(self, case) -> int:
        return int(case.code.removeprefix("rule:").split(":")[0]) if ":" in case.code[:5] else 0

    @api.model
    def _mend(self, order) -> None:
        """Give lines with an unknown article number the article that was meant."""
        product = self.env.ref("automation_demo.product_wo_6002")
        for line in order.order_line.filtered("unknown_sku"):
            line.write(
                {
                    "product_id": product.id,
                    "name": line.name,
                    "price_unit": line.price_unit,
                    "technical_price_unit": 0.0,
                    "tax_ids": [Command.set(line.tax_ids.ids)],
                }
            )

    # -- the warehouse -----------------------------------------------------

    @api.model
    def _warehouse_work(
        self, limit: int | None = None, age: timedelta = timedelta(hours=3)
    ) -> None:
        """Timo ships what is ready, the oldest first; now and then only a part of it."""
        timo = self.env.ref("automation_demo.user_timo")
        ready = self.env["stock.picking"].search(
            [
                ("state", "=", "assigned"),
                ("picking_type_code", "=", "outgoing"),
                ("sale_id.automation_state", "in", ("released", "shipping")),
                ("create_date", "<", fields.Datetime.now() - age),
            ],
            order="id",
        )
        if limit:
            everything = self.env["stock.picking"].search_count(
                [("state", "=", "assigned"), ("picking_type_code", "=", "outgoing")]
            )
            ready = ready[: min(limit, max(0, everything - LEFT_READY))]
        partial = ready.filtered(self._goes_in_parts)
        carrier = self.env.ref("automation_demo.carrier_dhl")
        for picking in ready:
            picking.write(
                {"carrier_id": carrier.id, "carrier_tracking_ref": f"00340434{picking.id:012d}"}
            )
        (ready - partial).with_user(timo)._automation_deliver()
        for picking in partial:
            move = picking.move_ids[0]
            quantity = (
                max(1, move.product_uom_qty // 2) if len(picking.move_ids) == 1 else move.quantity
            )
            picking.with_user(timo)._automation_deliver({move.with_user(timo): quantity})

    @api.model
    def _goes_in_parts(self, picking) -> bool:
        pieces = sum(picking.move_ids.mapped("product_uom_qty"))
        return pieces > 1 and not picking.backorder_id and not picking.id % PARTIAL_EVERY
