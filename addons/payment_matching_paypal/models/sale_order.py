from odoo import models

from .account_bank_statement_line import DISPUTE


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _paypal_dispute_case(self, line) -> dict:
        if self._match_goods_left():
            what = self.env._("Goods have left already: answer the dispute at PayPal.")
        else:
            what = self.env._("The goods are held until PayPal releases the money.")
        return {
            "record": self,
            "code": DISPUTE,
            "blocking": not self._match_goods_left(),
            "name": self.env._("PayPal holds the payment: the payer has complained"),
            "explanation": "\n".join(
                [self.env._("It is about the payment %s.", line.payment_bank_reference), what]
            ),
            "seen": line.payment_bank_reference,
        }
