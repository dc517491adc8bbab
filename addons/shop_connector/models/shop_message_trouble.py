"""Messages that a person has to look at, and the buttons with which they go on."""

from odoo import api, models

from .shop_message import CRON, OPEN


class ShopMessage(models.Model):
    _inherit = "shop.message"

    def _get_case_code(self) -> str:
        return f"shop:message:{self.kind}"

    def _fail(self, error: Exception) -> None:
        """The shop refused, or something is missing: it waits for a person."""
        account = self.account_id
        message = getattr(error, "message", "")
        self.write(
            {
                "state": "failed",
                "last_error": account._readable(message) or self._error_sentence(error),
                "hint": account._readable(getattr(error, "hint", "")) or False,
                "problem": getattr(error, "problem", False),
                "next_try": False,
                "job": False,
            }
        )
        self._raise_failure()

    def _raise_failure(self) -> None:
        advice = self.env._(
            "Mend the cause, then press “Retry” on the message or resolve this case."
        )
        self.env["automation.case"]._raise(
            [
                {
                    "record": message.sale_order_id,
                    "code": message._get_case_code(),
                    "kind": "technical",
                    "blocking": False,
                    "name": message._get_failure_name(),
                    "explanation": "\n".join(
                        filter(None, [message.last_error, message.hint, advice])
                    ),
                    "seen": f"{message.id}:{message.last_error}",
                }
                for message in self
                if message.sale_order_id
            ]
        )

    def _get_failure_name(self) -> str:
        name = self.sale_order_id.name
        if self.kind == "shipment":
            return self.env._("The shop does not know that order %s was shipped", name)
        if self.kind == "cancellation":
            return self.env._("The shop does not know that order %s is cancelled", name)
        return self.env._("The shop has no invoice of order %s", name)

    @api.model
    def _after_outage(self, account) -> None:
        """The shop is back: what failed while it was down need not wait any longer."""
        self.search(
            [("account_id", "=", account.id), ("state", "in", OPEN), ("attempts", ">", 0)]
        ).write({"attempts": 0, "next_try": False})

    def _put_back(self) -> None:
        """Let the message wait again, or leave it to a later one that waits already."""
        if self.state == "waiting":
            return
        later = self._find_waiting()
        if later:
            later.uncertain = later.uncertain or self.uncertain
            self._drop(self.env._("A later message tells it."))
        else:
            self.state = "pending"
        self.flush_recordset()

    def _find_waiting(self):
        """Return the other message of this kind about this order that waits."""
        if self.kind not in ("shipment", "cancellation"):
            return self.browse()
        return self.search(
            [
                ("sale_order_id", "=", self.sale_order_id.id),
                ("kind", "=", self.kind),
                ("state", "=", "pending"),
                ("id", "!=", self.id),
            ],
            limit=1,
        )

    def _drop(self, why: str) -> None:
        self.write({"state": "cancelled", "answer": why, "next_try": False, "job": False})
        self.env["automation.case"]._settle(self.sale_order_id, codes=[self._get_case_code()])

    def _error_sentence(self, error: Exception) -> str:
        """Override of `automation_core` to keep the account's secrets out of what is shown."""
        return self.account_id._error_sentence(error)

    def _stop_kind(self, error) -> None:
        """The shop wants none of this kind: switch it off and say so once."""
        account = self.account_id
        account._stop_telling(self.kind)
        self.search(
            [
                ("account_id", "=", account.id),
                ("kind", "=", self.kind),
                ("state", "=", "pending"),
            ]
        )._drop_all(self.env._("Switched off on the account."))
        self._drop(account._readable(error.message))
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        self.env["automation.case"]._raise(
            [
                {
                    "record": account,
                    "code": f"shop:stop:{self.kind}",
                    "kind": "account",
                    "blocking": False,
                    "name": self.env._(
                        "The shop “%(shop)s” takes no messages of this kind: %(kind)s",
                        shop=account.name,
                        kind=kinds[self.kind],
                    ),
                    "explanation": "\n".join(
                        filter(
                            None,
                            [
                                account._readable(error.message),
                                account._readable(error.hint),
                                self.env._("They were switched off on the account."),
                            ],
                        )
                    ),
                }
            ]
        )

    def _drop_all(self, why: str) -> None:
        for message in self:
            message._drop(why)

    # ------------------------------------------------------------------
    # What a person does
    # ------------------------------------------------------------------

    def action_retry(self):
        """Send now what failed, waits or was cancelled; what was sent is told once more.

        The shop is asked first what it knows, so that nothing is told twice.
        """
        messages = self._as_program()
        self.env["shop.pause"].sudo()._lift(messages.account_id)  # sudo: see _as_program
        messages._requeue()
        return self._notify(messages)

    def _requeue(self) -> None:
        """Let these messages wait for the next run, each order's kind once."""
        waiting = self.filtered(lambda message: message.state in ("pending", "waiting"))
        waiting.next_try = False
        over = self.filtered(lambda message: message.kind != "stock" and message.state not in OPEN)
        # the newest comes first and says everything
        for message in over.sorted("id", reverse=True):
            if message._find_waiting():
                if message.state == "failed":
                    message._drop(self.env._("A later message tells it."))
                continue
            message.write(
                {
                    "state": "pending",
                    "uncertain": True,
                    "attempts": 0,
                    "next_try": False,
                    "problem": False,
                    "answer": False,
                    "job": False,
                }
            )
            message.flush_recordset()
        if self:
            self._trigger_cron(CRON)

    def _notify(self, messages):
        off = messages.account_id.filtered(lambda account: not account.live)
        text = (
            self.env._(
                "The shop “%s” is not live: its messages wait until it is.",
                ", ".join(off.mapped("name")),
            )
            if off
            else self.env._("The shop is told now; see the answer here in a moment.")
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if off else "success",
                "message": text,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def action_cancel(self):
        """A person decides that the shop need not be told."""
        messages = self._as_program().filtered(
            lambda message: message.state in ("pending", "waiting", "failed")
        )
        messages._drop_all(self.env._("Cancelled by %s.", self.env.user.name))
        return True

    def action_open_order(self):
        self.ensure_one()
        return self.sale_order_id._get_records_action()

    def action_open_document(self):
        """Open the delivery or the invoice it is about."""
        self.ensure_one()
        return (self.move_id or self.picking_id)._get_records_action()
