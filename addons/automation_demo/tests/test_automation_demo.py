from odoo.exceptions import UserError
from odoo.tests import TransactionCase, tagged
from odoo.tools.barcode import check_barcode_encoding

from odoo.addons.automation_demo.hooks import pre_init_hook
from odoo.addons.automation_demo.lib.catalogue import ARTICLES


@tagged("post_install", "-at_install")
class TestDemoCompany(TransactionCase):
    def test_articles_can_be_sold_and_shipped(self):
        products = self.env["product.product"].search(
            [("default_code", "in", [article.sku for article in ARTICLES])]
        )
        self.assertEqual(len(products), len(ARTICLES))
        self.assertGreaterEqual(len(products), 30)
        for product in products:
            self.assertTrue(product.is_storable)
            self.assertEqual(product.taxes_id.amount_type, "percent")
            self.assertTrue(check_barcode_encoding(product.barcode, "ean13"))
        stocked = products.filtered(lambda product: product.qty_available > 0)
        self.assertGreater(len(stocked), 25)

    def test_prices_are_those_of_the_catalogue_for_private_buyers(self):
        for article in ARTICLES:
            product = self.env["product.product"].search([("default_code", "=", article.sku)])
            taxes = product.taxes_id.compute_all(product.list_price, product=product)
            # net prices have two places, so a gross price may be a cent beside
            self.assertAlmostEqual(taxes["total_included"], article.price, delta=0.011)

    def test_nothing_reaches_the_outside_before_it_is_connected(self):
        self.assertFalse(self.env.ref("automation_demo.shop_account").live)
        self.assertEqual(self.env.ref("automation_demo.mail_server").smtp_host, "127.0.0.1")

    def test_people_have_just_the_rights_of_their_work(self):
        jana = self.env.ref("automation_demo.user_jana")
        timo = self.env.ref("automation_demo.user_timo")
        self.assertTrue(jana.has_group("automation_core.group_automation_user"))
        self.assertFalse(jana.has_group("base.group_system"))
        self.assertTrue(timo.has_group("stock.group_stock_user"))
        self.assertFalse(timo.has_group("automation_core.group_automation_manager"))

    def test_a_database_in_use_is_refused(self):
        self.env["sale.order"].create({"partner_id": self.env.ref("base.partner_admin").id})
        self.env.flush_all()
        with self.assertRaises(UserError):
            pre_init_hook(self.env)
