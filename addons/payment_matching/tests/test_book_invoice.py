from lxml import etree

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.payment_matching.models.payment_match_target import Target

from .common_book import BookCommon


@tagged("post_install", "-at_install")
class TestBookInvoice(BookCommon):
    """Invoices, bills and credit notes: every entry to the cent."""

    def test_one_invoice(self):
        invoice = self._taxed_invoice()
        line = self._pay(invoice, 119)
        self.assert_items(line.move_id, (self.bank, 119), (self.receivable, -119))
        self.assertEqual(invoice.payment_state, "paid")
        self.assertEqual(invoice.payment_allocation_ids.amount, 119)

    def test_part_payment(self):
        invoice = self._taxed_invoice()
        self._pay(invoice, 50)
        self.assertEqual(invoice.amount_residual, 69)
        self._pay(invoice, 69)
        self.assertEqual(invoice.payment_state, "paid")

    def test_three_invoices_and_a_credit_note(self):
        first, second = self._taxed_invoice(), self._taxed_invoice(200)
        note = self._create_invoice(20, move_type="out_refund")
        line = self._create_payment(337, "all")
        line._match_confirm([Target(first), Target(second), Target(note)])
        self.assertEqual((first | second | note).mapped("payment_state"), ["paid"] * 3)
        self.assert_items(
            line.move_id,
            (self.bank, 337),
            (self.receivable, -119),
            (self.receivable, -238),
            (self.receivable, 20),
        )

    def test_overpayment_is_the_customers_credit(self):
        invoice = self._taxed_invoice()
        line = self._pay(invoice, 130)
        self.assertEqual(invoice.payment_state, "paid")
        credit = line.allocation_ids.filtered(lambda one: one.kind == "credit")
        self.assertEqual(credit.amount, 11)
        self.assertEqual(credit.move_line_id.amount_residual, -11)
        self.assertEqual(credit.move_line_id.partner_id, self.partner)
        self.assertTrue(self._cases(invoice, "payment:over"))

    def test_cash_discount_is_exact_to_the_tax(self):
        invoice = self._taxed_invoice(invoice_payment_term_id=self.term.id)
        self.assertEqual(invoice._match_discount_allowed(), 2.38)
        line = self._pay(invoice, 116.62, discount=2.38)
        self.assertEqual(invoice.payment_state, "paid")
        tax_account = invoice.line_ids.filtered("tax_line_id").account_id
        self.assert_items(
            line.move_id,
            (self.bank, 116.62),
            (self.receivable, -119),
            (self.discounts, 2.00),
            (tax_account, 0.38),
        )
        line.action_match_undo()
        self.assertEqual(invoice.amount_residual, 119)
        self.assertEqual(len(line.move_id.line_ids), 2)

    def test_cash_discount_some_cents_off(self):
        """The payer rounds in another way: tax and base still fit together."""
        invoice = self._taxed_invoice(invoice_payment_term_id=self.term.id)
        line = self._pay(invoice, 116.60, discount=2.40)
        self.assertEqual(invoice.payment_state, "paid")
        tax_account = invoice.line_ids.filtered("tax_line_id").account_id
        self.assert_items(
            line.move_id,
            (self.bank, 116.60),
            (self.receivable, -119),
            (self.discounts, 2.02),
            (tax_account, 0.38),
        )

    def test_proposed_discount(self):
        """What the matcher says is booked, also where the payer rounded in another way."""
        for amount in (116.62, 116.60, 116.65):
            invoice = self._taxed_invoice(invoice_payment_term_id=self.term.id)
            line = self._create_payment(amount, "x", date=self.today)
            proposal = self.env["payment.match.proposal"].create(
                {
                    "line_id": line.id,
                    "rank": 1,
                    "invoice_ids": invoice.ids,
                    "discount": 2.38,
                    "confidence": 0.97,
                }
            )
            result = proposal.action_confirm()
            self.assertEqual(result["confirmed"], line.ids, result)
            self.assertEqual(invoice.payment_state, "paid")
            self.assertAlmostEqual(line.allocation_ids.discount, 119 - amount)
            self.assertAlmostEqual(line.allocation_ids.confidence, 0.97)

    def test_cash_discount_that_was_not_agreed(self):
        invoice = self._taxed_invoice()
        with self.assertRaises(UserError):
            self._pay(invoice, 116.62, discount=2.38)
        invoice = self._taxed_invoice(invoice_payment_term_id=self.term.id)
        with self.assertRaises(UserError):
            self._pay(invoice, 114, discount=5)

    def test_difference_written_off(self):
        invoice = self._taxed_invoice()
        line = self._pay(invoice, 118.50, write_off=0.50)
        self.assertEqual(invoice.payment_state, "paid")
        self.assert_items(
            line.move_id, (self.bank, 118.5), (self.receivable, -119), (self.loss, 0.5)
        )

    def test_difference_kept(self):
        invoice = self._taxed_invoice()
        line = self._pay(invoice, 119.30, write_off=-0.30)
        self.assertEqual(invoice.payment_state, "paid")
        self.assert_items(
            line.move_id, (self.bank, 119.3), (self.receivable, -119), (self.gain, -0.3)
        )

    def test_difference_must_settle(self):
        with self.assertRaises(UserError):
            self._pay(self._taxed_invoice(), 100, write_off=0.50)

    def test_fee_taken_off_by_the_service(self):
        invoice = self._taxed_invoice()
        fee = self._create_account("4971", "Fees", "expense")
        line = self._create_payment(116, "fee taken off")
        line._match_confirm([Target(invoice), Target(fee, amount=-3, label="Fee")])
        self.assertEqual(invoice.payment_state, "paid")
        self.assert_items(line.move_id, (self.bank, 116), (self.receivable, -119), (fee, 3))

    def test_bill_and_its_discount(self):
        bill = self._create_invoice(
            100, move_type="in_invoice", invoice_payment_term_id=self.term.id
        )
        payable = self.partner.property_account_payable_id
        gain = self.company.account_journal_early_pay_discount_gain_account_id
        line = self._create_payment(-98, "bill")
        line._match_confirm([Target(bill, discount=2)])
        self.assertEqual(bill.payment_state, "paid")
        self.assert_items(line.move_id, (self.bank, -98), (payable, 100), (gain, -2))
        self.assertEqual(line.allocation_ids.amount, -98)

    def test_credit_note_paid_out(self):
        note = self._create_invoice(20, move_type="out_refund")
        line = self._create_payment(-20, "refund")
        line._match_confirm([Target(note)])
        self.assertEqual(note.payment_state, "paid")
        self.assert_items(line.move_id, (self.bank, -20), (self.receivable, 20))

    def test_wrong_direction(self):
        bill = self._create_invoice(100, move_type="in_invoice")
        for amount in (None, 100, 50):
            line = self._create_payment(100, "x")
            with self.assertRaises(UserError):
                line._match_confirm([Target(bill, amount=amount)])

    def test_draft_is_refused(self):
        invoice = self._taxed_invoice()
        invoice.button_draft()
        with self.assertRaises(UserError):
            self._pay(invoice, 119)

    def test_more_than_there_is(self):
        first, second = self._taxed_invoice(), self._taxed_invoice()
        line = self._create_payment(119, "x")
        with self.assertRaises(UserError):
            line._match_confirm([Target(first, amount=100), Target(second, amount=100)])
        with self.assertRaises(UserError):
            line._match_confirm([Target(first), Target(second)])
        self.assertEqual(line.amount_residual, -119)

    def test_rest_stays_open(self):
        invoice = self._taxed_invoice()
        line = self._create_payment(150, "x")
        line._match_confirm([Target(invoice)], keep_open=True)
        self.assertFalse(line.is_reconciled)
        self.assertEqual(line.match_state, "unclear")
        line._match_write_off(None, self.gain, "Donation")
        self.assertTrue(line.is_reconciled)
        self.assertEqual(line.match_state, "matched")
        self.assert_items(line.move_id, (self.bank, 150), (self.receivable, -119), (self.gain, -31))
        line.action_match_undo()
        self.assertEqual(len(line.move_id.line_ids), 2)
        self.assertEqual(invoice.amount_residual, 119)

    def test_credit_for_a_customer(self):
        line = self._create_payment(40, "x")
        line._match_to_customer(self.partner)
        self.assert_items(line.move_id, (self.bank, 40), (self.receivable, -40))

    def test_foreign_and_back(self):
        line = self._create_payment(40, "x")
        line.action_match_foreign()
        self.assertEqual(line.match_state, "foreign")
        line.action_match_reopen()
        self.assertEqual(line.match_state, "waiting")

    def test_items_moved_by_hand(self):
        """A bookkeeper who books to an account and back by hand brings the payment back."""
        line = self._create_payment(30, "x")
        _liquidity, suspense, _other = line._seek_for_lines()
        account = suspense.account_id
        suspense.account_id = self.gain
        self.env.flush_all()
        self.assertEqual(line.match_state, "matched")
        suspense.account_id = account
        self.env.flush_all()
        self.assertEqual(line.match_state, "waiting")

    def test_e_invoice_says_what_was_paid(self):
        """The data inside the invoice's PDF: what was paid in advance, and nothing due."""
        order = self._create_prepaid()
        self._pay(order, 119)
        invoice = self._invoice_order(order)
        self.company.write({"street": "A 1", "zip": "20354", "city": "Hamburg"})
        xml, _errors = self.env["account.edi.xml.cii"]._export_invoice(invoice)
        totals = etree.fromstring(xml).find(".//{*}SpecifiedTradeSettlementHeaderMonetarySummation")
        found = {name: totals.findtext(f"{{*}}{name}") for name in ("TotalPrepaidAmount",)}
        found["due"] = totals.findtext("{*}DuePayableAmount")
        self.assertEqual(found, {"TotalPrepaidAmount": "119.00", "due": "0.00"})

    def test_booked_in_another_way(self):
        """What a bookkeeper reconciles with core's means leaves the piles."""
        invoice = self._taxed_invoice()
        line = self._create_payment(119, "x")
        _liquidity, suspense, _other = line._seek_for_lines()
        suspense.account_id = self.receivable
        (suspense + invoice._match_term_lines()).reconcile()
        self.env.flush_all()
        self.assertTrue(line.is_reconciled)
        self.assertEqual(line.match_state, "matched")
        line.action_undo_reconciliation()
        self.assertEqual(line.match_state, "waiting")
        self.assertEqual(invoice.amount_residual, 119)


@tagged("post_install", "-at_install")
class TestForeignCurrency(BookCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dollar = cls.env.ref("base.USD")
        cls.dollar.active = True
        cls.env["res.currency.rate"].search([("currency_id", "=", cls.dollar.id)]).unlink()
        cls.env["res.currency.rate"].create(
            {
                "currency_id": cls.dollar.id,
                "name": "2026-01-01",
                "rate": 1.25,
                "company_id": cls.company.id,
            }
        )

    def _dollar_payment(self, amount, in_dollar):
        return self._create_payment(
            amount, "usd", foreign_currency_id=self.dollar.id, amount_currency=in_dollar
        )

    def test_other_currency_is_refused(self):
        invoice = self._create_invoice(100, currency_id=self.dollar.id)
        with self.assertRaisesRegex(UserError, "USD"):
            self._pay(invoice, 100)

    def test_same_foreign_currency(self):
        first = self._create_invoice(100, currency_id=self.dollar.id)
        second = self._create_invoice(33.33, currency_id=self.dollar.id)
        line = self._dollar_payment(105.01, 133.33)
        line._match_confirm([Target(first), Target(second)])
        self.assertEqual((first | second).mapped("payment_state"), ["paid", "paid"])
        self.assertEqual(sum(line.move_id.line_ids.mapped("balance")), 0)
        items = line.move_id.line_ids - line._seek_for_lines()[0]
        self.assertEqual(sorted(items.mapped("amount_currency")), [-100, -33.33])
        self.assertEqual(round(sum(items.mapped("balance")), 2), -105.01)
        line.action_match_undo()
        self.assertEqual((first | second).mapped("amount_residual"), [100, 33.33])

    def test_journal_in_foreign_currency(self):
        journal = self.journal.copy({"code": "TBUS", "name": "Dollars"})
        journal.write({"currency_id": self.dollar.id, "match_payments": True})
        invoice = self._create_invoice(100, currency_id=self.dollar.id)
        line = self._create_payment(100, "x", journal_id=journal.id)
        line._match_confirm([Target(invoice)])
        self.assertEqual(invoice.payment_state, "paid")
        self.assertEqual(sum(line.move_id.line_ids.mapped("balance")), 0)


@tagged("post_install", "-at_install")
class TestLockedPeriod(BookCommon):
    def test_undo_in_a_closed_period(self):
        invoice = self._taxed_invoice()
        line = self._pay(invoice, 119)
        self.company.fiscalyear_lock_date = fields.Date.add(self.today, days=1)
        items = self._items(line.move_id)
        with self.assertRaises(UserError):
            line.action_match_undo()
        self.assertEqual(self._items(line.move_id), items)
        self.assertEqual(line.allocation_ids.state, "booked")
        self.assertEqual(invoice.payment_state, "paid")

    def test_order_was_paid_in_a_period_that_is_closed_now(self):
        """The credit of last year settles this year's invoice."""
        order = self._create_prepaid()
        line = self._create_payment(119, "x", date=fields.Date.subtract(self.today, days=40))
        line._match_confirm([Target(order)])
        self.company.fiscalyear_lock_date = fields.Date.subtract(self.today, days=20)
        invoice = self._invoice_order(order)
        self.assertEqual(invoice.payment_state, "paid")


@tagged("post_install", "-at_install")
class TestMixedRates(BookCommon):
    def test_discount_over_two_rates(self):
        reduced = self.tax.copy({"name": "7 % test", "amount": 7})
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.partner.id,
                "invoice_date": self.today,
                "invoice_payment_term_id": self.term.id,
                "invoice_line_ids": [
                    Command.create({"name": "A", "price_unit": net, "tax_ids": tax.ids})
                    for net, tax in ((99.99, self.tax), (33.33, reduced))
                ],
            }
        )
        invoice.action_post()
        discount = invoice._match_discount_allowed()
        line = self._pay(invoice, round(invoice.amount_total - discount, 2), discount=discount)
        self.assertEqual(invoice.payment_state, "paid")
        bases = line.move_id.line_ids.filtered("tax_ids")
        taxes = line.move_id.line_ids.filtered("tax_repartition_line_id")
        self.assertAlmostEqual(sum((bases | taxes).mapped("balance")), discount, places=2)
        for item in taxes:
            base = bases.filtered(lambda one, tax=item.tax_line_id: tax in one.tax_ids)
            expected = sum(base.mapped("balance")) * item.tax_line_id.amount / 100
            self.assertAlmostEqual(item.balance, expected, delta=0.011)
