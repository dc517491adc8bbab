"""The seller's consent: asked for in the browser, watched until its end."""

import secrets
from datetime import UTC, datetime, timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import hash_sign, verify_hash_signed

from odoo.addons.automation_core.lib.errors import AutomationError

from ..lib import const
from ..lib.agree import agree
from ..lib.consent import ENDING, ConsentEnded, consent_url

SCOPE = "shop_connector_ebay.consent"
CONSENT_PATH = "/shop_connector_ebay/consent"
CONSENT_ENDS = "ebay:consent"
WARN_BEFORE = timedelta(seconds=ENDING)
STATE_HOURS = 1


class ShopAccount(models.Model):
    _inherit = "shop.account"

    ebay_refresh_token = fields.Char("Consent", groups="base.group_system", copy=False)
    ebay_consent_until = fields.Datetime("Consent ends on", readonly=True, copy=False)
    ebay_consent_revoked = fields.Boolean("Consent withdrawn", readonly=True, copy=False)
    ebay_seller = fields.Char("Seller at eBay", readonly=True, copy=False)
    ebay_consent_state = fields.Selection(
        [
            ("missing", "Not connected"),
            ("valid", "Connected"),
            ("ending", "Ends soon"),
            ("expired", "Expired"),
            ("revoked", "Withdrawn"),
        ],
        "Seller's consent",
        compute="_compute_ebay_consent_state",
    )
    ebay_consent_url = fields.Char("Auth accepted URL", compute="_compute_ebay_consent_url")

    @api.depends("ebay_refresh_token", "ebay_consent_until", "ebay_consent_revoked")
    def _compute_ebay_consent_state(self):
        now = datetime.now(UTC).timestamp()
        for account in self:
            account.ebay_consent_state = account._ebay_consent().state(now)

    def _compute_ebay_consent_url(self):
        for account in self:
            account.ebay_consent_url = account.get_base_url() + CONSENT_PATH

    # -- asking ------------------------------------------------------------

    def action_ebay_connect(self):
        """Open the page that leads the seller to eBay and takes the answer."""
        self.ensure_one()
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Connect with eBay"),
            "res_model": "shop.ebay.connect",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_account_id": self.id},
        }

    def _ebay_consent_page(self) -> str:
        """Return the address at eBay where the seller agrees; the answer is this user's only."""
        locale = const.SITES[self.ebay_marketplace or "EBAY_DE"][1]
        try:
            return consent_url(
                self._ebay_hosts(),
                self._ebay_application(),
                self._ebay_state(),
                locale=locale,
                login=True,
            )
        except AutomationError as error:
            raise UserError(self._error_sentence(error)) from error

    def _ebay_state(self) -> str:
        message = [self.id, self.env.uid, secrets.token_urlsafe(12)]
        # sudo: signing needs the database's secret
        return hash_sign(self.sudo().env, SCOPE, message, expiration_hours=STATE_HOURS)

    @api.model
    def _ebay_by_state(self, state: str):
        """Return the account an answer of eBay's is for; empty unless this user has asked."""
        try:
            # sudo: checking the signature needs the database's secret
            message = verify_hash_signed(self.sudo().env, SCOPE, state)
        except (ValueError, IndexError):
            message = None
        if not message or message[1] != self.env.uid:
            return self.browse()
        account = self.browse(message[0]).exists()
        if not account.has_access("write") or account.channel != "ebay":
            return self.browse()
        return account

    # -- the answer --------------------------------------------------------

    def _ebay_agree(self, code: str) -> None:
        """Take the code that the seller's consent has given. Talks to eBay before it writes.

        :raises AutomationError: when eBay does not take it, or it is another seller's
        """
        self.ensure_one()
        self.check_access("write")
        application, hosts = self._ebay_application(), self._ebay_hosts()
        found = agree(application, code, hosts, self.ebay_seller or "")
        self._ebay_tokens(application, found.consent.refresh_token, hosts).save(found.token)
        end = datetime.fromtimestamp(found.consent.expires_at, UTC).replace(tzinfo=None)
        # sudo: the consent is for administrators to read, not for whoever asks for it
        self.sudo().write(
            {
                "ebay_refresh_token": found.consent.refresh_token,
                "ebay_consent_until": end,
                "ebay_consent_revoked": False,
                "ebay_seller": found.seller or self.ebay_seller,
                "next_try": False,
            }
        )
        self.env["automation.case"]._settle(self, codes=[CONSENT_ENDS])
        self.message_post(body=self.env._("The seller has agreed to the connection with eBay."))

    # -- the end -----------------------------------------------------------

    def _register_failure(self, error):
        """Override of `automation_core` to remember that the seller has withdrawn the consent:
        eBay is not asked again and again.
        """
        result = super()._register_failure(error)
        if isinstance(error, ConsentEnded) and error.state == "revoked":
            self.ebay_consent_revoked = True
        return result

    @api.model
    def _cron_ebay_consent(self):
        """Open a case for accounts whose consent ends soon, close those that were renewed."""
        accounts = self.search([("channel", "=", "ebay"), ("live", "=", True)])
        soon = fields.Datetime.now() + WARN_BEFORE
        ending = accounts.filtered(
            lambda account: account.ebay_consent_until and account.ebay_consent_until <= soon
        )
        self.env["automation.case"]._settle(accounts - ending, codes=[CONSENT_ENDS])
        for account in ending:
            account._ebay_warn()

    def _ebay_warn(self) -> None:
        account = self.with_context(lang=self.company_id.partner_id.lang or self.env.lang)
        day = self.env["ir.qweb.field.date"].with_context(**account.env.context)
        self.env["automation.case"]._raise(
            [
                {
                    "record": self,
                    "code": CONSENT_ENDS,
                    "kind": "account",
                    "blocking": False,
                    "name": account.env._("eBay: the consent of “%s” ends soon", self.name),
                    "explanation": account.env._(
                        "The seller's consent ends on %s. Open the account, press “Connect with "
                        "eBay” and agree again: without it neither orders nor stock are exchanged.",
                        day.value_to_html(self.ebay_consent_until.date(), {}),
                    ),
                    "seen": str(self.ebay_consent_until),
                }
            ]
        )
