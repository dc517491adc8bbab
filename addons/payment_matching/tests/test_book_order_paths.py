from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.payment_matching.models.payment_match_target import Target

from .common import BUYER_IBAN
from .common_book import BookCommon


@tagged("post_install", "-at_install")
class TestShortAndOver(BookCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._create_prepaid()

    def test_short_within_the_tolerance(self):
        self.policy.payment_tolerance = 0.05
        line = self._pay(self.order, 118.97)
        self.assertFalse(self._cases(self.order, "payment:short"))
        invoice = self._invoice_order(self.order)
        self.assertEqual(invoice.payment_state, "paid")
        entry = invoice._match_differences()
        self.assert_items(entry, (self.receivable, -0.03), (self.loss, 0.03))
        self.assertEqual(line.allocation_ids.amount, 118.97)

    def test_tolerance_in_percent_takes_the_smaller(self):
        self.policy.write({"payment_tolerance": 5, "payment_tolerance_percent": 1})
        self.assertAlmostEqual(self.order._match_tolerance(), 1.19)
        self._pay(self.order, 117.80)
        self.assertFalse(self.order._is_paid())
        self.policy.payment_tolerance_percent = 2
        self.assertTrue(self.order._is_paid())
        self.assertNotEqual(self.order.automation_state, "waiting_payment")

    def test_short_accepted(self):
        line = self._pay(self.order, 110)
        case = self._cases(self.order, "payment:short")
        self.assertFalse(case.blocking)
        case.action_payment_accept()
        self.assertTrue(self.order._is_paid())
        self.assertEqual(self.order.prepaid_waived, 9)
        self.assertEqual(self.order.prepaid_amount, 110)
        self.assertFalse(self._cases(self.order, "payment:short"))
        invoice = self._invoice_order(self.order)
        self.assertEqual(invoice.payment_state, "paid")
        self.assert_items(invoice._match_differences(), (self.receivable, -9), (self.loss, 9))
        line.action_match_undo()
        self.assertEqual(self.order.prepaid_waived, 0)
        self.assertEqual(invoice.amount_residual, 119)
        self.assertFalse(invoice._match_differences())

    def test_over(self):
        line = self._pay(self.order, 125)
        case = self._cases(self.order, "payment:over")
        self.assertTrue(case)
        self.assertNotIn("6.00", case.name + (case.explanation or ""))
        self.assertEqual(self.order.prepaid_amount, 119)
        line.action_match_undo()
        self.assertFalse(self._cases(self.order, "payment:over"))

    def test_over_within_the_tolerance(self):
        self.policy.payment_tolerance = 0.05
        self._pay(self.order, 119.02)
        self.assertFalse(self._cases(self.order, "payment:over"))

    def test_money_told_before_is_not_counted_twice(self):
        """The shop said that it is paid; then its money comes."""
        self.order._register_prepaid(119, "the shop says so")
        line = self._pay(self.order, 119)
        self.assertEqual(self.order.prepaid_amount, 119)
        self.assertEqual(line.allocation_ids.told_amount, 119)
        line.action_match_undo()
        self.assertEqual(self.order.prepaid_amount, 119, "the shop still says so")

    def test_cancelled_order(self):
        self.order._action_cancel()
        self._pay(self.order, 119)
        self.assertTrue(self._cases(self.order, "payment:cancelled"))
        self.assertEqual(self.order.prepaid_amount, 119)
        self.order.action_draft()
        self.assertFalse(self._cases(self.order, "payment:cancelled"))
        self._run(self.order)
        self.assertEqual(self.order.state, "sale")

    def test_paid_then_cancelled_then_refunded(self):
        self._pay(self.order, 119)
        self._run(self.order)
        self.order._action_cancel()
        self.assertTrue(self._cases(self.order, "payment:cancelled"))
        refund = self._create_payment(-119, "refund", date=self.today)
        refund._match_confirm([Target(self.order)])
        self.assert_items(refund.move_id, (self.bank, -119), (self.receivable, 119))
        self.assertEqual(self.order.prepaid_amount, 0)
        unused = self.order.payment_allocation_ids.move_line_id
        self.assertTrue(all(unused.mapped("reconciled")))
        self.assertFalse(self._cases(self.order, "payment:cancelled"))

    def test_refund_before_the_undo_of_its_payment(self):
        line = self._pay(self.order, 119)
        refund = self._create_payment(-50, "refund", date=self.today)
        refund._match_confirm([Target(self.order)])
        with self.assertRaises(UserError):
            line.action_match_undo()
        back = self._create_payment(-119, "returned", date=self.today)
        back._match_return(line)
        self.assertEqual(self.order.prepaid_amount, 0, "only what was left could go back")
        self.assertEqual(back.allocation_ids.amount, -69)
        back.action_match_undo()
        refund.action_match_undo()
        line.action_match_undo()
        self.assertEqual(self.order.prepaid_amount, 0)

    def test_no_refund_beyond_what_is_there(self):
        refund = self._create_payment(-119, "refund")
        with self.assertRaises(UserError):
            refund._match_confirm([Target(self.order)])

    def test_quotation_that_goes_by_hand(self):
        order = self._create_orders(start=False)
        order.automation_policy_id = False
        self._pay(order, 119)
        self.assertEqual(order.prepaid_amount, 119)
        self.assertEqual(order.state, "draft")


@tagged("post_install", "-at_install")
class TestOrderInvoices(BookCommon):
    def test_partial_deliveries(self):
        order = self._create_prepaid(quantity=3)
        self._pay(order, 357)
        self._run(order)
        self._ship(order, 1)
        self._run(order)
        first = order.invoice_ids
        self.assertEqual((first.amount_total, first.payment_state), (119, "paid"))
        self._ship(order)
        self._run(order)
        second = order.invoice_ids - first
        self.assertEqual((second.amount_total, second.payment_state), (238, "paid"))

    def test_many_invoices_at_once(self):
        orders = self._create_prepaid(12)
        for order in orders:
            self._pay(order, 119)
        self._run(orders)
        self._ship(orders)
        self._run(orders)
        self.assertEqual(set(orders.invoice_ids.mapped("payment_state")), {"paid"})

    def test_discount_comes_with_the_invoice(self):
        order = self._create_prepaid(payment_term_id=self.term.id)
        self.assertEqual(order._match_discount_allowed(), 2.38)
        line = self._pay(order, 116.62, discount=2.38)
        self.assert_items(line.move_id, (self.bank, 116.62), (self.receivable, -116.62))
        self.assertTrue(order._is_paid())
        invoice = self._invoice_order(order)
        self.assertEqual(invoice.payment_state, "paid")
        tax_account = invoice.line_ids.filtered("tax_line_id").account_id
        entry = invoice._match_differences()
        self.assert_items(
            entry, (self.receivable, -2.38), (self.discounts, 2.0), (tax_account, 0.38)
        )
        line.action_match_undo()
        self.assertEqual(invoice.amount_residual, 119)
        self.assertEqual(entry.reversal_move_ids.state, "posted")
        line._match_confirm([Target(invoice)])
        self.assertEqual(invoice.amount_residual, 2.38)

    def test_discount_over_two_invoices(self):
        order = self._create_prepaid(quantity=3, payment_term_id=self.term.id)
        self._pay(order, 349.86, discount=7.14)
        self._run(order)
        self._ship(order, 1)
        self._run(order)
        self._ship(order)
        self._run(order)
        self.assertEqual(order.invoice_ids.mapped("payment_state"), ["paid", "paid"])
        self.assertAlmostEqual(
            order.invoice_ids._match_differences()._match_difference_amount(), 7.14
        )
        unused = order.payment_allocation_ids.move_line_id
        self.assertTrue(unused.reconciled)

    def test_order_that_is_invoiced_already(self):
        order = self._create_orders()
        invoice = self._invoice_order(order)
        self._pay(order, 119)
        self.assertEqual(invoice.payment_state, "paid")
        with self.assertRaises(UserError):
            self._pay(order, 119)

    def test_invoice_on_another_account(self):
        """The customer's account changed between payment and invoice."""
        order = self._create_prepaid()
        line = self._pay(order, 119)
        other = self._create_account("1499", "Other receivable", "asset_receivable")
        self.partner.with_company(self.company).property_account_receivable_id = other
        invoice = self._invoice_order(order)
        self.assertEqual(invoice.payment_state, "paid")
        self.assertEqual(line.allocation_ids.move_line_id.account_id, other)

    def test_one_invoice_for_two_orders(self):
        orders = self._create_prepaid(2)
        self.policy.invoice_mode = "none"
        for order in orders:
            self._pay(order, 119)
        self._run(orders)
        self._ship(orders)
        invoice = orders._create_invoices()
        invoice.action_post()
        self.assertEqual((len(invoice), invoice.payment_state), (1, "paid"))

    def test_not_enough_for_the_invoice(self):
        order = self._create_prepaid()
        self._pay(order, 100)
        order.action_confirm()
        invoice = self._invoice_order(order)
        self.assertEqual(invoice.amount_residual, 19)
        self._pay(invoice, 19)
        self.assertEqual(invoice.payment_state, "paid")


@tagged("post_install", "-at_install")
class TestUndo(BookCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._create_prepaid()

    def test_goods_are_here(self):
        line = self._pay(self.order, 119)
        self._run(self.order)
        line.action_match_undo()
        case = self._cases(self.order, "payment:taken_back")
        self.assertTrue(case.blocking)
        self.assertEqual(self.order.automation_state, "held")
        self.assertTrue(self.order.picking_ids.automation_held_reason)
        line._match_confirm([Target(self.order)])
        self.assertEqual(case.state, "resolved")
        self._run(self.order)
        self.assertEqual(self.order.automation_state, "released")

    def test_goods_have_left(self):
        line = self._pay(self.order, 119)
        invoice = self._invoice_order(self.order)
        line.action_match_undo()
        case = self._cases(self.order, "payment:taken_back")
        self.assertTrue(case)
        self.assertFalse(case.blocking)
        self.assertEqual(invoice.payment_state, "not_paid")
        self.assertEqual(self.order.prepaid_amount, 0)
        self._pay(invoice, 119)
        self.assertEqual(case.state, "resolved")

    def test_one_of_two_payments(self):
        first, second = self._pay(self.order, 50), self._pay(self.order, 69)
        invoice = self._invoice_order(self.order)
        first.action_match_undo()
        self.assertEqual(self.order.prepaid_amount, 69)
        self.assertEqual(invoice.amount_residual, 50)
        self.assertTrue(second.allocation_ids.move_line_id.reconciled)

    def test_by_cores_own_button(self):
        line = self._pay(self.order, 119)
        line.action_undo_reconciliation()
        self.assertEqual(self.order.prepaid_amount, 0)
        self.assertEqual(line.allocation_ids.state, "undone")
        self.assertEqual(line.match_state, "waiting")

    def test_payment_is_deleted(self):
        line = self._pay(self.order, 119)
        line.unlink()
        self.assertEqual(self.order.prepaid_amount, 0)

    def test_entry_back_to_draft(self):
        line = self._pay(self.order, 119)
        line.move_id.button_draft()
        self.assertEqual(self.order.prepaid_amount, 0)
        self.assertEqual(line.allocation_ids.state, "undone")

    def test_learned_payers(self):
        payers = self.env["payment.match.payer"]
        domain = [("partner_id", "=", self.partner.id)]
        line = self._pay(self.order, 119)
        payer = payers.search(domain)
        self.assertEqual((payer.name, payer.count), (BUYER_IBAN, 1))
        other = self._pay(self._create_prepaid(), 119)
        self.assertEqual(payer.count, 2)
        other.action_match_undo()
        self.assertEqual(payer.count, 1)
        line.action_match_undo()
        self.assertFalse(payers.search(domain))

    def test_own_account_is_not_learned(self):
        self.env["res.partner.bank"].create(
            {
                "acc_number": "DE02 1203 0000 0000 2020 51",
                "partner_id": self.company.partner_id.id,
            }
        )
        line = self._create_payment(
            119, "x", account_number="DE02120300000000202051", payer_email="Buyer@Example.com"
        )
        line._match_confirm([Target(self.order)])
        names = self.env["payment.match.payer"].search([("partner_id", "=", self.partner.id)])
        self.assertEqual(names.mapped("name"), ["buyer@example.com"])

    def test_nothing_to_undo(self):
        with self.assertRaises(UserError):
            self._create_payment(5, "x").action_match_undo()


@tagged("post_install", "-at_install")
class TestReturn(BookCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._create_prepaid()

    def _return(self, line, amount):
        back = self._create_payment(amount, "returned", date=self.today, payment_kind="return")
        back._match_return(line)
        return back

    def test_invoice_is_open_again(self):
        invoice = self._taxed_invoice()
        line = self._pay(invoice, 119)
        back = self._return(line, -119)
        self.assertEqual(invoice.amount_residual, 119)
        self.assert_items(back.move_id, (self.bank, -119), (self.receivable, 119))
        self.assertTrue(back.allocation_ids.move_line_id.reconciled)
        self.assertTrue(line.allocation_ids.move_line_id.reconciled)
        case = self._cases(invoice, "payment:returned")
        self.assertTrue(case)
        self._pay(invoice, 119)
        self.assertEqual(case.state, "resolved")

    def test_return_with_the_banks_fee(self):
        invoice = self._taxed_invoice()
        line = self._pay(invoice, 119)
        back = self._return(line, -122)
        self.assertEqual(back.match_state, "unclear")
        fee = self._create_account("4971", "Fees", "expense")
        back._match_write_off(None, fee, "Fee of the return")
        self.assertEqual(back.match_state, "matched")
        self.assert_items(back.move_id, (self.bank, -122), (self.receivable, 119), (fee, 3))

    def test_discount_is_taken_back_too(self):
        invoice = self._taxed_invoice(invoice_payment_term_id=self.term.id)
        line = self._pay(invoice, 116.62, discount=2.38)
        back = self._return(line, -116.62)
        self.assertEqual(invoice.amount_residual, 119)
        tax_account = invoice.line_ids.filtered("tax_line_id").account_id
        self.assert_items(
            back.move_id,
            (self.bank, -116.62),
            (self.receivable, 119),
            (self.discounts, -2.0),
            (tax_account, -0.38),
        )

    def test_order_before_shipping_is_held(self):
        line = self._pay(self.order, 119)
        self._run(self.order)
        back = self._return(line, -119)
        self.assertEqual(self.order.prepaid_amount, 0)
        self.assertTrue(self._cases(self.order, "payment:returned").blocking)
        self.assertEqual(self.order.automation_state, "held")
        back.action_match_undo()
        self.assertEqual(self.order.prepaid_amount, 119)
        self._run(self.order)
        self.assertEqual(self.order.automation_state, "released")

    def test_order_after_shipping(self):
        line = self._pay(self.order, 119)
        invoice = self._invoice_order(self.order)
        back = self._return(line, -119)
        self.assertEqual(invoice.amount_residual, 119)
        case = self._cases(self.order, "payment:returned")
        self.assertTrue(case)
        self.assertFalse(case.blocking)
        back.action_match_undo()
        self.assertEqual(invoice.payment_state, "paid")
        self.assertEqual(case.state, "resolved")

    def test_part_of_it(self):
        invoice = self._taxed_invoice()
        line = self._pay(invoice, 119)
        self._return(line, -19)
        self.assertEqual(invoice.amount_residual, 19)
        self._return(line, -100)
        self.assertEqual(invoice.amount_residual, 119)
        with self.assertRaises(UserError):
            self._return(line, -1)

    def test_refund_that_bounced(self):
        """The customer's account is closed: the money is here again."""
        self._pay(self.order, 119)
        refund = self._create_payment(-119, "refund", date=self.today)
        refund._match_confirm([Target(self.order)])
        self.assertEqual(self.order.prepaid_amount, 0)
        bounced = self._create_payment(119, "came back", date=self.today)
        bounced._match_return(refund)
        self.assertEqual(self.order.prepaid_amount, 119)
        self.assertEqual(self.order._match_open_amount(-1), 119)

    def test_original_cannot_be_undone_before(self):
        line = self._pay(self.order, 119)
        self._return(line, -119)
        with self.assertRaises(UserError):
            line.action_match_undo()
        self.assertEqual(self.order.prepaid_amount, 0)

    def test_what_is_no_return(self):
        line = self._pay(self.order, 119)
        with self.assertRaises(UserError):
            self._return(line, 119)
        with self.assertRaises(UserError):
            self._return(self._create_payment(50, "never matched"), -50)

    def test_paid_again_after_return(self):
        line = self._pay(self.order, 119)
        self._return(line, -119)
        self._pay(self.order, 119)
        self.assertEqual(self.order.prepaid_amount, 119)
        invoice = self._invoice_order(self.order)
        self.assertEqual(invoice.payment_state, "paid")


@tagged("post_install", "-at_install")
class TestDate(BookCommon):
    def test_old_payment(self):
        order = self._create_prepaid()
        line = self._create_payment(119, "x", date=fields.Date.subtract(self.today, months=2))
        line._match_confirm([Target(order, amount=119)])
        self.assertEqual(line.allocation_ids.move_line_id.date, line.date)
