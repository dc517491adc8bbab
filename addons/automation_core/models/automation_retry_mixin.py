from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError

from ..lib import backoff
from ..lib.errors import AutomationError, Throttled
from ..translated import translated

SHORTEST_WAIT = 5.0  # seconds
LONGEST_WAIT = 900.0


class AutomationRetryMixin(models.AbstractModel):
    """A record whose step may fail and is tried again later."""

    _name = "automation.retry.mixin"
    _description = "Retry with back-off"

    attempts = fields.Integer(readonly=True, copy=False, help="How often it failed in a row.")
    next_try = fields.Datetime(readonly=True, copy=False)
    last_error = fields.Text(readonly=True, copy=False)

    def _error_sentence(self, error: Exception) -> str:
        """Return what went wrong in the user's words; program errors are named as such."""
        if isinstance(error, AutomationError):
            texts = (error.message, error.hint)
            return " ".join(translated(self.env, text) for text in texts).strip()
        if isinstance(error, UserError):
            return str(error.args[0])
        return self.env._(
            "An unexpected error stopped this step (%(kind)s: %(text)s). "
            "The server's log has the details.",
            kind=type(error).__name__,
            text=" ".join(str(error).split())[:300],
        )

    def _register_failure(self, error: Exception) -> None:
        """Note a failed attempt and put the record off."""
        self.ensure_one()
        attempts = self.attempts + 1
        self.write(
            {
                "attempts": attempts,
                "last_error": self._error_sentence(error),
                "next_try": fields.Datetime.now() + backoff.delay(attempts),
            }
        )

    def _register_wait(self, error: Throttled) -> None:
        """Put the record off because the other side wants to be asked less often: no failure."""
        self.ensure_one()
        seconds = LONGEST_WAIT if error.retry_after is None else error.retry_after
        wait = timedelta(seconds=min(max(seconds, SHORTEST_WAIT), LONGEST_WAIT))
        self.next_try = fields.Datetime.now() + wait

    def _register_trouble(self, error: Exception) -> bool:
        """Put the record off; return whether it was a failure, not only a wish to be asked less."""
        if isinstance(error, Throttled):
            self._register_wait(error)
            return False
        self._register_failure(error)
        return True

    def _register_success(self) -> None:
        """Forget earlier failures; only records that had one are written."""
        failed = self.filtered(
            lambda record: record.attempts or record.next_try or record.last_error
        )
        if failed:
            failed.write({"attempts": 0, "last_error": False, "next_try": False})
