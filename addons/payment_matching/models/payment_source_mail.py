"""Statements that arrive by mail: attachments from senders that somebody has named."""

from email.message import EmailMessage

from odoo import api, fields, models
from odoo.tools import email_normalize

from ..lib.mailed import is_allowed, is_statement_name
from ..lib.source import SourceFile


class PaymentSource(models.Model):
    _inherit = "payment.source"

    mail_senders = fields.Text(
        "Accepted senders",
        help="One per line: an address, or a domain as @bank.example. Mails from others are kept "
        "in the log below, but their attachments are not taken. Let your mail server refuse "
        "forged senders.",
    )

    def _alias_get_creation_values(self):
        """Override: a mail to the address of a source belongs to that source."""
        model = self.env["ir.model"]._get_id(self._name)
        return {
            **super()._alias_get_creation_values(),
            "alias_model_id": model,
            "alias_force_thread_id": self.id or 0,
        }

    def message_update(self, msg_dict, update_vals=None):
        """Override: take the statements out of a mail."""
        result = super().message_update(msg_dict, update_vals=update_vals)
        for source in self:
            source._in_its_language()._take_mail(msg_dict)
        return result

    def _take_mail(self, msg_dict: dict) -> None:
        """Keep what may be a statement raw; say in the log what was not taken."""
        sender = email_normalize(msg_dict.get("email_from") or msg_dict.get("from") or "") or ""
        attachments = msg_dict.get("attachments") or []
        if not is_allowed(sender, self.mail_senders or ""):
            self._note_mail(
                self.env._(
                    "The attachments of this mail were not taken: %s is not among the accepted "
                    "senders.",
                    sender or "?",
                )
            )
            return
        found = [
            SourceFile(name, content if isinstance(content, bytes) else content.encode())
            for name, content, *_info in attachments
            if is_statement_name(name)
        ]
        left = [name for name, *_rest in attachments if not is_statement_name(name)]
        self.env["payment.source.file"]._store(self, found)
        if not found:
            self._note_mail(self.env._("This mail has no attachment that may be a statement."))
        elif left:
            self._note_mail(self.env._("Left aside, no statements: %s", ", ".join(left)))

    def _note_mail(self, text: str) -> None:
        self.message_post(body=text, message_type="notification")


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    @api.model
    def _message_route_process(self, message: EmailMessage, message_dict, routes):
        """Override: statements are kept byte by byte, not as the text that a mail program would
        make of them.
        """
        if any(route[0] == "payment.source" for route in routes or ()):
            raw = {
                part.get_filename(): part.get_payload(decode=True)
                for part in message.walk()
                if part.get_filename() and not part.is_multipart()
            }
            message_dict["attachments"] = [
                attachment._replace(content=raw[attachment.fname])
                if raw.get(attachment.fname) is not None
                else attachment
                for attachment in message_dict.get("attachments") or []
            ]
        return super()._message_route_process(message, message_dict, routes)
