from odoo import api, fields, models


class AccountTax(models.Model):
    _inherit = "account.tax"

    @api.model
    def _add_tax_details_in_base_line(self, base_line, company, rounding_method=None):
        """Override of `account` to round as the shop did, whatever the company does elsewhere."""
        if not rounding_method and self._rounds_as_shop(base_line["record"]):
            rounding_method = "round_globally"
        return super()._add_tax_details_in_base_line(base_line, company, rounding_method)

    @api.model
    def _rounds_as_shop(self, record) -> bool:
        """Whether the line belongs to a document whose taxes are rounded once per rate."""
        name = getattr(record, "_name", None)
        if name == "sale.order.line":
            return record.order_id.shop_rounding
        if name == "account.move.line":
            return record.move_id.shop_rounding
        return False


class AccountMove(models.Model):
    _inherit = "account.move"

    shop_rounding = fields.Boolean(
        "Taxes rounded once",
        readonly=True,
        help="Taxes are rounded once per rate, as in the shop, not per line.",
    )


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def _is_printed_gross(self) -> bool:
        """Whether the printed line's amount is gross: as its unit price is, and as in the shop."""
        self.ensure_one()
        move = self.move_id
        as_in_shop = (
            move.shop_rounding and self.tax_ids and all(self.tax_ids.mapped("price_include"))
        )
        return move.company_price_include == "tax_included" or bool(as_in_shop)
