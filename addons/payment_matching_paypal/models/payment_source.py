"""PayPal as a source of payments: the app's login, and what is fetched with it."""

import hmac
import secrets
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from odoo import api, fields, models

from odoo.addons.automation_core.lib.errors import AutomationError
from odoo.addons.automation_core.translated import translated
from odoo.addons.payment_matching.lib.source import CheckLine

from ..lib import check, const
from ..lib.answer import read_stored
from ..lib.client import Credentials, PayPalClient, connect
from ..lib.parser import read_statement
from ..lib.reports import ReportFetcher

WEBHOOK_PATH = "/payment_matching_paypal/webhook"
FIRST_DAYS = 30


class PaymentSource(models.Model):
    _inherit = "payment.source"

    kind = fields.Selection(
        selection_add=[("paypal", "PayPal")],
        ondelete={"paypal": lambda sources: sources.write({"kind": "upload", "live": False})},
    )
    paypal_client_id = fields.Char(
        "Client ID",
        groups="base.group_system",
        copy=False,
        help="From PayPal's developer site, under “Apps & Credentials”.",
    )
    paypal_secret = fields.Char("Secret", groups="base.group_system", copy=False)
    paypal_sandbox = fields.Boolean(
        "Sandbox", help="PayPal's world for tests. It has apps, accounts and money of its own."
    )
    paypal_from = fields.Date(
        "Payments since",
        default=lambda self: fields.Date.context_today(self) - timedelta(days=FIRST_DAYS),
        help="Nothing older is ever fetched. PayPal knows the last three years.",
    )
    paypal_endpoint = fields.Char(
        "Address of PayPal's interface",
        groups="base.group_system",
        copy=False,
        help="Empty: PayPal's own. Change it for tests only.",
    )
    paypal_webhook_token = fields.Char(
        "Token of the webhook", groups="base.group_system", copy=False, readonly=True
    )
    paypal_webhook_url = fields.Char(
        "Webhook",
        compute="_compute_paypal_webhook_url",
        groups="base.group_system",
        help="With it a payment is here within a minute instead of hours.",
    )

    @api.depends("paypal_webhook_token")
    def _compute_paypal_webhook_url(self):
        for source in self:
            token = source.paypal_webhook_token
            base = source.get_base_url()
            source.paypal_webhook_url = f"{base}{WEBHOOK_PATH}/{token}" if token else False

    # -- hooks of payment_matching -----------------------------------------

    def _source_fetch(self, cursor):
        """Override of `payment_matching` to ask PayPal's Transaction Search."""
        if self.kind != "paypal":
            return super()._source_fetch(cursor)
        zone = self._paypal_zone() or UTC
        first = self.paypal_from or fields.Date.today() - timedelta(days=FIRST_DAYS)
        start = datetime.combine(first, datetime.min.time(), tzinfo=zone)
        return ReportFetcher(self._paypal_client(), start, time.time).fetch(cursor)

    def _source_read(self, name, content):
        """Override of `payment_matching` to read what was fetched."""
        if self.kind != "paypal":
            return super()._source_read(name, content)
        currency = self._journal_currency(self.journal_id).name
        statement = read_statement(
            read_stored(content), currency, self._paypal_zone(), self._paypal_other_currencies()
        )
        lines = tuple(
            replace(line, reason=translated(self.env, line.reason)) for line in statement.lines
        )
        return (replace(statement, lines=lines),)

    def _source_check(self):
        """Override of `payment_matching` to test login, rights, data and balance."""
        if self.kind != "paypal":
            return super()._source_check()
        client = self._paypal_client()
        lines = list(check.check(client, datetime.now(UTC)))
        return [*lines, self._paypal_check_balance(client)] if lines[-1].ok else lines

    def _source_secrets(self):
        """Override of `payment_matching` with everything that opens the account."""
        if self.kind != "paypal":
            return super()._source_secrets()
        webhook = self.sudo().paypal_webhook_token  # sudo: it is needed to hide it
        return [*self._paypal_credentials().secrets, *filter(None, [webhook])]

    # -- the wire ----------------------------------------------------------

    def _paypal_client(self) -> PayPalClient:
        self.ensure_one()
        own = const.SANDBOX if self.paypal_sandbox else const.LIVE
        url = self.sudo().paypal_endpoint or own  # sudo: the address is for administrators
        return connect(self._paypal_credentials(), url)

    def _paypal_credentials(self) -> Credentials:
        source = self.sudo()  # sudo: only administrators may read the credentials
        return Credentials(source.paypal_client_id or "", source.paypal_secret or "")

    def _paypal_zone(self) -> ZoneInfo | None:
        """Return where the books are kept; without it a booking has the day PayPal writes."""
        name = self.company_id.partner_id.tz or self.env.user.tz
        return ZoneInfo(name) if name else None

    def _paypal_other_currencies(self) -> frozenset[str]:
        """Return the currencies that other sources take from PayPal."""
        others = self.search(
            [
                ("kind", "=", "paypal"),
                ("company_id", "=", self.company_id.id),
                ("id", "!=", self.id),
            ]
        )
        return frozenset(self._journal_currency(other.journal_id).name for other in others)

    def _paypal_check_balance(self, client: PayPalClient) -> CheckLine:
        """Compare what PayPal holds with what the journal says."""
        currency = self._journal_currency(self.journal_id)
        try:
            balance = check.read_balance(client, currency.name)
        except AutomationError as error:
            text = self.env._("The balance cannot be read: %s", translated(self.env, error.message))
            return CheckLine(False, text, error.hint)
        if balance is None:
            return CheckLine(
                False,
                self.env._("PayPal has no balance in %s.", currency.name),
                self.env._("Choose a journal in a currency that the account holds."),
            )
        return self._paypal_compare(balance, currency)

    def _paypal_compare(self, balance: check.Balance, currency) -> CheckLine:
        booked = self.journal_id.current_statement_balance
        values = {
            "held": currency.format(float(balance.total)),
            "withheld": currency.format(float(balance.withheld)),
            "booked": currency.format(booked),
        }
        text = self.env._("PayPal holds %(held)s; the journal says %(booked)s.", **values)
        if balance.withheld:
            text = self.env._(
                "PayPal holds %(held)s, of it %(withheld)s withheld; the journal says %(booked)s.",
                **values,
            )
        amounts = (balance.total, balance.total - balance.withheld)
        if any(not currency.compare_amounts(float(amount), booked) for amount in amounts):
            return CheckLine(True, text)
        return CheckLine(
            True,
            text,
            self.env._(
                "Both agree when everything is fetched and the journal began with the balance that "
                "PayPal had on the day of “Payments since”."
            ),
        )

    # -- the webhook -------------------------------------------------------

    def action_paypal_make_webhook(self):
        """Make a new address for PayPal's webhook; an older one is not listened to any more."""
        for source in self:
            source.paypal_webhook_token = secrets.token_urlsafe(24)
        return True

    def action_paypal_forget_webhook(self):
        """Listen to no webhook any more."""
        self.write({"paypal_webhook_token": False})
        return True

    @api.model
    def _paypal_by_token(self, token: str):
        """Return the source a webhook's address belongs to."""
        sources = self.search([("kind", "=", "paypal"), ("paypal_webhook_token", "!=", False)])
        return sources.filtered(
            lambda source: hmac.compare_digest(source.paypal_webhook_token, token)
        )[:1]
