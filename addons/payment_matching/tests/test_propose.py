from odoo.tests import tagged

from .common import BUYER_IBAN, PaymentCommon


@tagged("post_install", "-at_install")
class TestPropose(PaymentCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lines = cls.env["account.bank.statement.line"]
        cls.order = cls._create_prepaid()

    def _paid(self, amount=None, text=None, **values):
        amount = self.order.amount_total if amount is None else amount
        line = self._create_payment(amount, text or f"Bestellung {self.order.name}", **values)
        line._match_propose()
        return line

    def test_number_amount_and_name(self):
        line = self._paid()
        self.assertEqual(line.match_state, "likely")
        self.assertEqual(line.proposal_id.order_ids, self.order)
        self.assertFalse(line.proposal_id.invoice_ids)
        self.assertGreaterEqual(line.match_confidence, 0.95)
        self.assertFalse(line.proposal_id.difference)
        self.assertIn(self.order.name, line.proposal_id.summary)
        kinds = {reason["kind"] for reason in line.proposal_id.reasons}
        self.assertLessEqual({"number", "amount"}, kinds)
        number = next(r for r in line.proposal_id.reasons if r["kind"] == "number")
        self.assertEqual(line.payment_ref[number["start"] : number["end"]], self.order.name)

    def test_number_with_wrong_amount_is_for_a_person(self):
        line = self._paid(self.order.amount_total - 5)
        self.assertEqual(line.match_state, "unclear")
        self.assertEqual(line.proposal_id.order_ids, self.order)
        self.assertAlmostEqual(line.proposal_id.difference, -5)

    def test_nothing_fits(self):
        line = self._paid(
            77.31, "Miete November", partner_name="Hausverwaltung Nord", account_number=False
        )
        self.assertEqual(line.match_state, "nothing")
        self.assertFalse(line.proposal_ids)

    def test_invoice_and_its_discount(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "2 % in 10 days",
                "early_discount": True,
                "discount_percentage": 2,
                "discount_days": 10,
                "line_ids": [(0, 0, {"value": "percent", "value_amount": 100, "nb_days": 30})],
            }
        )
        invoice = self._create_invoice(200, invoice_payment_term_id=term.id)
        line = self._paid(196, f"Rechnung {invoice.name}")
        self.assertEqual(line.match_state, "likely")
        self.assertEqual(line.proposal_id.invoice_ids, invoice)
        self.assertAlmostEqual(line.proposal_id.discount, 4)
        self.assertFalse(line.proposal_id.difference)

    def test_outgoing_money_pays_bills_only(self):
        bill = self._create_invoice(81.5, move_type="in_invoice", ref="R-4711")
        line = self._paid(-81.5, "R-4711")
        self.assertEqual(line.proposal_id.invoice_ids, bill)
        line = self._paid(-self.order.amount_total)
        self.assertNotIn(self.order, line.proposal_ids.order_ids)

    def test_second_payment_of_one_document_waits(self):
        first = self._paid(date=self._day(-1))
        second = self._create_payment(self.order.amount_total, f"Bestellung {self.order.name}")
        second._match_propose()
        self.assertEqual((first.match_state, second.match_state), ("likely", "unclear"))
        self.assertTrue(second.match_note)

    def test_known_account_makes_up_for_a_missing_number(self):
        self.env["payment.match.payer"].create(
            {
                "name": BUYER_IBAN,
                "partner_id": self.partner.id,
                "company_id": self.company.id,
                "count": 3,
            }
        )
        line = self._paid(text="Danke")
        self.assertEqual(line.match_state, "likely")
        self.assertEqual(line.proposal_id.order_ids, self.order)

    def test_other_companys_documents_are_none(self):
        other = self.env["res.company"].create({"name": "Other company"})
        journal = self.env["account.journal"].search(
            [("company_id", "=", other.id), ("type", "=", "bank")], limit=1
        )
        if not journal:
            self.env["account.chart.template"].try_loading("generic_coa", other)
            journal = self.env["account.journal"].search(
                [("company_id", "=", other.id), ("type", "=", "bank")], limit=1
            )
        line = self._paid(journal_id=journal.id)
        self.assertEqual(line.match_state, "nothing")

    def test_unchanged_proposals_stay(self):
        line = self._paid()
        before = line.proposal_ids
        line._match_again()
        self.assertTrue(line.match_due)
        self.assertEqual(line.match_state, "likely", "it stays where it is meanwhile")
        line._match_propose()
        self.assertEqual(line.proposal_ids, before)
        self.assertFalse(line.match_due)

    def test_changed_document_is_looked_at_anew(self):
        line = self._paid()
        self.order._action_cancel()
        self.lines._match_documents_changed(orders=self.order)
        self.assertTrue(line.match_due)
        line._match_propose()
        self.assertEqual(line.match_state, "nothing")

    def test_only_the_surest_are_confirmed_without_a_person(self):
        self.journal.match_automatic = 0.97
        line = self._paid()
        unsure = self._create_payment(3, "Danke")
        unsure._match_propose()
        with self.enter_registry_test_mode():
            self.env.ref("payment_matching.ir_cron_match").method_direct_trigger()
        self.assertEqual(line.match_state, "matched")
        self.assertTrue(line.allocation_ids.automatic)
        self.assertFalse(line.allocation_ids.user_id)
        self.assertEqual(self.order.prepaid_amount, self.order.amount_total)
        self.assertNotEqual(unsure.match_state, "matched")

    def test_nothing_goes_without_a_person_by_default(self):
        line = self._paid()
        with self.enter_registry_test_mode():
            self.env.ref("payment_matching.ir_cron_match").method_direct_trigger()
        self.assertEqual(line.match_state, "likely")
        self.assertFalse(line.allocation_ids)

    def test_told_by_the_shop_and_paid_by_paypal(self):
        paypal = self.env.ref("order_automation.payment_method_paypal")
        order = self._create_orders(automation_payment_method_id=paypal.id)
        order._register_prepaid(order.amount_total, "told by the shop")
        self._run(order)
        line = self._paid(order.amount_total, f"Bestellung {order.name}")
        self.assertEqual(line.proposal_id.order_ids, order)
        self.assertFalse(line.proposal_id.difference)
        line._match_confirm(line._match_targets_of(line.proposal_id))
        self.assertEqual(order.prepaid_amount, order.amount_total, "the money is counted once")
        again = self._paid(order.amount_total, f"Bestellung {order.name}")
        self.assertNotEqual(again.match_state, "likely")

    def test_order_that_was_invoiced_in_part(self):
        order = self._create_prepaid(order_line=[], start=False)
        order.order_line = [
            (0, 0, {"product_id": self.product.id, "product_uom_qty": 5}),
        ]
        order.action_confirm()
        self._ship(order, quantity=2)
        order._create_invoices().action_post()
        self.assertEqual(order.invoice_status, "no")
        line = self._paid(order.amount_total, f"Bestellung {order.name}")
        self.assertEqual(line.proposal_id.order_ids, order)
        self.assertFalse(line.proposal_id.difference)
        line._match_confirm(line._match_targets_of(line.proposal_id))
        self.assertEqual(order.invoice_ids.payment_state, "paid")

    def test_waived_money_is_not_asked_for(self):
        self.order.sudo().prepaid_waived = 3
        line = self._paid(self.order.amount_total - 3)
        self.assertEqual(line.match_state, "likely")
        self.assertFalse(line.proposal_id.difference)

    def test_as_many_statements_for_many(self):
        lines = self.lines.concat(
            *(self._create_payment(10 + n, f"Bestellung {self.order.name}") for n in range(45))
        )
        few, many = lines[:10], lines[10:]
        lines.flush_recordset()
        self.env.invalidate_all()
        with self._count() as first:
            few._match_propose()
            self.env.flush_all()
        self.env.invalidate_all()
        with self._count() as second:
            many._match_propose()
            self.env.flush_all()
        self.assertLessEqual(second.count, first.count + 2, (first.count, second.count))

    def _count(self):
        case = self

        class Counter:
            def __enter__(self):
                self.start = case.env.cr.sql_log_count
                return self

            def __exit__(self, *error):
                self.count = case.env.cr.sql_log_count - self.start

        return Counter()
