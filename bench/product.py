"""The way through the add-ons: the inbox is filled, the rest is what the crons do."""

import world

from odoo.addons.order_automation.models.sale_order_engine import QUIET
from odoo.addons.shop_connector.lib.channel import OrderPage, RawOrder

STEPS = ("check", "release", "deliver", "invoice")


class Product:
    """One shop account whose orders go all the way by themselves."""

    def __init__(self, env, meter) -> None:
        self.env = env
        self.meter = meter
        self.policy = env["automation.policy"].create(
            {"name": "Benchmark", "delivery_mode": "auto", "invoice_mode": "shipping"}
        )
        self.account = env["shop.account"].create(
            {"name": "Benchmark", "channel": "gambio", "policy_id": self.policy.id}
        )
        env.cr.commit()

    def run(self, raws: list[world.Raw]) -> None:
        """Take the orders from the shop's answer to the posted invoice, stage by stage."""
        count = len(raws)
        page = OrderPage(tuple(RawOrder(raw.number, raw.body, raw.number) for raw in raws))
        with self.meter.stage("inbox", count):
            self.account._store_page(page)
            self.env.cr.commit()
        with self.meter.stage("import", count):
            self.env["shop.order"]._cron_interpret()
        engine = self.env["sale.order"].with_context(**QUIET)
        for step in STEPS:
            with self.meter.stage(step, count):
                engine._automation_run_step(step)
        self._verify(raws)

    def _verify(self, raws: list[world.Raw]) -> None:
        """Complain when an order did not arrive: the figures would be of something else."""
        records = self.env["shop.order"].search([("number", "in", [raw.number for raw in raws])])
        sales = records.sale_order_ids
        posted = sales.invoice_ids.filtered(lambda invoice: invoice.state == "posted")
        if len(posted) != len(raws):
            held = sales.filtered(lambda sale: sale.automation_state not in ("invoiced", "done"))
            reasons = {sale.automation_reason or sale.automation_state for sale in held}
            reasons |= {record.last_error for record in records if record.last_error}
            raise RuntimeError(f"{len(posted)} invoices for {len(raws)} orders: {reasons}")
        self.env.invalidate_all()
