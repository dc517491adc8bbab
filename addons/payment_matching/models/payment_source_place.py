"""Files that a bank's tool, or the bank, puts into a folder or on a server."""

from datetime import UTC, datetime

from odoo import fields, models

from odoo.addons.automation_core.lib import errors
from odoo.addons.file_transport.lib.pickup import Watch

from ..lib.pickup import fetch_page
from ..lib.source import CheckLine


class PaymentSource(models.Model):
    _inherit = "payment.source"

    place_id = fields.Many2one(
        "file.transport",
        domain="[('kind', 'not in', ('mail', 'http')), ('company_id', 'in', [company_id, False])]",
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    place_folder = fields.Char("Folder", help="Below the place's own folder.")
    place_pattern = fields.Char(
        "Names of the files", default="*", help="e.g. *.xml or umsatz-*.sta; *: all of them."
    )
    place_after = fields.Selection(
        [("move", "Move them"), ("delete", "Delete them"), ("leave", "Leave them there")],
        "Afterwards",
        default="move",
        required=True,
        help="What happens to files once they are stored here.",
    )
    place_archive = fields.Char(
        "Move to folder", default="done", help="Below the folder of the files."
    )

    def _source_fetch(self, cursor):
        """Override for files in a place."""
        if self.kind != "place":
            return super()._source_fetch(cursor)
        with self._source_place() as place:
            return fetch_page(place, self._place_watch(), cursor, datetime.now(UTC))

    def _source_check(self):
        """Override for files in a place: look for them; nothing is taken."""
        if self.kind != "place":
            return super()._source_check()
        watch = self._place_watch()
        with self._source_place() as place:
            count = len(place.list(watch.pattern, watch.folder))
        text = self.env._(
            "The place can be read. Files that fit “%(names)s”: %(count)s.",
            names=watch.pattern,
            count=count,
        )
        return [CheckLine(True, text)]

    def _source_secrets(self):
        """Override for the login of the place."""
        return [*super()._source_secrets(), *self.place_id._secrets()]

    def _source_place(self):
        """Return the place, for a ``with`` statement."""
        if not self.place_id:
            raise errors.Rejected(
                self.env._("The source does not say where its files come from."),
                self.env._("Choose a place."),
            )
        return self.place_id._place()

    def _place_watch(self) -> Watch:
        return Watch(
            pattern=self.place_pattern or "*",
            folder=self.place_folder or "",
            after=self.place_after,
            archive=self.place_archive or "done",
        )
