from datetime import timedelta

from odoo import fields

from odoo.addons.order_automation.tests.common import AutomationCommon

BUYER_IBAN = "DE27100777770209299700"


class PaymentCommon(AutomationCommon):
    """A bank journal of its own whose payments are matched, on top of orders and a policy."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.journal = cls.env["account.journal"].create(
            {
                "name": "Test bank",
                "type": "bank",
                "code": "TBNK",
                "company_id": cls.company.id,
                "match_payments": True,
            }
        )

    @classmethod
    def _create_prepaid(cls, count=1, **values):
        """Return orders that wait for their money."""
        values = {"automation_payment_method_id": cls.prepayment.id, **values}
        orders = cls._create_orders(count, **values)
        cls._run(orders)
        return orders

    @classmethod
    def _create_invoice(cls, amount=100.0, partner=None, move_type="out_invoice", **values):
        """Return a posted invoice over ``amount`` without tax."""
        line = {"name": "Goods", "quantity": 1, "price_unit": amount, "tax_ids": [(6, 0, [])]}
        move = cls.env["account.move"].create(
            {
                "move_type": move_type,
                "partner_id": (partner or cls.partner).id,
                "invoice_date": values.pop("invoice_date", cls._day(-8)),
                "invoice_line_ids": [(0, 0, line)],
                **values,
            }
        )
        move.action_post()
        return move

    @classmethod
    def _create_payment(cls, amount, text="", **values):
        """Return a payment on the bank account, as an import would have made it."""
        return cls.env["account.bank.statement.line"].create(
            {
                "journal_id": cls.journal.id,
                "date": cls._day(),
                "amount": amount,
                "payment_ref": text,
                "partner_name": cls.partner.name,
                "account_number": BUYER_IBAN,
                "match_state": "waiting",
                **values,
            }
        )

    @staticmethod
    def _day(days=0):
        """Return today, or another day."""
        return fields.Date.today() + timedelta(days=days)
