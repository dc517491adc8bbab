"""What can be told wrong without asking the bank; each wrong try there counts."""

from __future__ import annotations

import re

from odoo.addons.automation_core.lib import errors
from odoo.addons.automation_core.lib.texts import Marker

from .model import Login

_lt = Marker(__name__)

LONGEST = 99  # PIN and TAN, by the specification


def check_login(login: Login) -> None:
    """Refuse what the library would quote in an error, PIN and all, and what no bank would take."""
    if not re.fullmatch(r"\d{8}", login.bank_code):
        raise errors.Rejected(
            _lt("“%(code)s” is not a bank code.", code=login.bank_code),
            _lt("Enter the eight digits (BLZ)."),
        )
    if not login.product:
        raise errors.Rejected(
            _lt("The product registration number is missing."),
            _lt("Banks only talk to registered programs. Registering is free: fints.org."),
        )
    for text, longest in ((login.user, 30), (login.customer or "-", 30), (login.product, 25)):
        if not text or len(text) > longest or not _is_latin(text):
            raise errors.Rejected(
                _lt("User id, customer id or product registration number cannot be right."),
                _lt("Each is short and without special characters. Copy them once more."),
            )
    if not login.pin:
        raise errors.Rejected(_lt("The PIN is missing."))
    check_secret(login.pin, _lt("The PIN has characters that banks do not know, or too many."))


def check_secret(secret: str, problem: str) -> None:
    """Refuse a PIN or TAN that cannot be written into a message."""
    if len(secret) > LONGEST or not _is_latin(secret):
        raise errors.Rejected(problem)


def _is_latin(text: str) -> bool:
    try:
        text.encode("latin-1")
    except UnicodeEncodeError:
        return False
    return text.isprintable()
