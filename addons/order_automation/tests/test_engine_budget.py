from odoo.fields import Command
from odoo.tests import tagged

from ..models.sale_order_engine import STEPS
from .common import AutomationCommon

ORDERS = 20
# statements for an order with four lines in a batch of twenty; stock Odoo needs 62 to 70 for the
# confirmation, 17 for the delivery and 51 for the invoice
BUDGET = {"check": 4, "release": 20, "deliver": 12, "invoice": 20}


@tagged("post_install", "-at_install")
class TestEngineBudget(AutomationCommon):
    def test_statements_for_an_order(self):
        self.policy.delivery_mode = "auto"
        goods = [self._create_product(f"Good {number}", stock=1000) for number in range(4)]
        self._orders_of_new_customers(goods, 2).action_automation_run()
        orders = self._orders_of_new_customers(goods, ORDERS)
        self.env.flush_all()
        self.env.invalidate_all()
        for step, budget in BUDGET.items():
            with self.subTest(step=step):
                spent = self._count(orders, step)
                self.assertLessEqual(spent / ORDERS, budget)
        self.assertEqual(set(orders.mapped("invoice_status")), {"invoiced"})
        self.assertLessEqual(BUDGET.keys(), set(STEPS))

    def _orders_of_new_customers(self, goods, count):
        partners = self.partner.browse()
        for number in range(count):
            partners |= self.partner.copy({"name": f"Customer {number}"})
        lines = [
            Command.create({"product_id": good.id, "product_uom_qty": 1 + place})
            for place, good in enumerate(goods)
        ]
        orders = self.env["sale.order"].create(
            [
                {
                    "partner_id": partner.id,
                    "automation_payment_method_id": self.on_invoice.id,
                    "order_line": lines,
                }
                for partner in partners
            ]
        )
        orders._automation_start()
        return orders

    def _count(self, orders, step):
        """Return how many statements a step takes for these orders, as the cron does it."""
        orders = orders.with_context(**self._engine().env.context)
        before = self.env.cr.sql_log_count
        orders._automation_do(step, orders)
        return self.env.cr.sql_log_count - before
