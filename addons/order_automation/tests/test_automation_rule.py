from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.order_automation.tests.common_rule import RuleCommon


@tagged("post_install", "-at_install")
class TestRuleKinds(RuleCommon):
    """Each built-in kind fires, and is silent when it should be."""

    def test_note(self):
        self._rule("note")
        order, silent = self._order(buyer_note="Bitte als Geschenk!"), self._order()
        for nothing in ("", " ", "-", "...", "\n\n"):
            silent |= self._order(buyer_note=nothing)
        self.assertEqual(self._check(order), ["Buyer's note: “Bitte als Geschenk!”"])
        self.assertFalse(self._check(silent))

    def test_note_of_ten_megabytes(self):
        self._rule("note")
        (sentence,) = self._check(self._order(buyer_note="word " * 2_000_000))
        self.assertLess(len(sentence), 200)

    def test_address(self):
        self._rule("address")
        order = self._order(partner_id=self._partner(street="Hauptstraße", zip="1024").id)
        self.assertEqual(
            self._check(order),
            ["Address incomplete: no house number, the zip does not fit the country"],
        )
        abroad = self._partner(street="Packstation 145", country_id=self.austria.id, zip="1010")
        self.assertIn("Germany only", self._check(self._order(partner_id=abroad.id))[0])
        self.assertFalse(self._check(self._order()))

    def test_address_is_the_delivery_address(self):
        self._rule("address")
        nowhere = self._partner(street=False, type="delivery", parent_id=self.partner.id)
        order = self._order(partner_shipping_id=nowhere.id)
        self.assertEqual(self._check(order), ["Address incomplete: no street"])

    def test_pickup_numbers(self):
        self._rule("pickup_numbers")
        packstation = self._partner(street="Packstation 145", street2=False)
        order = self._order(partner_id=packstation.id)
        self.assertEqual(self._check(order), ["Packstation 145: post number missing"])
        packstation.street2 = "1743910"
        self.assertFalse(self._check(order))
        outlet = self._partner(street="Postfiliale", email=False)
        self.assertEqual(
            self._check(self._order(partner_id=outlet.id)),
            ["Postfiliale: its number is missing, post number missing"],
        )
        self.assertFalse(self._check(self._order()))

    def test_post_number_in_company(self):
        self._rule("pickup_numbers")
        company = self.env["res.partner"].create({"name": "1743910", "is_company": True})
        partner = self._partner(street="Packstation 145", parent_id=company.id, type="delivery")
        partner.street = "Packstation 145"
        self.assertFalse(self._check(self._order(partner_id=partner.id)))

    def test_pickup_refused(self):
        rule = self._rule("pickup_refused")
        locker = self._order(
            partner_id=self._partner(street="Packstation 145", street2="1743910").id
        )
        outlet = self._order(partner_id=self._partner(street="Postfiliale 518").id)
        other = self._order(partner_id=self._partner(street="Hermes PaketShop").id)
        orders = locker | outlet | other
        self.assertEqual(
            self._check(orders), ["Hermes PaketShop: our parcels cannot be delivered there"]
        )
        rule.write({"refuse_locker": True, "refuse_outlet": True, "refuse_other": False})
        self._check(orders)
        self.assertEqual(self._cases(orders).order_id, locker | outlet)
        rule.refuse_locker = False
        cod = self.env.ref("order_automation.payment_method_cod")
        locker.automation_payment_method_id = cod
        self.assertEqual(
            self._check(locker), ["Packstation 145: a locker takes no cash on delivery"]
        )

    def test_pickup_size(self):
        self._rule("pickup_size")
        self.policy.unknown_size = "hold"
        large = self._create_product(
            "Shelf", parcel_length=80, parcel_width=20, parcel_height=40.5, weight=5
        )
        fits = self._create_product("Box", parcel_length=40, parcel_width=75, parcel_height=60)
        heavy = self._create_product(
            "Anvil", parcel_length=40, parcel_width=40, parcel_height=40, weight=40
        )
        packstation = self._partner(street="Packstation 145", street2="1743910")
        to_locker = {"partner_id": packstation.id}
        self.assertEqual(
            self._check(self._order(product=large, **to_locker)),
            ["Shelf (80 x 20 x 40.5 cm) does not fit Packstation (75 x 60 x 40 cm)"],
        )
        self.assertEqual(
            self._check(self._order(product=heavy, **to_locker)),
            ["Anvil (40 kg) is too heavy for Packstation (31.5 kg)"],
        )
        unknown = self._order(**to_locker)
        self.assertEqual(
            self._check(unknown),
            ["Lamp: size unknown, it may not fit Packstation (75 x 60 x 40 cm)"],
        )
        self.policy.unknown_size = "allow"
        self.assertFalse(self._check(unknown))
        self.assertFalse(self._check(self._order(product=fits, **to_locker)))
        self.assertFalse(self._check(self._order(product=large)))

    def test_limits_are_data(self):
        self._rule("pickup_size")
        limit = self.env.ref("order_automation.parcel_limit_packstation")
        product = self._create_product("Box", parcel_length=70, parcel_width=50, parcel_height=30)
        packstation = self._partner(street="Packstation 145", street2="1743910")
        order = self._order(product=product, partner_id=packstation.id)
        self.assertFalse(self._check(order))
        limit.write({"max_length": 60, "max_width": 35, "max_height": 35})
        self.assertTrue(self._check(order))
        limit.active = False
        self.assertFalse(self._check(order))

    def test_total(self):
        self._rule("total")
        order = self._order()
        self.assertFalse(self._check(order))
        order.write({"has_shop_total": True, "shop_total": order.amount_total})
        self.assertFalse(self._check(order))
        order.shop_total += 0.001
        self.assertFalse(self._check(order))
        order.shop_total += 0.01
        (sentence,) = self._check(order)
        self.assertIn("differs from the shop's", sentence)
        order.write({"has_shop_total": True, "shop_total": 0})
        self.assertTrue(self._check(order))

    def test_unknown_sku(self):
        self._rule("unknown_sku")
        order = self._order()
        self.assertFalse(self._check(order))
        order.order_line.unknown_sku = "A-1"
        self.assertEqual(self._check(order), ["Unknown article number: A-1"])
        order.order_line.product_id = self._create_product("Right one")
        self.assertFalse(order.order_line.unknown_sku)
        self.assertFalse(self._check(order))

    def test_amount(self):
        self._rule("amount", amount=47.6)
        self.assertFalse(self._check(self._order(quantity=2)))
        self.assertIn("is above", self._check(self._order(quantity=3))[0])

    def test_country(self):
        self._rule("country", served_country_ids=[Command.set(self.germany.ids)])
        austrian = self._partner(country_id=self.austria.id)
        self.assertEqual(
            self._check(self._order(partner_id=austrian.id)), ["Delivery to Austria is not offered"]
        )
        nowhere = self._partner(country_id=False)
        self.assertEqual(
            self._check(self._order(partner_id=nowhere.id)), ["The delivery address has no country"]
        )
        self.assertFalse(self._check(self._order()))

    def test_country_without_a_list(self):
        self._rule("country")
        self.assertFalse(self._check(self._order(partner_id=self._partner(country_id=False).id)))

    def test_first_invoice(self):
        self._rule("first_invoice")
        customer = self._partner()
        order = self._order(partner_id=customer.id)
        self.assertEqual(self._check(order), ["First order of this customer, and on invoice"])
        prepaid = self._order(
            partner_id=customer.id, automation_payment_method_id=self.prepayment.id
        )
        self.assertFalse(self._check(prepaid))
        prepaid.date_order = fields.Datetime.subtract(order.date_order, days=3)
        prepaid.state = "sale"
        self.assertFalse(self._check(order))

    def test_customer(self):
        self._rule("customer")
        company = self.env["res.partner"].create({"name": "Muster GmbH", "is_company": True})
        order = self._order(partner_id=self._partner(parent_id=company.id).id)
        self.assertFalse(self._check(order))
        company.sale_warn_msg = "Pays late"
        self.assertEqual(self._check(order), ["Note on the customer: “Pays late”"])
        company.sale_warn_msg = False
        self.assertFalse(self._check(order))

    def test_shipped_rules_leave_an_ordinary_order_alone(self):
        shipped = self.rules.with_context(active_test=False).search([])
        shipped.active = True
        self._order(
            date_order="2020-01-01 12:00:00", automation_payment_method_id=self.prepayment.id
        ).state = "sale"
        self.assertFalse(self._check(self._order()))
