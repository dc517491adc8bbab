from datetime import UTC, datetime

from odoo import fields, models

from odoo.addons.automation_core.lib.errors import AutomationError
from odoo.addons.automation_core.lib.http import HttpClient
from odoo.addons.shop_connector.lib import channel as seam

from ..lib import parser
from ..lib.client import GambioClient, ShopInfo, auth_header, shop_url
from ..lib.fetch import OrderFetcher

CLOCK_TOLERANCE = 5 * 60  # seconds
FEW_REQUESTS = 500
LONG_AGO = datetime(2000, 1, 1)  # noqa: DTZ001 as the database has it, in UTC

# (pattern of the shop's payment module, code of the payment method, when it counts as paid)
PAYMENTS = [
    ("paypal*", "paypal", "shop"),
    ("gambio_hub:*paypal*", "paypal", "shop"),
    ("moneyorder", "prepayment", "shop"),
    ("eustandardtransfer", "prepayment", "shop"),
    ("gambio_hub:*vorkasse*", "prepayment", "shop"),
    ("invoice", "invoice", "shop"),
    ("cod", "cod", "shop"),
    ("banktransfer", "debit", "shop"),
    ("sepa", "debit", "shop"),
    ("gambio_hub:*kreditkarte*", "card", "shop"),
    ("stripe*", "card", "shop"),
]


class ShopAccount(models.Model):
    _inherit = "shop.account"

    channel = fields.Selection(
        selection_add=[("gambio", "Gambio")],
        ondelete={"gambio": lambda accounts: accounts.write({"live": False, "active": False})},
    )
    gambio_url = fields.Char(
        "Shop address",
        help="The address of the shop with its folder if it has one, "
        "e.g. https://www.my-shop.de/shop. It must start with https://.",
    )
    gambio_auth = fields.Selection(
        [("basic", "E-mail address and password"), ("token", "API key (token)")],
        "Login with",
        default="basic",
        help="The login must be that of an administrator of the shop who may read orders. "
        "A token is made in the shop's administration under “API keys”.",
    )
    gambio_user = fields.Char("Administrator's e-mail", groups="base.group_system", copy=False)
    gambio_password = fields.Char("Gambio password", groups="base.group_system", copy=False)
    gambio_token = fields.Char("API key", groups="base.group_system", copy=False)

    # -- channel hooks -----------------------------------------------------

    def _channel_capabilities(self):
        """Override of `shop_connector`: orders come in; writing back follows."""
        if self.channel != "gambio":
            return super()._channel_capabilities()
        return frozenset({seam.ORDERS, seam.SINGLE_ORDER, seam.CUSTOMER_MAILS})

    def _channel_fetch_orders(self, cursor):
        """Override of `shop_connector` to fetch changed orders."""
        if self.channel != "gambio":
            return super()._channel_fetch_orders(cursor)
        start = (self.import_from or LONG_AGO).replace(tzinfo=UTC)
        return OrderFetcher(self._gambio_client()).fetch_page(cursor, start)

    def _channel_fetch_order(self, external_id):
        """Override of `shop_connector` to fetch one order again."""
        if self.channel != "gambio":
            return super()._channel_fetch_order(external_id)
        return OrderFetcher(self._gambio_client()).fetch_order(external_id, self.cursor or {})

    def _channel_parse_order(self, body):
        """Override of `shop_connector` to read Gambio's orders."""
        if self.channel != "gambio":
            return super()._channel_parse_order(body)
        return parser.parse_order(body)

    def _channel_check(self):
        """Override of `shop_connector` to test the login and say what this shop can do."""
        if self.channel != "gambio":
            return super()._channel_check()
        try:
            info = self._gambio_client().check()
        except AutomationError as error:
            return [seam.CheckLine(False, error.message, error.hint)]
        return [self._gambio_version_line(info), *self._gambio_right_lines(info)]

    def _channel_secrets(self):
        """Override of `shop_connector` with the password and the token."""
        if self.channel != "gambio":
            return super()._channel_secrets()
        account = self.sudo()  # sudo: only administrators may read what must be kept secret
        secrets = (account.gambio_password, account.gambio_token)
        return tuple(secret for secret in secrets if secret)

    def _channel_payments(self):
        """Override of `shop_connector` with Gambio's payment modules."""
        return PAYMENTS if self.channel == "gambio" else super()._channel_payments()

    # -- the wire ----------------------------------------------------------

    def _gambio_client(self) -> GambioClient:
        """Return a client with this account's login."""
        self.ensure_one()
        account = self.sudo()  # sudo: only administrators may read the credentials
        token = (account.gambio_token or "") if account.gambio_auth == "token" else ""
        login = auth_header(account.gambio_user or "", account.gambio_password or "", token)
        http = HttpClient(
            shop_url(account.gambio_url or ""),
            headers={"Authorization": login},
            secrets=(*self._channel_secrets(), login),
        )
        return GambioClient(http, bearer=bool(token))

    # -- connection test ---------------------------------------------------

    def _gambio_version_line(self, info: ShopInfo) -> seam.CheckLine:
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
        return seam.CheckLine(True, text, hint)

    def _gambio_right_lines(self, info: ShopInfo) -> list[seam.CheckLine]:
        """Return what the login may do and what else deserves attention."""
        right = self.env._(
            "In the shop's administration, give this administrator's role the right."
        )
        lines = [
            seam.CheckLine(True, self.env._("The login may read orders."))
            if info.reads_orders
            else seam.CheckLine(False, self.env._("The login may not read orders."), right)
        ]
        if not info.reads_statuses and info.reads_changes:
            lines.append(
                seam.CheckLine(
                    False,
                    self.env._(
                        "The login may not read order statuses: the shop's own ones have no names."
                    ),
                    right,
                )
            )
        return lines + self._gambio_limit_lines(info)

    def _gambio_limit_lines(self, info: ShopInfo) -> list[seam.CheckLine]:
        lines = []
        if info.clock_difference is not None and abs(info.clock_difference) > CLOCK_TOLERANCE:
            minutes = round(info.clock_difference / 60)
            lines.append(
                seam.CheckLine(
                    False,
                    self.env._("The shop's clock differs from ours by %s minutes.", minutes),
                    self.env._(
                        "Up to two hours do no harm, but one of the two clocks should be set."
                    ),
                )
            )
        if info.quota is not None:
            lines.append(
                seam.CheckLine(
                    info.quota >= FEW_REQUESTS,
                    self.env._(
                        "The shop allows %s more requests in this quarter of an hour.", info.quota
                    ),
                )
            )
        return lines
