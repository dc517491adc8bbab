"""Carriers under the names eBay knows (ShippingCarrierCodeType), and tracking numbers."""

from __future__ import annotations

import re
from typing import Final

from odoo.addons.automation_core.lib.texts import Marker, Text

_lt = Marker(__name__)

OTHER: Final = "Other"  # for any carrier that is not listed
CODES: Final = (  # eBay's name, the words it goes by elsewhere; the first match counts
    ("DHLEXPRESS", ("dhl express", "dhlexpress")),
    ("DHLGlobalMail", ("dhl global mail", "dhlglobalmail")),
    ("DHL", ("dhl",)),
    ("DeutschePost", ("deutsche post", "deutschepost", "dpag", "internetmarke", "warenpost")),
    ("DieSchweizerischePost", ("schweizerische post", "swiss post", "postch")),
    ("DPD", ("dpd",)),
    ("GLS", ("gls",)),
    ("Hermes", ("hermes",)),
    ("UPS", ("ups",)),
    ("FedEx", ("fedex", "federal express")),
    ("iLoxx", ("iloxx",)),
)
_NOISE = re.compile(r"[\s.\-/_]+")
_TRACKING = re.compile(r"[A-Z0-9]{4,40}", re.ASCII)


def carrier_code(name: str) -> str:
    """Return eBay's name of the carrier a delivery method's name stands for."""
    text = " ".join(name.casefold().replace("_", " ").replace("-", " ").split())
    for code, words in CODES:
        if any(re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text) for word in words):
            return code
    return OTHER


def clean_tracking(number: str) -> str:
    """Return a tracking number as eBay wants it: letters and digits only."""
    return _NOISE.sub("", number).upper()


def tracking_problem(number: str) -> Text | None:
    """Return what is wrong with a tracking number, ``None`` if it may be right."""
    if _TRACKING.fullmatch(clean_tracking(number)):
        return None
    return _lt(
        "“%(number)s” is not a tracking number: only letters and digits are allowed.",
        number=number[:60],
    )
