from unittest.mock import patch

from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.order_automation.tests.common_rule import RuleCommon


@tagged("post_install", "-at_install")
class TestRuleFree(RuleCommon):
    """Filters, server actions, and rules that fail."""

    def _action(self, code):
        return self.env["ir.actions.server"].create(
            {
                "name": "Find",
                "model_id": self.env.ref("sale.model_sale_order").id,
                "state": "code",
                "code": code,
            }
        )

    def test_domain(self):
        rule = self._rule("domain", name="Big one", domain="[('amount_total', '>', 100)]")
        order = self._order(quantity=2)
        self.assertFalse(self._check(order))
        order.order_line.product_uom_qty = 20
        self.assertEqual(self._check(order), ["Big one"])
        self._cases(order).action_override()
        self.assertFalse(self._check(order))
        order.order_line.product_uom_qty = 30
        self.assertTrue(self._check(order), "another order than the one that was accepted")
        rule.domain = "[('partner_id.name', '=', 'Nobody')]"
        self.assertFalse(self._check(order))

    def test_any_and_all_lines(self):
        any_line = self._rule(
            "line_any", name="Any", line_domain="[('product_id.name', '=', 'Lamp')]"
        )
        all_lines = self._rule(
            "line_all", name="All", line_domain="[('product_id.name', '=', 'Lamp')]"
        )
        only, mixed, none = self._order(), self._order(), self._order()
        chair = self._create_product("Chair")
        mixed.order_line = [Command.create({"product_id": chair.id})]
        none.order_line.product_id = chair
        for order, found in ((only, any_line | all_lines), (mixed, any_line), (none, self.rules)):
            self._check(order)
            codes = set(self._cases(order).mapped("code"))
            self.assertEqual(codes, {f"rule:{rule.id}" for rule in found})
        self.assertIn("Any: Lamp", self._cases(mixed).mapped("name"))

    def test_fees_and_sections_do_not_count(self):
        rule = self._rule("line_all", line_domain="[('product_id.name', '=', 'Lamp')]")
        order = self._order()
        shipping = self._create_product("Shipping", type="service", is_storable=False)
        order.order_line = [
            Command.create({"product_id": shipping.id}),
            Command.create({"display_type": "line_note", "name": "Thanks"}),
        ]
        self.assertTrue(self._check(order))
        rule.goods_only = False
        self.assertFalse(self._check(order))
        empty = self._order(order_line=[])
        self.assertFalse(self._check(empty))

    def test_bad_filters_are_refused(self):
        for values in (
            {"domain": "[('no_such_field', '=', 1)]"},
            {"domain": "not python"},
            {"domain": "__import__('os')"},
            {"line_domain": "[('no_such_field', '=', 1)]"},
            {"line_domain": "7"},
        ):
            with self.assertRaises(ValidationError):
                self._rule("domain", **values)

    def test_server_action(self):
        code = "for order in records:\n    if order.amount_total > 100:\n"
        code += "        findings[order.id] = 'Costs ' + str(order.amount_total)"
        self._rule("code", action_server_id=self._action(code).id)
        cheap, dear = self._order(), self._order(quantity=10)
        self.assertEqual(self._check(cheap | dear), [f"Costs {dear.amount_total}"])
        self.assertEqual(self._cases(cheap | dear).order_id, dear)

    def test_server_action_must_be_code_on_orders(self):
        action = self._action("pass")
        action.model_id = self.env.ref("base.model_res_partner")
        for chosen in (action.id, False):
            with self.assertRaises(ValidationError):
                self._rule("code", action_server_id=chosen)

    def test_failing_rule_stops_no_other(self):
        broken = self._rule("code", sequence=1, action_server_id=self._action("1 / 0").id)
        self._rule("note")
        order = self._order(buyer_note="Hello")
        self.assertEqual(self._check(order), ["Buyer's note: “Hello”"])
        case = self.env["automation.case"].search(
            [("res_model", "=", "automation.rule"), ("res_id", "=", broken.id)]
        )
        self.assertEqual(case.kind, "technical")
        self.assertIn("ZeroDivisionError", case.explanation)
        self.assertEqual(case.name, "Hold rule “Rule code” cannot be checked")
        broken.action_server_id = self._action("pass")
        self._check(order)
        self.assertEqual(case.state, "resolved")

    def test_failing_rule_may_hold(self):
        broken = self._rule("code", on_failure="hold", action_server_id=self._action("1 / 0").id)
        order = self._order()
        self.assertEqual(self._check(order), ["Hold rule “Rule code” could not be checked"])
        self._cases(order).action_override()
        self.assertFalse(self._check(order))
        broken.action_server_id = self._action("pass")
        self.assertFalse(self._check(order))

    def test_failing_rule_keeps_what_it_found(self):
        rule = self._rule(
            "code",
            action_server_id=self._action("for order in records: findings[order.id] = 'Wait'").id,
        )
        order = self._order()
        self._check(order)
        rule.action_server_id = self._action("1 / 0")
        self.assertEqual(self._check(order), ["Wait"], "nobody knows whether the fact is gone")

    def test_wrong_answers_of_a_server_action(self):
        self._rule("note")
        order = self._order(buyer_note="Hello")
        for code in ("findings[0] = 'x'", "findings[records.id] = 5", "findings['a'] = 'b'"):
            rule = self._rule("code", action_server_id=self._action(code).id)
            self.assertEqual(self._check(order), ["Buyer's note: “Hello”"])
            rule.active = False

    def test_database_error_of_a_rule(self):
        self._rule(
            "code",
            sequence=1,
            action_server_id=self._action("env.cr.execute('SELECT no_such_column')").id,
        )
        self._rule("note")
        with self.assertLogs("odoo.sql_db", "ERROR"):
            self.assertTrue(self._check(self._order(buyer_note="Hello")))

    def test_dry_run(self):
        self._rule("note")
        rule = self._rule("domain", domain="[('amount_total', '>', 100)]", explanation="Look.")
        self._order(quantity=10, buyer_note="Hello")
        self._order()
        action = rule.action_dry_run()
        dry_run = self.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual(dry_run.found_count, len(dry_run.line_ids))
        self.assertEqual(dry_run.line_ids.mapped("sentence"), ["Rule domain"])
        self.assertIn("Look.", dry_run.line_ids.explanation)
        self.assertGreaterEqual(dry_run.checked_count, 2)
        self.assertFalse(self.env["automation.case"].search([("code", "=like", "rule:%")]))
        dry_run.limit = 1
        dry_run.action_run()
        self.assertEqual((dry_run.checked_count, dry_run.found_count), (1, 0))

    def test_dry_run_takes_back_what_an_action_does(self):
        order = self._order()
        code = "for order in records:\n    order.write({'client_order_ref': 'changed'})\n"
        code += "    findings[order.id] = 'Changed'"
        rule = self._rule("code", action_server_id=self._action(code).id)
        action = rule.action_dry_run()
        self.assertTrue(self.env[action["res_model"]].browse(action["res_id"]).found_count)
        self.assertFalse(order.client_order_ref)

    def test_dry_run_of_a_failing_rule(self):
        self._order()
        rule = self._rule("code", action_server_id=self._action("1 / 0").id)
        action = rule.action_dry_run()
        self.assertIn(
            "ZeroDivisionError", self.env[action["res_model"]].browse(action["res_id"]).error
        )

    def test_another_addon_adds_a_condition(self):
        self._rule("note")
        order = self._order(buyer_note="Hello")
        with patch.object(
            self.registry["automation.rule"],
            "_filter_orders",
            lambda _rule, orders: orders.browse(),
        ):
            self.assertFalse(self._check(order))
        self.assertTrue(self._check(order))
