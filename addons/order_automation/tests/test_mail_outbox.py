import smtplib
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.base.models.ir_mail_server import IrMail_Server

from .common_mail import MailCommon

QUEUE = "odoo.addons.mail.models.mail_mail"


@tagged("post_install", "-at_install")
class TestMailOutbox(MailCommon):
    def enqueue(self, kind="receipt", order=None):
        return self.outbox._enqueue(kind, orders=order or self.order)

    # Into the outbox

    def test_a_mail_is_written_once(self):
        rows = self.enqueue()
        self.assertEqual((rows.state, rows.email), ("pending", self.partner.email))
        self.assertFalse(self.enqueue())
        self.assertEqual(self.outbox.search_count([("order_id", "=", self.order.id)]), 1)

    def test_timeline_is_in_the_companys_language(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.env["ir.module.module"]._load_module_terms(["order_automation"], ["de_DE"])
        self.env.company.partner_id.lang = "de_DE"
        with self.smtp():
            self.send(self.enqueue())
        entry = self.order.automation_log_ids.filtered(lambda entry: entry.code == "mail")
        self.assertIn("Eingangsbestätigung", entry.message)

    def test_many_orders_cost_no_more_queries_than_one(self):
        orders = self._create_orders(42)
        self.enqueue(order=orders[0])
        self.env.flush_all()
        with self.assertQueryCount(8):
            self.enqueue(order=orders[1])
            self.env.flush_all()
        with self.assertQueryCount(8):
            rows = self.enqueue(order=orders)
            self.env.flush_all()
        self.assertEqual(len(rows), 40)

    def test_what_the_policy_forbids_is_shown_with_the_reason(self):
        self.policy.mail_receipt = False
        rows = self.enqueue()
        self.assertEqual(rows.state, "suppressed")
        self.assertIn(self.policy.name, rows.reason)

    def test_orders_by_hand_get_no_mails(self):
        rows = self.enqueue(order=self._create_orders(start=False))
        self.assertEqual(rows.state, "suppressed")

    def test_customer_without_address(self):
        for address in (False, "nonsense", "  "):
            self.partner.email = address
            rows = self.enqueue(order=self._create_orders())
            self.assertEqual(rows.state, "suppressed", address)

    def test_relay_addresses_get_only_what_they_allow(self):
        expected = {
            "x@marketplace.amazon.de": ("suppressed", "pending"),
            "x@members.ebay.com": ("pending", "suppressed"),
        }
        for address, states in expected.items():
            self.partner.email = address
            order = self._create_orders()
            rows = self.enqueue("receipt", order) + self.enqueue("invoice", order)
            self.assertEqual(tuple(rows.mapped("state")), states, address)

    # Out of the outbox

    def test_a_mail_leaves_and_stands_in_the_chatter_once(self):
        follower = self.env["res.partner"].create({"name": "F", "email": "f@example.com"})
        self.order.message_subscribe(follower.ids)
        before = self.env["mail.mail"].search_count([])
        server = self.send(row := self.enqueue())
        self.assertEqual(server.recipients, [self.partner.email])
        self.assertEqual(self.env["mail.mail"].search_count([]), before + 1)
        row._step_tidy()
        self.assertEqual(self.env["mail.mail"].search_count([]), before)
        self.assertEqual(row.state, "sent")
        self.assertTrue(row.sent_date)
        message = server.messages[0][1]
        self.assertEqual(message["Message-Id"], row.message_id)
        self.assertEqual(message["Subject"], "We have received your order 400123")
        self.assertEqual(message["From"].addresses[0].addr_spec, "shop@example.com")
        self.assertIn("shop@example.com", message["Reply-To"])
        self.assertEqual(message["Auto-Submitted"], "auto-generated")
        self.assertEqual(row.mail_message_id.message_id, row.message_id)
        self.assertIn(row.mail_message_id, self.order.message_ids)
        self.assertNotIn("<style", row.mail_message_id.body)
        self.assertEqual(self.order.automation_log_ids[:1].code, "mail")

    def test_the_text_version_reads_well(self):
        message = self.send(self.enqueue()).messages[0][1]
        text = message.get_body(("plain",)).get_content()
        self.assertIn("Hello Jörg Müller,\n\nthank you for your order 400123", text)
        self.assertIn("not yet an acceptance", text)

    def test_the_language_of_the_customer(self):
        self.partner.lang = "de_DE"
        row = self.enqueue()
        self.send(row)
        self.assertEqual(row.subject, "Wir haben Ihre Bestellung 400123 erhalten")
        self.assertIn("noch keine Annahme", row.body)

    def test_answers_go_to_the_order_where_odoo_receives_mail(self):
        domain = self.env["mail.alias.domain"].create({"name": "in.example.com"})
        self.company.alias_domain_id = domain
        message = self.send(self.enqueue()).messages[0][1]
        self.assertEqual(message["Reply-To"].addresses[0].addr_spec, "catchall@in.example.com")

    def test_a_paid_order_gets_no_payment_mail_any_more(self):
        rows = self.enqueue("payment")
        self.order._register_prepaid(self.order.amount_total, "bank")
        self.assertFalse(self.send(rows).messages)
        self.assertEqual(rows.state, "cancelled")

    def test_payment_mail_has_bank_details_and_qr_code_inside(self):
        self.order.currency_id = self.env.ref("base.EUR")
        message = self.send(self.enqueue("payment")).messages[0][1]
        source = message.get_body(("html",)).get_content()
        self.assertIn("DE02 1203 0000 0000 2020 51", source)
        self.assertIn(self.order.name, source)
        picture = next(part for part in message.walk() if part.get_content_type() == "image/png")
        self.assertIn(f"cid:{picture['Content-ID'][1:-1]}", source)
        self.assertFalse(list(message.iter_attachments()))
        chatter = self.order.message_ids[0]
        self.assertNotIn("data:image", chatter.body)
        self.assertFalse(chatter.attachment_ids)

    def test_no_qr_code_for_other_currencies(self):
        self.order.currency_id = self.env.ref("base.USD")
        row = self.enqueue("payment")
        self.assertFalse(row._get_qr_code(row._get_bank()))
        self.order.currency_id = self.env.ref("base.EUR")
        self.assertTrue(row._get_qr_code(row._get_bank()))

    def test_shipped_mail_has_one_link_per_parcel(self):
        self._run(self.order)
        picking = self.order.picking_ids
        parcels = [
            {"number": f"N{number}", "carrier": "DHL", "link": f"https://track.example/{number}"}
            for number in (1, 2)
        ]
        with patch.object(type(picking), "_get_parcels", lambda self: parcels):
            message = self.send(self.outbox._enqueue("shipped", pickings=picking)).messages[0][1]
        source = message.get_body(("html",)).get_content()
        for parcel in parcels:
            self.assertIn(f'href="{parcel["link"]}"', source)
        text = message.get_body(("plain",)).get_content()
        self.assertIn("https://track.example/2", text)

    def test_invoice_mail_waits_for_the_filed_document_and_sends_it(self):
        invoice = self.env["account.move"].create(
            {"move_type": "out_invoice", "partner_id": self.partner.id}
        )
        row = self.outbox._enqueue("invoice", invoices=invoice)
        row.write({"state": "pending", "order_id": self.order.id})
        ready = [("id", "=", row.id), *row._get_ready_domain()]
        self.assertFalse(self.outbox.search(ready))
        document = self.env["ir.attachment"].create(
            {"name": "R1.pdf", "raw": b"%PDF-1.7 filed", "mimetype": "application/pdf"}
        )
        invoice._write_filing({"filed_attachment_id": document.id})
        self.assertTrue(self.outbox.search(ready))
        for _time in range(2):
            message = self.send(row).messages[0][1]
            files = [part.get_content() for part in message.iter_attachments()]
            self.assertEqual(files, [b"%PDF-1.7 filed"])
            self.assertEqual(row.mail_message_id.attachment_ids, document)
            row.action_send_again()

    # Failures

    @mute_logger(QUEUE)
    def test_a_wrong_address_becomes_a_case_of_the_order(self):
        row = self.enqueue()
        row._step_hand_over()
        with self.smtp() as server:
            server.refuse[self.partner.email] = smtplib.SMTPRecipientsRefused(
                {self.partner.email: (550, b"5.1.1 User unknown")}
            )
            row.mail_id.send()
        self.assertEqual(row.state, "failed")
        case = self.cases(self.order, "technical:mail:receipt")
        self.assertEqual((case.state, case.blocking), ("open", False))
        self.assertIn("User unknown", case.explanation)
        self.partner.email = "right@example.com"
        row.action_send_again()
        self.assertEqual(self.send(row).recipients, ["right@example.com"])
        self.assertEqual((row.state, case.state), ("sent", "resolved"))

    @mute_logger(QUEUE)
    def test_a_busy_server_is_tried_again_later(self):
        row = self.enqueue()
        row._step_hand_over()
        with self.smtp() as server:
            server.refuse[self.partner.email] = smtplib.SMTPResponseException(451, b"try later")
            row.mail_id.send()
            self.assertEqual((row.state, row.attempts), ("handed", 1))
            self.assertGreater(row.next_try, fields.Datetime.now())
            self.assertFalse(self.cases(self.order, "technical:mail:receipt"))
            for _attempt in range(2):
                row._step_try_again()
                row.mail_id.send()
            self.assertTrue(self.cases(self.order, "technical:mail:receipt"))
            server.refuse.clear()
            row._step_try_again()
            row.mail_id.send()
        self.assertEqual((row.state, row.attempts, len(server.messages)), ("sent", 0, 1))
        self.assertEqual(self.cases(self.order, "technical:mail:receipt").state, "resolved")

    @mute_logger(QUEUE)
    def test_an_unreachable_server_is_one_case_of_the_company(self):
        rows = self.enqueue(order=self._create_orders(3))
        rows._step_hand_over()
        refused = patch.object(IrMail_Server, "_connect__", side_effect=OSError("no route"))
        with patch.object(IrMail_Server, "_disable_send", return_value=False), refused:
            rows.mail_id.send()
        self.assertEqual(set(rows.mapped("state")), {"handed"})
        self.assertEqual(len(self.cases(self.company, "technical:mail_server")), 1)
        self.assertFalse(self.cases(rows[0].order_id, "technical:mail:receipt"))
        rows._step_try_again()
        self.send(rows)
        self.assertEqual(set(rows.mapped("state")), {"sent"})
        self.assertEqual(self.cases(self.company, "technical:mail_server").state, "resolved")

    def test_a_bad_text_is_a_case_and_no_lost_mail(self):
        self.env["automation.mail.block"].search([("slot", "=", "subject")]).active = False
        row = self.enqueue()
        with self.assertRaisesRegex(Exception, "no subject") as caught:
            row._step_hand_over()
        row._on_error(caught.exception)
        self.assertEqual(row.state, "pending")
        self.assertTrue(row.next_try)
        self.assertTrue(self.cases(self.order, "technical:mail:receipt"))

    def test_a_process_that_died_while_sending_is_shown_not_repeated(self):
        row = self.enqueue()
        row._step_hand_over()
        row.state = "sending"
        row._step_follow()
        self.assertEqual((row.state, row.mail_id.state), ("failed", "cancel"))
        self.assertTrue(self.cases(self.order, "technical:mail:receipt"))

    def test_mails_cancelled_or_deleted_by_hand(self):
        rows = self.enqueue(order=self._create_orders(3))
        rows._step_hand_over()
        rows[0].mail_id.cancel()
        rows[1].mail_id.unlink()
        rows._step_follow()
        self.assertEqual(rows.mapped("state"), ["cancelled", "cancelled", "handed"])

    def test_the_cron(self):
        rows = self.enqueue(order=self._create_orders(3))
        cron = self.env.ref("order_automation.ir_cron_automation_mails")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        rows.invalidate_recordset()
        self.assertEqual(set(rows.mapped("state")), {"handed"})

    def test_later_writes(self):
        rows = self.enqueue()
        rows._step_hand_over()
        rows.next_try = fields.Datetime.now() - timedelta(minutes=1)
        rows._step_try_again()
        self.assertFalse(rows.next_try)

    # Rights

    def test_rights(self):
        row = self.enqueue()
        user = new_test_user(self.env, "mailuser", "automation_core.group_automation_user")
        row.with_user(user).action_send_again()
        with self.assertRaises(AccessError):
            row.with_user(user).state = "sent"
        seller = new_test_user(self.env, "seller", "sales_team.group_sale_salesman_all_leads")
        self.assertTrue(row.with_user(seller).reason is not None)
        with self.assertRaises(AccessError):
            row.with_user(seller).action_send_again()
