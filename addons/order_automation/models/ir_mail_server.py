from copy import deepcopy

from odoo import api, models

from odoo.addons.base.models.ir_mail_server import MailDeliveryException, extract_rfc2822_addresses

from ..lib import mime, relay

# Set by our own code on mails inside Odoo, taken off before they leave
PERSONAL_HEADER = "X-Automation-Personal"
KIND_HEADER = "X-Automation-Kind"


class IrMailServer(models.Model):
    _inherit = "ir.mail_server"

    def _build_email__(self, *args, **kwargs):
        """Override of `base`: pictures in the mails of orders travel inside them."""
        message = super()._build_email__(*args, **kwargs)
        if message[KIND_HEADER]:
            mime.embed_images(message)
        return message

    @api.model
    def send_email(self, message, *args, **kwargs):
        """Override of `base`: the guard of relay addresses, passed by every mail that leaves Odoo.

        Recipients that may not get this mail are taken out, those that may get text only receive a
        copy without links; all others receive it unchanged. Mails are automatic unless marked as
        written by a person.
        """
        letter = self._relay_letter(message)
        del message[PERSONAL_HEADER], message[KIND_HEADER]
        verdicts = self._relay_verdicts(message, letter)
        if not verdicts:
            return super().send_email(message, *args, **kwargs)
        recipients = self._relay_addresses(message, mime.RECIPIENT_HEADERS)
        refused = {one for one, verdict in verdicts.items() if verdict.outcome == relay.REFUSED}
        plain = recipients & set(verdicts) - refused
        free = recipients - set(verdicts)
        sent = None
        if plain:
            copy = deepcopy(message)
            mime.drop_recipients(copy, refused | free)
            mime.to_plain_text(copy, keep_pdf=letter.invoice)
            sent = super().send_email(copy, *args, **kwargs)
        if free:
            mime.drop_recipients(message, set(verdicts))
            sent = super().send_email(message, *args, **kwargs)
        if not sent:
            reason = self.env["automation.mail.relay"]._explain(verdicts[min(refused)])
            raise MailDeliveryException(self.env._("Mail not sent"), reason)
        return sent

    @api.model
    def _relay_letter(self, message) -> relay.Letter:
        return relay.Letter(
            personal=message[PERSONAL_HEADER] == "1",
            invoice=message[KIND_HEADER] == "invoice",
            attachments=mime.count_attachments(message),
        )

    @api.model
    def _relay_verdicts(self, message, letter) -> dict[str, relay.Verdict]:
        """Return the verdict on each address that is not free to get the mail as it is."""
        judge = self.env["automation.mail.relay"]._judge
        addresses = self._relay_addresses(message, mime.SHOWN_HEADERS)
        verdicts = {one: judge(one, letter) for one in addresses}
        return {one: verdict for one, verdict in verdicts.items() if verdict.outcome != relay.FREE}

    @api.model
    def _relay_addresses(self, message, headers) -> set[str]:
        """Return the addresses in these headers, found in the way Odoo itself looks for them."""
        validated = self.env.context.get("send_validated_to")
        return {
            relay.normal_address(address)
            for header in headers
            for value in message.get_all(header, [])
            for address in extract_rfc2822_addresses(str(value))
            if not validated or address in validated or header not in mime.RECIPIENT_HEADERS
        }
