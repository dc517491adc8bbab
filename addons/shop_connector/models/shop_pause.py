"""While a shop is down nothing is sent to it; kept apart from the account, which a fetch writes."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.automation_core.lib import backoff
from odoo.addons.automation_core.lib.errors import is_passing

ALL = "out"
TOLERATED = 1  # failures in a row that may be the message's own trouble
BREATH = timedelta(seconds=6)  # a pause so short is waited for
LONGEST = 3  # step of the back-off at which a shop without answer stays: every quarter of an hour
CASE_AFTER = 3  # failures in a row until a passing trouble is worth somebody's time


class ShopPause(models.Model):
    """How often telling a shop something failed in a row, and until when it is left alone.

    ``area`` is a kind of message, or ``out`` for the shop as a whole.
    """

    _name = "shop.pause"
    _description = "Pause of messages to a shop"
    _inherit = ["automation.retry.mixin"]

    account_id = fields.Many2one("shop.account", required=True, ondelete="cascade")
    area = fields.Char(required=True)

    _area_uniq = models.UniqueIndex("(account_id, area)", "This is known already.")

    @api.model
    def _of(self, account, *areas: str):
        return self.search([("account_id", "=", account.id), ("area", "in", areas or [ALL])])

    @api.model
    def _active(self, account):
        """Return what is paused now."""
        return self.search(
            [("account_id", "=", account.id), ("next_try", ">", fields.Datetime.now())]
        )

    @api.model
    def _ends_soon(self, account_id: int):
        """Return when a pause ends that is only for taking breath, ``False`` without one."""
        now = fields.Datetime.now()
        return self.search(
            [
                ("account_id", "=", account_id),
                ("attempts", "=", 0),
                ("next_try", ">", now),
                ("next_try", "<=", now + BREATH),
            ],
            order="next_try",
            limit=1,
        ).next_try

    @api.model
    def _failed(self, account, area: str, error: Exception, *, at_once: bool) -> None:
        """Note a failure that is the shop's; ``at_once`` when no other message can work either."""
        pause = self._of(account, area) or self.create({"account_id": account.id, "area": area})
        attempts = pause.attempts + 1
        tries = attempts if at_once else min(attempts - TOLERATED, LONGEST)
        pause.write(
            {
                "attempts": attempts,
                "last_error": account._error_sentence(error),
                "next_try": fields.Datetime.now() + backoff.delay(tries) if tries > 0 else False,
            }
        )
        if at_once or attempts >= CASE_AFTER:
            pause._raise_outage(error)

    @api.model
    def _worked(self, account, kind: str) -> None:
        """The shop took a message: forget failures, close their case."""
        if pauses := self._of(account, ALL, kind).filtered("attempts"):
            codes = [pause._case_code() for pause in pauses]
            if any(pause.attempts >= CASE_AFTER for pause in pauses):
                self.env["shop.message"]._after_outage(account)
            pauses._register_success()
            self.env["automation.case"]._settle(account, codes=codes)

    @api.model
    def _throttled(self, account, kind: str, error: Exception) -> None:
        """The shop wants fewer calls of this kind."""
        pause = self._of(account, kind) or self.create({"account_id": account.id, "area": kind})
        pause._register_wait(error)

    @api.model
    def _lift(self, accounts) -> None:
        """Somebody mended something: try at once."""
        self.search(
            Domain("account_id", "in", accounts.ids) & Domain("next_try", "!=", False)
        ).next_try = False

    def _case_code(self) -> str:
        return f"shop:outage:{self.area}"

    def _raise_outage(self, error: Exception) -> None:
        """One case per account, however long it lasts and however many messages wait."""
        account = self.account_id
        advice = (
            self.env._("Messages wait and are sent by themselves once the shop works again.")
            if is_passing(error)
            else self.env._(
                "Mend it on the account and press “Send now” there. Messages wait until then."
            )
        )
        self.env["automation.case"]._raise(
            [
                {
                    "record": account,
                    "code": self._case_code(),
                    "kind": "account",
                    "blocking": False,
                    "name": self.env._("Nothing can be told to the shop “%s”", account.name),
                    "explanation": f"{self.last_error}\n{advice}",
                }
            ]
        )
