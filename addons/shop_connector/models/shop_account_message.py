"""What an account tells its shop, and how that goes."""

from odoo import api, fields, models

from ..lib import channel as seam
from .sale_order_message import KINDS
from .shop_message import CRON, OPEN


class ShopAccount(models.Model):
    _inherit = "shop.account"

    report_shipments = fields.Boolean(
        "Tell shipments",
        default=True,
        help="What has left is told to the shop with carrier and tracking number.",
    )
    report_cancellations = fields.Boolean(
        "Tell cancellations",
        default=True,
        help="Orders that you cancel are cancelled in the shop as well.",
    )
    report_invoices = fields.Boolean(
        "Hand over invoices",
        tracking=True,
        help="Filed invoices and credit notes are handed to the shop as PDF.",
    )
    tracking_wait_hours = fields.Integer(
        "Wait for tracking numbers (hours)",
        help="A shipment without tracking number is told after this time. 0: at once; the number "
        "is told later when it comes.",
    )
    carrier_ids = fields.One2many("shop.carrier", "account_id", "Carriers", copy=True)
    takes_shipments = fields.Boolean(compute="_compute_takes")
    takes_cancellations = fields.Boolean(compute="_compute_takes")
    takes_invoices = fields.Boolean(compute="_compute_takes")
    message_open_count = fields.Integer(compute="_compute_shop_messages")
    message_failed_count = fields.Integer(compute="_compute_shop_messages")
    message_sent_count = fields.Integer("Told in the last day", compute="_compute_shop_messages")
    message_error = fields.Text("Messages wait because", compute="_compute_message_pause")
    message_next_try = fields.Datetime("Messages go on", compute="_compute_message_pause")

    _tracking_wait_not_negative = models.Constraint(
        "CHECK (tracking_wait_hours >= 0)",
        "The hours to wait for a tracking number cannot be negative.",
    )

    @api.depends("channel")
    def _compute_takes(self):
        for account in self:
            words = account._channel_capabilities() if account.channel else frozenset()
            account.takes_shipments = seam.SHIPMENTS in words
            account.takes_cancellations = seam.CANCELLATIONS in words
            account.takes_invoices = seam.INVOICES in words

    def _compute_shop_messages(self):
        # sudo: counters are shown with the account, the messages themselves are not
        messages = self.env["shop.message"].sudo()
        domain = [("account_id", "in", self.ids)]
        counts = {
            (account, state): count
            for account, state, count in messages._read_group(
                [*domain, ("state", "in", (*OPEN, "failed"))],
                ["account_id", "state"],
                ["__count"],
            )
        }
        since = fields.Datetime.subtract(fields.Datetime.now(), days=1)
        told = dict(
            messages._read_group(
                [*domain, ("state", "=", "sent"), ("sent_date", ">=", since)],
                ["account_id"],
                ["__count"],
            )
        )
        for account in self:
            account.message_open_count = sum(counts.get((account, state), 0) for state in OPEN)
            account.message_failed_count = counts.get((account, "failed"), 0)
            account.message_sent_count = told.get(account, 0)

    def _compute_message_pause(self):
        # sudo: why messages wait is shown with the account
        pauses = (
            self.env["shop.pause"]
            .sudo()
            .search(
                [
                    ("account_id", "in", self.ids),
                    ("next_try", ">", fields.Datetime.now()),
                    ("last_error", "!=", False),
                ],
                order="next_try desc",
            )
        )
        for account in self:
            pause = pauses.filtered(lambda pause: pause.account_id == account)[:1]  # noqa: B023
            account.message_error = pause.last_error
            account.message_next_try = pause.next_try

    @api.model_create_multi
    def create(self, vals_list):
        accounts = super().create(vals_list)
        for account in accounts:
            account._set_up_carriers()
        return accounts

    def write(self, vals):
        """Going live sends what waited."""
        result = super().write(vals)
        if vals.get("live"):
            self._send_messages_now()
        return result

    def _set_up_carriers(self) -> None:
        if not self.carrier_ids:
            self.carrier_ids = [
                fields.Command.create({"sequence": index, "pattern": f"*{word}*", "code": code})
                for index, (word, code) in enumerate(self._channel_carriers(), start=1)
            ]

    def _tells(self, kind: str) -> bool:
        """Whether this account tells its shop messages of a kind."""
        capability, setting = KINDS[kind]
        return capability in self._channel_capabilities() and self[setting]

    def _check_settings(self):
        """Override to tell what the shop did not take."""
        lines = super()._check_settings()
        if self.message_failed_count:
            lines.append(
                seam.CheckLine(
                    False,
                    self.env._("Not told to the shop: %s", self.message_failed_count),
                    self.env._("Each message says why and what to do: “Messages to shops”."),
                )
            )
        return lines

    def _stop_telling(self, kind: str) -> None:
        self[KINDS[kind][1]] = False

    def _send_messages_now(self) -> None:
        # sudo: pauses are the program's; whoever may steer the account may end them
        self.env["shop.pause"].sudo()._lift(self)
        self.env["automation.batch"]._trigger_cron(CRON)

    def action_check(self):
        """Override: whoever tests the connection has mended something."""
        result = super().action_check()
        self._send_messages_now()
        return result

    def action_send_messages(self):
        """Send now what waits for this shop."""
        # sudo: as for every button of the outbox, see shop.message
        messages = self.env["shop.message"].sudo()
        waiting = messages.search(
            [("account_id", "in", self.ids), ("state", "in", ("pending", "waiting"))]
        )
        self._send_messages_now()
        waiting.next_try = False
        return messages.with_env(self.env)._notify(waiting)

    def action_open_messages(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("shop_connector.shop_message_action")
        chosen = self.env.context.get("shop_message_filter")
        return {
            **action,
            "domain": [("account_id", "=", self.id)],
            "context": {f"search_default_{chosen}": 1} if chosen else {},
        }
