"""Amazon's three address lines without meaning, put where they belong.

Nothing is thrown away or corrected: each line ends up in exactly one field, in its own words.
"""

from __future__ import annotations

import re
from typing import Final

from odoo.addons.automation_core.lib.texts import Marker
from odoo.addons.order_automation.lib import pickup
from odoo.addons.shop_connector.lib.order import ShopAddress

from .reader import Reader

_lt = Marker(__name__)


_HOUSE_NUMBER = re.compile(r"\d{1,4}(?:\s?[a-zA-Z])?(?:\s?[-/]\s?\d{1,4}\s?[a-zA-Z]?)?")
_NUMBERED_STREET = re.compile(  # "Beispielweg 7", "Am Markt 3a-5", "12 rue de l'Exemple"
    r".*[^\W\d_]{3,}\W*\s\d{1,4}\s?[a-z]?(?:\s?[-/]\s?\d{1,4}\s?[a-z]?)?"
    r"|\d{1,4}(?:\s?(?:bis|ter|[a-z]))?,?\s[^\W\d_]{2,}\s.*",
    re.IGNORECASE,
)
_STREET_WORD = re.compile(
    r"(?:str(?:\.|aße|asse)?|weg|platz|allee|gasse|ring|damm|ufer|chaussee|steig|markt|hof)\.?$"
    r"|^(?:rue|avenue|boulevard|via|calle|plaza|am|an der|auf der|im|in der|zum|zur)\b",
    re.IGNORECASE,
)
_LEGAL_FORM = re.compile(
    r"\b(?:gmbh|mbh|ag|kg|kgaa|ohg|gbr|ug|e\.?\s?k\.?|e\.?\s?v\.?|eg|se|sarl|s\.a\.r\.l\.?|sas|sa|"
    r"srl|s\.r\.l\.?|spa|s\.p\.a\.?|b\.?v\.?|n\.?v\.?|ltd|limited|plc|llc|inc|sp\.?\s?z\.?\s?o\.?o|"
    r"ab|oy|aps|s\.?l\.?|kft|s\.?r\.?o\.?|d\.?o\.?o\.?|praxis|kanzlei|apotheke|firma)"
    r"(?!\w)",
    re.IGNORECASE,
)
_COUNTRY = re.compile(r"[A-Z]{2}", re.ASCII)
MAX_LINE: Final = 200


def read_address(row: Reader) -> ShopAddress:
    """Return an address; what Amazon withholds stays empty."""
    company, street, number, more = _lines(row)
    code = row.text("countryCode", _lt("country"), 8).upper()
    if code and not _COUNTRY.fullmatch(code):
        raise row.fail(
            "countryCode",
            _lt("%(name)s has a country that is no country code: “%(code)s”."),
            code=code,
        )
    cities = (row.text(key, key, 128) for key in ("city", "municipality", "districtOrCounty"))
    return ShopAddress(
        last_name=row.text("name", _lt("name"), MAX_LINE),
        company=company,
        street=street,
        house_number=number,
        street2=more,
        zip=row.text("postalCode", _lt("postal code"), 32),
        city=next(filter(None, cities), ""),
        state=row.text("stateOrRegion", _lt("state"), 64),
        country_code=code,
        phone=row.text("phone", _lt("phone number"), 64),
    )


def _lines(row: Reader) -> tuple[str, str, str, str]:
    """Return company, street, a house number that stood alone, and what else there is."""
    keys = ("addressLine1", "addressLine2", "addressLine3")
    lines = [line for key in keys if (line := row.text(key, _lt("address line"), MAX_LINE))]
    company = row.text("companyName", _lt("company"), MAX_LINE)
    number = ""
    place = _pickup_line(lines)
    if place is not None:
        lines.insert(0, lines.pop(place))
    elif len(lines) > 1:
        if company and lines[0].casefold() == company.casefold():
            lines.pop(0)
        elif not company and _is_company(lines[0], lines[1]):
            company = lines.pop(0)
        elif _is_swapped(lines[0], lines[1]):
            lines.insert(0, lines.pop(1))
        elif _HOUSE_NUMBER.fullmatch(lines[1]) and not any(map(str.isdigit, lines[0])):
            number = lines.pop(1)
    return company, lines[0] if lines else "", number, ", ".join(lines[1:])


def _pickup_line(lines: list[str]) -> int | None:
    """Return which line names a locker or outlet: that is the street there."""
    for index, line in enumerate(lines):
        found = pickup.find([line])
        if found and found.kind != pickup.OTHER:
            return index
    return None


def _is_company(first: str, second: str) -> bool:
    """Whether a company stands where the street should be."""
    return bool(_LEGAL_FORM.search(first) and _NUMBERED_STREET.fullmatch(second))


def _is_swapped(first: str, second: str) -> bool:
    """Whether the street is in the second line, and in the first how to find it."""
    return bool(
        not any(map(str.isdigit, first))
        and not _STREET_WORD.search(first)
        and _NUMBERED_STREET.fullmatch(second)
    )
