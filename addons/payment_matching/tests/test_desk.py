from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common import PaymentCommon

HOSTILE = "<script>alert('x')</script> <b>&amp;</b>"


class DeskCommon(PaymentCommon):
    """Payments with proposals in a journal of their own, seen by a clerk."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = new_test_user(
            cls.env, "desk clerk", groups="base.group_user,account.group_account_invoice"
        )

    def setUp(self):
        super().setUp()
        self.desk = self.env["payment.match.desk"].with_user(self.clerk)

    def _load(self, pile="likely", **options):
        return self.desk.load_pile(pile, journal=self.journal.id, **options)

    def _counts(self):
        return self.desk.counts(journal=self.journal.id)

    def _proposed(self, *amounts):
        """Return payments that name the invoices they pay, on the pile of the likely ones."""
        invoices = [self._create_invoice(amount) for amount in amounts]
        lines = self.env["account.bank.statement.line"]
        for invoice in invoices:
            lines |= self._create_payment(invoice.amount_residual, f"Zahlung {invoice.name}")
        lines._match_propose()
        self.assertEqual(set(lines.mapped("match_state")), {"likely"})
        return lines

    def _entry(self, row, place=0):
        proposal = row["proposals"][place]
        documents = [{"model": one["model"], "id": one["id"]} for one in proposal["documents"]]
        return {"line": row["id"], "proposal": proposal["id"], "documents": documents}


@tagged("post_install", "-at_install")
class TestDesk(DeskCommon):
    def test_a_page_shows_payment_proposal_and_the_place_of_the_number(self):
        line = self._proposed(119.0)
        page = self._load()
        self.assertEqual(page["total"], 1)
        [row] = page["lines"]
        self.assertEqual((row["id"], row["amount"], row["rest"]), (line.id, 119.0, 119.0))
        [document] = row["proposals"][0]["documents"]
        self.assertEqual((document["open"], document["total"]), (119.0, 119.0))
        reason = next(one for one in row["proposals"][0]["reasons"] if one["kind"] == "number")
        self.assertIn(row["text"][reason["start"] : reason["end"]], document["number"])

    def test_counters_and_sums_follow_the_piles(self):
        self._proposed(100.0, 23.5)
        self._create_payment(50, "nothing of ours", partner_name="Nobody")._match_propose()
        counts = self._counts()
        self.assertEqual(counts["likely"]["count"], 2)
        self.assertEqual(counts["likely"]["sums"], [[self.company.currency_id.id, 123.5]])
        self.assertEqual(counts["nothing"]["count"], 1)
        self.assertEqual(counts["done"]["count"], 0)
        self.desk.confirm([self._entry(row) for row in self._load()["lines"]])
        counts = self._counts()
        self.assertEqual((counts["likely"]["count"], counts["done"]["count"]), (0, 2))

    def test_as_many_queries_for_many_payments_as_for_few(self):
        def queries(limit):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            rows = self._load(limit=limit)["lines"]
            self.assertEqual(len(rows), limit)
            return self.env.cr.sql_log_count - before

        invoices = [self._create_invoice(10.0 + number) for number in range(40)]
        orders = self._create_prepaid(40)
        lines = self.env["account.bank.statement.line"]
        for record in (one for pair in zip(invoices, orders, strict=True) for one in pair):
            lines |= self._create_payment(record.amount_total, f"Zahlung {record.name}")
        lines._match_propose()
        queries(10)
        few, many = queries(10), queries(80)
        self.assertLessEqual(many, few + 2)
        self.assertLess(many, 60)

    def test_nobody_without_accounting_rights_sees_or_books_anything(self):
        line = self._proposed(10.0)
        seller = new_test_user(
            self.env, "desk seller", groups="sales_team.group_sale_salesman_all_leads"
        )
        desk = self.env["payment.match.desk"].with_user(seller)
        calls = (
            lambda: desk.start(),
            lambda: desk.counts(),
            lambda: desk.load_pile("likely"),
            lambda: desk.pile("likely"),
            lambda: desk.details(line.id),
            lambda: desk.search_documents(line.id, ""),
            lambda: desk.originals(line.id),
            lambda: desk.write_off_offer(line.id),
            lambda: desk.confirm([{"line": line.id}]),
            lambda: desk.write_off([{"line": line.id}]),
            lambda: desk.undo([line.id]),
            lambda: desk.foreign([line.id]),
            lambda: desk.reopen([line.id]),
            lambda: desk.returned([{"line": line.id, "original": line.id}]),
            lambda: desk.approve([line.id]),
            lambda: desk.reject([line.id]),
        )
        for call in calls:
            with self.assertRaises(AccessError):
                call()
        self.assertEqual(line.match_state, "likely")

    def test_payments_of_other_companies_are_not_touched(self):
        other = self.env["res.company"].create({"name": "Another company"})
        line = self._proposed(10.0)
        clerk = new_test_user(
            self.env,
            "desk stranger",
            groups="account.group_account_invoice",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        desk = self.env["payment.match.desk"].with_user(clerk)
        self.assertEqual(desk.load_pile("likely", journal=self.journal.id)["total"], 0)
        with self.assertRaises(AccessError):
            desk.foreign([line.id])

    def test_hostile_texts_are_handed_over_as_they_are(self):
        line = self._create_payment(12, HOSTILE, partner_name=HOSTILE, payment_raw=HOSTILE)
        line._match_propose()
        row = next(row for row in self._load("nothing")["lines"] if row["id"] == line.id)
        self.assertEqual((row["payer"], row["text"]), (HOSTILE, HOSTILE))
        self.assertEqual(self.desk.details(line.id)["raw"], HOSTILE)
        found = self.desk.load_pile("nothing", search="'; DROP TABLE res_users; -- %_\\")
        self.assertEqual(found["total"], 0)
        self.assertEqual(self.desk.load_pile("no such pile", order="1; DROP")["lines"], [])


@tagged("post_install", "-at_install")
class TestDeskActions(DeskCommon):
    def test_one_that_fails_does_not_stop_the_others(self):
        self._proposed(40.0, 50.0)
        entries = [self._entry(row) for row in self._load()["lines"]]
        self.env["payment.match.proposal"].browse(entries[0]["proposal"]).invoice_ids.button_draft()
        answer = self.desk.confirm(entries)
        self.assertEqual(answer["confirmed"], [entries[1]["line"]])
        [fail] = answer["failed"]
        self.assertEqual(fail["line"], entries[0]["line"])
        self.assertTrue(fail["reason"])
        states = {row["id"]: row["state"] for row in answer["rows"]}
        self.assertEqual(states[entries[1]["line"]], "matched")
        self.assertNotEqual(states[entries[0]["line"]], "matched")

    def test_what_was_not_seen_is_not_booked(self):
        self._proposed(40.0)
        [row] = self._load()["lines"]
        stranger = self._create_invoice(40.0)
        documents = [{"model": "account.move", "id": stranger.id}]
        answer = self.desk.confirm([{**self._entry(row), "documents": documents}])
        self.assertFalse(answer["confirmed"])
        self.assertIn("changed meanwhile", answer["failed"][0]["reason"])
        self.assertEqual(stranger.amount_residual, 40.0)

    def test_confirmed_twice_is_refused_the_second_time(self):
        self._proposed(40.0)
        entry = self._entry(self._load()["lines"][0])
        self.assertTrue(self.desk.confirm([entry])["confirmed"])
        answer = self.desk.confirm([entry])
        self.assertFalse(answer["confirmed"])
        self.assertEqual(len(answer["failed"]), 1)

    def test_undo_puts_it_back_on_its_pile_at_once(self):
        line = self._proposed(40.0)
        invoice = line.proposal_id.invoice_ids
        self.desk.confirm([self._entry(self._load()["lines"][0])])
        self.assertEqual(invoice.amount_residual, 0.0)
        [row] = self._load("done")["lines"]
        self.assertEqual(row["done"][0]["document"]["id"], invoice.id)
        answer = self.desk.undo([line.id])
        self.assertFalse(answer["failed"])
        self.assertEqual(answer["rows"][0]["state"], "likely")
        self.assertEqual(invoice.amount_residual, 40.0)
        self.assertEqual(self._load()["lines"][0]["id"], line.id)

    def test_a_payment_is_split_by_hand_and_its_rest_stays_here(self):
        one, two = self._create_invoice(30.0), self._create_invoice(70.0)
        line = self._create_payment(120.0, "for several things")
        line._match_propose()
        targets = [
            {"model": "account.move", "id": one.id, "amount": 30.0},
            {"model": "account.move", "id": two.id, "amount": 50.0},
        ]
        entry = {"line": line.id, "targets": targets, "keep_open": True}
        answer = self.desk.confirm([entry])
        self.assertFalse(answer["failed"])
        self.assertEqual((one.amount_residual, two.amount_residual), (0.0, 20.0))
        self.assertEqual((answer["rows"][0]["rest"], answer["rows"][0]["state"]), (40.0, "unclear"))

    def test_only_orders_and_invoices_are_targets(self):
        line = self._proposed(10.0)
        targets = [{"model": "res.users", "id": self.clerk.id, "amount": 10}]
        answer = self.desk.confirm([{"line": line.id, "targets": targets}])
        self.assertFalse(answer["confirmed"])
        self.assertIn("Only orders and invoices", answer["failed"][0]["reason"])

    def test_a_shortage_is_written_off(self):
        account = self.env["account.account"].create(
            {"name": "Differences", "code": "T99001", "account_type": "expense"}
        )
        invoice = self._create_invoice(100.0)
        line = self._create_payment(98.5, f"Zahlung {invoice.name}")
        line._match_propose()
        proposal = line.proposal_ids[0]
        offer = self.desk.write_off_offer(line.id, proposal.id)
        self.assertEqual((offer["kind"], offer["amount"]), ("short", 1.5))
        self.assertIn(account.id, [entry[0] for entry in offer["accounts"]])
        row = self.desk._rows(line)[0]
        answer = self.desk.write_off([{**self._entry(row), "account": account.id, "label": ""}])
        self.assertFalse(answer["failed"])
        self.assertEqual(invoice.amount_residual, 0.0)
        booked = line.move_id.line_ids.filtered(lambda item: item.account_id == account)
        self.assertEqual(booked.balance, 1.5)

    def test_a_payment_without_document_goes_to_an_account(self):
        account = self.env["account.account"].create(
            {"name": "Other income", "code": "T99002", "account_type": "income_other"}
        )
        line = self._create_payment(12.34, "interest", partner_name="The bank")
        line._match_propose()
        self.assertEqual(self.desk.write_off_offer(line.id)["kind"], "whole")
        nothing = self.desk.write_off([{"line": line.id, "account": False}])
        self.assertTrue(nothing["failed"])
        answer = self.desk.write_off([{"line": line.id, "account": account.id, "label": "Zinsen"}])
        self.assertFalse(answer["failed"])
        self.assertEqual(answer["rows"][0]["state"], "matched")
        self.assertEqual([row["id"] for row in self._load("done")["lines"]], line.ids)

    def test_not_ours_and_back(self):
        line = self._proposed(10.0)
        self.assertEqual(self.desk.foreign([line.id])["rows"][0]["state"], "foreign")
        self.assertEqual(self._counts()["foreign"]["count"], 1)
        self.assertEqual(self.desk.reopen([line.id])["rows"][0]["state"], "likely")

    def test_a_returned_payment_opens_the_invoice_again(self):
        line = self._proposed(60.0)
        invoice = line.proposal_id.invoice_ids
        self.desk.confirm([self._entry(self._load()["lines"][0])])
        fee = self._create_payment(-1.5, "Gebühr", payment_kind="fee")
        (line | fee).write({"payment_bank_reference": "REF-60"})
        fee.match_state = "matched"
        back = self._create_payment(-60.0, "Retoure", payment_kind="return")
        back.payment_reference_id = "REF-60"
        back._match_propose()
        self.assertEqual([row["id"] for row in self.desk.originals(back.id)], line.ids)
        answer = self.desk.returned([{"line": back.id, "original": line.id}])
        self.assertFalse(answer["failed"])
        self.assertEqual(invoice.amount_residual, 60.0)


@tagged("post_install", "-at_install")
class TestDeskAround(DeskCommon):
    """The ways between the screen and the usual views."""

    def test_the_overview_leads_to_the_pile(self):
        likely = self.env.ref("payment_matching.counter_likely_payments")
        before = likely.count
        self._proposed(10.0)
        likely.invalidate_recordset()
        self.assertEqual(likely.count, before + 1)
        action = likely.action_open()
        self.assertEqual(action["tag"], "payment_matching.desk")
        self.assertEqual(action["context"], {"desk_pile": "likely"})
        unclear = self.env.ref("payment_matching.counter_unclear_payments")
        self.assertEqual(unclear.action_open()["context"], {"desk_pile": "unclear"})

    def test_a_proposal_is_confirmed_from_the_form(self):
        line = self._proposed(10.0)
        proposal = line.proposal_id.with_user(self.clerk)
        self.assertIn(line.proposal_id.invoice_ids.name, proposal.display_name)
        proposal.action_confirm_shown()
        self.assertEqual(line.match_state, "matched")
        with self.assertRaises(UserError):
            proposal.action_confirm_shown()

    def test_a_second_person_approves_what_is_written_off(self):
        account = self.env["account.account"].create(
            {"name": "Differences", "code": "T99003", "account_type": "expense"}
        )
        self.journal.write({"match_four_eyes": True, "match_four_eyes_limit": 1.0})
        invoice = self._create_invoice(100.0)
        line = self._create_payment(90.0, f"Zahlung {invoice.name}")
        line._match_propose()
        self.assertTrue(self.desk.write_off_offer(line.id, line.proposal_ids[0].id)["warning"])
        row = self.desk._rows(line)[0]
        answer = self.desk.write_off([{**self._entry(row), "account": account.id}])
        self.assertEqual(answer["rows"][0]["state"], "approval")
        self.assertEqual(self._load("approval")["total"], 1)
        self.assertTrue(self.desk.approve([line.id])["failed"])
        second = new_test_user(
            self.env, "desk second", groups="base.group_user,account.group_account_manager"
        )
        answer = self.env["payment.match.desk"].with_user(second).approve([line.id])
        self.assertFalse(answer["failed"])
        self.assertEqual(answer["rows"][0]["state"], "matched")
        self.assertEqual(invoice.amount_residual, 0.0)


@tagged("post_install", "-at_install")
class TestDeskSearch(DeskCommon):
    def _found(self, line, text):
        rows = self.desk.search_documents(line.id, text)
        return [(row["model"], row["id"]) for row in rows]

    def test_by_number_shop_number_name_and_amount(self):
        invoice = self._create_invoice(77.7)
        [order] = self._create_prepaid(client_order_ref="SHOP-4711-X")
        line = self._create_payment(20, "?", partner_name="Somebody")
        self.assertEqual(self._found(line, invoice.name)[0], ("account.move", invoice.id))
        self.assertEqual(self._found(line, "4711-x")[0], ("sale.order", order.id))
        self.assertIn(("account.move", invoice.id), self._found(line, "77,70"))
        self.assertIn(("sale.order", order.id), self._found(line, "müller jörg"))
        self.assertEqual(self._found(line, "müller nowhere"), [])

    def test_without_words_the_payer_and_the_amount_suggest(self):
        invoice = self._create_invoice(31.41)
        line = self._create_payment(31.41, "?", partner_name="Somebody else")
        self.assertIn(("account.move", invoice.id), self._found(line, ""))

    def test_paid_and_foreign_documents_are_not_offered(self):
        [order] = self._create_prepaid()
        money = self._create_payment(order.amount_total, order.name)
        money._match_propose()
        self.desk.confirm([self._entry(row) for row in self._load()["lines"]])
        self.assertEqual(money.match_state, "matched")
        bill = self._create_invoice(55.0, move_type="in_invoice")
        line = self._create_payment(55.0, "?")
        self.assertNotIn(("sale.order", order.id), self._found(line, order.name))
        self.assertNotIn(("account.move", bill.id), self._found(line, bill.name))
        out = self._create_payment(-55.0, "?")
        self.assertIn(("account.move", bill.id), self._found(out, bill.name))

    def test_amounts_are_read_as_people_write_them(self):
        desk = self.env["payment.match.desk"]
        for text, value in (
            ("1.234,50", 1234.5),
            ("1234.50", 1234.5),
            ("12", 12.0),
            ("-3,4", 3.4),
            ("8,99€", 8.99),
            ("S00012", None),
            ("nan", None),
            ("1e400", None),
        ):
            self.assertEqual(desk._amount_of(text), value, text)
