"""A file's name from a pattern: ASCII, no path, never empty."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from odoo.addons.automation_core.lib.texts import Marker

from . import figures, words
from .problems import DocumentError

_lt = Marker(__name__)

PLACES: Final = ("number", "delivery", "order", "date", "time", "sequence")
UNIQUE: Final = frozenset(("number", "delivery", "sequence"))
LONGEST: Final = 120
_PLACE = re.compile(r"\{(?P<name>[a-z]+)(?::(?P<form>[^{}]{1,20}))?\}")
_UNSAFE = re.compile(r"[^A-Za-z0-9._\-]+")
_ENDING = re.compile(r"\.[A-Za-z0-9]{1,10}$")
# What Windows takes for a device, whatever the ending.
_DEVICES: Final = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
_FORMS: Final = {"date": "%Y%m%d", "time": "%H%M%S"}
_FORM_SIGNS = re.compile(r"(%[YymdHMSjV]|[A-Za-z0-9._\-])+")
_HINT: Final = _lt(
    "Possible are %(places)s; date and time take a format, like %(example)s.",
    places=", ".join(f"{{{name}}}" for name in PLACES),
    example="{date:%d%m%y}",
)


@dataclass(frozen=True, slots=True)
class Values:
    """What stands in for the placeholders. ``now`` is in UTC."""

    number: str
    now: datetime
    delivery: str = ""
    order: str = ""
    sequence: int = 1
    zone: str = "Europe/Berlin"


def file_name(pattern: str, values: Values) -> str:
    """Return a name. Signs that a server may not take are replaced, umlauts written out.

    :raises DocumentError: the pattern has a placeholder nobody knows
    """
    check(pattern)
    name = words.ascii_of(_PLACE.sub(lambda place: _value(place, values), pattern))
    name = re.sub(r"_{2,}", "_", _UNSAFE.sub("_", name))
    name = re.sub(r"\.{2,}", ".", name).strip("._- ")
    if not name or _DEVICES.fullmatch(name) or name.startswith("."):
        name = f"file_{name}".rstrip("_") if name else _fallback(values)
    return _short(name)


def check(pattern: str) -> None:
    """Refuse a pattern that gives two deliveries the same name, or none at all.

    :raises DocumentError: and why
    """
    rest = _PLACE.sub("", pattern)
    if "{" in rest or "}" in rest:
        raise DocumentError(
            _lt("“%(text)s” has a brace that belongs to nothing.", text=pattern[:120]),
            _HINT,
            "file_name",
        )
    names = {place["name"] for place in _PLACE.finditer(pattern)}
    for place in _PLACE.finditer(pattern):
        name, form = place["name"], place["form"] or ""
        if name not in PLACES or (form and not _is_form(name, form)):
            raise DocumentError(
                _lt("There is no placeholder {%(name)s}.", name=place[0].strip("{}")),
                _HINT,
                "file_name",
            )
    if not names & UNIQUE:
        raise DocumentError(
            _lt("With “%(text)s” two deliveries would have the same file.", text=pattern[:120]),
            _lt("Put %(place)s into the name.", place="{number}"),
            "file_name",
        )


def beside(name: str, ending: str) -> str:
    """Return the name of a file that goes with another one: the same with its own ending."""
    return f"{_ENDING.sub('', name)}.{_UNSAFE.sub('', ending) or 'bin'}"


def _is_form(name: str, form: str) -> bool:
    if name == "sequence":
        return re.fullmatch(r"0?[1-9]", form) is not None
    return name in _FORMS and _FORM_SIGNS.fullmatch(form) is not None


def _value(place: re.Match[str], values: Values) -> str:
    name, form = place["name"], place["form"]
    if name in _FORMS:
        return figures.local(values.now, values.zone).strftime(form or _FORMS[name])
    if name == "sequence":
        return f"{max(0, values.sequence):0{int(form or '1')}d}"
    return str(getattr(values, name))


def _fallback(values: Values) -> str:
    """Everything in the name was unwritable: something stable that no other delivery has."""
    digest = hashlib.sha256(f"{values.number}\0{values.sequence}".encode("utf-8", "replace"))
    return f"file_{digest.hexdigest()[:12]}"


def _short(name: str) -> str:
    """Return a name of bearable length; a digest keeps two long ones apart."""
    if len(name) <= LONGEST:
        return name
    found = _ENDING.search(name)
    ending = found[0] if found else ""
    digest = hashlib.sha256(name.encode()).hexdigest()[:8]
    return f"{name[: LONGEST - len(ending) - 9].rstrip('._-')}-{digest}{ending}"
