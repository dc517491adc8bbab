"""The people of the demo company at work: what a visitor would otherwise have to do by hand."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Command

from ..lib.catalogue import ARTICLES
from ..lib.parcels import dhl, gls

LEFT_OPEN = timedelta(hours=26)  # the newest troubles are left for the visitor
LEFT_READY = 6  # deliveries that always stay ready for the visitor
PARTIAL_EVERY = 8
GLS_EVERY = 4
MISTYPED = "DHL 4711, siehe Liste"
SCARCE = {"WO-6003": 2, "KU-3006": 4}  # articles of which little is left on the last day
LITTLE, FULL = 0.35, 0.9  # of the first day's stock: then it is filled up, and to how much
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
        staff._payment_trickle()
        staff._warehouse_work(limit=1, age=timedelta(minutes=6))

    @api.model
    def _staff_day(self, scarce: bool = False, mistyping: bool = False, last: bool = False) -> None:
        """Let the people do a day's work; on the ``last`` one payments are left to the visitor."""
        staff = self._in_staff_language()
        staff._payment_work(last=last)
        staff._desk_work()
        staff._warehouse_work(mistyping=mistyping)
        staff._restock(scarce=scarce)

    @api.model
    def _in_staff_language(self):
        """Return this model in the company's language: what they do stands in the timeline."""
        return self.with_context(lang=self.env.company.partner_id.lang or self.env.lang)

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
        code = case.code or ""
        return int(code.split(":")[1]) if code.startswith("rule:") else 0

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
        self,
        limit: int | None = None,
        age: timedelta = timedelta(hours=3),
        mistyping: bool = False,
    ) -> None:
        """Timo ships what is ready, the oldest first; now and then only a part of it.

        ``mistyping``: one parcel for Amazon gets a tracking number that can be none.
        """
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
        for picking in ready:
            picking.write(self._get_label(picking))
        if mistyping:
            amazon = self._account("amazon")
            mistyped = ready.filtered(lambda one: one.sale_id.shop_account_id == amazon)[:1]
            mistyped.carrier_tracking_ref = MISTYPED
        (ready - partial).with_user(timo)._automation_deliver()
        for picking in partial:
            move = picking.move_ids[0]
            quantity = (
                max(1, move.product_uom_qty // 2) if len(picking.move_ids) == 1 else move.quantity
            )
            picking.with_user(timo)._automation_deliver({move.with_user(timo): quantity})

    @api.model
    def _get_label(self, picking) -> dict:
        """Most parcels go with DHL, some with GLS."""
        name, number = ("gls", gls) if picking.id % GLS_EVERY == 1 else ("dhl", dhl)
        carrier = self.env.ref(f"automation_demo.carrier_{name}")
        return {"carrier_id": carrier.id, "carrier_tracking_ref": number(picking.id)}

    # -- goods coming in ---------------------------------------------------

    @api.model
    def _restock(self, scarce: bool = False) -> None:
        """What runs low is filled up, but for a few articles; ``scarce``: hardly anything is left
        of those.
        """
        location = self.env["stock.warehouse"].search([], limit=1).lot_stock_id
        for article in ARTICLES:
            product = self._article(article.sku).with_context(location=location.id)
            wanted = product.free_qty
            if article.sku in SCARCE:
                wanted = SCARCE[article.sku] if scarce else product.free_qty
            elif product.free_qty < article.stock * LITTLE:
                wanted = round(article.stock * FULL)
            if change := wanted - product.free_qty:
                self.env["stock.quant"]._update_available_quantity(product, location, change)

    @api.model
    def _goes_in_parts(self, picking) -> bool:
        pieces = sum(picking.move_ids.mapped("product_uom_qty"))
        lines = picking.move_ids.sale_line_id
        packs = any(line.product_uom_id != line.product_id.uom_id for line in lines)
        whole = packs or picking.backorder_id or pieces <= 1
        return not whole and not picking.id % PARTIAL_EVERY
