from odoo import models


class ShopOrder(models.Model):
    _inherit = "shop.order"

    def _trial_vals(self) -> dict:
        """Return what a trial tells about this order."""
        self.ensure_one()
        sale = self.sale_order_id
        reasons = sale.automation_case_ids.filtered(
            lambda case: case.state == "open" and case.blocking
        ).mapped("name")
        if sale.state in ("draft", "sent"):
            reasons += self.env["automation.rule"]._explain(sale).get(sale.id, [])
        if self.state == "quarantined":
            result, reasons = "stuck", [self.last_error, self.hint or ""]
        elif not sale:
            result, reasons = "none", [self.env._("Nothing to do in the shop's present state.")]
        else:
            result = "held" if reasons else "goes"
        return {
            "number": self.number,
            "date": sale.date_order,
            "articles": ", ".join(
                f"{line.product_uom_qty:g} × {line.product_id.default_code or line.name}"
                for line in sale.order_line
                if line.product_id and not line.is_delivery
            ),
            "currency_id": (sale.currency_id or self.company_id.currency_id).id,
            "shop_total": sale.shop_total,
            "order_total": sale.amount_total,
            "result": result,
            "reasons": "\n".join(filter(None, reasons)),
        }
