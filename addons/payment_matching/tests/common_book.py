from odoo import fields
from odoo.fields import Command

from odoo.addons.payment_matching.models.payment_match_target import Target

from .common import PaymentCommon


class BookCommon(PaymentCommon):
    """German taxes and accounts; what the books say is compared to the cent."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lines = cls.env["account.bank.statement.line"]
        cls.allocations = cls.env["payment.match.allocation"]
        chart = cls.env["account.chart.template"].with_company(cls.company)
        if german := chart.ref("tax_ust_19_skr03", raise_if_not_found=False):
            cls.tax = german
            cls.product.taxes_id = german
        cls.tax.price_include_override = "tax_excluded"
        cls.product.list_price = 100  # 119 with tax
        cls.loss = cls._create_account("4901", "Differences", "expense")
        cls.gain = cls._create_account("2701", "Gains", "income_other")
        cls.journal.loss_account_id = cls.loss
        cls.journal.profit_account_id = cls.gain
        cls.discounts = cls.company.account_journal_early_pay_discount_loss_account_id
        cls.term = cls.env["account.payment.term"].create(
            {
                "name": "2 % in 10 days",
                "early_discount": True,
                "early_pay_discount_computation": "included",
                "discount_percentage": 2,
                "discount_days": 10,
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": 100, "nb_days": 30})
                ],
            }
        )
        cls.today = fields.Date.context_today(cls.lines)

    @classmethod
    def _create_account(cls, code, name, account_type):
        accounts = cls.env["account.account"]
        while accounts.search_count([("code", "=", code)]):
            code = str(int(code) + 1)
        return accounts.create({"code": code, "name": name, "account_type": account_type})

    @classmethod
    def _pay(cls, record, amount, **target):
        """Return a payment of ``amount`` that was confirmed for ``record``."""
        line = cls._create_payment(amount, record.display_name, date=cls.today)
        line._match_confirm([Target(record, **target)])
        return line

    @classmethod
    def _invoice_order(cls, order):
        """Return the order's posted invoice after its goods have left."""
        cls._run(order)
        cls._ship(order)
        cls._run(order)
        return order.invoice_ids

    @classmethod
    def _taxed_invoice(cls, net=100.0, **values):
        move = cls.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": cls.partner.id,
                "invoice_date": cls.today,
                "invoice_line_ids": [
                    Command.create(
                        {"name": "Goods", "price_unit": net, "tax_ids": [Command.set(cls.tax.ids)]}
                    )
                ],
                **values,
            }
        )
        move.action_post()
        return move

    def _items(self, move):
        """Return the entry as ``{(account code, amount)}`` counts, for comparing to the cent."""
        return sorted((line.account_id.code, round(line.balance, 2)) for line in move.line_ids)

    @property
    def receivable(self):
        return self.partner.with_company(self.company).property_account_receivable_id

    @property
    def bank(self):
        return self.journal.default_account_id

    def assert_items(self, move, *wanted):
        self.assertEqual(
            self._items(move), sorted((account.code, amount) for account, amount in wanted)
        )

    def _cases(self, record, code):
        return self.env["automation.case"].search(
            [
                ("res_model", "=", record._name),
                ("res_id", "=", record.id),
                ("code", "=", code),
                ("state", "=", "open"),
            ]
        )
