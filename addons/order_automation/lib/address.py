"""What kind of place a delivery address names and what is wrong with it. Plain Python, no Odoo.

`analyse` never raises, whatever was typed. Problems are stable codes; the caller makes sentences.
"""

from dataclasses import dataclass

from . import pickup, postal

DOOR, LOCKER, OUTLET, OTHER = "door", pickup.LOCKER, pickup.OUTLET, pickup.OTHER

# what a pick-up point's address lacks
NUMBER_MISSING = "number_missing"
POST_NUMBER_MISSING = "post_number_missing"
# what makes an address incomplete
NAME_MISSING = "name_missing"
STREET_MISSING = "street_missing"
HOUSE_NUMBER_MISSING = "house_number_missing"
ZIP_MISSING = "zip_missing"
ZIP_FORMAT = "zip_format"
CITY_MISSING = "city_missing"
COUNTRY_MISSING = "country_missing"
PICKUP_ABROAD = "pickup_abroad"  # a Packstation outside Germany: there is none
# what is worth telling, but no reason to stop
POST_NUMBER_UNSURE = "post_number_unsure"

PROBLEMS = (
    NAME_MISSING,
    STREET_MISSING,
    HOUSE_NUMBER_MISSING,
    ZIP_MISSING,
    ZIP_FORMAT,
    CITY_MISSING,
    COUNTRY_MISSING,
    PICKUP_ABROAD,
)


@dataclass(frozen=True, slots=True)
class Address:
    """A delivery address as typed; `country` is the two-letter code or a usual name."""

    name: str = ""
    company: str = ""
    street: str = ""
    street2: str = ""
    zip: str = ""
    city: str = ""
    country: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Analysis:
    """The kind of place, its numbers, and stable codes of what is missing or wrong."""

    kind: str = DOOR
    place: str = ""  # the words as typed: "DHL-Packstation"
    number: str = ""
    post_number: str = ""
    missing: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def analyse(address: Address) -> Analysis:
    """What `address` names: a door, a locker, an outlet, or a place parcels cannot go to."""
    known = _clean(address)
    lines = (known.street, known.street2, known.company, known.name, known.city)
    found = pickup.find(lines, known.country, known.zip)
    if found and found.kind != OTHER and known.country not in ("", "DE"):
        problems = (*_common_problems(known), PICKUP_ABROAD)
        return Analysis(DOOR, found.place, problems=problems)
    if not found:
        return Analysis(problems=(*_door_problems(known), *_common_problems(known)))
    return Analysis(
        kind=found.kind,
        place=found.place,
        number=found.number,
        post_number=found.post_number,
        missing=_missing(found, known),
        problems=_common_problems(known),
        warnings=() if found.sure else (POST_NUMBER_UNSURE,),
    )


def _clean(address: Address) -> Address:
    return Address(
        name=postal.clean(address.name),
        company=postal.clean(address.company),
        street=postal.clean(address.street),
        street2=postal.clean(address.street2),
        zip=postal.clean(address.zip),
        city=postal.clean(address.city),
        country=postal.country_code(address.country),
        email=postal.clean(address.email),
    )


def _missing(found: pickup.Pickup, address: Address) -> tuple[str, ...]:
    """A locker needs both numbers; an outlet tells the buyer by e-mail if it must."""
    if found.kind == OTHER:
        return ()
    missing = [] if found.number else [NUMBER_MISSING]
    reachable = found.kind == OUTLET and "@" in address.email
    if not found.post_number and not reachable:
        missing.append(POST_NUMBER_MISSING)
    return tuple(missing)


def _door_problems(address: Address) -> list[str]:
    lines = (address.street, address.street2)
    if not any(map(postal.has_letters, lines)):
        return [STREET_MISSING]
    needed = (address.country or "DE") in postal.NEEDS_HOUSE_NUMBER
    return [HOUSE_NUMBER_MISSING] if needed and not postal.has_house_number(*lines) else []


def _common_problems(address: Address) -> tuple[str, ...]:
    problems = []
    if not postal.has_letters(address.name + address.company):
        problems.append(NAME_MISSING)
    if not address.zip:
        if address.country in postal.ZIP_FORMATS:
            problems.append(ZIP_MISSING)
    elif not postal.is_zip(address.zip, address.country):
        problems.append(ZIP_FORMAT)
    if not postal.has_letters(address.city):
        problems.append(CITY_MISSING)
    if not address.country:
        problems.append(COUNTRY_MISSING)
    return tuple(problems)
