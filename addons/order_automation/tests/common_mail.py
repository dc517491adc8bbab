from contextlib import contextmanager
from unittest.mock import patch

from odoo.addons.base.models.ir_mail_server import IrMail_Server

from .common import AutomationCommon


class OutgoingSmtp:
    """Stands in for the mail server: keeps what is sent, or refuses it."""

    def __init__(self):
        self.messages = []
        self.refuse = {}

    def send_message(self, message, smtp_from, smtp_to_list):
        for address in smtp_to_list:
            if address in self.refuse:
                raise self.refuse[address]
        self.messages.append((sorted(smtp_to_list), message))

    def quit(self):
        pass

    @property
    def recipients(self):
        return [address for addresses, _message in self.messages for address in addresses]


class MailCommon(AutomationCommon):
    """Orders with mails, and a mail server that is none."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for lang in ("en_US", "de_DE"):
            cls.env["res.lang"]._activate_lang(lang)
        cls.company.write({"email": "shop@example.com", "name": "Tea & Söhne"})
        cls.company.partner_id.bank_ids.active = False
        cls.env["res.partner.bank"].create(
            {"acc_number": "DE02 1203 0000 0000 2020 51", "partner_id": cls.company.partner_id.id}
        )
        cls.outbox = cls.env["automation.mail"]
        cls.order = cls._create_orders(client_order_ref="400123")

    @contextmanager
    def smtp(self):
        """Let mails leave as far as the wire."""
        server = OutgoingSmtp()
        with (
            patch.object(IrMail_Server, "_disable_send", return_value=False),
            patch.object(IrMail_Server, "_connect__", return_value=server),
        ):
            yield server

    def send(self, rows=None):
        """Render the waiting mails and run the queue; return the server that got them."""
        rows = self.outbox.search([("state", "=", "pending")]) if rows is None else rows
        rows.filtered(lambda row: row.state == "pending")._step_hand_over()
        with self.smtp() as server:
            rows.mail_id.send()
        return server

    def cases(self, record, code):
        return self.env["automation.case"].search(
            [("res_model", "=", record._name), ("res_id", "=", record.id), ("code", "=", code)]
        )
