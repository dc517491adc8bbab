"""Amazon as a channel: its login, where it sells, and how its orders come in."""

import hashlib
from datetime import UTC, datetime, timedelta
from functools import partial

from odoo import api, fields, models

from odoo.addons.automation_core.lib.tokens import JsonTokens
from odoo.addons.shop_connector.lib import channel as seam
from odoo.addons.shop_connector.lib.retention import Retention

from ..lib import carriers, const, parser
from ..lib.client import SpApi, connect
from ..lib.fetch import OrderFetcher
from ..lib.memory import JsonLevels
from ..lib.orders import OrdersApi
from ..lib.tokens import Credentials

SECRET_LIFE = timedelta(days=180)  # Amazon's: a client secret has to be renewed
TRACKING_WAIT = 24  # hours
LONG_AGO = datetime(2000, 1, 1)  # noqa: DTZ001 as the database has it, in UTC


class ShopAccount(models.Model):
    _inherit = "shop.account"

    channel = fields.Selection(
        selection_add=[("amazon", "Amazon")],
        ondelete={"amazon": lambda accounts: accounts.write({"live": False, "active": False})},
    )
    amazon_client_id = fields.Char("Client id", groups="base.group_system", copy=False)
    amazon_client_secret = fields.Char("Client secret", groups="base.group_system", copy=False)
    amazon_refresh_token = fields.Char("Refresh token", groups="base.group_system", copy=False)
    amazon_secret_end = fields.Date(
        "Client secret ends on",
        copy=False,
        help="Amazon's client secrets end 180 days after they were made. A warning comes 30 days "
        "before. Set by itself when a new secret is entered; correct it if it is older.",
    )
    amazon_secret_ends_soon = fields.Boolean(compute="_compute_amazon_secret_ends_soon")
    amazon_seller_id = fields.Char(
        "Merchant token",
        copy=False,
        help="In Seller Central under “Account info”: “Your Merchant Token”. Needed to report "
        "stock and cancellations.",
    )
    amazon_marketplace_ids = fields.Many2many(
        "shop.amazon.marketplace",
        string="Marketplaces",
        default=lambda self: self.env.ref(
            "shop_connector_amazon.marketplace_de", raise_if_not_found=False
        ),
    )
    amazon_endpoint = fields.Char(
        "Address of Amazon's interface",
        groups="base.group_system",
        help="Empty: Amazon's European one. Change it for tests only.",
    )
    amazon_login_host = fields.Char(
        "Login's address",
        groups="base.group_system",
        help="Empty: Amazon's own. Change it for tests only.",
    )

    @api.depends("channel", "amazon_secret_end")
    def _compute_amazon_secret_ends_soon(self):
        for account in self:
            account.amazon_secret_ends_soon = account._amazon_secret_ends_soon()

    # -- create and write --------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Amazon takes no parcel without a tracking number, so a new account waits for it."""
        return super().create(
            [
                {"tracking_wait_hours": TRACKING_WAIT, **self._with_secret_end(vals)}
                if vals.get("channel") == "amazon"
                else vals
                for vals in vals_list
            ]
        )

    def write(self, vals):
        return super().write(self._with_secret_end(vals))

    @api.model
    def _with_secret_end(self, vals):
        """Note when a secret ends that is entered without saying so."""
        if not vals.get("amazon_client_secret") or vals.get("amazon_secret_end"):
            return vals
        return {**vals, "amazon_secret_end": fields.Date.today() + SECRET_LIFE}

    # -- channel hooks -----------------------------------------------------

    def _channel_capabilities(self):
        """Override of `shop_connector`; no ``CUSTOMER_MAILS``: Amazon forbids our own mails."""
        if self.channel != "amazon":
            return super()._channel_capabilities()
        words = {seam.ORDERS, seam.SINGLE_ORDER, seam.SHIPMENTS, seam.INVOICES}
        words |= {seam.REVIEWS, seam.SETTLEMENTS}
        if self.amazon_seller_id:
            words |= {seam.STOCK, seam.LISTINGS, seam.CANCELLATIONS, seam.PARTIAL_CANCELLATIONS}
        return frozenset(words)

    def _channel_fetch_orders(self, cursor):
        """Override of `shop_connector` to fetch new and changed orders."""
        if self.channel != "amazon":
            return super()._channel_fetch_orders(cursor)
        start = (self.import_from or LONG_AGO).replace(tzinfo=UTC)
        return self._amazon_fetcher().fetch_page(cursor, start)

    def _channel_fetch_order(self, external_id):
        """Override of `shop_connector` to fetch one order again."""
        if self.channel != "amazon":
            return super()._channel_fetch_order(external_id)
        return self._amazon_fetcher().fetch_order(external_id)

    def _channel_parse_order(self, body):
        """Override of `shop_connector` to read Amazon's orders."""
        if self.channel != "amazon":
            return super()._channel_parse_order(body)
        return parser.parse_order(body)

    def _channel_relay_domains(self):
        """Override of `shop_connector`: Amazon shows no buyer's own address."""
        return const.RELAY_DOMAINS if self.channel == "amazon" else super()._channel_relay_domains()

    def _channel_retention(self):
        """Override of `shop_connector`: Amazon only lends its buyers' data, for 30 days."""
        if self.channel != "amazon":
            return super()._channel_retention()
        return Retention(days=30, line_notes=True)

    def _channel_secrets(self):
        """Override of `shop_connector` with the secret and the refresh token."""
        if self.channel != "amazon":
            return super()._channel_secrets()
        account = self.sudo()  # sudo: only administrators may read what must be kept secret
        secrets = (account.amazon_client_secret, account.amazon_refresh_token)
        return tuple(secret for secret in secrets if secret)

    def _channel_payments(self):
        """Override of `shop_connector`: the money is Amazon's to collect."""
        if self.channel != "amazon":
            return super()._channel_payments()
        return [("amazon", "marketplace", "shop")]

    def _channel_carriers(self):
        """Override of `shop_connector` with the carriers as Amazon spells them."""
        if self.channel != "amazon":
            return super()._channel_carriers()
        return [
            (word, row.code)
            for row in carriers.CARRIERS
            for word in row.words
            if not any(other in word for other in row.words if other != word)
        ]

    # -- the wire ----------------------------------------------------------

    def _amazon_fetcher(self) -> OrderFetcher:
        return OrderFetcher(OrdersApi(self._amazon_api()), self._amazon_places())

    def _amazon_places(self) -> tuple[str, ...]:
        return tuple(self.amazon_marketplace_ids.mapped("code"))

    def _amazon_api(self) -> SpApi:
        """Return the interface with this account's login; token and quotas are shared by all
        workers.
        """
        self.ensure_one()
        login = self._amazon_login()
        key = f"token:{_fingerprint(login)}"
        account = self.sudo()  # sudo: only administrators may read the addresses
        return connect(
            account.amazon_endpoint or "",
            login,
            account=str(self.id),
            tokens=JsonTokens(
                partial(self._memory_get, key),
                lambda token: self._memory_change(key, lambda _known: token),
            ),
            storage=JsonLevels(self._memory_change),
            token_host=account.amazon_login_host or "",
        )

    def _amazon_login(self) -> Credentials:
        account = self.sudo()  # sudo: only administrators may read the credentials
        return Credentials(
            account.amazon_client_id or "",
            account.amazon_client_secret or "",
            account.amazon_refresh_token or "",
        )


def _fingerprint(login: Credentials) -> str:
    """Return a mark of a login, so that another login never meets this one's token."""
    parts = (login.client_id, login.client_secret, login.refresh_token)
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]
