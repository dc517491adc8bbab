"""Files that leave as attachments of a mail."""

from collections.abc import Iterable
from typing import Never

from odoo import fields, models

from odoo.addons.automation_core.lib import errors

from ..lib.place import Place, RemoteFile, split


class MailPlace(Place):
    """A recipient. Every file is a mail in Odoo's own queue; nothing can be fetched."""

    def __init__(self, transport) -> None:
        self.transport = transport

    def open(self) -> None:
        """The queue is always open."""

    def close(self) -> None:
        """The queue's own job sends."""

    def check(self):
        """Say where mails go."""
        env = self.transport.env
        return (env._("Files are mailed to %s.", self.transport.mail_to),)

    def _store(self, path: str, content: bytes) -> None:
        self.transport._mail_file(split(path)[1], content)

    def put(self, path: str, content: bytes) -> None:
        """Override: there is no half mail, so no temporary name either."""
        if not split(path)[1]:
            self._refuse()
        self._store(path, content)

    def _entries(self, folder: str) -> Iterable[RemoteFile]:
        self._refuse()

    def _fetch(self, path: str, max_bytes: int) -> bytes:
        self._refuse()

    def _rename(self, path: str, target: str, *, replace: bool) -> None:
        self._refuse()

    def _make_folder(self, folder: str) -> None:
        self._refuse()

    def _remove(self, path: str) -> None:
        self._refuse()

    def _refuse(self) -> Never:
        raise errors.Rejected(
            self.transport.env._("A mail place only sends."),
            self.transport.env._("Choose another kind of place to fetch files."),
        )


class FileTransport(models.Model):
    _inherit = "file.transport"

    mail_to = fields.Char("Recipients", help="Mail addresses with commas in between.")
    mail_subject = fields.Char("Subject", help="{name} stands for the name of the file.")
    mail_body = fields.Html("Text of the mail")

    def _mail_place(self) -> MailPlace:
        return MailPlace(self)

    def _mail_file(self, name: str, content: bytes) -> None:
        """Put a mail with this file into the queue of mails."""
        company = self.company_id or self.env.company
        self.env["mail.mail"].create(
            {
                "subject": (self.mail_subject or "{name}").replace("{name}", name),
                "body_html": self.mail_body or "",
                "email_to": self.mail_to,
                "email_from": company.email_formatted or self.env.user.email_formatted,
                "auto_delete": False,
                "model": self._name,
                "res_id": self.id,
                "attachment_ids": [
                    fields.Command.create(
                        {"name": name, "raw": content, "res_model": self._name, "res_id": self.id}
                    )
                ],
            }
        )
