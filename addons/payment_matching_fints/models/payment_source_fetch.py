"""Fetching bookings: by itself with a stored PIN, as long as the bank wants no TAN."""

import io
import zipfile
from dataclasses import replace
from datetime import date, timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.automation_core.lib.errors import AutomationError
from odoo.addons.automation_core.lib.texts import Marker
from odoo.addons.payment_matching.lib.source import CheckLine, SourceFile, SourcePage

from ..lib.codes import LoginRefused, TanDue
from ..lib.model import Account, Finished, Task, Waiting

_lt = Marker(__name__)

LOOK_BACK = timedelta(days=10)  # banks book late; what is known already is taken once
BROKEN_OFF = _lt("A fetch broke off before the bank's answer was known.")
BROKEN_OFF_HINT = _lt("So that a wrong PIN is not sent twice, a person has to press “Fetch now”.")
EXPIRED_HINT = _lt("Press “Fetch now” and confirm with a TAN; it holds for 180 days.")


class PaymentSource(models.Model):
    _inherit = "payment.source"

    # -- what is asked for -------------------------------------------------

    def _fints_task(self, cursor: dict) -> Task:
        """Return what to ask for next."""
        today = fields.Date.context_today(self)
        start = self.fints_start or today - LOOK_BACK
        if cursor.get("until"):
            start = max(start, date.fromisoformat(cursor["until"]) - LOOK_BACK)
        return Task("fetch", Account(**self.fints_account), min(start, today), today)

    def _fints_page(self, done: Finished) -> SourcePage:
        """Return the bank's answer as it came, as a file."""
        name = f"{self.fints_iban} {done.task.start} - {done.task.end}"
        cursor = {"until": done.task.end.isoformat()}
        if not done.pages:
            return SourcePage((), cursor)
        if done.xml:
            return SourcePage((SourceFile(f"{name}.zip", _zipped(done.pages)),), cursor)
        return SourcePage((SourceFile(f"{name}.sta", b"".join(done.pages)),), cursor)

    # -- by itself ---------------------------------------------------------

    @api.model
    def _cron_fetch(self):
        """Override: say first where nothing can be fetched by itself any more."""
        self._fints_watch()
        return super()._cron_fetch()

    @api.model
    def _due_domain(self):
        """Override: without PIN, or when a person is needed, a bank is left alone."""
        alone = Domain("fints_state", "=", "connected") & Domain("fints_pin_stored", "=", True)
        alone &= Domain("fints_in_flight", "=", False)
        return super()._due_domain() & (Domain("kind", "!=", "fints") | alone)

    def _take_lease(self):
        """Override: note that the stored PIN is on its way."""
        taken = super()._take_lease()
        if taken and self.kind == "fints":
            self.fints_in_flight = True
        return taken

    def _source_fetch(self, cursor):
        """Override."""
        if self.kind != "fints":
            return super()._source_fetch(cursor)
        bank = self._fints_open(self._fints_pin())
        result = bank.run(self._fints_task(cursor))
        if isinstance(result, Waiting):
            bank.give_up(result.pause)
            raise TanDue
        return self._fints_page(result)

    def _source_read(self, name, content):
        """Override: the bank was asked for one account, however it writes its number."""
        found = super()._source_read(name, content)
        if self.kind != "fints":
            return found
        return tuple(replace(statement, account=self.fints_iban) for statement in found)

    def _poll_done(self, more):
        """Override."""
        if self.kind == "fints":
            self._fints_let_in(False)
        return super()._poll_done(more)

    def _poll_failed(self, error):
        """Override: what the bank refuses is not tried again."""
        if self.kind == "fints":
            self.fints_in_flight = False
        # before the PIN is forgotten: the sentence about the failure has to know what to hide
        result = super()._poll_failed(error)
        if self.kind == "fints" and isinstance(error, AutomationError):
            self._fints_failed(error)
        return result

    @api.model
    def _fints_watch(self) -> None:
        """Stop, with a case, where a confirmation has run out or a fetch has broken off."""
        now = fields.Datetime.now()
        live = Domain("kind", "=", "fints") & Domain("live", "=", True)
        connected = live & Domain("fints_state", "=", "connected")
        today = fields.Date.context_today(self)
        for source in self.search(connected & Domain("fints_valid_until", "<", today)):
            source._in_its_language()._poll_failed(
                AutomationError(
                    _lt(
                        "The access to the bank has expired on %(day)s.",
                        day=source.fints_valid_until.isoformat(),
                    ),
                    EXPIRED_HINT,
                )
            )
            source.fints_state = "expired"
        broken = live & Domain("fints_in_flight", "=", True) & Domain("lease_until", "<=", now)
        for source in self.search(broken):
            source._in_its_language()._poll_failed(LoginRefused(BROKEN_OFF, BROKEN_OFF_HINT))

    # -- buttons -----------------------------------------------------------

    def action_fetch_now(self):
        """Override: a bank that needs a person gets one."""
        source = self if len(self) == 1 and self.kind == "fints" else None
        if source and (source.fints_state != "connected" or not source.fints_pin_stored):
            return source._fints_talk("fetch" if source.fints_account else "connect")
        return super().action_fetch_now()

    def action_fints_connect(self):
        """Log in for the first time, or anew."""
        self.ensure_one()
        self.check_access("write")
        return self._fints_talk("connect")

    def _fints_talk(self, purpose: str):
        talk = self.env["payment.fints"].create({"source_id": self.id, "purpose": purpose})
        return talk._show()

    # -- the connection test -----------------------------------------------

    def _source_check(self):
        """Override: try the access where that needs nobody."""
        if self.kind != "fints":
            return super()._source_check()
        if self.fints_state != "connected":
            states = dict(self._fields["fints_state"]._description_selection(self.env))
            return [CheckLine(False, states[self.fints_state], self.env._("Press “Connect”."))]
        if not self.fints_pin_stored:
            return [
                CheckLine(
                    True,
                    self.env._("The account is connected; the PIN is not stored."),
                    self.env._("Press “Fetch now” to try it with the PIN."),
                )
            ]
        return self._fints_check()

    def _fints_check(self):
        self._fints_claim()
        try:
            bank = self._fints_open(self._fints_pin())
            result = bank.run(Task("accounts"))
        except AutomationError as error:
            line = CheckLine(False, self._readable(error.message), self._readable(error.hint))
            self._fints_failed(error)
            return [line]
        if isinstance(result, Waiting):
            bank.give_up(result.pause)
            error = TanDue()
            self._fints_failed(error)
            return [CheckLine(False, error.message, error.hint)]
        known = {account.iban for account in result.accounts}
        return [
            CheckLine(True, self.env._("“%s” lets us in.", bank.name)),
            CheckLine(
                self.fints_iban in known,
                self.env._("The account %s is there.", self.fints_iban)
                if self.fints_iban in known
                else self.env._("The account %s is gone.", self.fints_iban),
            ),
        ]


def _zipped(pages: tuple[bytes, ...]) -> bytes:
    """Return the pages in one file that is the same for the same pages."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, page in enumerate(pages, start=1):
            archive.writestr(zipfile.ZipInfo(f"{number:03}.xml"), page)
    return packed.getvalue()
