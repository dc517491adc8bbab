from odoo import models

from .engine_memo import Memo, memo_of

ORIGIN_NOTE = "mail.message_origin_link"


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    def message_post_with_source(self, source_ref, **kwargs):
        """Override of `mail`: "created from" notes of a batch are written together at its end.

        They are notes all the same, but nobody is notified of each: a batch says nothing that the
        order's timeline does not say.
        """
        memo = memo_of(self.env)
        if memo is None or source_ref != ORIGIN_NOTE:
            return super().message_post_with_source(source_ref, **kwargs)
        memo.notes.append((self, kwargs.get("render_values")))
        return self.env["mail.message"]

    def _automation_write_notes(self, memo: Memo) -> None:
        """Write the notes that were put off."""
        notes, memo.notes = memo.notes, []
        bodies: dict[str, dict[int, str]] = {}
        for records, values in notes:
            bodies.setdefault(records._name, {}).update(
                self.env["mail.render.mixin"]._render_template_qweb_view(
                    ORIGIN_NOTE, records._name, records.ids, add_context=values
                )
            )
        for model, texts in bodies.items():
            self.env[model].browse(texts)._message_log_batch(texts)
