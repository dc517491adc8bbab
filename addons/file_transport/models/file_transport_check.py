"""The connection test, the trust in a server's key, and a key pair of one's own."""

from markupsafe import Markup

from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.automation_core.lib import errors

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
                    "check_result": transport._render_check(lines),
                    "checked": fields.Datetime.now(),
                }
            )
        return True

    def _check(self) -> list[tuple[bool, str, str]]:
        """Return lines of: does it work, a sentence, what to do."""
        self.ensure_one()
        try:
            with self._place() as place:
                return [(True, self._say(text), "") for text in place.check()]
        except sftp.HostKeyUnknown as error:
            # sudo: the key is only kept to be looked at, nothing is trusted yet
            self.sudo().host_key_seen = error.key
            return [(False, self._say(error.message), self._say(error.hint))]
        except errors.AutomationError as error:
            return [(False, self._say(error.message), self._say(error.hint))]

    def _render_check(self, lines: list[tuple[bool, str, str]]) -> Markup:
        rows = Markup().join(
            Markup('<li><i class="fa fa-fw {}"></i> {}{}</li>').format(
                "fa-check text-success" if works else "fa-times text-danger",
                text,
                Markup('<br/><span class="text-muted ms-4">{}</span>').format(hint) if hint else "",
            )
            for works, text, hint in lines
        )
        return Markup('<ul class="list-unstyled mb-0">{}</ul>').format(rows)

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
