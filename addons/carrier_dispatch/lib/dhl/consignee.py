"""Who gets a parcel, in the four forms DHL knows, and who sends it."""

from __future__ import annotations

import re
from typing import Any, Final

from odoo.addons.automation_core.lib.texts import Marker, Text
from odoo.addons.order_automation.lib import address, postal
from odoo.addons.order_automation.lib.address import Address, Analysis

from ..model import Party
from .countries import HOME, three_letters
from .fields import COMPLETE, Unsendable, lines, missing, one, wrapped
from .settings import Settings

_lt = Marker(__name__)

Json = dict[str, Any]

NAME: Final = _lt("recipient's name")
STREET: Final = _lt("street")
CITY: Final = _lt("town")
ZIP: Final = _lt("postal code")
STATE: Final = _lt("state")
COUNTRY: Final = _lt("country")
SENDER: Final = _lt("sender's name")

_ZIP = re.compile(r"(?=.{3,10}$)[0-9A-Z]+(?:[ -][0-9A-Z]+)*")
_EMAIL = re.compile(r"(?=.{3,80}$)[^\s@]+@[^\s@]+\.[^\s@]+")
_PHONE = re.compile(r"[+0-9][0-9 ()/.\-]{2,19}")
_HOUSE_ALONE = re.compile(
    r"(?:nr\.?|no\.?)?\s*[0-9]{1,4}\s*[a-z]?(?:\s*[-/]\s*[0-9]{1,4}[a-z]?)?", re.I
)
_PO_BOX = re.compile(r"(?:post\W*fach|p\.?\s?o\.?\W*box)\W*((?:[0-9]\s?){1,10})(?![0-9])", re.I)
_POST_NUMBER = r"\b(?:(?:post|kunden|dhl)[ \-]?)+(?:nr|no|nummer)[ .:#]*"
_NO_ZIP_NEEDED = "IE"
_WITH_STATE = frozenset(("US", "CA", "AU", "MX", "BR", "CN", "IN", "JP", "MY", "AR"))


def consignee(party: Party, place: Analysis | None, settings: Settings) -> Json:
    """Return the recipient as DHL's consignee; raise :class:`.Unsendable` where none can be made.

    :param place: what the address is; it is looked at here where nobody has yet
    """
    country = postal.country_code(party.country) or HOME
    found = place or analysed(party)
    if address.PICKUP_ABROAD in found.problems:
        raise Unsendable(
            "consignee.lockerID",
            _lt(
                "“%(place)s” is in %(country)s: DHL has such places in Germany only.",
                place=found.place,
                country=country,
            ),
            _lt("Ask the buyer for another address."),
        )
    if found.kind == address.LOCKER:
        return _locker(party, found)
    if found.kind == address.OUTLET:
        return _outlet(party, found, settings)
    if found.kind == address.OTHER:
        return _po_box(party, found, country, settings)
    return _door(party, country, settings)


def analysed(party: Party) -> Analysis:
    """What an address is, by its own words."""
    typed = Address(
        name=party.name,
        company=party.company,
        street=party.street,
        street2=party.street2,
        zip=party.zip,
        city=party.city,
        country=party.country,
        email=party.email,
    )
    return address.analyse(typed)


def shipper(party: Party, settings: Settings) -> Json:
    """Return the sender: the address, or its name at DHL."""
    if settings.sender_reference:
        most = one("shipper.shipperRef", SENDER, settings.sender_reference, 50)
        return {"shipperRef": most}
    country = postal.country_code(party.country) or HOME
    names = lines("shipper.name1", SENDER, _names(party), 50, 3)
    if not names:
        raise missing("shipper.name1", SENDER)
    street, extra = _street_and_extra(party)
    body = _numbered("name", lines("shipper.name1", SENDER, [*names, *extra], 50, 3))
    body |= {
        "addressStreet": one("shipper.addressStreet", STREET, street, 50),
        "city": one("shipper.city", CITY, postal.clean(party.city), 40),
        "country": _country("shipper.country", country),
    }
    if code := _zip("shipper.postalCode", party.zip, country):
        body["postalCode"] = code
    if _EMAIL.fullmatch(party.email.strip()):
        body["email"] = party.email.strip()
    return body


def email(party: Party, settings: Settings) -> str:
    """The buyer's e-mail address, where DHL may know it."""
    text = party.email.strip()
    return text if settings.send_email and _EMAIL.fullmatch(text) else ""


def phone(party: Party, settings: Settings) -> str:
    """The buyer's telephone number, where DHL may know it."""
    text = " ".join(party.phone.split())
    return text if settings.send_phone and _PHONE.fullmatch(text) else ""


# -- the four forms -----------------------------------------------------------


def _door(party: Party, country: str, settings: Settings) -> Json:
    street, extra = _street_and_extra(party)
    home = country == HOME
    names = lines("consignee.name1", NAME, _names(party), 50, 3)
    if not names:
        raise missing("consignee.name1", NAME)
    if not street:
        raise missing("consignee.addressStreet", STREET)
    street, rest = _split_street(street, home)
    extra = [*rest, *extra]
    body: Json = {}
    if home:  # DHL prints no other line on German labels
        names = lines("consignee.name2", NAME, [*names, *extra], 50, 3)
    elif extra:
        key = "additionalAddressInformation1"
        body[key] = one(f"consignee.{key}", STREET, ", ".join(extra), 60)
    body |= _numbered("name", names)
    body |= {"addressStreet": street, **_town("consignee", party, country, 40)}
    if country in _WITH_STATE and (state := postal.clean(party.state)):
        body["state"] = _state(state, country)
    if mail := email(party, settings):
        body["email"] = mail
    if not home and (number := phone(party, settings)):
        body["phone"] = number
    return body


def _locker(party: Party, place: Analysis) -> Json:
    number = _point_number(place, 100, "consignee.lockerID")
    if not place.post_number:
        raise Unsendable(
            "consignee.postNumber",
            _lt("The post number is missing: DHL opens no Packstation without it."),
            _lt("Ask the buyer for it, or for another address."),
        )
    return {
        "name": _point_name(party, place),
        "lockerID": number,
        "postNumber": place.post_number,
        **_town("consignee", party, HOME, 40),
    }


def _outlet(party: Party, place: Analysis, settings: Settings) -> Json:
    body: Json = {
        "name": _point_name(party, place),
        "retailID": _point_number(place, 401, "consignee.retailID"),
        **_town("consignee", party, HOME, 80),
    }
    if place.post_number:
        body["postNumber"] = place.post_number
    elif mail := email(party, settings):
        body["email"] = mail
    else:
        raise Unsendable(
            "consignee.postNumber",
            _lt("The post number is missing, and DHL is not given the buyer's e-mail address."),
            _lt(
                "Ask the buyer for the post number, or let DHL know e-mail addresses: one of the "
                "two is needed to tell the buyer."
            ),
        )
    return body


def _po_box(party: Party, place: Analysis, country: str, settings: Settings) -> Json:
    text = " ; ".join(map(postal.clean, (party.street, party.street2, party.company)))
    match = _PO_BOX.search(text)
    if not match or country != HOME or not settings.allow_po_box:
        raise Unsendable(
            "consignee.addressStreet",
            _lt("DHL does not bring parcels to “%(place)s”.", place=place.place),
            _lt("Ask the buyer for another address, or take another carrier."),
        )
    number = int(re.sub(r"\s", "", match.group(1)))
    if not 0 < number < 2**31:
        raise Unsendable(
            "consignee.poBoxID",
            _lt("“%(number)s” is not the number of a post office box.", number=match.group(1)),
            COMPLETE,
        )
    names = lines("consignee.name1", NAME, _names(party), 50, 3)
    if not names:
        raise missing("consignee.name1", NAME)
    body = {**_numbered("name", names), "poBoxID": number, **_town("consignee", party, HOME, 80)}
    if mail := email(party, settings):
        body["email"] = mail
    return body


# -- parts ---------------------------------------------------------------------


def _names(party: Party) -> list[str]:
    """The company first, then the person; what holds no letter names nobody."""
    known = dict.fromkeys(map(postal.clean, (party.company, party.name)))
    return [text for text in known if postal.has_letters(text)]


def _point_name(party: Party, place: Analysis) -> str:
    """The name without numbers and words of the pick-up point that were typed behind it."""
    for typed in (party.name, party.company):
        text = postal.clean(typed)
        if place.place:
            text = re.sub(rf"{re.escape(place.place)}\W*{place.number}", " ", text)
        if place.post_number:
            digits = r"[ .\-]?".join(place.post_number)
            text = re.sub(rf"(?:{_POST_NUMBER})?\b{digits}\b", " ", text, flags=re.IGNORECASE)
        text = " ".join(text.split()).strip(" ,;:/-")
        if postal.has_letters(text):
            return one("consignee.name", NAME, text, 50)
    raise missing("consignee.name", NAME)


def _point_number(place: Analysis, least: int, field: str) -> int:
    number = int(place.number) if re.fullmatch(r"[0-9]{3}", place.number) else 0
    if not number:
        raise Unsendable(
            field, _lt("The number of “%(place)s” is missing.", place=place.place), COMPLETE
        )
    if number < least:
        raise Unsendable(
            field,
            _lt(
                "“%(place)s %(number)s” cannot be: its numbers begin at %(least)s.",
                place=place.place,
                number=number,
                least=least,
            ),
            COMPLETE,
        )
    return number


def _street_and_extra(party: Party) -> tuple[str, list[str]]:
    """The line with the house number, and what else stands beside it."""
    first, second = postal.clean(party.street), postal.clean(party.street2)
    if not first or not second:
        return first or second, []
    if postal.has_house_number(first) or not postal.has_house_number(second):
        return first, [second]
    if _HOUSE_ALONE.fullmatch(second):
        return f"{first} {second}", []
    return second, [first]


def _split_street(street: str, home: bool) -> tuple[str, list[str]]:
    """A street that is too long in two, as long as the house number stays with the street."""
    parts = wrapped(street, 50)
    first, rest = parts[0], " ".join(parts[1:])
    if rest and home and not postal.has_house_number(first):
        first, rest = street, ""
    return one("consignee.addressStreet", STREET, first, 50), [rest] if rest else []


def _town(part: str, party: Party, country: str, most: int) -> Json:
    body = {
        "city": one(f"{part}.city", CITY, postal.clean(party.city), most),
        "country": _country(f"{part}.country", country),
    }
    if code := _zip(f"{part}.postalCode", party.zip, country):
        body["postalCode"] = code
    return body


def _zip(field: str, typed: str, country: str) -> str:
    code = postal.bare_zip(typed, country)
    if not code:
        if country in postal.ZIP_FORMATS and country != _NO_ZIP_NEEDED:
            raise missing(field, ZIP)
        return ""
    if not _ZIP.fullmatch(code):
        raise Unsendable(
            field, _lt("“%(zip)s” is no postal code for DHL.", zip=code[:40]), COMPLETE
        )
    return code


def _country(field: str, code: str) -> str:
    letters = three_letters(code)
    if not letters:
        raise Unsendable(field, _lt("DHL knows no country “%(code)s”.", code=code[:40]), COMPLETE)
    return letters


def _state(state: str, country: str) -> str:
    if re.fullmatch(r"[A-Za-z]{2}", state) and country == "US":
        return f"US-{state.upper()}"
    return one("consignee.state", STATE, state, 20)


def _numbered(name: str, texts: list[str]) -> Json:
    return {f"{name}{place}": text for place, text in enumerate(texts, 1)}


def described(place: Analysis) -> Text:
    """The kind of an address in words."""
    words = {
        address.LOCKER: _lt("a Packstation"),
        address.OUTLET: _lt("a post office or parcel shop"),
        address.OTHER: _lt("a post office box"),
    }
    return words.get(place.kind, _lt("a door"))
