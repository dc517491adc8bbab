"""The connection test, the trust in a server's key, and a key pair of one's own."""

from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.automation_core.checked import render_check
from odoo.addons.automation_core.lib import errors
from odoo.addons.automation_core.lib.check import CheckLine

from ..lib import sftp


class FileTransport(models.Model):
    _inherit = "file.transport"

    def action_check(self):
        """Connect and say in plain words what works."""
        for transport in self:
            lines = transport._check()
            # sudo: whoever may press the button sees the answer on the record
            transport.sudo().write(
                {
                    "check_result": render_check(lines, transport._say),
                    "checked": fields.Datetime.now(),
                }
            )
        return True

    def _check(self) -> list[CheckLine]:
        self.ensure_one()
        try:
            with self._place() as place:
                return [CheckLine(True, text) for text in place.check()]
        except sftp.HostKeyUnknown as error:
            # sudo: the key is only kept to be looked at, nothing is trusted yet
            self.sudo().host_key_seen = error.key
            return [CheckLine(False, error.message, error.hint)]
        except errors.AutomationError as error:
            return [CheckLine(False, error.message, error.hint)]

    def action_trust_host_key(self):
        """Trust the key that the server showed at the last test, then test again."""
        self.check_access("write")
        for transport in self:
            if transport.host_key_seen:
                transport.write({"host_key": transport.host_key_seen, "host_key_seen": False})
        return self.action_check()

    def action_make_key(self):
        """Make a key pair; the public half is for the operator."""
        for transport in self:
            if transport.private_key:
                raise UserError(
                    self.env._(
                        "There is a private key already. Delete it first if it is not used any "
                        "more."
                    )
                )
            transport.private_key = sftp.new_key()[0]
        return True

    def action_delete_key(self):
        """Forget the private key, which the form never shows again once it is there."""
        self.write({"private_key": False, "passphrase": False})
        return True
