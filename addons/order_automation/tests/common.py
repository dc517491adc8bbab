from odoo.fields import Command
from odoo.tests import TransactionCase

from odoo.addons.order_automation.models.sale_order_engine import QUIET


class AutomationCommon(TransactionCase):
    """A company with a chart of accounts, one product on stock, one customer, one policy."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        if not cls.company.chart_template:
            cls.env["account.chart.template"].try_loading("generic_coa", cls.company)
        cls.env["automation.rule"].search([]).active = False
        cls.env["automation.policy"].search([]).active = False
        cls.policy = cls.env["automation.policy"].create({"name": "Test policy"})
        cls.prepayment = cls.env.ref("order_automation.payment_method_prepayment")
        cls.on_invoice = cls.env.ref("order_automation.payment_method_invoice")
        cls.tax = cls.env["account.tax"].create(
            {
                "name": "19 % test",
                "amount": 19,
                "type_tax_use": "sale",
                "company_id": cls.company.id,
                "country_id": cls.company.account_fiscal_country_id.id,
            }
        )
        cls.product = cls._create_product("Lamp", stock=1000)
        cls.partner = cls.env["res.partner"].create(
            {
                "name": "Jörg Müller",
                "street": "Hauptstraße 5",
                "zip": "24937",
                "city": "Flensburg",
                "country_id": cls.env.ref("base.de").id,
                "email": "joerg.mueller@example.com",
                "lang": "en_US",
            }
        )

    @classmethod
    def _create_product(cls, name, stock=0, **values):
        product = cls.env["product.product"].create(
            {
                "name": name,
                "type": "consu",
                "is_storable": True,
                "list_price": 20,
                "invoice_policy": "delivery",
                "taxes_id": [Command.set(cls.tax.ids)],
                **values,
            }
        )
        if stock:
            location = cls.env["stock.warehouse"].search(
                [("company_id", "=", cls.company.id)], limit=1
            )
            cls.env["stock.quant"]._update_available_quantity(product, location.lot_stock_id, stock)
        return product

    @classmethod
    def _create_orders(cls, count=1, *, quantity=1, start=True, product=None, **values):
        product = product or cls.product
        orders = cls.env["sale.order"].create(
            [
                {
                    "partner_id": cls.partner.id,
                    "automation_payment_method_id": cls.on_invoice.id,
                    "order_line": [
                        Command.create({"product_id": product.id, "product_uom_qty": quantity})
                    ],
                    **values,
                }
                for _number in range(count)
            ]
        )
        if start:
            orders._automation_start()
        return orders

    @classmethod
    def _run(cls, orders):
        """Do what is due, as the cron would, inside the test's transaction."""
        orders.action_automation_run()
        cls.env.flush_all()
        orders.invalidate_recordset()

    @classmethod
    def _ship(cls, orders, quantity=None):
        """What the warehouse does: everything that is reserved, or ``quantity`` of each move."""
        pickings = orders.picking_ids.filtered(lambda picking: picking.state == "assigned")
        quantities = dict.fromkeys(pickings.move_ids, quantity) if quantity else None
        pickings._automation_deliver(quantities)

    def _engine(self):
        return self.env["sale.order"].with_context(**QUIET)
