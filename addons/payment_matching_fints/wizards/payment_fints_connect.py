"""The first talk: which way to confirm, which device, which account."""

from dataclasses import asdict

from odoo import models
from odoo.exceptions import UserError

from odoo.addons.payment_matching.lib.statement.keys import same_account

from ..lib.bank import Bank
from ..lib.model import Account, Task


class PaymentFints(models.TransientModel):
    _inherit = "payment.fints"

    def action_choose(self):
        """Go on with what was chosen."""
        self.ensure_one()
        self.check_access("write")
        if not self.choice_id and not (self.step == "medium" and self.medium_name):
            raise UserError(self.env._("Choose one."))
        self.source_id.check_access("write")
        if self.step == "account":
            self._take_account(Account(**self.choice_id.value))
            return self._show()
        talk, pin = self._with_pin()
        if talk.step == "way":
            talk._ask(pin, talk._choose_way)
        else:
            medium = talk.choice_id.name or talk.medium_name
            talk._ask(pin, lambda bank: talk._choose_medium(bank, medium))
        return self._show()

    def _connect_begin(self, bank: Bank) -> None:
        self.source_id.check_access("write")
        ways = bank.mechanisms()
        if len(ways) > 1:
            self._offer("way", [(way.name, way.code) for way in ways])
        else:
            self._use_way(bank, *[(way.code, way.name) for way in ways] or [("", "")])

    def _choose_way(self, bank: Bank) -> None:
        self._use_way(bank, (self.choice_id.value, self.choice_id.name))

    def _use_way(self, bank: Bank, way: tuple[str, str]) -> None:
        """Confirm in this way; ask for the device where there are several."""
        code, name = way
        bank.choose(code)
        # sudo: bookkeepers may talk with the bank, and what it says is noted on the source
        self.source_id.sudo().write({"fints_way": name, "fints_medium": False})
        if not bank.needs_medium:
            self._take(bank, bank.run(Task("accounts")))
            return
        media = bank.media()
        if len(media) == 1:
            self._choose_medium(bank, media[0])
        else:
            self._offer("medium", [(name, name) for name in media])

    def _choose_medium(self, bank: Bank, medium: str) -> None:
        bank.choose(bank.chosen, medium)
        self.source_id.sudo().fints_medium = medium  # sudo: as above
        self._take(bank, bank.run(Task("accounts")))

    def _offer(self, step: str, offered: list) -> None:
        """Let the person choose; the first one is proposed."""
        # sudo: what can be chosen is the bank's
        choices = self.env["payment.fints.choice"].sudo()
        self.choice_ids.sudo().unlink()
        found = choices.create(
            [
                {"wizard_id": self.id, "kind": step, "name": name, "value": value}
                for name, value in offered
            ]
        )
        self.write({"step": step, "choice_id": found[:1].id, "message": False})

    def _offer_accounts(self, accounts: tuple[Account, ...]) -> None:
        """Take the account of the journal; where it has none, let the person choose."""
        own = self.source_id.journal_id.bank_account_id.sanitized_acc_number
        fitting = [one for one in accounts if own and same_account(one.iban, own)]
        if fitting:
            self._take_account(fitting[0])
        elif not accounts:
            self._say_failed(self.env._("The bank shows no account to this user."))
        elif own:
            listed = ", ".join(account.iban for account in accounts)
            self._say_failed(
                self.env._(
                    "The account of the journal, %(own)s, is not among those of this user: "
                    "%(listed)s. Correct the journal's account number, or choose another journal.",
                    own=own,
                    listed=listed,
                )
            )
        else:
            self._offer(
                "account",
                [
                    (" · ".join(filter(None, (one.iban, one.product, one.owner))), asdict(one))
                    for one in accounts
                ],
            )

    def _say_failed(self, message: str) -> None:
        self.write({"step": "failed", "message": message})
        # sudo: as above; without an account there is nothing to fetch
        self.source_id.sudo().fints_state = "new"

    def _take_account(self, account: Account) -> None:
        """Connected: fetch from this account from now on."""
        source = self.source_id.sudo()  # sudo: as above
        if not source.journal_id.bank_acc_number:
            source.journal_id.set_bank_account(account.iban)
        source.write(
            {
                "fints_account": asdict(account),
                "fints_iban": account.iban,
                "fints_state": "connected",
                "live": True,
            }
        )
        self.write(
            {
                "step": "done",
                "message": self.env._("The account %s is connected.", account.iban),
            }
        )
