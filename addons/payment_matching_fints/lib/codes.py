"""A bank's answer codes as named failures, in words.

The codes are those of "FinTS Rückmeldungscodes" (fints.org, state of 2023). Banks may put their own
words to them and use further codes, so their words are always shown too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from odoo.addons.automation_core.lib import errors
from odoo.addons.automation_core.lib.texts import Marker, Text

_lt = Marker(__name__)

TAN_WANTED = "0030"
APP_WANTED = "3955"
APP_WAITING = "3956"
MORE = "3040"
MECHANISMS = "3920"
CLOSED = "9800"

LOCKED = frozenset({"3938", "9930", "9931", "9933"})
PIN_REFUSED = frozenset({"9340", "9910", "9942"})
TAN_REFUSED = frozenset({"9941", "9943", "9951"})
NOT_REGISTERED = frozenset({"3079", "9078"})
STRONGER = "9075"
MAINTENANCE = "9997"
# They only say that something else, which stands beside them, went wrong.
GENERAL = frozenset({"9010", "9050", CLOSED})
ASK_BANK = _lt("Ask the bank, with the codes that it answered.")


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence of the bank's answer."""

    code: str
    text: str
    parameters: tuple[str, ...] = ()

    @property
    def is_error(self) -> bool:
        """Whether the bank refuses something."""
        return self.code.startswith("9")


class LoginRefused(errors.AuthenticationFailed):
    """The bank did not let us in; the same again could lock the access."""


class PinWrong(LoginRefused):
    """The bank knows the user, but not this PIN."""


class AccessLocked(LoginRefused):
    """The bank has locked the access."""


class TanRefused(errors.Rejected):
    """The TAN was wrong, used already or too late."""


class TanDue(errors.AutomationError):
    """The bank wants a TAN and nobody is there to give one."""

    def __init__(self) -> None:
        super().__init__(
            _lt("The bank wants a TAN before it shows the account."),
            _lt("Press “Fetch now” and enter it, or confirm in your bank's app."),
        )


def words(said: Iterable[Said]) -> str:
    """Return the bank's own words with their codes, as banks' help desks want to hear them."""
    return "; ".join(dict.fromkeys(f"{one.text} ({one.code})" for one in said))


def failure(said: Sequence[Said], *, login: bool) -> errors.AutomationError | None:
    """Return what is wrong in an answer, if anything.

    :param login: whether it is the answer to a login: whatever is refused there must not be
        repeated without a person
    """
    codes = {one.code for one in said}
    refused = [one for one in said if one.is_error or one.code in LOCKED]
    if not refused:
        return None
    quote = words([one for one in refused if one.code not in GENERAL] or refused)
    if known := _known(codes, quote):
        return known
    if login:
        return LoginRefused(
            _lt("The bank refuses the login: %(words)s", words=quote),
            _lt("Check bank code, address, user id and customer id."),
        )
    return errors.Rejected(_lt("The bank refuses the request: %(words)s", words=quote), ASK_BANK)


def _known(codes: set[str], quote: str) -> errors.AutomationError | None:
    if codes & LOCKED:
        return AccessLocked(
            _lt("The bank has locked the access: %(words)s", words=quote),
            _lt("Have it unlocked on the bank's own pages or by phone, then connect again."),
        )
    if codes & PIN_REFUSED:
        return PinWrong(
            _lt("The bank refuses the PIN: %(words)s", words=quote),
            _lt(
                "It is not tried again: after three wrong ones a bank locks the access. Check the "
                "PIN on the bank's own pages, then enter it anew."
            ),
        )
    if codes & TAN_REFUSED:
        return TanRefused(
            _lt("The bank does not accept the TAN: %(words)s", words=quote),
            _lt("Begin again to be asked for a new one."),
        )
    if codes & NOT_REGISTERED:
        return LoginRefused(
            _lt("The bank does not know the product registration number: %(words)s", words=quote),
            _lt("Check it; after a new registration banks take up to some weeks to know it."),
        )
    if STRONGER in codes:
        return TanDue()
    if MAINTENANCE in codes:
        return errors.Unavailable(
            _lt("The bank is under maintenance: %(words)s", words=quote),
            _lt("It is tried again by itself."),
        )
    return None


def notice(said: Iterable[Said]) -> Text | None:
    """Return what the user should know although everything works."""
    for one in said:
        if one.code == "3072" and one.parameters:
            return _lt(
                "The bank has given you a new user id: %(ids)s. Enter it in the settings.",
                ids=" / ".join(filter(None, one.parameters)),
            )
        if one.code in ("3061", "3078"):
            return _lt("The bank says: %(words)s", words=words([one]))
    return None
