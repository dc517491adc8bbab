"""What PayPal's refusals mean and what to do about them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final

from odoo.addons.automation_core.lib import errors
from odoo.addons.automation_core.lib.http import Answer
from odoo.addons.automation_core.lib.texts import Marker

_lt = Marker(__name__)

AGAIN: Final = _lt("It is tried again by itself.")
LOGIN_HINT: Final = _lt(
    "Compare client ID and secret with the app on PayPal's developer site, and whether it is an "
    "app for the sandbox or for live payments."
)
SEARCH_HINT: Final = _lt(
    "Open the app on PayPal's developer site, tick “Transaction Search” under “Features” and save. "
    "It takes up to nine hours until PayPal lets it in."
)
TOO_LARGE: Final = "RESULTSET_TOO_LARGE"
NOT_YET: Final = "data for the given start date is not available"


class TooManyRows(errors.Rejected):
    """More than PayPal shows for one window: ask for a shorter one."""


class NotYet(errors.Rejected):
    """PayPal has no data of that time yet: ask later."""


@dataclass(frozen=True, slots=True)
class Said:
    """An error as PayPal writes it."""

    name: str = ""
    text: str = ""


def login_failed() -> errors.AuthenticationFailed:
    """What a refused login means."""
    return errors.AuthenticationFailed(_lt("PayPal does not accept the login."), LOGIN_HINT)


def not_readable() -> errors.InvalidAnswer:
    """What an answer in another form means: a maintenance page, half a document."""
    return errors.InvalidAnswer(_lt("PayPal's answer is not readable."), AGAIN)


def too_many() -> TooManyRows:
    """More than fits into one answer."""
    return TooManyRows(_lt("PayPal has more transactions than it shows at once."), AGAIN)


def read_error(content: bytes) -> Said:
    """Return the error in an answer; nothing where there is none."""
    try:
        data = json.loads(content)
    except (ValueError, RecursionError):
        return Said()
    if not isinstance(data, dict):
        return Said()
    texts = [data.get("message"), data.get("error_description")]
    details = data.get("details")
    for row in details[:5] if isinstance(details, list) else ():
        if isinstance(row, dict):
            texts += [row.get("issue"), row.get("description")]
    text = " ".join(" ".join(word for word in texts if isinstance(word, str)).split())
    return Said(_word(data.get("name") or data.get("error")), text[:300])


def failure(answer: Answer) -> errors.AutomationError:
    """Return what an answer of 400 and above means."""
    said = read_error(answer.content)
    if answer.status == 401:
        return login_failed()
    if answer.status == 403:
        return errors.AccessDenied(_lt("PayPal does not allow the app to do this."), SEARCH_HINT)
    if answer.status == 404:
        return errors.NotFound(_lt("PayPal does not know what was asked for."))
    if TOO_LARGE in (said.name, *said.text.split()):
        return too_many()
    if NOT_YET in said.text.lower():
        return NotYet(_lt("PayPal has no data of that time yet."), AGAIN)
    if not said.name and not said.text:
        return errors.Rejected(
            _lt("PayPal refused the request (%(status)s).", status=answer.status)
        )
    return errors.Rejected(
        _lt("PayPal refused the request: %(text)s (%(name)s)", text=said.text, name=said.name)
    )


def _word(value: Any) -> str:
    return value[:60] if isinstance(value, str) else ""
