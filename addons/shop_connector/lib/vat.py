"""VAT ids as buyers type them."""

from __future__ import annotations

import re

from stdnum.eu import vat as eu_vat
from stdnum.exceptions import ValidationError
from stdnum.util import get_cc_module

_NOISE = re.compile(r"[^0-9A-Z+*]")


def valid_vat(text: str, country_code: str) -> str:
    """Return the id in its written form (``DE136695976``) if its check digits are right, else
    ``""``.

    A missing country prefix is taken from the address.
    """
    compact = _NOISE.sub("", text.upper())
    if len(compact) < 4:
        return ""
    prefix = "EL" if country_code == "GR" else country_code
    for candidate in dict.fromkeys((compact, prefix + compact)):
        if found := _check(candidate):
            return found
    return ""


def _check(candidate: str) -> str:
    try:
        return str(eu_vat.validate(candidate)) if candidate[:2] in EU else _check_other(candidate)
    except ValidationError:
        return ""


def _check_other(candidate: str) -> str:
    module = get_cc_module(candidate[:2].lower(), "vat") if candidate[:2].isalpha() else None
    return candidate if module and module.is_valid(candidate) else ""


# fmt: off
EU = frozenset({
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "EL", "ES",
    "FI", "FR", "HR", "HU", "IE", "IT", "LT", "LU", "LV", "MT",
    "NL", "PL", "PT", "RO", "SE", "SI", "SK", "XI",
})
# fmt: on
