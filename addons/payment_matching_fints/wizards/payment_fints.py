"""A talk with a bank that a person takes part in: PIN, choices, TAN."""

import base64
import re
from collections.abc import Callable

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.automation_core.lib.errors import AutomationError
from odoo.addons.automation_core.lib.masking import mask

from ..lib.bank import Bank
from ..lib.model import Challenge, Finished, Pause, Result, Waiting


class PaymentFints(models.TransientModel):
    """Leads a person to the end of what the bank wants.

    PIN and TAN are fields without a column: the browser sends them with the button, in the context,
    and keeps the PIN there until the talk is over. They never reach the database.
    """

    _name = "payment.fints"
    _description = "Talk with a bank"

    source_id = fields.Many2one("payment.source", required=True, ondelete="cascade", readonly=True)
    company_id = fields.Many2one(related="source_id.company_id", store=True)
    purpose = fields.Selection(
        [("connect", "Connect"), ("fetch", "Fetch")], required=True, readonly=True
    )
    step = fields.Selection(
        [
            ("pin", "PIN"),
            ("way", "Way to confirm"),
            ("medium", "Device"),
            ("tan", "TAN"),
            ("account", "Account"),
            ("done", "Done"),
            ("failed", "Failed"),
        ],
        default="pin",
        required=True,
        readonly=True,
    )
    state_before = fields.Selection(related="source_id.fints_state", string="Access")
    pin_stored = fields.Boolean(related="source_id.fints_pin_stored")
    pin = fields.Char("PIN", store=False)
    tan = fields.Char("TAN", store=False)
    remember = fields.Boolean(
        "Remember the PIN",
        groups="base.group_system",
        help="Stored encrypted, and used to fetch by itself. Otherwise people are asked each time.",
    )
    unlocked = fields.Boolean("The bank has unlocked the access")
    choice_ids = fields.One2many(
        "payment.fints.choice", "wizard_id", "Offered by the bank", readonly=True
    )
    choice_id = fields.Many2one(
        "payment.fints.choice", domain="[('wizard_id', '=', id), ('kind', '=', step)]"
    )
    medium_name = fields.Char(
        "Name of the device", help="As the bank's pages show it, if it does not tell us."
    )
    challenge = fields.Html(readonly=True, strip_style=True, strip_classes=True)
    picture = fields.Binary(readonly=True, attachment=False)
    typed = fields.Char("To type into the TAN generator", readonly=True)
    in_app = fields.Boolean("Confirmed in an app", readonly=True)
    message = fields.Text(readonly=True)
    pause = fields.Json(groups=fields.NO_ACCESS)

    @api.model_create_multi
    def create(self, vals_list):
        """Only who sets up sources may connect one."""
        talks = super().create(vals_list)
        sources = talks.filtered(lambda talk: talk.purpose == "connect").source_id
        if sources and not sources.has_access("write"):
            raise AccessError(self.env._("Only accounting managers can connect a bank account."))
        for talk in talks.sudo():  # sudo: who may not store the PIN keeps what was decided
            talk.remember = talk.source_id.fints_pin_stored
        return talks

    def _show(self):
        """Return the action that shows where the talk is."""
        names = {
            "connect": self.env._("Connect with the bank"),
            "fetch": self.env._("Fetch bookings"),
        }
        return {
            "type": "ir.actions.act_window",
            "name": names[self.purpose],
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    # -- buttons -----------------------------------------------------------

    def action_begin(self):
        """Log in with the PIN and do what the talk is for."""
        talk, pin = self._with_pin()
        if talk.state_before == "locked" and not talk.unlocked:
            raise UserError(
                self.env._("The bank has locked the access. Have it unlocked there first.")
            )
        begin = talk._connect_begin if talk.purpose == "connect" else talk._fetch_begin
        talk._ask(pin, begin)
        return self._show()

    def action_again(self):
        """Begin anew after a failure."""
        self.write({"step": "pin", "message": False, "unlocked": False})
        return self._show()

    def action_confirm(self):
        """Give the bank the TAN, or ask whether the app has confirmed."""
        tan = (self.env.context.get("fints_tan") or "").strip()
        talk, pin = self._with_pin()
        if not tan and not talk.in_app:
            raise UserError(self.env._("Enter the TAN."))
        # sudo: the pause is for programs only
        pause = Pause.from_json(talk.sudo().pause)
        talk._ask(pin, lambda bank: talk._take(bank, bank.answer(pause, tan)))
        return self._show()

    # -- between person and bank -------------------------------------------

    def _with_pin(self):
        """Return the talk without secrets in its context, and the PIN."""
        self.ensure_one()
        self.check_access("write")
        pin = self.env.context.get("fints_pin") or ""
        talk = self.with_context(fints_pin=None, fints_tan=None)
        # sudo: a stored PIN is for programs only
        pin = pin or talk.source_id.sudo()._fints_pin()
        if not pin:
            raise UserError(self.env._("Enter the PIN."))
        return talk, pin

    def _ask(self, pin: str, do: Callable[[Bank], None]) -> None:
        """Ask the bank something. A refusal is shown and no error: an error would undo the note
        that this PIN must not be sent again.
        """
        # sudo: bookkeepers may talk with the bank, and what it says is noted on the source
        source = self.source_id.sudo().with_company(self.company_id)
        source._fints_claim()
        try:
            bank = source._fints_open(pin)
        except AutomationError as error:
            self._fail(error, pin)
            return
        try:
            do(bank)
        except AutomationError as error:
            self._fail(error, pin)
            source._fints_failed(error)
        else:
            self._remember_pin(pin)
            source._fints_keep(bank)

    def _remember_pin(self, pin: str) -> None:
        """Store a PIN that the bank has taken, if an administrator wants that."""
        if self.env.user.has_group("base.group_system"):
            self.source_id.sudo()._fints_remember(pin if self.remember else "")

    def _fail(self, error: AutomationError, pin: str) -> None:
        sentence = mask(self.source_id._error_sentence(error), [pin])
        self.write({"step": "failed", "message": sentence})
        self.sudo().pause = False  # sudo: for programs only

    def _take(self, bank: Bank, result: Result) -> None:
        """Go on with what the bank has answered."""
        if isinstance(result, Waiting):
            self._wait(result)
            return
        self.sudo().pause = False  # sudo: as above
        self.source_id.sudo()._fints_let_in(result.confirmed)  # sudo: as in _ask
        if result.task.kind == "accounts":
            self._offer_accounts(result.accounts)
        else:
            self._store(result)

    def _wait(self, waiting: Waiting) -> None:
        challenge = waiting.challenge
        again = self.step == "tan" and challenge.decoupled
        vals = {
            "step": "tan",
            "in_app": challenge.decoupled,
            "message": self.env._("The bank has not seen your confirmation yet.")
            if again
            else False,
        }
        if not again:
            vals |= self._challenge_vals(challenge)
        # sudo: the pause is for programs only
        self.sudo().write({**vals, "pause": waiting.pause.to_json()})

    def _challenge_vals(self, challenge: Challenge) -> dict:
        """Return what to show; the bank's words come from outside."""
        return {
            # the field lets only harmless tags through
            "challenge": re.sub(r"\r\n?|\n", "<br/>", challenge.text),
            "picture": base64.b64encode(challenge.image) if challenge.image else False,
            "typed": "  ".join(challenge.flicker),
        }

    # -- fetching ----------------------------------------------------------

    def action_fetch(self):
        """Go on from connecting to fetching, with the PIN that is still there."""
        talk, pin = self._with_pin()
        talk.sudo().write({"purpose": "fetch", "message": False})  # sudo: the program's fields
        talk._ask(pin, talk._fetch_begin)
        return self._show()

    def _fetch_begin(self, bank: Bank) -> None:
        task = self.source_id.sudo()._fints_task(dict(self.source_id.cursor or {}))
        self._take(bank, bank.run(task))

    def _store(self, done: Finished) -> None:
        """Keep what came like a fetch by itself does, and read it at once."""
        source = self.source_id.sudo()  # sudo: as in _ask
        page = source._fints_page(done)
        files = self.env["payment.source.file"].sudo()._store(source, page.files)
        source.cursor = dict(page.cursor)
        source._poll_done(False)
        waiting = files.filtered(lambda file: file.state == "new")
        waiting._read_now()
        new = sum(waiting.mapped("new_count"))
        self.write(
            {
                "step": "done",
                "message": self.env._("%(count)s new bookings.", count=new)
                if new
                else self.env._("There is nothing new."),
            }
        )


class PaymentFintsChoice(models.TransientModel):
    """Something the bank offers: a way to confirm, a device, an account."""

    _name = "payment.fints.choice"
    _description = "Choice at a bank"

    wizard_id = fields.Many2one("payment.fints", required=True, ondelete="cascade", index=True)
    kind = fields.Char(required=True)
    name = fields.Char(required=True)
    value = fields.Json(required=True)
