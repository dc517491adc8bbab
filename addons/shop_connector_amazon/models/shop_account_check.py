"""The connection test at Amazon, and the end of the client secret."""

from datetime import timedelta

from odoo import api, fields, models

from odoo.addons.automation_core.lib.errors import AutomationError
from odoo.addons.shop_connector.lib.channel import CheckLine

from ..lib.check import check_account, check_lines

WARN_BEFORE = timedelta(days=30)
SECRET_ENDS = "amazon:secret"  # noqa: S105 the code of a case


class ShopAccount(models.Model):
    _inherit = "shop.account"

    def _channel_check(self):
        """Override of `shop_connector` to test the login, the rights and the quotas."""
        if self.channel != "amazon":
            return super()._channel_check()
        places = self._amazon_places()
        try:
            info = check_account(self._amazon_api(), places, self.amazon_seller_id or "")
        except AutomationError as error:
            lines = [CheckLine(False, error.message, error.hint)]
        else:
            lines = check_lines(info, places)
        return [*lines, *self._amazon_setting_lines()]

    def _amazon_setting_lines(self) -> list[CheckLine]:
        """Return what is missing in the account's settings, and when its secret ends."""
        lines = []
        if not self.amazon_marketplace_ids:
            lines.append(CheckLine(False, self.env._("No marketplace is chosen.")))
        if not self.amazon_seller_id:
            lines.append(
                CheckLine(
                    False,
                    self.env._("The merchant token is missing."),
                    self.env._(
                        "Orders come in without it; stock and cancellations cannot be reported."
                    ),
                )
            )
        if self.amazon_secret_end:
            day = self.env["ir.qweb.field.date"].value_to_html(self.amazon_secret_end, {})
            soon = self._amazon_secret_ends_soon()
            lines.append(
                CheckLine(
                    not soon,
                    self.env._("The client secret ends on %s.", day),
                    self._amazon_secret_hint() if soon else "",
                )
            )
        return lines

    def _amazon_secret_ends_soon(self) -> bool:
        end = self.amazon_secret_end
        return self.channel == "amazon" and bool(end and end - WARN_BEFORE <= fields.Date.today())

    def _amazon_secret_hint(self) -> str:
        return self.env._(
            "Renew the secret in Seller Central under “Develop Apps”, and enter the new one here."
        )

    @api.model
    def _cron_amazon_secret(self):
        """Open a case for accounts whose client secret ends soon, close those that were mended."""
        accounts = self.search([("channel", "=", "amazon"), ("live", "=", True)])
        ending = accounts.filtered(lambda account: account._amazon_secret_ends_soon())
        cases = self.env["automation.case"]
        cases._settle(accounts - ending, codes=[SECRET_ENDS])
        cases._raise([account._in_company_language()._prepare_secret_case() for account in ending])

    def _in_company_language(self):
        return self.with_context(lang=self.company_id.partner_id.lang or self.env.lang)

    def _prepare_secret_case(self) -> dict:
        return {
            "record": self,
            "code": SECRET_ENDS,
            "kind": "account",
            "blocking": False,
            "name": self.env._("The client secret of “%s” ends soon", self.name),
            "explanation": self._amazon_secret_hint(),
            "seen": str(self.amazon_secret_end),
        }
