from odoo.tests import Form, tagged

from .common_book import BookCommon


@tagged("post_install", "-at_install")
class TestCaseAnswers(BookCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._create_prepaid()
        cls.company.partner_id.bank_ids.active = False
        cls.env["res.partner.bank"].create(
            {"acc_number": "DE02120300000000202051", "partner_id": cls.company.partner_id.id}
        )

    def _send(self, action):
        composer = Form(self.env["mail.compose.message"].with_context(**action["context"])).save()
        composer.action_send_mail()
        return self.order.message_ids.filtered(lambda one: one.message_type == "comment")[:1]

    def test_mail_about_what_is_missing(self):
        self._pay(self.order, 110)
        case = self._cases(self.order, "payment:short")
        self.assertEqual(case.payment_question, "short")
        message = self._send(case.action_payment_write())
        self.assertRegex(message.body, r"\b9[.,]00")
        self.assertIn("DE02", message.body)
        self.assertEqual(message.partner_ids, self.partner)
        self.assertEqual(case.state, "open")
        case.action_payment_wait()
        self.assertEqual(case.state, "resolved")
        self._run(self.order)
        self.assertEqual(self.order.automation_state, "waiting_payment")
        self.assertFalse(self._cases(self.order, "payment:short"))

    def test_mail_in_the_customers_language(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.partner.lang = "de_DE"
        self._pay(self.order, 110)
        action = self._cases(self.order, "payment:short").action_payment_write()
        self.assertIn("9,00", action["context"]["default_body"])

    def test_mail_about_what_is_too_much(self):
        self._pay(self.order, 125)
        case = self._cases(self.order, "payment:over")
        message = self._send(case.action_payment_write())
        self.assertRegex(message.body, r"\b6[.,]00")

    def test_next_payment_asks_anew(self):
        self._pay(self.order, 50)
        self._cases(self.order, "payment:short").action_payment_wait()
        self.assertFalse(self._cases(self.order, "payment:short"))
        self._pay(self.order, 50)
        self.assertTrue(self._cases(self.order, "payment:short"))

    def test_reminder_asks_for_the_rest(self):
        self._pay(self.order, 110)
        mail = self.env["automation.mail"].new({"kind": "reminder", "order_id": self.order.id})
        self.assertRegex(mail.due_text, r"^\D*9[.,]00")
