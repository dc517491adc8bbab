import io

from odoo import models


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    def _render_qweb_pdf_prepare_streams(self, report_ref, data, res_ids=None):
        """Override of `account`: a filed invoice is never printed anew; its file is given."""
        filed = self.env["account.move"]
        if res_ids and self._is_invoice_report(report_ref):
            filed = filed.browse(dict.fromkeys(res_ids)).filtered("filed_attachment_id")
        if not filed:
            return super()._render_qweb_pdf_prepare_streams(report_ref, data, res_ids=res_ids)
        filed.check_access("read")
        # sudo: the document belongs to the invoice, which the person may read
        documents = {move.id: move.sudo().filed_attachment_id for move in filed}
        rest = [res_id for res_id in res_ids if res_id not in documents]
        streams = (
            super()._render_qweb_pdf_prepare_streams(report_ref, data, res_ids=rest) if rest else {}
        )
        given = {
            res_id: {"stream": io.BytesIO(document.raw), "attachment": document}
            for res_id, document in documents.items()
        }
        found = {**streams, **given}
        return {key: found.pop(key) for key in res_ids if key in found} | found
