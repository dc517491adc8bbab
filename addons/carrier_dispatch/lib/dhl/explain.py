"""What DHL's refusals mean and what to do about them."""

from __future__ import annotations

import json
from typing import Any, Final

from odoo.addons.automation_core.lib import errors
from odoo.addons.automation_core.lib.http import Answer
from odoo.addons.automation_core.lib.masking import mask
from odoo.addons.automation_core.lib.texts import Marker

_lt = Marker(__name__)

AGAIN: Final = _lt("It is tried again by itself.")
LOGIN_HINT: Final = _lt(
    "Compare API key and secret with the app on DHL's developer site, user and password with the "
    "business customer portal (a password there ends after some time), and whether the app is one "
    "for the sandbox."
)
RIGHTS_HINT: Final = _lt(
    "Let DHL's developer site show whether the app is approved for Parcel DE Shipping, and the "
    "portal whether the user may ship."
)
LONGEST: Final = 300


def login_failed() -> errors.AuthenticationFailed:
    """What a refused login means."""
    return errors.AuthenticationFailed(_lt("DHL does not accept the login."), LOGIN_HINT)


def not_readable() -> errors.InvalidAnswer:
    """What an answer in another form means: a maintenance page, half a document."""
    return errors.InvalidAnswer(_lt("DHL's answer is not readable."), AGAIN)


def failure(answer: Answer, secrets: tuple[str, ...] = ()) -> errors.AutomationError:
    """Return what an answer of 400 and above means, in DHL's own words where it has some."""
    if answer.status == 401:
        return login_failed()
    text = mask(said(answer.content), secrets)
    if answer.status == 403:
        return errors.AccessDenied(_lt("DHL does not allow this user to do that."), RIGHTS_HINT)
    if answer.status == 404:
        return errors.NotFound(_lt("DHL does not know what was asked for."))
    if not text:
        return errors.Rejected(
            _lt("DHL refused the request (%(status)s).", status=answer.status),
        )
    return errors.Rejected(_lt("DHL refused the request: %(text)s", text=text))


def said(content: bytes) -> str:
    """Return the words of a refusal; nothing where there are none."""
    try:
        data = json.loads(content)
    except (ValueError, RecursionError):
        return ""
    if not isinstance(data, dict):
        return ""
    status = data.get("status")
    holder = status if isinstance(status, dict) else data
    words = (text(holder.get(name)) for name in ("title", "detail", "error_description"))
    return " - ".join(dict.fromkeys(filter(None, words)))[:LONGEST]


def text(value: Any, most: int = LONGEST) -> str:
    """Return a text of DHL's as one line; what is no text is none."""
    if not isinstance(value, str):
        return ""
    line = " ".join(value[: 4 * most].split())
    return "".join(sign if sign.isprintable() else " " for sign in line)[:most].strip()
