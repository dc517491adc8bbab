"""Carriers under the names Amazon knows, and whether a tracking number can be one of theirs.

Amazon compares the name to the letter; any other counts as shipped without tracking. The list has
the carriers of German, Austrian and Swiss shops; more can be entered per delivery method.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from odoo.addons.automation_core.lib.texts import Marker

_lt = Marker(__name__)

OTHER: Final = "Other"


@dataclass(frozen=True, slots=True)
class Carrier:
    """``code`` is Amazon's name, ``words`` are how the carrier is called elsewhere (lower case)."""

    code: str
    words: tuple[str, ...]
    tracking: str = r"[A-Z0-9]{6,35}"  # compared without blanks and signs


CARRIERS: Final = (
    Carrier("DHL Express", ("dhl express", "dhl_express"), r"\d{10}|[A-Z0-9]{10,22}"),
    Carrier(
        "DHL", ("dhl", "dhl paket", "dhl parcel"), r"\d{12}|\d{20}|[A-Z]{2}\d{9}DE|JJD\w{10,22}"
    ),
    Carrier(
        "Deutsche Post",
        ("deutsche post", "dpag", "internetmarke", "warenpost", "brief"),
        r"[A-Z0-9]{8,30}",
    ),
    Carrier("DPD", ("dpd",), r"\d{14}[A-Z0-9]?|\d{10,12}"),
    Carrier("GLS", ("gls",), r"\d{11,14}|[A-Z0-9]{8}"),
    Carrier("Hermes", ("hermes",), r"\d{14}|H\d{19}|\d{16}"),
    Carrier("UPS", ("ups",), r"1Z[A-Z0-9]{16}|T\d{10}|\d{9,12}"),
    Carrier("FedEx", ("fedex", "federal express"), r"\d{12,15}|\d{20,22}"),
    Carrier("TNT", ("tnt",), r"\d{9}|[A-Z]{2}\d{9}[A-Z]{2}"),
    Carrier("GO!", ("go! express", "go!"), r"\d{8,16}"),
    Carrier("Österreichische Post", ("österreichische post", "post.at", "austrian post")),
    Carrier("Swiss Post", ("swiss post", "schweizerische post", "die post", "postch")),
)
_BY_CODE: Final = {carrier.code.casefold(): carrier for carrier in CARRIERS}
_NOISE = re.compile(r"[\s.\-/]+")


def find_carrier(name: str) -> Carrier | None:
    """Return the carrier a delivery method's name stands for."""
    text = " ".join(name.casefold().replace("_", " ").split())
    if text in _BY_CODE:
        return _BY_CODE[text]
    for carrier in CARRIERS:
        if any(re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text) for word in carrier.words):
            return carrier
    return None


def clean_tracking(number: str) -> str:
    """Return a tracking number as carriers write it on the label's barcode."""
    return _NOISE.sub("", number).upper()


def tracking_problem(code: str, number: str) -> str:
    """Return what is wrong with a tracking number in a sentence, "" if it may be right."""
    plain = clean_tracking(number)
    if not plain:
        return _lt("The parcel has no tracking number.")
    if not re.fullmatch(r"[A-Z0-9]{5,40}", plain, re.ASCII):
        return _lt(
            "“%(number)s” is not a tracking number: only letters and digits are allowed.",
            number=number[:60],
        )
    carrier = _BY_CODE.get(code.casefold())
    if carrier and not re.fullmatch(carrier.tracking, plain, re.ASCII):
        return _lt(
            "“%(number)s” does not look like a tracking number of %(carrier)s.",
            number=number[:60],
            carrier=carrier.code,
        )
    return ""
