"""eBay as a channel: the application's keys, the login, and how orders come in."""

import time
from datetime import UTC, datetime

from odoo import fields, models

from odoo.addons.automation_core.lib.errors import AutomationError
from odoo.addons.automation_core.lib.tokens import MemoryTokens
from odoo.addons.shop_connector.lib import channel as seam
from odoo.addons.shop_connector.lib.retention import Retention

from ..lib import check, const, parser
from ..lib.client import EbayClient, connect
from ..lib.consent import Application, Consent
from ..lib.fetch import OrderFetcher
from ..lib.limits import read_quotas
from ..lib.shared import SharedQuotas, shared_tokens, token_key

LONG_AGO = datetime(2000, 1, 1)  # noqa: DTZ001 as the database has it, in UTC
ASK_QUOTAS = 3600  # seconds after which eBay is asked again how many calls are left


class ShopAccount(models.Model):
    _inherit = "shop.account"

    channel = fields.Selection(
        selection_add=[("ebay", "eBay")],
        ondelete={"ebay": lambda accounts: accounts.write({"live": False, "active": False})},
    )
    ebay_marketplace = fields.Selection(
        [
            ("EBAY_DE", "eBay.de"),
            ("EBAY_AT", "eBay.at"),
            ("EBAY_CH", "eBay.ch"),
            ("EBAY_GB", "eBay.co.uk"),
            ("EBAY_FR", "eBay.fr"),
            ("EBAY_IT", "eBay.it"),
            ("EBAY_ES", "eBay.es"),
            ("EBAY_NL", "eBay.nl"),
            ("EBAY_US", "eBay.com"),
        ],
        "eBay site",
        default="EBAY_DE",
        help="Where the seller lists. Orders come from all of eBay's sites.",
    )
    ebay_sandbox = fields.Boolean(
        "Sandbox", help="eBay's world for tests. It has keys, sellers and buyers of its own."
    )
    ebay_app_id = fields.Char(
        "App ID (client ID)", help="From eBay's developer site, under “Application Keys”."
    )
    ebay_cert_id = fields.Char("Cert ID (client secret)", groups="base.group_system", copy=False)
    ebay_ru_name = fields.Char(
        "RuName (eBay redirect URL name)",
        help="From eBay's developer site, under “User Tokens”. Enter the address below there as "
        "“Your auth accepted URL”.",
    )
    ebay_signing_jwe = fields.Char(
        "Signing key: JWE",
        groups="base.group_system",
        copy=False,
        help="Only for cancelling orders from here: eBay wants sellers in the EU and the UK to "
        "sign it. Both parts come from eBay's developer site, under “Digital Signatures”.",
    )
    ebay_signing_key = fields.Char(
        "Signing key: private key", groups="base.group_system", copy=False
    )
    ebay_endpoint = fields.Char(
        "Address of eBay's interface",
        groups="base.group_system",
        copy=False,
        help="Empty: eBay's own. Change it for tests only.",
    )

    # -- channel hooks -----------------------------------------------------

    def _channel_capabilities(self):
        """Override of `shop_connector`. Without ``CUSTOMER_MAILS``: eBay wants to see what buyers
        are written to. Cancelling moves money, which sellers in the EU have to sign for.
        """
        if self.channel != "ebay":
            return super()._channel_capabilities()
        words = {
            seam.ORDERS,
            seam.SINGLE_ORDER,
            seam.SHIPMENTS,
            seam.STOCK,
            seam.LISTINGS,
            seam.UNIQUE_LINES,
        }
        account = self.sudo()  # sudo: whether there are keys is no secret
        if account.ebay_signing_jwe and account.ebay_signing_key:
            words.add(seam.CANCELLATIONS)
        return frozenset(words)

    def _channel_fetch_orders(self, cursor):
        """Override of `shop_connector` to fetch new and changed orders."""
        if self.channel != "ebay":
            return super()._channel_fetch_orders(cursor)
        client = self._ebay_client()
        self._ebay_ask_quotas(client)
        start = (self.import_from or LONG_AGO).replace(tzinfo=UTC)
        return OrderFetcher(client).fetch_page(cursor, start)

    def _channel_fetch_order(self, external_id):
        """Override of `shop_connector` to fetch one order again."""
        if self.channel != "ebay":
            return super()._channel_fetch_order(external_id)
        return OrderFetcher(self._ebay_client()).fetch_order(external_id)

    def _channel_parse_order(self, body):
        """Override of `shop_connector` to read eBay's orders."""
        if self.channel != "ebay":
            return super()._channel_parse_order(body)
        return parser.parse_order(body)

    def _channel_check(self):
        """Override of `shop_connector` to test login, rights, registration, clock and quotas."""
        if self.channel != "ebay":
            return super()._channel_check()
        try:
            return check.check(self._ebay_client(), self._ebay_consent())
        except AutomationError as error:
            return [seam.CheckLine(False, error.message, error.hint)]

    def _channel_relay_domains(self):
        """Override of `shop_connector`: eBay shows no buyer's own address."""
        return const.RELAY_DOMAINS if self.channel == "ebay" else super()._channel_relay_domains()

    def _channel_secrets(self):
        """Override of `shop_connector` with everything that opens the account."""
        if self.channel != "ebay":
            return super()._channel_secrets()
        account = self.sudo()  # sudo: only administrators may read what must be kept secret
        secrets = (
            *self._ebay_application().secrets,
            account.ebay_refresh_token,
            account.ebay_signing_jwe,
            account.ebay_signing_key,
            account.ebay_verification_token,
        )
        return tuple(secret for secret in secrets if secret)

    def _channel_payments(self):
        """Override of `shop_connector`: the money is eBay's to collect."""
        if self.channel != "ebay":
            return super()._channel_payments()
        return [("*", "marketplace", "shop")]

    def _channel_retention(self):
        """Override of `shop_connector`: eBay lends its buyers' data for their orders only."""
        if self.channel != "ebay":
            return super()._channel_retention()
        return Retention(days=90)

    # -- the wire ----------------------------------------------------------

    def _ebay_client(self) -> EbayClient:
        """Return a client with this account's login; tokens and quotas are all workers'."""
        self.ensure_one()
        application, consent = self._ebay_application(), self._ebay_consent()
        hosts = self._ebay_hosts()
        return connect(
            application,
            consent,
            self._ebay_tokens(application, consent.refresh_token, hosts)
            if self._ebay_may_ask(consent)
            else MemoryTokens(),  # a token that is left over opens nothing any more
            self._ebay_tokens(application, "", hosts),
            hosts=hosts,
            marketplace=self.ebay_marketplace or "EBAY_DE",
            quotas=SharedQuotas(self._memory_change),
        )

    def _ebay_tokens(self, application: Application, refresh_token: str, hosts: const.Hosts):
        """Return where all workers find the token of this login, or the application's own."""
        key = token_key(application, refresh_token, hosts.api)
        return shared_tokens(self._memory_get, self._memory_change, key)

    def _ebay_may_ask(self, consent: Consent) -> bool:
        return consent.state(time.time()) in ("valid", "ending")

    def _ebay_application(self) -> Application:
        account = self.sudo()  # sudo: only administrators may read the credentials
        return Application(
            account.ebay_app_id or "", account.ebay_cert_id or "", account.ebay_ru_name or ""
        )

    def _ebay_consent(self) -> Consent:
        account = self.sudo()  # sudo: only administrators may read the credentials
        end = account.ebay_consent_until
        return Consent(
            account.ebay_refresh_token or "",
            end.replace(tzinfo=UTC).timestamp() if end else 0.0,
            account.ebay_consent_revoked,
        )

    def _ebay_hosts(self) -> const.Hosts:
        if url := self.sudo().ebay_endpoint:  # sudo: the address is for administrators
            return const.Hosts(url, url, url)
        return const.SANDBOX if self.ebay_sandbox else const.PRODUCTION

    def _ebay_ask_quotas(self, client: EbayClient) -> None:
        """Learn now and then how many calls are left; an answer is worth having, not needed."""
        now = time.time()
        if not self._ebay_may_ask(self._ebay_consent()):
            return
        if now - float(self._memory_get("quotas_asked") or 0) < ASK_QUOTAS:
            return
        self._memory_change("quotas_asked", lambda _known: now)
        try:
            client.quotas.learn(read_quotas(client.rate_limits()))
        except AutomationError:
            return
