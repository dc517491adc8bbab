"""An address as lines of a label, each no longer than the shipper takes; nothing gets lost."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Final

from odoo.addons.automation_core.lib.texts import Marker
from odoo.addons.order_automation.lib import address as places
from odoo.addons.order_automation.lib.address import Analysis

from ..model import Party
from . import words
from .fields import label
from .problems import HINT_ADDRESS, DocumentError

_lt = Marker(__name__)

_STREET = re.compile(
    r"(?P<name>.*?[^\d\s].*?)\s+(?P<number>\d{1,5}\s?[a-zA-Z]?(?:\s?[-–/+]\s?\d{1,5}\s?[a-zA-Z]?)?)"
)
_PLACE_WORDS: Final = {
    "post", "postnr", "postnummer", "kundennummer", "kundennr", "kd", "pn", "nr", "no", "nummer",
    "dhl", "packstation", "postfiliale", "filiale", "paketshop", "direkt", "deutsche",
}  # fmt: skip
# What does not fit into a field goes on in the next one of its chain.
CHAINS: Final = (("name", "name2", "name3"), ("street", "street2"))
ALONE: Final = ("zip", "city", "state", "country", "email", "phone")


@dataclass(frozen=True, slots=True)
class Limits:
    """How many characters each field of an address may have: ``None`` any, 0 there is no such."""

    name: int | None = 50
    name2: int | None = 50
    name3: int | None = 50
    street: int | None = 50
    street2: int | None = 50
    zip: int | None = 20
    city: int | None = 50
    state: int | None = 50
    country: int | None = 2
    email: int | None = 255
    phone: int | None = 50
    house_number: int | None = None  # where a table has it in a column of its own

    def tightened(self, most: Mapping[str, int]) -> Limits:
        """Return the limits where others hold as well."""
        changed = {name: _least(getattr(self, name), limit) for name, limit in most.items()}
        return replace(self, **changed)


@dataclass(frozen=True, slots=True)
class Lines:
    """An address as it is written."""

    name: str = ""
    name2: str = ""
    name3: str = ""
    street: str = ""
    street2: str = ""
    zip: str = ""
    city: str = ""
    state: str = ""
    country: str = ""
    email: str = ""
    phone: str = ""


def _least(own: int | None, other: int) -> int:
    return other if own is None else min(own, other)


def lines_of(party: Party, place: Analysis | None = None) -> Lines:
    """Return an address in lines: the company before the person, and a locker as DHL wants it."""
    found = {item.name: words.clean(getattr(party, item.name)) for item in fields(Party)}
    company, name = found.pop("company"), found["name"]
    if place and place.kind in (places.LOCKER, places.OUTLET) and place.number:
        return _pickup(found, company, place)
    if company and name and company.casefold() != name.casefold():
        found["name2"], found["name"] = name, company
    return Lines(**{**found, "name": found["name"] or company})


def _pickup(found: dict[str, str], company: str, place: Analysis) -> Lines:
    """Name / post number / "Packstation 123"; what else was typed into the lines stays."""
    word = "Packstation" if place.kind == places.LOCKER else "Postfiliale"
    rest = [_beyond(found[key], place) for key in ("street", "street2")]
    changed = {
        "name": _beyond(found["name"], place) or found["name"] or company,
        "name2": words.clean(place.post_number),
        "name3": _beyond(company, place),
        "street": words.clean(f"{word} {place.number}"),
        "street2": ", ".join(filter(None, rest)),
    }
    if not changed["name2"]:
        changed["name2"], changed["name3"] = changed["name3"], ""
    return Lines(**{**found, **changed})


def _beyond(line: str, place: Analysis) -> str:
    """Return what a typed line says beside the pick-up point and the buyer's number there."""
    rest = line
    for part in (place.post_number, place.place, place.number):
        if part:
            whole = rf"(?<!\d){re.escape(part)}(?!\d)"
            rest = re.sub(whole, " ", rest, flags=re.IGNORECASE)
    if rest == line:
        return line
    left = [word for word in re.split(r"[\s:.,;#()/\-]+", rest) if word]
    if all(word.casefold() in _PLACE_WORDS or not word.isalpha() for word in left):
        return ""
    return " ".join(rest.split()).strip(" :.,;#()/-")


def fitted(lines: Lines, limits: Limits) -> Lines:
    """Return an address within limits. What is too long goes on in the next field, at a word.

    :raises DocumentError: it does not fit; ``field`` names the field
    """
    lines = _with_second_street(lines, limits)
    changed: dict[str, str] = {}
    for chain in CHAINS:
        texts = [getattr(lines, name) for name in chain]
        sizes = [getattr(limits, name) for name in chain]
        changed.update(zip(chain, _flowed(chain, texts, sizes), strict=True))
    for name in ALONE:
        text, limit = getattr(lines, name), getattr(limits, name)
        if limit is not None and len(text) > limit and not (limit == 0 and name in _DROPPABLE):
            raise _too_long(name, text, limit)
        changed[name] = "" if limit == 0 else text
    return Lines(**changed)


def _with_second_street(lines: Lines, limits: Limits) -> Lines:
    """Return an address whose second street line is in a free name line if it has no own field."""
    if limits.street2 != 0 or not lines.street2:
        return lines
    for name in ("name2", "name3"):
        limit = getattr(limits, name)
        if not getattr(lines, name) and (limit is None or len(lines.street2) <= limit):
            return replace(lines, **{name: lines.street2, "street2": ""})
    return lines


# A shipper without a field for these needs them not.
_DROPPABLE: Final = ("email", "phone", "state", "country")


def _flowed(chain: tuple[str, ...], texts: list[str], sizes: list[int | None]) -> list[str]:
    """Return the texts with everything that is too long carried on."""
    written, carried, blamed = [], "", ""
    for name, own, size in zip(chain, texts, sizes, strict=True):
        if size == 0:
            carried = _and(carried, own)
            blamed = blamed or (name if own else "")
            written.append("")
            continue
        whole = _and(carried, own)
        if size is None or len(whole) <= size:
            written.append(whole)
            carried = ""
            continue
        blamed = blamed or name
        if carried and len(carried) <= size:
            written.append(carried)
            carried = own
            continue
        head, rest = words.words_within(carried or own, size)
        written.append(head)
        carried = _and(rest, own) if carried else rest
        if not head:
            break
    if carried:
        at = chain.index(blamed)
        raise _too_long(blamed, texts[at] or carried, sizes[at] or 0)
    return written


def _and(one: str, other: str) -> str:
    return ", ".join(filter(None, (one, other)))


def _too_long(name: str, text: str, limit: int) -> DocumentError:
    if not limit:
        return DocumentError(
            _lt(
                "The shipper has no field for the %(field)s of the address: “%(text)s”.",
                field=label(name),
                text=text[:120],
            ),
            HINT_ADDRESS,
            name,
        )
    return DocumentError(
        _lt(
            "The %(field)s of the address is too long for the shipper: “%(text)s” has %(length)s "
            "characters, %(limit)s fit, and the fields after it have no room.",
            field=label(name),
            text=text[:120],
            length=len(text),
            limit=limit,
        ),
        HINT_ADDRESS,
        name,
    )


def street_parts(street: str) -> tuple[str, str]:
    """Return street and house number; an address that ends in no number keeps all in the street."""
    found = _STREET.fullmatch(street)
    return (found["name"].rstrip(" ,"), found["number"]) if found else (street, "")
