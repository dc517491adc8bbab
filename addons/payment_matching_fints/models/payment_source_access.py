"""The access to a bank: its secrets, and what becomes of it when the bank says no."""

import base64
import configparser

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import config

from odoo.addons.automation_core.lib.errors import AutomationError
from odoo.addons.automation_core.translated import translated

from ..lib.bank import Bank
from ..lib.codes import AccessLocked, LoginRefused, PinWrong, TanDue, notice
from ..lib.model import Login
from ..lib.vault import seal, unseal

SECTION = "payment_matching_fints"


class PaymentSource(models.Model):
    _inherit = "payment.source"

    # -- secrets -----------------------------------------------------------

    def _source_secrets(self):
        """Override."""
        pin = self._fints_pin() if self.kind == "fints" else ""
        return [*super()._source_secrets(), *([pin] if pin else [])]

    def _fints_key(self) -> str:
        """Return what the PIN is sealed with: the server's own key, else the database's."""
        parser = configparser.RawConfigParser()
        parser.read(config["config"] or "")
        own = parser.get(SECTION, "key", fallback="").strip()
        # sudo: the database's secret is for programs only
        return own or self.env["ir.config_parameter"].sudo().get_param("database.secret")

    def _fints_pin(self) -> str:
        """Return the stored PIN, if there is one."""
        # sudo: nobody may read the PIN, programs have to
        sealed = self.sudo().fints_pin_sealed
        return unseal(sealed, self._fints_key()) if sealed else ""

    def _fints_remember(self, pin: str) -> None:
        """Store the PIN, or forget the stored one."""
        self.fints_pin_sealed = seal(pin, self._fints_key()) if pin else False

    def action_fints_forget_pin(self):
        """Forget the stored PIN; people are asked for it from now on."""
        self.check_access("write")
        self.sudo()._fints_remember("")  # sudo: nobody may write the PIN, this button clears it

    def _fints_forget(self) -> None:
        """Forget everything that was agreed with the bank."""
        # sudo: the secrets go, whoever changed the access
        self.sudo().write(
            {
                "fints_state": "new",
                "fints_data": False,
                "fints_pin_sealed": False,
                "fints_account": False,
                "fints_iban": False,
                "fints_way": False,
                "fints_medium": False,
                "fints_bank": False,
                "fints_confirmed": False,
                "fints_notice": False,
                "fints_in_flight": False,
            }
        )

    # -- the bank ----------------------------------------------------------

    def _fints_open(self, pin: str) -> Bank:
        """Return the bank, to be asked with this PIN; raises ``AutomationError``."""
        login = Login(
            address=(self.fints_address or "").strip(),
            bank_code=(self.fints_bank_code or "").replace(" ", ""),
            user=(self.fints_user or "").strip(),
            pin=pin,
            product=(self.fints_product or "").strip(),
            customer=(self.fints_customer or "").strip(),
            state=base64.b64decode(self.fints_data or ""),
        )
        return Bank(login)

    def _fints_keep(self, bank: Bank) -> None:
        """Keep what the bank said about itself."""
        vals = {"fints_data": base64.b64encode(bank.state).decode(), "fints_bank": bank.name}
        if said := notice(bank.said):
            vals["fints_notice"] = translated(self.env, said)
        self.write(vals)

    def _fints_claim(self) -> None:
        """Be alone with the bank until the transaction ends.

        Locked before anything is said: a transaction that is tried again because of another one
        would send PIN and TAN a second time.
        """
        busy = self.lease_until and self.lease_until > fields.Datetime.now()
        if busy or not self.try_lock_for_update():
            raise UserError(
                self.env._("Payments are being fetched just now. Try again in a minute.")
            )

    def _fints_failed(self, error: AutomationError) -> None:
        """Note what the bank thinks of the access. A PIN that it refused is forgotten, so that
        nothing can send it again.
        """
        kinds = {AccessLocked: "locked", PinWrong: "pin_wrong", LoginRefused: "refused"}
        kinds[TanDue] = "tan"
        state = next((name for kind, name in kinds.items() if isinstance(error, kind)), None)
        if state:
            self.fints_state = state
        if state in ("locked", "pin_wrong"):
            self._fints_remember("")

    def _fints_let_in(self, confirmed: bool) -> None:
        """Note that the bank let us in; ``confirmed``: a person has just given a TAN."""
        vals = {"fints_state": "connected", "fints_in_flight": False}
        if confirmed:
            vals["fints_confirmed"] = fields.Date.context_today(self)
        self.write(vals)
