from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.order_automation.tests.common_rule import RuleCommon


@tagged("post_install", "-at_install")
class TestRuleDuplicate(RuleCommon):
    """The same order given twice by mistake."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule = cls._rule("duplicate", hours=24)
        cls.other_product = cls._create_product("Chair", list_price=77)
        cls.first = cls._order(client_order_ref="SHOP-1")
        cls.first.date_order = fields.Datetime.subtract(fields.Datetime.now(), hours=5)

    def _second(self, **values):
        return self._order(**{"client_order_ref": "SHOP-2", **values})

    def test_same_customer_same_article(self):
        second = self._second(quantity=3)
        (sentence,) = self._check(self.first | second)
        self.assertIn("SHOP-1", sentence)
        self.assertEqual(self._cases(self.first | second).order_id, second, "the later one")

    def test_same_total_of_other_articles(self):
        self.other_product.list_price = self.product.list_price
        self.assertTrue(self._check(self._second(product=self.other_product)))

    def test_other_article_and_total(self):
        self.assertFalse(self._check(self._second(product=self.other_product)))

    def test_same_shop_number(self):
        self.assertFalse(self._check(self._second(client_order_ref="SHOP-1")))

    def test_no_shop_number(self):
        self.first.client_order_ref = False
        self.assertTrue(self._check(self._second(client_order_ref=False)))

    def test_too_long_ago(self):
        self.rule.hours = 4
        self.assertFalse(self._check(self._second()))

    def test_cancelled(self):
        self.first._action_cancel()
        self.assertFalse(self._check(self._second()))

    def test_other_customer(self):
        stranger = self._partner(email="other@example.com", street="Nebenweg 3")
        self.assertFalse(self._check(self._second(partner_id=stranger.id)))

    def test_same_mail_address(self):
        twin = self._partner(
            name="J. Müller", street="Nebenweg 3", email="Joerg.Mueller@EXAMPLE.com"
        )
        self.assertTrue(self._check(self._second(partner_id=twin.id)))

    def test_same_address_and_name(self):
        twin = self._partner(name="jörg müller", street="HAUPTSTRASSE 5", email=False)
        self.assertFalse(self._check(self._second(partner_id=twin.id)))
        twin.street = "HAUPTSTRAßE 5"
        self.assertTrue(self._check(self._second(partner_id=twin.id)))
        neighbour = self._partner(name="Eva Klein", email=False)
        self.assertFalse(self._check(self._second(partner_id=neighbour.id)))

    def test_same_company(self):
        company = self.env["res.partner"].create({"name": "Muster GmbH", "is_company": True})
        one, two = (self._partner(parent_id=company.id, email=False) for _i in range(2))
        self.first.partner_id = one
        self.assertTrue(self._check(self._second(partner_id=two.id)))

    def test_services_and_placeholders_are_no_overlap(self):
        service = self._create_product("Shipping", type="service", is_storable=False)
        for order, price in ((self.first, 50), (self._second(product=self.other_product), 60)):
            order.order_line = [Command.create({"product_id": service.id, "price_unit": price})]
        second = order
        self.assertFalse(self._check(second))
        second.order_line[0].write({"product_id": self.product.id, "unknown_sku": "X"})
        self.assertFalse(self._check(second))
