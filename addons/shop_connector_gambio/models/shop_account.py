from datetime import UTC, datetime

from odoo import fields, models

from odoo.addons.automation_core.lib.http import HttpClient
from odoo.addons.shop_connector.lib import channel as seam

from ..lib import parser
from ..lib.client import GambioClient, auth_header, shop_url
from ..lib.fetch import OrderFetcher

LONG_AGO = datetime(2000, 1, 1)  # noqa: DTZ001 as the database has it, in UTC

CAPABILITIES = frozenset(
    {
        seam.ORDERS,
        seam.SINGLE_ORDER,
        seam.CUSTOMER_MAILS,
        seam.SHIPMENTS,
        seam.CANCELLATIONS,
        seam.STOCK,
        seam.LISTINGS,
    }
)
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
        """Override of `shop_connector`: orders come in; parcels, status and stock go back."""
        if self.channel != "gambio":
            return super()._channel_capabilities()
        return CAPABILITIES

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
        return parser.parse_order(body, self._gambio_status_map())

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
