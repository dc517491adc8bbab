"""Carriers as they usually are: defaults that every user may change.

A pattern only warns. Carriers change their numbers, and a wrong warning is cheaper than a parcel
that is not reported.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urlsplit

from odoo.addons.automation_core.lib import errors
from odoo.addons.automation_core.lib.texts import Marker, Text

_lt = Marker(__name__)

PLACE: Final = "{number}"
MAX_ZEROS: Final = 4


@dataclass(frozen=True, slots=True)
class Carrier:
    """A carrier: what its numbers look like, where they are followed, how people write its name."""

    code: str
    name: str
    pattern: str
    link: str
    words: tuple[str, ...] = ()


DEFAULTS: Final = (
    Carrier(
        "dhl",
        "DHL",
        r"\d{12}|00\d{18}|JJD\d{16,18}|JVGL\d{16,20}|[A-Z]{2}\d{9}[A-Z]{2}",
        "https://www.dhl.de/de/privatkunden/pakete-empfangen/verfolgen.html?piececode={number}",
        ("dhl", "dhl paket", "dhl parcel", "dhl_de", "dhl de", "dhl germany", "deutsche post dhl"),
    ),
    Carrier(
        "dpd",
        "DPD",
        r"\d{14}|\d{11}",
        "https://tracking.dpd.de/status/de_DE/parcel/{number}",
        ("dpd", "dpd de", "dpd classic", "dynamic parcel distribution"),
    ),
    Carrier(
        "gls",
        "GLS",
        r"\d{11,12}|[A-Z0-9]{8}|\d{20}",
        "https://gls-group.com/DE/de/paketverfolgung/?match={number}",
        ("gls", "gls de", "gls germany", "general logistics systems"),
    ),
    Carrier(
        "hermes",
        "Hermes",
        r"\d{14}|\d{16}|H\d{19}",
        "https://www.myhermes.de/empfangen/sendungsverfolgung/sendungsinformation/#{number}",
        ("hermes", "hermes de", "hermes germany", "myhermes", "hes"),
    ),
    Carrier(
        "ups",
        "UPS",
        r"1Z[A-Z0-9]{16}|T\d{10}|\d{9}|\d{12}",
        "https://www.ups.com/track?loc=de_DE&tracknum={number}",
        ("ups", "united parcel service", "ups standard"),
    ),
    Carrier(
        "deutsche_post",
        "Deutsche Post",
        r"[A-Z]{2}\d{9}DE|A0[A-Z0-9]{18}|[A-F0-9]{20}",
        "https://www.deutschepost.de/de/s/sendungsverfolgung.html?piececode={number}",
        ("deutsche post", "deutschepost", "dp", "post", "dpag", "einschreiben", "warenpost"),
    ),
    Carrier(
        "fedex",
        "FedEx",
        r"\d{12}|\d{15}|\d{20}|\d{22}",
        "https://www.fedex.com/fedextrack/?trknbr={number}",
        ("fedex", "fed ex", "tnt"),
    ),
    Carrier(
        "austrian_post",
        "Österreichische Post",
        r"\d{22}|\d{16}|[A-Z]{2}\d{9}AT",
        "https://www.post.at/sv/sendungsdetails?snr={number}",
        ("österreichische post", "post at", "austrian post", "post.at"),
    ),
)
_BY_CODE: Final = {carrier.code: carrier for carrier in DEFAULTS}


def carrier_of(word: str) -> Carrier | None:
    """Return the carrier that a shipper's word means; none is guessed from half a word."""
    plain = _folded(word)
    for carrier in DEFAULTS:
        if plain and plain in (carrier.code, *map(_folded, carrier.words)):
            return carrier
    return None


def pattern_of(word: str) -> str:
    """Return the pattern of a carrier's numbers, "" where it is not known."""
    carrier = carrier_of(word)
    return carrier.pattern if carrier else ""


def _folded(word: str) -> str:
    return " ".join(re.split(r"[\s_\-]+", word.casefold().strip()))


def is_pattern(pattern: str) -> bool:
    """Whether a pattern of numbers can be used."""
    try:
        re.compile(pattern)
    except re.error:
        return False
    return len(pattern) <= 500


def warning(number: str, pattern: str) -> Text | None:
    """Return what is odd about a number; ``None`` if nothing is, or no pattern says so."""
    if not pattern or not is_pattern(pattern) or _fits(number, pattern):
        return None
    if full := with_zeros(number, pattern):
        return _lt(
            "The tracking number “%(number)s” has probably lost the zeros at its beginning: "
            "“%(full)s” would be right. Spreadsheet programs do that.",
            number=number,
            full=full,
        )
    return _lt(
        "The tracking number “%(number)s” does not have the form that this carrier uses.",
        number=number,
    )


def with_zeros(number: str, pattern: str) -> str:
    """Return the number with the zeros that it lost, "" if none make it right."""
    if not number.isdigit():
        return ""
    candidates = ("0" * count + number for count in range(1, MAX_ZEROS + 1))
    return next((full for full in candidates if _fits(full, pattern)), "")


def _fits(number: str, pattern: str) -> bool:
    return re.fullmatch(pattern, number[:64], re.IGNORECASE) is not None


def check_link(template: str) -> None:
    """Refuse a template that makes no safe link.

    :raises errors.Rejected: it is not https, names no server, or has no place for the number
    """
    hint = _lt("A link looks like %(example)s.", example=_BY_CODE["dpd"].link)
    bare = template.replace(PLACE, "")
    try:
        parts = urlsplit(template)
        host = parts.hostname or ""
    except ValueError:
        host = ""
        parts = urlsplit("")
    if parts.scheme != "https" or not host or PLACE in parts.netloc or "@" in parts.netloc:
        raise errors.Rejected(_lt("A tracking link has to begin with https:// and a server."), hint)
    if PLACE not in template or "{" in bare or "}" in bare:
        raise errors.Rejected(
            _lt("A tracking link has %(place)s where the number belongs.", place=PLACE), hint
        )
    if not template.isprintable() or any(sign in template for sign in " <>\"'\\"):
        raise errors.Rejected(_lt("A tracking link has no blanks and no quotes."), hint)


def link(template: str, number: str) -> str:
    """Return a parcel's link; the number is quoted, so it adds nothing else to it.

    :raises errors.Rejected: the template makes no safe link
    """
    check_link(template)
    return template.replace(PLACE, quote(number, safe="", errors="replace"))
