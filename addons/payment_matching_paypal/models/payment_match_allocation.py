from odoo import models


class PaymentMatchAllocation(models.Model):
    _inherit = "payment.match.allocation"

    def _match_booked(self):
        """Override of `payment_matching`: a payment may be in dispute before it is confirmed."""
        result = super()._match_booked()
        self.line_id.filtered(lambda line: line._is_paypal())._paypal_check_disputes()
        return result

    def _paypal_orders(self):
        """Return the orders that these payments are for, directly or by an invoice."""
        return self.order_id | self.invoice_id.invoice_line_ids.sale_line_ids.order_id
