"""eBay's messages about users: kept as they came, checked and obeyed by a scheduled action."""

import base64
import logging
import secrets
import time
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.automation_core.lib.errors import AutomationError

from ..lib.notification import (
    ACCOUNT_DELETION,
    AUTHORIZATION_REVOCATION,
    PublicKeys,
    is_from_ebay,
    key_of,
    read_message,
    seems_from_ebay,
    user_marks,
)

_logger = logging.getLogger(__name__)

NOTIFICATION_PATH = "/shop_connector_ebay/notification"
MOST_WAITING = 1000  # messages of one account that nobody has looked at yet
MOST_KEYS = 60  # keys that eBay is asked for in one hour
KEYS = "keys"
AGAIN = timedelta(days=1)
KEEP = timedelta(days=365)


class ShopAccount(models.Model):
    _inherit = "shop.account"

    ebay_verification_token = fields.Char(
        "Verification token",
        groups="base.group_system",
        copy=False,
        help="Enter it at eBay's developer site together with the address.",
    )
    ebay_notification_url = fields.Char(
        "Notification endpoint",
        compute="_compute_ebay_notification_url",
        help="Enter it at eBay's developer site, under “Alerts and Notifications”, for "
        "“Marketplace account deletion”. eBay demands it of every program.",
    )

    def _compute_ebay_notification_url(self):
        for account in self:
            base = account.get_base_url()
            account.ebay_notification_url = f"{base}{NOTIFICATION_PATH}/{account.id or 0}"

    def action_ebay_new_verification_token(self):
        """Make the token that eBay wants to be told; it then asks for its proof."""
        self.check_access("write")
        for account in self:
            # sudo: the token is for administrators to read
            account.sudo().ebay_verification_token = secrets.token_urlsafe(45)
        return True


class ShopEbayNotification(models.Model):
    """One message. Its text names a person and is deleted as soon as it was obeyed."""

    _name = "shop.ebay.notification"
    _description = "Message of eBay's"
    _inherit = ["automation.batch", "automation.retry.mixin"]
    _order = "id desc"

    name = fields.Char("Number", readonly=True)
    account_id = fields.Many2one(
        "shop.account", required=True, readonly=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="account_id.company_id")
    received = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now)
    topic = fields.Char(readonly=True)
    state = fields.Selection(
        [
            ("new", "To be checked"),
            ("waiting", "Waiting"),
            ("done", "Done"),
            ("refused", "Not eBay's"),
        ],
        required=True,
        readonly=True,
        default="new",
    )
    result = fields.Text(readonly=True, help="What was done.")
    signature = fields.Char(readonly=True, groups="base.group_system")
    body = fields.Binary(readonly=True, attachment=False, groups="base.group_system")
    verified = fields.Boolean("Signature checked", readonly=True)

    _due_idx = models.Index("(id) WHERE state IN ('new', 'waiting')")

    # -- receiving ---------------------------------------------------------

    @api.model
    def _receive(self, account, header: str, body: bytes) -> int:
        """Keep a message and return the status to answer with. Asks nobody outside.

        What cannot be eBay's is refused at once; where the key is not at hand the message is kept
        and checked later.
        """
        key_id = key_of(header, body)
        if not key_id:
            return 412
        keys = self._keys(account)
        verified = keys.knows(key_id)
        if verified and not is_from_ebay(header, body, keys):
            return 412
        inbox = self.sudo()  # sudo: the inbox is written by the program only
        new = Domain("account_id", "=", account.id) & Domain("state", "=", "new")
        full = inbox.search_count(new, limit=MOST_WAITING) >= MOST_WAITING
        if full and not seems_from_ebay(header, body, keys):
            return 503
        inbox.create(
            {
                "account_id": account.id,
                "signature": header,
                "body": base64.b64encode(body),
                "verified": verified,
            }
        )
        self._trigger_cron("shop_connector_ebay.ir_cron_notification")
        return 200

    # -- checking ----------------------------------------------------------

    @api.model
    def _cron_notification(self):
        """Check and obey what has come. **Commits.**"""
        due = Domain("state", "in", ("new", "waiting")) & (
            Domain("next_try", "=", False) | Domain("next_try", "<=", fields.Datetime.now())
        )
        for account, _ids in self._read_group(due, ["account_id"], ["id:array_agg"]):
            self._fetch_keys(account, due & Domain("account_id", "=", account.id))
        self._batch_run(
            due, lambda batch: batch._obey(), on_error=lambda one, error: one._failed(error)
        )

    @api.model
    def _keys(self, account) -> PublicKeys:
        """Return the keys that are known, for all workers."""
        client = account._ebay_client()
        return PublicKeys(client.public_key, known=account._memory_get(KEYS))

    @api.model
    def _fetch_keys(self, account, domain) -> None:
        """Ask eBay for the keys the waiting messages need; a failure leaves them waiting."""
        keys = self._keys(account)
        messages = self.search(domain & Domain("verified", "=", False), order="id", limit=500)
        wanted = {key_of(one.signature or "", one._raw()) for one in messages}
        unknown = sorted(
            (key_id for key_id in wanted if key_id and not keys.knows(key_id)),
            key=lambda key_id: keys.knew(key_id) is None,
        )
        for key_id in unknown[: self._take_key_calls(account, len(unknown))]:
            try:
                keys.get(key_id)
            except AutomationError as error:
                _logger.warning("eBay's key cannot be fetched: %s", error)
                break
        known = keys.as_json()
        account._memory_change(KEYS, lambda _known: known)

    @api.model
    def _take_key_calls(self, account, wanted: int) -> int:
        """Return how many keys may be asked for now: strangers must not use up eBay's quota."""
        hour, granted = int(time.time() // 3600), 0

        def note(known):
            nonlocal granted
            used = known["used"] if known and known["hour"] == hour else 0
            granted = max(0, min(wanted, MOST_KEYS - used))
            return {"hour": hour, "used": used + granted}

        account._memory_change("key_calls", note)
        return granted

    def _raw(self) -> bytes:
        return base64.b64decode(self.body or b"")

    def _obey(self) -> None:
        """Check each message and do what it says."""
        for message in self:
            message._in_company_language()._obey_one()

    def _in_company_language(self):
        lang = self.company_id.partner_id.lang or self.env.lang
        return self.with_company(self.company_id).with_context(lang=lang)

    def _obey_one(self) -> None:
        body = self._raw()
        if not self.verified:
            keys = self._keys(self.account_id)
            if not keys.knows(key_of(self.signature or "", body)):
                self._put_off(self.env._("eBay's key could not be fetched yet."))
                return
            if not is_from_ebay(self.signature or "", body, keys):
                self._finish("refused", self.env._("The signature is not eBay's."))
                return
            self.verified = True
        found = read_message(body)
        if found is None:
            self._finish("done", self.env._("The message says nothing that is known here."))
            return
        self.write({"name": found.notification_id, "topic": found.topic})
        if found.topic == ACCOUNT_DELETION:
            self._delete_user(found)
        elif found.topic == AUTHORIZATION_REVOCATION:
            self._look_at_consent(found)
        else:
            self._finish("done", self.env._("Nothing is done about this topic."))

    # -- obeying -----------------------------------------------------------

    def _delete_user(self, found) -> None:
        """Anonymise a user of eBay's in all accounts; what is on its way is delivered first."""
        accounts = self._ebay_accounts()
        ids = {text for text in (found.username, found.user_id) if text}
        gone = accounts._anonymise_buyers(ids, user_marks(ids))
        if gone.open_orders:
            self._wait_for(gone)
            return
        self._finish(
            "done",
            self.env._(
                "Orders: %(orders)s, contacts anonymised: %(contacts)s, kept for the invoices: "
                "%(kept)s.",
                orders=gone.orders,
                contacts=gone.contacts,
                kept=gone.kept,
            )
            if gone.orders or gone.contacts or gone.kept
            else self.env._("This user has never bought here."),
        )

    def _ebay_accounts(self):
        # a user of eBay's is the same for all sellers
        return (
            self.env["shop.account"]
            .with_context(active_test=False)
            .search([("channel", "=", "ebay")])
        )

    def _look_at_consent(self, found) -> None:
        """Fetch at once from the seller's accounts: that shows whether the consent still holds."""
        names = [text for text in (found.username, found.user_id) if text]
        accounts = self._ebay_accounts().filtered(lambda account: account.ebay_seller in names)
        accounts.filtered("live").next_poll = fields.Datetime.now()
        self._trigger_cron("shop_connector.ir_cron_poll")
        self._finish("done", self.env._("The seller has withdrawn the consent."))

    def _wait_for(self, gone) -> None:
        text = self.env._(
            "Orders of this buyer that are not delivered yet: %s. It is done afterwards.",
            gone.open_orders,
        )
        self.write({"state": "waiting", "result": text, "next_try": fields.Datetime.now() + AGAIN})

    def _put_off(self, text: str) -> None:
        self.write({"result": text, "next_try": fields.Datetime.now() + timedelta(minutes=15)})

    def _finish(self, state: str, text: str) -> None:
        """Note what was done; the text, which names a person, goes."""
        self.write(
            {
                "state": state,
                "result": text,
                "body": False,
                "signature": False,
                "next_try": False,
                "last_error": False,
            }
        )

    def _failed(self, error: Exception) -> None:
        self._register_failure(error)

    @api.autovacuum
    def _gc_notifications(self):
        """Forget what was done a year ago, and strangers' messages the next day."""
        now = fields.Datetime.now()
        old = Domain("state", "=", "done") & Domain("received", "<", now - KEEP)
        strange = Domain("state", "=", "refused") & Domain("received", "<", now - AGAIN)
        self.search(old | strange).unlink()
