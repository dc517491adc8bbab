from odoo import models

# What the printed invoice says about a line; core lets most of it be written on posted entries.
PRINTED_FIELDS = frozenset(
    {"name", "product_id", "quantity", "price_unit", "discount", "tax_ids", "currency_id"}
    | {"amount_currency", "balance", "debit", "credit"}
)


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def write(self, vals):
        """Override of `account`: the lines of a filed invoice stay what its document says."""
        if names := PRINTED_FIELDS & set(vals):
            for line in self.filtered(lambda line: line.move_id.filing_state == "filed"):
                if any(line.move_id._field_will_change(line, vals, name) for name in names):
                    line.move_id._check_not_filed()
        return super().write(vals)
