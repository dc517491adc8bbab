"""The connection test: what works, in plain words."""

from odoo import fields, models

from odoo.addons.automation_core.checked import render_check

from ..lib.channel import ORDERS, CheckLine


class ShopAccount(models.Model):
    _inherit = "shop.account"

    check_ok = fields.Boolean("Connection test passed", readonly=True, copy=False)

    def action_check(self):
        """Try the connection and the settings; the answer is shown on the account."""
        for account in self:
            # sudo: the test uses credentials that whoever presses the button need not be able to
            # read
            lines = account.sudo().with_company(account.company_id)._check()
            account.check_result = render_check(lines, account._readable)
            account.check_ok = all(line.ok for line in lines)
        return True

    def _check(self) -> list[CheckLine]:
        self.ensure_one()
        try:
            lines = list(self._channel_check())
        except Exception as error:
            lines = [CheckLine(False, self._error_sentence(error))]
        return lines + self._check_settings()

    def _check_settings(self) -> list[CheckLine]:
        """Return what is missing on our side."""
        lines = []
        if ORDERS not in self._channel_capabilities():
            lines.append(CheckLine(False, self.env._("This channel cannot fetch orders.")))
        if not self.tax_ids:
            lines.append(
                CheckLine(
                    False,
                    self.env._("No sales tax of %s is known.", self.company_id.name),
                    self.env._("Set up the company's chart of accounts, then press “Find taxes”."),
                )
            )
        lines += [
            CheckLine(
                False,
                self.env._("“%s” is not set.", self._fields[name]._description_string(self.env)),
            )
            for name in PRODUCT_FIELDS
            if not self[name]
        ]
        if not self.payment_map_ids:
            lines.append(
                CheckLine(
                    False,
                    self.env._("No payment of the shop is known."),
                    self.env._(
                        "Every order that the shop does not call paid will be held. Fill the "
                        "list “Payments”."
                    ),
                )
            )
        return lines or [CheckLine(True, self.env._("The settings are complete."))]


PRODUCT_FIELDS = (
    "unknown_product_id",
    "shipping_product_id",
    "fee_product_id",
    "discount_product_id",
    "voucher_product_id",
)
