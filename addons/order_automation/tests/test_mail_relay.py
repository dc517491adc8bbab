from email.message import EmailMessage
from email.policy import SMTP

from odoo.exceptions import ValidationError
from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.base.models.ir_mail_server import MailDeliveryException

from .common_mail import MailCommon

AMAZON = "x1y2@marketplace.amazon.de"
EBAY = "abc123@members.ebay.com"


@tagged("post_install", "-at_install")
class TestMailRelay(MailCommon):
    """Nothing reaches a relay address that its marketplace forbids, on whatever way it was sent."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.relay_partner = cls.env["res.partner"].create({"name": "Buyer", "email": AMAZON})
        cls.other_partner = cls.env["res.partner"].create(
            {"name": "Other", "email": "o@example.com"}
        )

    def message(self, to="a@example.com", attachment=False, **headers):
        message = EmailMessage(policy=SMTP)
        message["Message-Id"] = "<1@example.com>"
        message["From"], message["To"], message["Subject"] = "shop@example.com", to, "Hello"
        for name, value in headers.items():
            message[name.replace("_", "-")] = value
        message.add_alternative("See https://example.com/x\nBye", subtype="plain")
        message.add_alternative("<p>See <a href='https://example.com'>x</a></p>", subtype="html")
        if attachment:
            message.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="a.pdf")
        return message

    def wire(self, message):
        with self.smtp() as server:
            self.env["ir.mail_server"].send_email(message, smtp_session=server)
        return server

    # Directly at the mail server

    def test_other_mails_pass_unchanged(self):
        server = self.wire(self.message(attachment=True))
        self.assertEqual(server.recipients, ["a@example.com"])
        self.assertEqual(len(list(server.messages[0][1].iter_attachments())), 1)

    def test_refused_in_every_spelling(self):
        for address in (
            AMAZON,
            f"Buyer <{AMAZON}>",
            f'"Buyer, The" <{AMAZON.upper()}>',
            "x+tag@marketplace.amazon.co.uk",
            "x@sub.marketplace.amazon.it",
        ):
            with self.assertRaises(MailDeliveryException, msg=address):
                self.wire(self.message(address))

    def test_refused_in_every_header_while_the_others_get_it(self):
        for header in ("Cc", "Bcc"):
            server = self.wire(self.message(**{header: AMAZON}))
            self.assertEqual(server.recipients, ["a@example.com"], header)
            self.assertNotIn("amazon", server.messages[0][1].as_string())

    def test_forged_and_added_headers(self):
        server = self.wire(self.message(X_Msg_To_Add=f"Buyer <{AMAZON}>"))
        self.assertEqual(server.recipients, ["a@example.com"])
        self.assertNotIn("amazon", server.messages[0][1].as_string())
        with self.assertRaises(MailDeliveryException):
            self.wire(self.message(AMAZON, X_Forge_To="a@example.com"))

    def test_an_address_in_a_name_is_no_way_around(self):
        server = self.wire(self.message(f'"{AMAZON}" <a@example.com>'))
        self.assertEqual(server.recipients, ["a@example.com"])

    def test_text_only_relay_gets_a_copy_without_links(self):
        server = self.wire(self.message(f"a@example.com, {EBAY}"))
        by_recipient = {addresses[0]: message for addresses, message in server.messages}
        self.assertEqual(set(by_recipient), {"a@example.com", EBAY})
        self.assertEqual(by_recipient[EBAY].get_content_type(), "text/plain")
        self.assertNotIn("http", by_recipient[EBAY].get_content())
        self.assertNotIn("a@example.com", by_recipient[EBAY]["To"])
        self.assertIn("https", by_recipient["a@example.com"].as_string())

    def test_text_only_relay_refuses_attachments(self):
        with self.assertRaises(MailDeliveryException):
            self.wire(self.message(EBAY, attachment=True))

    def test_marks_do_not_leave_the_house(self):
        server = self.wire(self.message(AMAZON, X_Automation_Personal="1"))
        self.assertEqual(server.recipients, [AMAZON])
        self.assertNotIn("X-Automation", server.messages[0][1].as_string())

    # Through Odoo's own ways

    def test_mail_template(self):
        template = self.env["mail.template"].create(
            {
                "name": "T",
                "model_id": self.env["ir.model"]._get_id("sale.order"),
                "subject": "S",
                "body_html": "<p>b</p>",
                "email_to": AMAZON,
                "use_default_to": False,
                "auto_delete": False,
            }
        )
        with self.smtp() as server:
            mail = self.env["mail.mail"].browse(template.send_mail(self.order.id, force_send=True))
        self.assertFalse(server.messages)
        self.assertEqual(mail.state, "cancel")
        self.assertIn("Amazon", mail.failure_reason)
        self.assertIn("Amazon", self.order.automation_log_ids[:1].message)

    def test_followers_notification(self):
        self.order.message_subscribe((self.relay_partner + self.other_partner).ids)
        with self.smtp() as server:
            message = self.order.message_post(
                body="News",
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
                force_send=True,
            )
        self.assertEqual(server.recipients, ["o@example.com"])
        status = {
            notification.res_partner_id: notification.notification_status
            for notification in message.notification_ids
        }
        self.assertEqual(status[self.relay_partner], "canceled")
        self.assertEqual(status[self.other_partner], "sent")

    def test_staff_may_answer_a_buyer(self):
        order = self.order.with_context(mail_by_person=True)
        with self.smtp() as server:
            order.message_post(
                body="The answer",
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
                partner_ids=self.relay_partner.ids,
                force_send=True,
            )
        self.assertEqual(server.recipients, [AMAZON])

    def test_what_staff_may_not_send_either(self):
        self.env["automation.mail.relay"].search([]).personal = "nothing"
        self.test_followers_notification()

    def test_mass_mails_are_not_personal(self):
        composer = (
            self.env["mail.compose.message"]
            .with_context(mail_by_person=True, mail_notify_force_send=True)
            .create(
                {
                    "composition_mode": "mass_mail",
                    "model": "res.partner",
                    "res_ids": repr((self.relay_partner + self.other_partner).ids),
                    "subject": "Offer",
                    "body": "<p>Buy</p>",
                    "auto_delete": False,
                }
            )
        )
        with self.smtp() as server:
            composer._action_send_mail()
            self.env["mail.mail"].search([("state", "=", "outgoing")]).send()
        self.assertEqual(server.recipients, ["o@example.com"])

    def test_one_mail_to_many(self):
        mail = self.env["mail.mail"].create(
            {
                "subject": "S",
                "body_html": "<p>b</p>",
                "email_to": f"a@example.com, {AMAZON}",
                "email_cc": f"c@example.com, {AMAZON}",
                "recipient_ids": [(6, 0, (self.relay_partner + self.other_partner).ids)],
                "auto_delete": False,
            }
        )
        with self.smtp() as server:
            mail.send()
        self.assertEqual(mail.state, "sent")
        self.assertEqual(
            set(server.recipients), {"a@example.com", "c@example.com", "o@example.com"}
        )

    def test_invoice_wizard(self):
        self._run(self.order)
        self._ship(self.order)
        self._run(self.order)
        invoice = self.order.invoice_ids
        self.partner.email = AMAZON
        wizard = self.env["account.move.send.wizard"].with_context(
            active_model="account.move", active_ids=invoice.ids, mail_notify_force_send=True
        )
        with self.smtp() as server:
            wizard.create(
                {"move_id": invoice.id, "sending_methods": ["email"]}
            ).action_send_and_print()
            self.env["mail.mail"].search([("state", "=", "outgoing")]).send()
        self.assertFalse(server.messages)
        self.assertTrue(
            any("Amazon" in log.message for log in self.order.automation_log_ids),
        )

    def test_the_filed_invoice_may_go_to_amazon_as_text_with_the_pdf(self):
        self.partner.email = AMAZON
        invoice = self.env["account.move"].create(
            {"move_type": "out_invoice", "partner_id": self.partner.id}
        )
        document = self.env["ir.attachment"].create(
            {"name": "R1.pdf", "raw": b"%PDF-1.7", "mimetype": "application/pdf"}
        )
        invoice._write_filing({"filed_attachment_id": document.id})
        row = self.outbox.create(
            {
                "kind": "invoice",
                "order_id": self.order.id,
                "invoice_id": invoice.id,
                "partner_id": self.partner.id,
                "email": AMAZON,
                "company_id": self.company.id,
            }
        )
        server = self.send(row)
        message = server.messages[0][1]
        self.assertEqual(server.recipients, [AMAZON])
        self.assertEqual([part.get_filename() for part in message.iter_attachments()], ["R1.pdf"])
        self.assertIsNone(message.get_body(("html",)))
        self.assertNotIn("http", message.get_body(("plain",)).get_content())

    # The rules themselves

    def test_rules_can_be_changed(self):
        rule = self.env.ref("order_automation.mail_relay_amazon")
        rule.automatic = "all"
        self.assertEqual(self.wire(self.message(AMAZON)).recipients, [AMAZON])
        rule.active = False
        self.assertEqual(self.wire(self.message(AMAZON)).recipients, [AMAZON])
        self.env["automation.mail.relay"].create({"name": "New", "pattern": "relay.example.*"})
        with self.assertRaises(MailDeliveryException):
            self.wire(self.message("x@relay.example.org"))

    def test_nonsense_patterns(self):
        for pattern in ("*", "a@b.de", "not a domain"):
            with self.assertRaises(ValidationError):
                self.env["automation.mail.relay"].create({"name": "N", "pattern": pattern})


@tagged("post_install", "-at_install")
class TestWrittenByPerson(HttpCase):
    """What counts as written by staff."""

    def post(self, login, **values):
        partner = self.env["res.partner"].create({"name": "Buyer", "email": AMAZON})
        self.authenticate(login, login)
        self.make_jsonrpc_request(
            "/web/dataset/call_kw",
            {
                "model": "res.partner",
                "method": "message_post",
                "args": [partner.ids],
                "kwargs": {"body": "Hello", "partner_ids": partner.ids, **values},
            },
        )
        return self.env["mail.mail"].search([("recipient_ids", "in", partner.ids)])

    def test_a_comment_at_the_screen_and_nothing_else(self):
        new_test_user(self.env, "clerk-at-work", "base.group_user,base.group_partner_manager")
        mail = self.post("clerk-at-work", message_type="comment", subtype_xmlid="mail.mt_comment")
        self.assertTrue(mail.written_by_person)
        mail = self.post("clerk-at-work", message_type="notification")
        self.assertEqual((len(mail), mail.written_by_person), (1, False))

    def test_nothing_written_by_the_system(self):
        partner = self.env["res.partner"].create({"name": "Buyer", "email": AMAZON})
        partner.message_post(
            body="Hello", message_type="comment", partner_ids=partner.ids, force_send=False
        )
        mail = self.env["mail.mail"].search([("recipient_ids", "in", partner.ids)])
        self.assertEqual((len(mail), mail.written_by_person), (1, False))
