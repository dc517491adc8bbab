from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.order_automation.tests.common_rule import RuleCommon


@tagged("post_install", "-at_install")
class TestRuleConditions(RuleCommon):
    """Which orders a rule looks at, and who may change it."""

    def test_conditions(self):
        rule = self._rule("note", country_ids=[Command.set(self.austria.ids)])
        order = self._order(buyer_note="Hello")
        self.assertFalse(self._check(order))
        rule.country_ids = self.austria | self.germany
        self.assertTrue(self._check(order))
        rule.payment_method_ids = self.prepayment
        self.assertFalse(self._check(order))
        rule.payment_method_ids = self.prepayment | self.on_invoice
        self.assertTrue(self._check(order))
        rule.policy_ids = self.env["automation.policy"].create({"name": "Another"})
        self.assertFalse(self._check(order))
        rule.policy_ids |= self.policy
        self.assertTrue(self._check(order))

    def test_multi_company(self):
        other = self.env["res.company"].create({"name": "Second company"})
        self._rule("note", company_id=other.id)
        order = self._order(buyer_note="Hello")
        self.assertFalse(self._check(order))
        theirs = self.env["sale.order"].create(
            {"partner_id": self.partner.id, "company_id": other.id, "buyer_note": "Hello"}
        )
        self._check(order | theirs)
        self.assertEqual(self._cases(order | theirs).order_id, theirs)
        self.assertEqual(self._cases(theirs).company_id, other)

    def test_rights(self):
        rule = self._rule("note")
        user, manager = (
            self.env["res.users"].create(
                {
                    "name": group,
                    "login": f"rule_{group}",
                    "group_ids": [Command.link(self.env.ref(f"automation_core.{group}").id)],
                }
            )
            for group in ("group_automation_user", "group_automation_manager")
        )
        rule.with_user(manager).name = "Renamed"
        self.assertEqual(rule.with_user(user).name, "Renamed")
        with self.assertRaises(AccessError):
            rule.with_user(user).name = "By me"
        self._order(buyer_note="Hello")
        action = rule.with_user(user).action_dry_run()
        self.assertEqual(self.env[action["res_model"]].browse(action["res_id"]).found_count, 1)

    def test_a_person_without_rights_to_rules_may_cause_a_check(self):
        self._rule("note")
        order = self._order(buyer_note="Hello")
        clerk = self.env["res.users"].create(
            {
                "name": "Clerk",
                "login": "rule_clerk",
                "group_ids": [
                    Command.link(self.env.ref("sales_team.group_sale_salesman_all_leads").id)
                ],
            }
        )
        self.rules.with_user(clerk)._check(order.with_user(clerk))
        self.assertTrue(self._cases(order))


@tagged("post_install", "-at_install")
class TestRuleCases(RuleCommon):
    """What becomes of the cases."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule = cls._rule("note", explanation="Read it.")
        cls.order = cls._order(buyer_note="Hello")

    def test_case_tells_rule_and_advice(self):
        self._check(self.order)
        case = self._cases(self.order)
        self.assertEqual(case.code, f"rule:{self.rule.id}")
        self.assertEqual(case.kind, "rule")
        self.assertEqual(case.explanation, "Rule “Rule note”\nHello\nRead it.")
        self.assertEqual(self.order.automation_state, "held")

    def test_not_blocking(self):
        self.rule.blocking = False
        self._check(self.order)
        self.assertTrue(self._cases(self.order))
        self.assertNotEqual(self.order.automation_state, "held")

    def test_twice_is_one_case(self):
        self._check(self.order)
        self._check(self.order)
        self.assertEqual(len(self._cases(self.order)), 1)

    def test_settled_when_the_fact_is_gone(self):
        self._check(self.order)
        case = self._cases(self.order)
        self.order.buyer_note = False
        self.assertFalse(self._check(self.order))
        self.assertEqual(case.state, "resolved")
        self.assertFalse(case.resolved_by_id)

    def test_override_is_kept(self):
        self._check(self.order)
        self._cases(self.order).action_override()
        self.assertFalse(self._check(self.order))
        self.assertEqual(len(self._cases(self.order, "overridden")), 1)

    def test_override_ends_when_the_facts_change(self):
        self._check(self.order)
        self._cases(self.order).action_override()
        self.order.buyer_note = "Something else"
        self.assertEqual(self._check(self.order), ["Buyer's note: “Something else”"])

    def test_override_of_an_address_ends_with_another_address(self):
        self._rule("address")
        partner = self._partner(street="Hauptstraße")
        order = self._order(partner_id=partner.id)
        self._check(order)
        self._cases(order).action_override()
        order.order_line.product_uom_qty = 7
        self.assertFalse(self._check(order))
        partner.street = "Nebenweg"
        self.assertTrue(self._check(order))

    def test_resolved_without_mending_is_asked_again(self):
        self._check(self.order)
        self._cases(self.order).action_resolve()
        self.assertTrue(self._check(self.order))

    def test_archived_rule_lets_go(self):
        self._check(self.order)
        self.order.automation_checked = fields.Datetime.now()
        self.rule.active = False
        self.assertFalse(self.order.automation_checked, "looked at again")
        self.assertFalse(self._check(self.order))

    def test_deleted_rule_lets_go(self):
        self._check(self.order)
        self.order.automation_checked = fields.Datetime.now()
        self.rule.unlink()
        self.assertFalse(self.order.automation_checked)
        self.assertFalse(self._check(self.order))

    def _held(self, kind, **values):
        """An order that was checked and is held by a rule of this kind."""
        self._rule(kind)
        order = self._order(**values)
        self.rules._check(order)
        self.assertIn("held", order.mapped("automation_state"))
        order.automation_checked = fields.Datetime.now()
        return order

    def test_changed_sizes_let_the_check_run_again(self):
        self.policy.unknown_size = "hold"
        packstation = self._partner(street="Packstation 145", street2="1743910")
        order = self._held("pickup_size", partner_id=packstation.id)
        for change in (
            lambda: self.product.write({"parcel_length": 10}),
            lambda: self.product.product_tmpl_id.write({"parcel_width": 10}),
            lambda: self.env.ref("order_automation.parcel_limit_packstation").write(
                {"max_length": 90}
            ),
            lambda: self.env["automation.parcel.limit"].create({"name": "Huge"}).unlink(),
            lambda: self.policy.write({"unknown_size": "allow"}),
        ):
            change()
            self.env.flush_all()
            self.assertFalse(order.automation_checked)
            order.automation_checked = fields.Datetime.now()
        self.assertFalse(self._check(order))

    def test_changed_customer_note_lets_the_check_run_again(self):
        self.partner.sale_warn_msg = "Pays late"
        order = self._held("customer")
        self.partner.sale_warn_msg = False
        self.assertFalse(order.automation_checked)

    def test_a_cancelled_twin_lets_the_check_run_again(self):
        twin = self._partner(email="twin@example.com", street="Nebenweg 3").id
        first = self._order(partner_id=twin)
        order = self._held("duplicate", partner_id=twin)
        first._action_cancel()
        self.assertFalse(order.automation_checked)
        self.assertFalse(self._check(order))

    def test_explain_changes_nothing(self):
        texts = self.rules._explain(self.order)
        self.assertEqual(texts, {self.order.id: ["Buyer's note: “Hello”"]})
        self.assertFalse(self._cases(self.order))

    def test_cost_does_not_grow_with_the_batch(self):
        """All kinds at once; most of them find something in each order."""
        self.rules.with_context(active_test=False).search([]).active = True
        self._rule("domain", domain="[('amount_total', '>', 1)]")
        self._rule("line_any", line_domain="[('product_uom_qty', '>', 1)]")
        self._rule("line_all", line_domain="[('product_uom_qty', '>', 1)]")
        small, large = self._orders_to_lockers(10), self._orders_to_lockers(40)
        for batch in (small, large):  # the second check raises and settles nothing
            self.rules._check(batch)
            self.assertGreater(len(self._cases(batch)), 5 * len(batch))
            self.rules._check(batch)
        with self.assertQueryCount(self._count_queries(small)):
            self.rules._check(large)

    def _orders_to_lockers(self, count):
        values = {"partner_id": self.partner.id, "quantity": 2, "buyer_note": "Hello"}
        orders = self._create_orders(2 * count, **values)
        for number, order in enumerate(orders):
            mail = f"{count}-{number // 2}@example.com"
            order.partner_id = self._partner(street="Packstation 145", email=mail)
        return orders[1::2]

    def _count_queries(self, orders):
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self.rules._check(orders)
        self.env.flush_all()
        count = self.env.cr.sql_log_count - before
        self.env.invalidate_all()
        return count
