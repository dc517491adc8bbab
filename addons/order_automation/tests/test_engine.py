from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, new_test_user, tagged
from odoo.tools import mute_logger

from ..models.engine_memo import Memo
from .common import AutomationCommon

BROKEN = "This order is broken."
ENGINE = "odoo.addons.automation_core.models.automation_batch"


@tagged("post_install", "-at_install")
class TestOrdersWay(AutomationCommon):
    def states(self, orders):
        return [(order.automation_state, order.automation_due) for order in orders]

    def test_an_order_on_invoice_goes_to_the_invoice_without_a_hand(self):
        order = self._create_orders()
        self.assertEqual(self.states(order), [("new", "check")])
        self._run(order)
        self.assertEqual((order.state, order.automation_state), ("sale", "released"))
        self.assertEqual(order.picking_ids.state, "assigned")
        self._ship(order)
        self.assertEqual(self.states(order), [("shipped", "invoice")])
        self._run(order)
        self.assertEqual(order.invoice_ids.state, "posted")
        self.assertEqual(order.invoice_ids.amount_total, order.amount_total)
        self.assertIn(order.automation_state, ("invoiced", "done"))
        codes = order.automation_log_ids.mapped("code")
        self.assertEqual(codes, ["invoice", "shipped", "release", "start"])

    def test_prepayment_waits_for_the_money_in_full(self):
        order = self._create_orders(automation_payment_method_id=self.prepayment.id)
        self._run(order)
        self.assertEqual((order.state, order.automation_state), ("draft", "waiting_payment"))
        order._register_prepaid(order.amount_total - 0.01, "bank")
        self._run(order)
        self.assertEqual(order.automation_state, "waiting_payment")
        self.assertIn("came", order.automation_reason)
        order._register_prepaid(0.01, "bank")
        self._run(order)
        self.assertEqual((order.state, order.automation_state), ("sale", "released"))

    def test_an_invoice_does_not_ask_again_for_what_is_paid(self):
        paid, unpaid = self._create_orders(2)
        paid.automation_payment_method_id = self.prepayment
        paid._register_prepaid(paid.amount_total, "bank")
        orders = paid | unpaid
        self._run(orders)
        self._ship(orders)
        self._run(orders)
        self.assertIn(self.prepayment.name, paid.invoice_ids.paid_in_advance)
        self.assertFalse(unpaid.invoice_ids.paid_in_advance)
        for order, asked in ((paid, False), (unpaid, True)):
            html = self.env["ir.actions.report"]._render_qweb_html(
                "account.report_invoice_with_payments", order.invoice_ids.ids
            )[0]
            self.assertEqual(b'name="payment_communication"' in html, asked)
            self.assertEqual(b'name="paid_in_advance"' in html, not asked)

    def test_money_taken_back_before_release_makes_the_order_wait_again(self):
        order = self._create_orders(automation_payment_method_id=self.prepayment.id)
        self._run(order)
        order._register_prepaid(order.amount_total, "bank")
        order._register_prepaid(-order.amount_total, "debit returned")
        self._run(order)
        self.assertEqual((order.state, order.automation_state), ("draft", "waiting_payment"))

    def test_partial_deliveries_make_partial_invoices(self):
        order = self._create_orders(quantity=5)
        self._run(order)
        self._ship(order, quantity=2)
        self.assertEqual(self.states(order), [("shipping", "invoice")])
        self._run(order)
        self.assertEqual(order.invoice_ids.invoice_line_ids.quantity, 2)
        self.assertEqual(self.states(order), [("shipping", False)])
        self._ship(order)
        self._run(order)
        self.assertEqual(sorted(order.invoice_ids.invoice_line_ids.mapped("quantity")), [2, 3])
        self.assertEqual(sum(order.invoice_ids.mapped("amount_total")), order.amount_total)
        self.assertNotIn(order.automation_state, ("shipping", "shipped"))

    def test_missing_goods_wait_and_go_on_when_they_arrive(self):
        product = self._create_product("Rare", stock=1)
        order = self._create_orders(quantity=3, product=product)
        self.policy.delivery_mode = "auto"
        self._run(order)
        self.assertEqual(order.order_line.qty_delivered, 1)
        self.assertEqual(order.automation_reason, "1 of 2 deliveries have left")
        location = order.warehouse_id.lot_stock_id
        self.env["stock.quant"]._update_available_quantity(product, location, 5)
        order.picking_ids.action_assign()
        self._run(order)
        self.assertEqual(order.order_line.qty_delivered, 3)

    def test_invoice_some_days_after_shipping(self):
        self.policy.write({"invoice_mode": "days", "invoice_days": 3})
        order = self._create_orders()
        self._run(order)
        self._ship(order)
        self._run(order)
        self.assertFalse(order.invoice_ids)
        with freeze_time(fields.Datetime.now() + timedelta(days=3, minutes=1)):
            self._run(order)
        self.assertTrue(order.invoice_ids)

    def test_unpaid_prepayment_is_reminded_once_and_cancelled_then(self):
        self.policy.write({"reminder_days": 7, "cancel_days": 14})
        order = self._create_orders(automation_payment_method_id=self.prepayment.id)
        start = order.date_order
        with freeze_time(start + timedelta(days=6)):
            self._run(order)
            self.assertFalse(order.automation_reminded)
        for _twice in range(2):
            with freeze_time(start + timedelta(days=8)):
                self._run(order)
        self.assertEqual(order.automation_log_ids.mapped("code").count("remind"), 1)
        with freeze_time(start + timedelta(days=14, minutes=1)):
            self._run(order)
        self.assertEqual((order.state, order.automation_state), ("cancel", "cancelled"))

    def test_money_in_part_stops_the_cancellation(self):
        self.policy.write({"reminder_days": 0, "cancel_days": 1})
        order = self._create_orders(automation_payment_method_id=self.prepayment.id)
        self._run(order)
        order._register_prepaid(1, "bank")
        with freeze_time(fields.Datetime.now() + timedelta(days=9)):
            self._run(order)
        self.assertEqual(order.state, "draft")

    def test_a_double_run_does_nothing_twice(self):
        order = self._create_orders()
        for _again in range(3):
            self._run(order)
        self.assertEqual(len(order.picking_ids), 1)
        self._ship(order)
        for _again in range(3):
            self._run(order)
        self.assertEqual(len(order.invoice_ids), 1)

    def test_an_order_by_hand_is_left_alone(self):
        order = self._create_orders(start=False)
        self._run(order)
        self.assertEqual((order.state, order.automation_state), ("draft", "manual"))

    def test_without_auto_confirm_staff_release(self):
        self.policy.auto_confirm = False
        order = self._create_orders()
        self._run(order)
        self.assertEqual((order.state, order.automation_due), ("draft", False))
        order.action_confirm()
        self.assertEqual(order.automation_state, "released")

    def test_the_customers_order_date_stays(self):
        date = fields.Datetime.now() - timedelta(days=2)
        order = self._create_orders(date_order=date)
        self._run(order)
        self.assertEqual((order.state, order.date_order), ("sale", date))

    def test_services_are_invoiced_without_a_delivery(self):
        service = self._create_product(
            "Advice", type="service", is_storable=False, invoice_policy="order"
        )
        order = self._create_orders(product=service)
        self._run(order)
        self.assertEqual(order.invoice_ids.state, "posted")

    def test_the_core_shipping_mail_is_not_sent_beside_ours(self):
        self.company.stock_move_email_validation = True
        order = self._create_orders()
        self._run(order)
        with patch.object(
            type(self.env["mail.thread"]), "message_post_with_source", autospec=True
        ) as post:
            self._ship(order)
        self.assertFalse(post.called)


@tagged("post_install", "-at_install")
class TestCasesHoldOrders(AutomationCommon):
    def hold(self, order, **more):
        return self.env["automation.case"]._raise(
            [{"record": order, "code": "data:test", "name": "Look at this", **more}]
        )

    def test_a_blocking_case_holds_and_the_last_one_lets_go_on(self):
        order = self._create_orders()
        first = self.hold(order)
        second = self.hold(order, code="data:other")
        self._run(order)
        self.assertEqual((order.state, order.automation_state), ("draft", "held"))
        self.assertIn("Look at this", order.automation_reason)
        user = new_test_user(self.env, "clerk", groups="automation_core.group_automation_user")
        first.with_user(user).action_resolve()
        self._run(order)
        self.assertEqual(order.automation_state, "held")
        second.with_user(user).action_override()
        self._run(order)
        self.assertEqual((order.state, order.automation_state), ("sale", "released"))
        self.assertTrue(order.automation_touched)
        self.assertEqual(order.automation_rate, 0)

    def test_closing_the_last_case_wakes_the_engine_in_the_same_transaction(self):
        order = self._create_orders()
        case = self.hold(order)
        self._run(order)
        cron = self.env.ref("order_automation.ir_cron_automation_orders")
        self.env.cr.flush()
        self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)]).unlink()
        case.action_resolve()
        self.env.cr.flush()
        self.assertTrue(self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)]))

    def test_a_case_that_does_not_block_only_shows(self):
        order = self._create_orders()
        self.hold(order, blocking=False)
        self._run(order)
        self.assertEqual(order.automation_state, "released")
        self.assertEqual(order.automation_open_case_count, 1)

    def test_a_case_on_a_delivery_holds_its_order(self):
        order = self._create_orders()
        self._run(order)
        self.hold(order.picking_ids)
        self.assertEqual(order.automation_state, "held")

    def test_goods_of_a_held_order_do_not_leave(self):
        order = self._create_orders()
        self._run(order)
        case = self.hold(order, name="Buyer wants to change the address")
        self.assertIn("change the address", order.picking_ids.automation_held_reason)
        with self.assertRaisesRegex(UserError, "change the address"), self.cr.savepoint():
            order.picking_ids.with_context(skip_backorder=True).button_validate()
        case.action_override()
        order.picking_ids.with_context(skip_backorder=True).button_validate()
        self.assertEqual(order.picking_ids.state, "done")

    def test_a_failed_step_does_not_keep_goods_back(self):
        order = self._create_orders()
        self._run(order)
        self.hold(order, code="technical:pdf", kind="technical")
        self._ship(order)
        self.assertEqual(order.picking_ids.state, "done")

    def test_checks_run_again_after_the_order_changed(self):
        order = self._create_orders(automation_payment_method_id=self.prepayment.id)
        self._run(order)
        self.assertTrue(order.automation_checked)
        order.order_line.product_uom_qty = 2
        self.assertEqual(order.automation_due, "check")
        self._run(order)
        self.partner.street = "Nebenweg 1"
        self.assertEqual(order.automation_due, "check")


@tagged("post_install", "-at_install")
class TestFailures(AutomationCommon):
    def break_order(self, broken):
        """Let confirming ``broken`` fail, as a faulty add-on or odd data would."""
        confirm = type(self.env["sale.order"])._action_confirm

        def failing(orders):
            if broken in orders:
                raise UserError(BROKEN)
            return confirm(orders)

        return patch.object(type(self.env["sale.order"]), "_action_confirm", failing)

    def test_one_bad_order_never_stops_the_others(self):
        orders = self._create_orders(9)
        bad = orders[4]
        with self.break_order(bad), mute_logger(ENGINE):
            self._run(orders)
        self.assertEqual(set((orders - bad).mapped("state")), {"sale"})
        self.assertEqual((bad.state, bad.automation_state), ("draft", "held"))
        case = bad.automation_case_ids
        self.assertEqual((case.code, case.kind), ("technical:release", "technical"))
        self.assertIn(BROKEN, case.explanation)
        self.assertGreater(bad.automation_next_try, fields.Datetime.now())

    def test_a_fault_of_the_shared_way_ends_in_cores_own_way(self):
        orders = self._create_orders(3)
        with (
            patch.object(Memo, "known", side_effect=AttributeError("core changed")),
            mute_logger(ENGINE),
        ):
            self._run(orders)
        self.assertEqual(set(orders.mapped("automation_state")), {"released"})
        self.assertEqual(set(orders.picking_ids.mapped("state")), {"assigned"})
        self.assertFalse(orders.automation_case_ids)

    def test_a_failed_step_is_put_off_and_settles_itself_when_it_works(self):
        order = self._create_orders()
        with self.break_order(order), mute_logger(ENGINE):
            self._run(order)
            self._run(order)
            self.assertEqual(order.automation_attempts, 1, "not before the pause is over")
            with freeze_time(fields.Datetime.now() + timedelta(minutes=2)):
                self._run(order)
        self.assertEqual(order.automation_attempts, 2)
        self.assertEqual(len(order.automation_case_ids), 1)
        with freeze_time(fields.Datetime.now() + timedelta(minutes=10)):
            self._run(order)
        self.assertEqual((order.state, order.automation_state), ("sale", "released"))
        self.assertEqual(order.automation_case_ids.state, "resolved")
        self.assertFalse(order.automation_touched)

    def test_closing_the_technical_case_tries_at_once(self):
        order = self._create_orders()
        with self.break_order(order), mute_logger(ENGINE):
            self._run(order)
        order.automation_case_ids.action_resolve()
        self._run(order)
        self.assertEqual(order.state, "sale")

    def test_a_failing_batch_leaves_nothing_half_done(self):
        orders = self._create_orders(4)
        with (
            patch.object(
                type(self.env["account.move"]), "action_post", side_effect=UserError("No journal.")
            ),
            mute_logger(ENGINE),
        ):
            self._run(orders)
            self._ship(orders)
            self._run(orders)
        self.assertFalse(orders.invoice_ids, "no draft invoice is left behind")
        self.assertEqual(set(orders.automation_case_ids.mapped("code")), {"technical:invoice"})


@tagged("post_install", "-at_install")
class TestAccess(AutomationCommon):
    def test_the_timeline_cannot_be_edited(self):
        order = self._create_orders()
        user = new_test_user(self.env, "clerk", groups="automation_core.group_automation_manager")
        with self.assertRaises(AccessError):
            order.automation_log_ids.with_user(user).write({"message": "never happened"})
        with self.assertRaises(AccessError):
            order.automation_log_ids.with_user(user).unlink()

    def test_facts_are_not_entered_by_hand(self):
        order = self._create_orders(automation_payment_method_id=self.prepayment.id)
        self._run(order)
        packer = new_test_user(self.env, "packer2", groups="stock.group_stock_user")
        seller = new_test_user(self.env, "seller2", groups="sales_team.group_sale_manager")
        for user in (packer, seller):
            for vals in ({"prepaid_amount": 99}, {"automation_state": "done"}):
                with self.assertRaises(AccessError):
                    order.with_user(user).write(vals)
            for button in ("paid", "stop", "run", "start"):
                with self.assertRaises(AccessError):
                    getattr(order.with_user(user), f"action_automation_{button}")()
        clerk = new_test_user(self.env, "clerk2", groups="automation_core.group_automation_user")
        order.with_user(clerk).action_automation_paid()
        order.with_user(clerk).action_automation_run()
        self.assertEqual(order.automation_state, "released")
        self.assertEqual(order.automation_log_ids.filtered("user_id").user_id, clerk)

    def test_warehouse_staff_can_ship_automated_orders(self):
        order = self._create_orders()
        self._run(order)
        user = new_test_user(self.env, "packer", groups="stock.group_stock_user")
        order.picking_ids.with_user(user).with_context(skip_backorder=True).button_validate()
        self.assertEqual(order.automation_state, "shipped")

    def test_sales_staff_without_automation_rights_can_use_orders(self):
        user = new_test_user(self.env, "seller", groups="sales_team.group_sale_salesman_all_leads")
        order = self._create_orders()
        self._run(order)
        form = self.env["sale.order"].with_user(user).get_views([(False, "form")])
        fields_shown = form["models"]["sale.order"]["fields"]
        self.assertIn("automation_log_ids", fields_shown)
        order.with_user(user).read([name for name in fields_shown if name.startswith("automation")])
        order.with_user(user).write({"note": "x", "buyer_note": "Please ring"})
        self.assertEqual(order.automation_due, "check")
