from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from odoo.addons.payment_matching.models.payment_match_target import Target

from .common_book import BookCommon


@tagged("post_install", "-at_install")
class TestRights(BookCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._create_prepaid()
        cls.clerk = new_test_user(cls.env, "book_clerk", groups="account.group_account_invoice")
        cls.seller = new_test_user(
            cls.env,
            "book_seller",
            groups="sales_team.group_sale_salesman_all_leads,automation_core.group_automation_user",
        )

    def test_clerk_books_and_takes_back(self):
        line = self._create_payment(119, "x")
        line.with_user(self.clerk)._match_confirm([Target(self.order)])
        self.assertEqual(line.allocation_ids.user_id, self.clerk)
        self.assertEqual(self.order.prepaid_amount, 119)
        line.with_user(self.clerk).action_match_undo()
        self.assertEqual(line.allocation_ids.undone_by_id, self.clerk)
        self.assertEqual(self.order.prepaid_amount, 0)

    def test_seller_sees_that_a_payment_came_but_not_how_much(self):
        self._create_payment(119, "x")._match_confirm([Target(self.order)])
        arch = self.order.with_user(self.seller).get_view(view_type="form")["arch"]
        self.assertNotIn("prepaid_amount", arch)
        notes = " ".join(self.order.message_ids.mapped("body"))
        self.assertIn("Payment of", notes)
        self.assertNotIn("119", notes)
        logs = self.env["automation.log"].with_user(self.seller)
        own = [("order_id", "=", self.order.id), ("code", "=", "payment")]
        self.assertFalse(logs.search(own))
        self.seller.group_ids += self.env.ref("account.group_account_invoice")
        self.assertTrue(logs.search(own))

    def test_seller_neither_books_nor_sees_amounts(self):
        line = self._create_payment(119, "x")
        proposal = self.env["payment.match.proposal"].create(
            {"line_id": line.id, "rank": 1, "order_ids": self.order.ids}
        )
        for act in (
            lambda: line.with_user(self.seller)._match_confirm([Target(self.order)]),
            lambda: proposal.with_user(self.seller).action_confirm(),
            lambda: line.with_user(self.seller).action_match_undo(),
            lambda: line.with_user(self.seller).action_match_foreign(),
            lambda: line.with_user(self.seller).action_match_approve(),
            lambda: line.with_user(self.seller)._match_return(line),
            lambda: line.with_user(self.seller).read(["amount"]),
            lambda: self.allocations.with_user(self.seller).search([]),
        ):
            with self.assertRaises(AccessError):
                act()
        self.assertFalse(line.is_reconciled)

    def test_seller_still_works_with_orders(self):
        self._pay(self.order, 110)
        order = self.order.with_user(self.seller)
        self.assertEqual(order.read(["prepaid_amount"])[0]["prepaid_amount"], 110)
        Form(order)
        case = self._cases(self.order, "payment:short").with_user(self.seller)
        with self.assertRaises(AccessError):
            case.action_payment_accept()
        with self.assertRaises(AccessError):
            order.write({"prepaid_waived": 9})
        order._action_cancel()
        self.assertTrue(self._cases(self.order, "payment:cancelled"))

    def test_forms_open(self):
        line = self._pay(self.order, 119)
        Form(self.order.with_user(self.clerk))
        self.assertEqual(self.order.with_user(self.clerk).payment_allocation_count, 1)
        action = self.order.with_user(self.clerk).action_open_payments()
        self.assertEqual(self.allocations.search(action["domain"]), line.allocation_ids)


@tagged("post_install", "-at_install")
class TestFourEyes(BookCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.journal.write({"match_four_eyes": True, "match_four_eyes_limit": 5})
        cls.first = new_test_user(cls.env, "eyes_one", groups="account.group_account_manager")
        cls.second = new_test_user(cls.env, "eyes_two", groups="account.group_account_manager")
        cls.clerk = new_test_user(cls.env, "eyes_clerk", groups="account.group_account_invoice")

    def _ask(self, invoice, amount, write_off):
        line = self._create_payment(amount, "x")
        line.with_user(self.first)._match_confirm([Target(invoice, write_off=write_off)])
        return line

    def test_below_the_limit(self):
        invoice = self._taxed_invoice()
        self._ask(invoice, 114, 5)
        self.assertEqual(invoice.payment_state, "paid")

    def test_above_the_limit(self):
        invoice = self._taxed_invoice()
        line = self._ask(invoice, 109, 10)
        self.assertEqual(line.match_state, "approval")
        self.assertEqual(invoice.amount_residual, 119)
        self.assertEqual(len(line.move_id.line_ids), 2)
        self.assertEqual(line.allocation_ids.state, "approval")
        case = self._cases(line, "payment:write_off")
        self.assertTrue(case)
        with self.assertRaises(AccessError):
            line.with_user(self.first).action_match_approve()
        with self.assertRaises(AccessError):
            line.with_user(self.clerk).action_match_approve()
        line.with_user(self.second).action_match_approve()
        self.assertEqual(invoice.payment_state, "paid")
        self.assert_items(line.move_id, (self.bank, 109), (self.receivable, -119), (self.loss, 10))
        allocation = line.allocation_ids
        self.assertEqual((allocation.user_id, allocation.approved_by_id), (self.first, self.second))
        self.assertEqual(case.state, "resolved")
        with self.assertRaises(UserError):
            line.with_user(self.second).action_match_approve()

    def test_rejected(self):
        invoice = self._taxed_invoice()
        line = self._ask(invoice, 109, 10)
        line.with_user(self.clerk).action_match_reject()
        self.assertEqual(line.match_state, "waiting")
        self.assertEqual(line.allocation_ids.state, "undone")
        self.assertFalse(self._cases(line, "payment:write_off"))
        line._match_confirm([Target(invoice)])
        self.assertEqual(invoice.amount_residual, 10)

    def test_withdrawn_by_undo(self):
        line = self._ask(self._taxed_invoice(), 109, 10)
        line.with_user(self.first).action_match_undo()
        self.assertEqual(line.match_state, "waiting")

    def test_paid_meanwhile(self):
        invoice = self._taxed_invoice()
        line = self._ask(invoice, 109, 10)
        self._pay(invoice, 119)
        with self.assertRaises(UserError):
            line.with_user(self.second).action_match_approve()
        self.assertEqual(line.match_state, "approval")

    def test_to_an_account(self):
        line = self._create_payment(30, "x")
        line.with_user(self.first)._match_write_off(30, self.gain, "Donation")
        self.assertEqual(line.match_state, "approval")
        line.with_user(self.second).action_match_approve()
        self.assert_items(line.move_id, (self.bank, 30), (self.gain, -30))
        self.assertEqual(line.match_state, "matched")

    def test_order_accepted_as_paid(self):
        order = self._create_prepaid()
        line = self._pay(order, 100)
        case = self._cases(order, "payment:short")
        case.with_user(self.first).action_payment_accept()
        self.assertFalse(order._is_paid())
        self.assertEqual(order.prepaid_waived, 0)
        line.with_user(self.second).action_match_approve()
        self.assertTrue(order._is_paid())
        self.assertEqual((order.prepaid_amount, order.prepaid_waived), (100, 19))
        self.assertEqual(line.match_state, "matched")
        self.assertEqual(self._invoice_order(order).payment_state, "paid")

    def test_discount_of_the_terms_needs_nobody(self):
        invoice = self._taxed_invoice(1000, invoice_payment_term_id=self.term.id)
        line = self._create_payment(1166.20, "x")
        line.with_user(self.first)._match_confirm([Target(invoice, discount=23.80)])
        self.assertEqual(invoice.payment_state, "paid")
