from odoo import models


class AccountMoveSend(models.AbstractModel):
    _inherit = "account.move.send"

    def _hook_invoice_document_after_pdf_report_render(self, invoice, invoice_data):
        """Override of `account_edi_ubl_cii`: consumers' invoices are filed as plain PDF."""
        if self.env.context.get("automation_plain_pdf"):
            return None
        return super()._hook_invoice_document_after_pdf_report_render(invoice, invoice_data)
