"""The connection test: what this shop can do, in plain words."""

from odoo import models

from odoo.addons.automation_core.lib.errors import AutomationError
from odoo.addons.shop_connector.lib.channel import CheckLine

from ..lib.check import ShopInfo, check_shop

CLOCK_TOLERANCE = 5 * 60  # seconds
FEW_REQUESTS = 500
STATUSES = ("gambio_status_shipped", "gambio_status_partly", "gambio_status_cancelled")


class ShopAccount(models.Model):
    _inherit = "shop.account"

    def _channel_check(self):
        """Override of `shop_connector` to test the login and say what this shop can do."""
        if self.channel != "gambio":
            return super()._channel_check()
        try:
            info = check_shop(self._gambio_client())
        except AutomationError as error:
            return [CheckLine(False, error.message, error.hint)]
        return [
            self._gambio_version_line(info),
            *self._gambio_order_lines(info),
            *self._gambio_message_lines(info),
            *self._gambio_stock_lines(info),
            *self._gambio_limit_lines(info),
        ]

    def _gambio_right(self) -> str:
        return self.env._("In the shop's administration, give this administrator's role the right.")

    def _gambio_version_line(self, info: ShopInfo) -> CheckLine:
        text = self.env._(
            "The shop answers: Gambio %(shop)s with API %(api)s.",
            shop=info.shop_version or "?",
            api=info.api_version or "?",
        )
        hint = ""
        if not info.reads_changes and info.reads_orders:
            hint = self.env._(
                "This shop is too old to tell changes: new orders come in, later changes do not."
            )
        return CheckLine(True, text, hint)

    def _gambio_order_lines(self, info: ShopInfo) -> list[CheckLine]:
        right = self._gambio_right()
        lines = [
            CheckLine(True, self.env._("The login may read orders."))
            if info.reads_orders
            else CheckLine(False, self.env._("The login may not read orders."), right)
        ]
        if not info.reads_statuses and info.reads_changes:
            text = self.env._(
                "The login may not read order statuses: the shop's own ones have no names."
            )
            lines.append(CheckLine(False, text, right))
        return lines

    def _gambio_message_lines(self, info: ShopInfo) -> list[CheckLine]:
        """Return whether the shop can be told about parcels, and knows the chosen statuses."""
        lines = []
        if not info.knows_tracking:
            text = self.env._("This shop is too old for tracking codes.")
            hint = self.env._("Carrier and tracking number go to the order's history there.")
            lines.append(CheckLine(True, text, hint))
        elif info.parcel_services is None:
            text = self.env._("The login may not read parcel services: no parcel can be told.")
            lines.append(CheckLine(False, text, self._gambio_right()))
        else:
            names = ", ".join(info.parcel_services)
            lines.append(CheckLine(True, self.env._("Parcel services of the shop: %s.", names)))
        return lines + [
            CheckLine(
                False,
                self.env._(
                    "The shop has no order status %(number)s, which is set as “%(field)s”.",
                    number=self[name],
                    field=self._fields[name]._description_string(self.env),
                ),
                self.env._("Choose one of: %s", self._gambio_status_words(info)),
            )
            for name in STATUSES
            if info.statuses and self[name] and str(self[name]) not in info.statuses
        ]

    def _gambio_status_words(self, info: ShopInfo) -> str:
        return ", ".join(f"{number} {name}" for number, name in info.statuses.items())

    def _gambio_stock_lines(self, info: ShopInfo) -> list[CheckLine]:
        if not info.reads_products:
            text = self.env._("The login may not read products: no stock can be told.")
            return [CheckLine(False, text, self._gambio_right())]
        if info.has_v3:
            text = self.env._("The stock of products and of their variants can be told.")
            return [CheckLine(True, text)]
        text = self.env._("The stock of products can be told.")
        if info.has_v3 is None:
            return [CheckLine(True, text)]
        hint = self.env._(
            "Not that of variants: this shop has no API v3, or the login may not use it."
        )
        return [CheckLine(True, text, hint)]

    def _gambio_limit_lines(self, info: ShopInfo) -> list[CheckLine]:
        lines = []
        if info.clock_difference is not None and abs(info.clock_difference) > CLOCK_TOLERANCE:
            minutes = round(info.clock_difference / 60)
            text = self.env._("The shop's clock differs from ours by %s minutes.", minutes)
            hint = self.env._(
                "Up to two hours do no harm, but one of the two clocks should be set."
            )
            lines.append(CheckLine(False, text, hint))
        if info.quota is not None:
            text = self.env._(
                "The shop allows %s more requests in this quarter of an hour.", info.quota
            )
            lines.append(CheckLine(info.quota >= FEW_REQUESTS, text))
        return lines
