from odoo.exceptions import ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools.safe_eval import safe_eval

from .common import AutomationCommon


@tagged("post_install", "-at_install")
class TestPolicy(AutomationCommon):
    def create_policy(self, name, **values):
        return self.env["automation.policy"].create({"name": name, "sequence": 1, **values})

    def test_the_first_fitting_policy_is_taken(self):
        austria = self.env.ref("base.at")
        self.policy.sequence = 99
        prepaid = self.create_policy("Prepaid", payment_method_ids=self.prepayment.ids)
        abroad = self.create_policy("Abroad", sequence=2, country_ids=austria.ids)
        large = self.create_policy("Large", sequence=3, domain="[('amount_total', '>', 100)]")
        foreigner = self.partner.copy({"country_id": austria.id})
        self.assertEqual(self._create_orders().automation_policy_id, self.policy)
        self.assertEqual(
            self._create_orders(
                automation_payment_method_id=self.prepayment.id
            ).automation_policy_id,
            prepaid,
        )
        self.assertEqual(self._create_orders(partner_id=foreigner.id).automation_policy_id, abroad)
        self.assertEqual(self._create_orders(quantity=50).automation_policy_id, large)

    def test_no_policy_means_by_hand(self):
        self.policy.country_ids = self.env.ref("base.fr")
        order = self._create_orders()
        self.assertEqual(order.automation_state, "manual")
        self.assertIn("No policy fits", order.automation_log_ids.message)

    def test_another_companys_policy_does_not_apply(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.policy.company_id = other
        self.assertFalse(self._create_orders().automation_policy_id)

    def test_orders_under_way_follow_a_changed_policy(self):
        order = self._create_orders(automation_payment_method_id=self.prepayment.id)
        self._run(order)
        self.assertEqual(order.automation_state, "waiting_payment")
        self.policy.payment_first = "never"
        self.assertEqual(order.automation_due, "release")

    def test_a_wrong_condition_is_refused_at_once(self):
        with self.assertRaises(ValidationError):
            self.policy.domain = "[('no_such_field', '=', 1)]"
        with self.assertRaises(ValidationError):
            self.policy.domain = "import os"

    def test_choosing_costs_the_same_for_many_orders(self):
        self.create_policy("Abroad", country_ids=self.env.ref("base.at").ids)
        counts = []
        for number in (2, 20):
            orders = self._create_orders(number, start=False)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.env["automation.policy"]._choose(orders)
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])

    def test_the_dry_run_tells_and_does_nothing(self):
        order = self._create_orders(automation_payment_method_id=self.prepayment.id, start=False)
        preview = self.env["automation.preview"].create({"order_id": order.id})
        self.assertEqual(preview.policy_id, self.policy)
        self.assertIn("waits for the money", preview.steps)
        self.assertIn("reminder after 7 days", preview.steps)
        self.assertEqual((order.state, order.automation_state), ("draft", "manual"))
        self.assertFalse(order.automation_case_ids)
        preview.policy_id = self.create_policy("Free", payment_first="never")
        self.assertIn("does not wait", preview.steps)

    def test_counters_count_and_open_what_they_count(self):
        counter = self.env.ref("order_automation.counter_waiting_payment")
        before = counter.count
        order = self._create_orders(automation_payment_method_id=self.prepayment.id)
        self._run(order)
        counter.invalidate_recordset()
        self.assertEqual(counter.count, before + 1)
        action = counter.action_open()
        self.assertIn(order, self.env[action["res_model"]].search(action["domain"]))
        with self.assertRaises(ValidationError):
            counter.domain = "[('x', '=', 1)]"

    def test_counters_of_what_may_not_be_read_are_not_shown(self):
        person = new_test_user(
            self.env, login="order_counter", groups="automation_core.group_automation_user"
        )
        counter = self.env.ref("order_automation.counter_cases")
        hidden = counter.copy({"name": "Scheduled actions"})
        hidden.action_id = self.env.ref("base.ir_cron_act")
        overview = self.env.ref("order_automation.automation_counter_action")
        shown = self.env["automation.counter"].search(safe_eval(overview.domain))
        self.assertLessEqual(counter | hidden, shown)
        theirs = shown.with_user(person).search(safe_eval(overview.domain))
        self.assertIn(counter, theirs)
        self.assertNotIn(hidden, theirs)
        self.assertEqual(hidden.with_user(person).count, 0)
