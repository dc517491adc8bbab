import base64
from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from odoo.addons.payment_matching.lib.settlement import Row, Settlement

from .common_book import BookCommon

FILE = """Bestellnummer;Art;Betrag;Beschreibung;Abrechnungsnummer;Auszahlungsdatum
{first};Verkauf;119,00;;S-1;{day}
{first};Verkaufsgebühr;-14,28;Provision;S-1;{day}
{second};Verkauf;238,00;;S-1;{day}
{second};Verkaufsgebühr;-28,56;Provision;S-1;{day}
;Abo;-39,00;Grundgebühr;S-1;{day}
;Auszahlung;275,16;;S-1;{day}
"""


@tagged("post_install", "-at_install")
class TestSettlement(BookCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clearing = cls._create_account("1365", "Marketplace clearing", "asset_current")
        cls.clearing.reconcile = True
        cls.fees = cls._create_account("4970", "Marketplace fees", "expense")
        cls.marketplace = cls.env["res.partner"].create({"name": "Marketplace"})
        cls.source = cls.env["payment.settlement.source"].create(
            {
                "name": "Marketplace",
                "partner_id": cls.marketplace.id,
                "journal_id": cls.env["account.journal"]
                .create({"name": "Settlements", "type": "general", "code": "TSET"})
                .id,
                "clearing_account_id": cls.clearing.id,
                "fee_account_id": cls.fees.id,
                "bank_text": "MARKETPLACE PAYMENTS, MKTP",
            }
        )
        cls.first, cls.second = cls._sold("M-1"), cls._sold("M-2", quantity=2)

    @classmethod
    def _sold(cls, reference, **values):
        """Return an order of the marketplace that went out with its invoice."""
        order = cls._create_orders(client_order_ref=reference, **values)
        cls._invoice_order(order)
        return order

    def _upload(self, text=FILE, **values):
        day = self.today.strftime("%d.%m.%Y")
        text = text.format(first="M-1", second="M-2", day=day, **values)
        return self.source._take_file("s.csv", text.encode())

    def _payout(self, amount=275.16, text="MKTP EU 4711", **values):
        values = {"partner_name": False, "account_number": False, "date": self.today, **values}
        return self._create_payment(amount, text, **values)

    def _sums(self, move):
        sums = {}
        for line in move.line_ids:
            sums[line.account_id] = round(sums.get(line.account_id, 0.0) + line.balance, 2)
        return sums

    def test_the_file_is_kept_and_summed_up(self):
        settlement = self._upload()
        self.assertEqual(settlement.name, "S-1")
        self.assertIn(b"Verkauf", base64.b64decode(settlement.content))
        self.assertEqual(
            (settlement.gross, settlement.fee, settlement.total), (357.0, -81.84, 275.16)
        )
        self.assertEqual(settlement.row_ids.order_id, self.first | self.second)
        self.assertEqual(settlement.order_count, 2)
        self.assertEqual(self._upload(), settlement, "a second upload adds nothing")

    def test_one_click_pays_invoices_fees_and_the_bank(self):
        payout = self._payout()
        settlement = self._upload()
        self.assertEqual(settlement.line_id, payout)
        settlement.action_book()
        self.assertEqual(settlement.state, "paid")
        self.assertEqual(
            self._sums(settlement.move_id),
            {self.receivable: -357.0, self.fees: 81.84, self.clearing: 275.16},
        )
        for order in self.first | self.second:
            self.assertIn(order.invoice_ids.payment_state, ("paid", "in_payment"))
            self.assertEqual(order.invoice_ids.amount_residual, 0)
        self.assertTrue(payout.is_reconciled)
        self.assertEqual(payout.match_state, "matched")
        balance = self.env["account.move.line"]._read_group(
            [("account_id", "=", self.clearing.id), ("parent_state", "=", "posted")],
            [],
            ["balance:sum"],
        )[0][0]
        self.assertEqual(balance, 0)
        self.assertEqual(set(settlement.row_ids.mapped("state")), {"settled"})
        self.assertFalse(self._cases(settlement, "payment:settlement"))

    def test_undo_opens_everything_again(self):
        payout = self._payout()
        settlement = self._upload()
        settlement.action_book()
        entry = settlement.move_id
        settlement.action_undo()
        self.assertEqual(settlement.state, "new")
        self.assertEqual(self.first.invoice_ids.payment_state, "not_paid")
        self.assertFalse(payout.is_reconciled)
        self.assertTrue(entry.reversal_move_ids)
        settlement.action_book()
        self.assertEqual(settlement.state, "paid")
        self.assertEqual(self.first.invoice_ids.amount_residual, 0)

    def test_the_payment_taken_back_on_the_bank_side(self):
        payout = self._payout()
        settlement = self._upload()
        settlement.action_book()
        payout.action_match_undo()
        self.assertEqual(settlement.state, "booked")
        settlement.action_book()
        self.assertEqual(settlement.state, "paid")

    def test_the_money_may_come_later(self):
        settlement = self._upload()
        settlement.action_book()
        self.assertEqual(settlement.state, "booked")
        self.assertEqual(self.first.invoice_ids.amount_residual, 0)
        self._payout()
        settlement.action_find_payment()
        settlement.action_book()
        self.assertEqual(settlement.state, "paid")

    def test_only_a_payment_that_fits_is_taken(self):
        self._payout(275.15)
        self._payout(275.16, "Rent")
        self._payout(275.16, date=self._day(-30))
        settlement = self._upload()
        self.assertFalse(settlement.line_id)
        first, second = self._payout(), self._payout()
        settlement._find_payments()
        self.assertFalse(settlement.line_id, "two could be it")
        settlement.line_id = first
        settlement.action_book()
        self.assertFalse(second.is_reconciled)
        self.assertTrue(first.is_reconciled)

    def test_another_amount_is_refused(self):
        settlement = self._upload()
        settlement.line_id = self._payout(275.15)
        with self.assertRaises(UserError):
            settlement.action_book()

    def test_the_cron_books_where_nobody_wants_to_be_asked(self):
        settlement = self._upload()
        payout = self._payout()
        settlement._look_and_book()
        self.assertEqual((settlement.line_id, settlement.state), (payout, "new"))
        self.source.automatic = True
        settlement._look_and_book()
        self.assertEqual(settlement.state, "paid")

    def test_a_refund_settles_the_credit_note(self):
        credit = self.first.invoice_ids._reverse_moves([{"date": self.today}])
        credit.action_post()
        text = (
            "Bestellnummer;Art;Betrag;Abrechnungsnummer\n"
            "M-1;Verkauf;119,00;S-2\nM-1;Erstattung;-119,00;S-2\nM-1;Gebühr;-5,00;S-2\n"
        )
        settlement = self._upload(text)
        self.assertEqual((settlement.refund, settlement.total), (-119.0, -5.0))
        settlement.action_book()
        self.assertEqual(credit.amount_residual, 0)
        self.assertEqual(self.first.invoice_ids[0].amount_residual, 0)
        self.assertEqual(settlement.row_ids.state, "settled")

    def test_sale_and_refund_in_two_settlements(self):
        head = "Bestellnummer;Art;Betrag;Abrechnungsnummer\n"
        sold = self._upload(head + "M-1;Verkauf;119,00;S-8\n")
        sold.action_book()
        credit = self.first.invoice_ids._reverse_moves([{"date": self.today}])
        credit.action_post()
        back = self._upload(head + "M-1;Erstattung;-119,00;S-9\n")
        back.action_book()
        self.assertEqual(credit.amount_residual, 0)
        self.assertEqual((sold | back).row_ids.mapped("state"), ["settled", "settled"])
        self.assertFalse(self._cases(sold, "payment:settlement"))

    def test_a_refund_without_credit_note_is_told(self):
        text = "Bestellnummer;Art;Betrag;Abrechnungsnummer\nM-1;Erstattung;-20,00;S-3\n"
        settlement = self._upload(text)
        settlement.action_book()
        self.assertEqual(settlement.row_ids.state, "differs")
        self.assertIn("M-1", self._cases(settlement, "payment:settlement").explanation)

    def test_a_cent_too_little_is_told(self):
        settlement = self._upload(FILE.replace("119,00", "118,99").replace("275,16", "275,15"))
        settlement.action_book()
        row = settlement.row_ids.filtered(lambda row: row.order_id == self.first)
        self.assertEqual(row.state, "differs")
        self.assertAlmostEqual(self.first.invoice_ids.amount_residual, 0.01)
        self.assertTrue(self._cases(settlement, "payment:settlement"))

    def test_a_cent_too_much_stays_the_customers(self):
        settlement = self._upload(FILE.replace("119,00", "119,01").replace("275,16", "275,17"))
        settlement.action_book()
        row = settlement.row_ids.filtered(lambda row: row.order_id == self.first)
        self.assertEqual((row.state, round(row.open_amount, 2)), ("differs", 0.01))

    def test_an_invoice_that_comes_later_is_paid_by_it(self):
        order = self._create_orders(client_order_ref="M-9")
        text = "Bestellnummer;Art;Betrag;Abrechnungsnummer\nM-9;Verkauf;119,00;S-4\n"
        settlement = self._upload(text)
        settlement.action_book()
        self.assertEqual(settlement.row_ids.state, "waiting")
        self.assertFalse(self._cases(settlement, "payment:settlement"))
        invoice = self._invoice_order(order)
        self.assertEqual(invoice.amount_residual, 0)
        self.assertEqual(settlement.row_ids.state, "settled")

    def test_an_unknown_order_is_owed_by_the_marketplace(self):
        text = "Bestellnummer;Art;Betrag;Abrechnungsnummer\nX-1;Verkauf;50,00;S-5\n"
        settlement = self._upload(text)
        settlement.action_book()
        item = settlement.row_ids.sale_line_id
        self.assertEqual((item.partner_id, item.balance), (self.marketplace, -50.0))
        self.assertTrue(self._cases(settlement, "payment:settlement"))

    def test_a_file_that_does_not_add_up_is_refused(self):
        with self.assertRaisesRegex(UserError, "add up"):
            self._upload(FILE.replace("275,16", "275,17"))
        self.assertFalse(self.source.settlement_ids)

    def test_a_damaged_settlement_is_kept_but_not_booked(self):
        settlement = self.env["payment.settlement"]._store(
            self.source, "a.txt", b"x", None, external_id="S-6", problem="It is damaged."
        )
        self.assertEqual(settlement.state, "failed")
        with self.assertRaisesRegex(UserError, "damaged"):
            settlement.action_book()
        found = Settlement("S-6", "", 0, date(2026, 11, 1), (Row("fee", 0),))
        mended = self.env["payment.settlement"]._store(
            self.source, "a.txt", b"y", found, external_id="S-6"
        )
        self.assertEqual(mended.state, "new")

    def test_another_currency_is_converted(self):
        dollar = self.env.ref("base.USD")
        dollar.active = True
        if dollar == self.company.currency_id:
            self.skipTest("not here: a company in another currency than dollars")
        self.env["res.currency.rate"].create(
            {"currency_id": dollar.id, "rate": 1.1, "name": "2026-01-01"}
        )
        text = (
            "Bestellnummer;Art;Betrag;Abrechnungsnummer;Währung\n"
            "X-7;Verkauf;33,33;S-7;USD\nX-8;Verkauf;33,33;S-7;USD\nX-8;Gebühr;-1,11;S-7;USD\n"
        )
        settlement = self._upload(text)
        self.assertEqual(settlement.currency_id, dollar)
        settlement.action_book()
        self.assertEqual(settlement.clearing_line_id.amount_currency, 65.55)
        self.assertAlmostEqual(sum(settlement.move_id.line_ids.mapped("balance")), 0)

    def test_many_orders_cost_little_more(self):
        """The search for orders, their invoices and the settling are done for all at once."""
        orders = self._create_orders(20)
        for number, order in enumerate(orders):
            order.client_order_ref = f"N-{number}"
        self._invoice_order(orders)
        head = "Bestellnummer;Art;Betrag;Abrechnungsnummer\n"
        few = self._upload(head + "".join(f"N-{n};Verkauf;119,00;F\n" for n in range(2)))
        many = self._upload(head + "".join(f"N-{n};Verkauf;119,00;G\n" for n in range(2, 20)))
        counts = []
        for settlement in few, many:
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            settlement.action_book()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(set((few | many).row_ids.mapped("state")), {"settled"})
        self.assertLess((counts[1] - counts[0]) / 16, 10, f"queries: {counts}")

    def test_rights(self):
        settlement = self._upload()
        seller = new_test_user(self.env, "seller", "sales_team.group_sale_manager")
        with self.assertRaises(AccessError):
            settlement.with_user(seller).read(["total"])
        with self.assertRaises(AccessError):
            settlement.with_user(seller).action_book()
        booker = new_test_user(self.env, "booker", "account.group_account_invoice")
        with self.assertRaises(AccessError):
            settlement.with_user(booker).write({"total": 1})
        settlement.with_user(booker).line_id = self._payout()
        settlement.with_user(booker).action_book()
        self.assertEqual(settlement.state, "paid")
