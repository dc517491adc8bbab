from odoo import models
from odoo.fields import Command

from .engine_memo import memo_of


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _prepare_invoice_line(self, **optional_values):
        """Override of `sale`: a batch says beforehand what core works out for each invoice line.

        Core creates the lines without amounts and tags, works them out and writes them line by
        line, each write a round of checks over its invoice. Where it comes to another result than
        said here, it writes that as ever.
        """
        values = super()._prepare_invoice_line(**optional_values)
        if memo_of(self.env) is not None and self._is_foreseeable(values):
            amount = -self.price_subtotal or 0.0
            tags = self.product_id.sudo().account_tag_ids | self._get_base_tags()
            values |= {
                "tax_tag_ids": [Command.set(tags.ids)],
                "amount_currency": amount,
                "balance": amount,
            }
        return values

    def _is_foreseeable(self, values: dict) -> bool:
        """Whether the invoice line is the order line: all of it, in euros and cents, with taxes."""
        return bool(
            values.get("display_type") == "product"
            and not self.is_downpayment
            and self.currency_id == self.company_id.currency_id
            and values.get("quantity") == self.product_uom_qty
            and self.product_uom_qty > 0
            and self.price_subtotal >= 0
            and self.tax_ids
            and all(
                tax.amount_type == "percent" and tax.tax_exigibility == "on_invoice"
                for tax in self.tax_ids
            )
        )

    def _get_base_tags(self):
        """Return the tags of the tax report that stand on the line itself."""
        parts = self.tax_ids.invoice_repartition_line_ids
        return parts.filtered(lambda part: part.repartition_type == "base").tag_ids
