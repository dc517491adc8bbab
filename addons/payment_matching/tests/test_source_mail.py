import base64
from email.message import EmailMessage

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.mail.tests.common import MailCommon

from .source_common import SourceCommon, camt, entry

SENDER = "ebics@bank-tool.example"


@tagged("post_install", "-at_install")
class TestSourceMail(MailCommon, SourceCommon):
    """Statements as attachments of mails that come in through Odoo's gateway."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.source.write(
            {
                "alias_name": "statements-test",
                "alias_domain_id": cls.mail_alias_domain.id,
                "mail_senders": "boss@company.example, @bank-tool.example",
            }
        )
        cls.address = f"statements-test@{cls.mail_alias_domain.name}"

    def _mail(self, *attachments, sender=SENDER, number=1):
        message = EmailMessage()
        message["From"] = sender
        message["To"] = self.address
        message["Subject"] = "Statements"
        message["Message-Id"] = f"<{number}.{id(attachments)}@bank-tool.example>"
        message.set_content("See the attachment.")
        for name, content, kind in attachments:
            main, sub = kind.split("/")
            message.add_attachment(content, maintype=main, subtype=sub, filename=name)
        with mute_logger("odoo.addons.mail.models.mail_thread"):
            self.env["mail.thread"].message_process(False, message.as_bytes())

    def _read(self):
        files = self.env["payment.source.file"].search([("source_id", "=", self.source.id)])
        files._read_now()
        return files

    def test_a_mailed_statement_is_taken(self):
        content = camt(entry(100, "Rechnung 4711"))
        self._mail(
            ("c53.xml", content, "text/xml"),
            ("letter.pdf", b"%PDF-1.4", "application/pdf"),
            ("logo.png", b"\x89PNG", "image/png"),
        )
        file = self._read()
        self.assertEqual((file.name, file.state, file.new_count), ("c53.xml", "done", 1))
        self.assertEqual(base64.b64decode(file.content), content)
        note = "".join(self.source.message_ids.mapped("body"))
        self.assertIn("letter.pdf", note)
        self.assertIn("logo.png", note)

    def test_the_bytes_stay_what_they_were(self):
        """Mail programs call an MT940 in an old character set plain text."""
        content = ":20:X\r\n:86:Müller\r\n".encode("latin-1")
        self._mail(("u.sta", content, "text/plain"))
        file = self.env["payment.source.file"].search([("source_id", "=", self.source.id)])
        self.assertEqual(base64.b64decode(file.content), content)

    def test_a_mail_twice_adds_nothing(self):
        self._mail(("a.xml", camt(entry()), "application/xml"))
        self._mail(("b.xml", camt(entry()), "application/octet-stream"), number=2)
        self.assertEqual(len(self._read()), 1)
        self.assertEqual(len(self._lines()), 1)

    def test_other_senders_are_refused_and_noted(self):
        for sender in ("evil@example.com", "x@bank-tool.example.com", "bank-tool.example"):
            self._mail(("a.xml", camt(entry()), "application/xml"), sender=sender)
        self.assertFalse(self._read())
        self.assertIn("evil@example.com", "".join(self.source.message_ids.mapped("body")))

    def test_nobody_is_accepted_where_nobody_is_named(self):
        self.source.mail_senders = False
        self._mail(("a.xml", camt(entry()), "application/xml"))
        self.assertFalse(self._read())

    def test_a_mail_without_statement_is_noted(self):
        before = len(self.source.message_ids)
        self._mail(("letter.pdf", b"%PDF-1.4", "application/pdf"))
        self.assertFalse(self._read())
        self.assertGreaterEqual(len(self.source.message_ids) - before, 2, "the mail and a note")
