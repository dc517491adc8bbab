"""Addresses and file names with placeholders: ``orders.php?user={user}&von={from:%d.%m.%Y}``."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Final
from urllib.parse import quote
from zoneinfo import ZoneInfo

from odoo.addons.automation_core.lib import errors
from odoo.addons.automation_core.lib.masking import STARS, mask
from odoo.addons.automation_core.lib.texts import Marker

_lt = Marker(__name__)

DATE: Final = "%Y-%m-%d"
NAMES: Final = ("user", "password", "number", "from", "to", "now")
HINT: Final = _lt(
    "Possible are %(places)s; times take a format, like %(example)s.",
    places=", ".join(f"{{{name}}}" for name in NAMES),
    example="{from:%d.%m.%Y}",
)

_PLACE = re.compile(r"\{(?P<name>[a-z]+)(?::(?P<form>[^{}]{1,40}))?\}")
_UNSAFE = re.compile(r"[^\w.\-+]+|\.{2,}")


@dataclass(frozen=True, slots=True)
class Values:
    """What stands in for the placeholders. Times are aware."""

    user: str = ""
    password: str = ""
    number: str = ""
    start: datetime | None = None
    end: datetime | None = None
    now: datetime | None = None
    zone: str = "Europe/Berlin"

    def __repr__(self) -> str:
        return f"Values(user={self.user!r}, number={self.number!r}, start={self.start})"


def url(template: str, values: Values) -> str:
    """Return an address; every value is quoted, so none can add a parameter or another path.

    :raises errors.Rejected: the template has a placeholder nobody knows, or one without a value
    """
    return _filled(template, values, lambda text: quote(text, safe=""))


def shown(template: str, values: Values) -> str:
    """Return an address as people and logs may see it: without the password."""
    stars = Values(
        values.user, STARS, values.number, values.start, values.end, values.now, values.zone
    )
    return mask(url(template, stars), [values.password]).replace(quote(STARS, safe=""), STARS)


def file_name(template: str, values: Values) -> str:
    """Return a file's name; values never lead into another folder."""
    name = _filled(template, values, lambda text: _UNSAFE.sub("_", text).strip("."))
    if not name.strip("./ ") or ".." in name or "\0" in name or "{password}" in template:
        raise errors.Rejected(
            _lt("“%(text)s” does not make a file name.", text=template[:120]), HINT
        )
    return name


def pattern(template: str) -> re.Pattern[str]:
    """Return what finds the files whose name a template makes, whenever it was made."""
    found = ""
    position = 0
    for place in _PLACE.finditer(template):
        found += re.escape(template[position : place.start()])
        found += "[^/]+"
        position = place.end()
    return re.compile(found + re.escape(template[position:]))


def _filled(template: str, values: Values, safe: Callable[[str], str]) -> str:
    rest = _PLACE.sub("", template)
    if "{" in rest or "}" in rest:
        raise errors.Rejected(
            _lt("“%(text)s” has a brace that belongs to nothing.", text=template[:120]),
            HINT,
        )
    return _PLACE.sub(lambda place: safe(_value(place, values)), template)


def _value(place: re.Match[str], values: Values) -> str:
    name, form = place["name"], place["form"]
    moments = {"from": values.start, "to": values.end, "now": values.now}
    if name in moments:
        moment = moments[name]
        text = moment.astimezone(_zone(values.zone)).strftime(form or DATE) if moment else ""
    elif name in NAMES and not form:
        text = {"user": values.user, "password": values.password, "number": values.number}[name]
    else:
        raise errors.Rejected(
            _lt("There is no placeholder {%(name)s}.", name=place[0].strip("{}")), HINT
        )
    if not text:
        raise errors.Rejected(
            _lt("There is no value for the placeholder {%(name)s}.", name=name), HINT
        )
    return text


def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, LookupError) as error:
        raise errors.Rejected(
            _lt("“%(zone)s” is not a time zone like Europe/Berlin.", zone=name[:40]), HINT
        ) from error
