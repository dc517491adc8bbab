"""What columns are called: help for setting up a map, and for files that need none."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from .model import KEYS

_WORDS: Final[Mapping[str, str]] = {
    "number": "dispatch number|dispatchnumber|dispatch|dispatch no|versandauftrag|auftragsreferenz"
    "|fulfillment order id|fulfilmentauftrag|external id|externe nummer|referenz|reference"
    "|kundenreferenz|customer reference|your reference|ihre referenz|order reference",
    "delivery": "lieferschein|lieferscheinnummer|lieferscheinnr|lieferung|lieferungsnummer|delivery"
    "|delivery number|delivery note|deliverynote|delivery no|lieferschein nr|shipment|shipment id",
    "order": "auftrag|auftragsnummer|auftragsnr|auftrag nr|order|order number|order id|orderid"
    "|order no|ordernumber|bestellung|bestellnummer|bestellnr|kundenauftrag|sales order",
    "shop_order": "shop order|shop order number|marketplace order|externe bestellnummer"
    "|shopbestellnummer|amazon order id|ebay order id|seller fulfillment order id",
    "tracking": "sendungsnummer|sendungsnr|sendungs nr|paketnummer|paketnr|paketscheinnummer"
    "|tracking|tracking number|trackingnumber|tracking no|tracking id|trackingid|trackingnummer"
    "|tracking code|trackingcode|identcode|sendungsverfolgungsnummer|parcel number|parcel no"
    "|parcelnumber|trackingnr|barcode|nve|sscc|frachtbriefnummer|sendungsid",
    "carrier": "carrier|versanddienst|versanddienstleister|versender|paketdienst|dienstleister"
    "|spediteur|transporteur|frachtführer|carrier code|carriercode|shipping provider|versandart",
    "date": "versanddatum|versandtag|versendet am|versandt am|ship date|shipdate|shipped at"
    "|shipped|shipping date|shipped on|date|datum|despatch date|dispatch date|warenausgang",
    "time": "uhrzeit|zeit|time|versandzeit",
    "position": "position|pos|positionsnummer|pos nr|line|line item|line number|line no|zeile",
    "sku": "artikel|artikelnummer|artikelnr|artikel nr|art nr|sku|item|item number|product"
    "|product number|article|article number|seller sku|material",
    "quantity": "menge|anzahl|stück|quantity|qty|liefermenge|gelieferte menge|shipped quantity"
    "|quantity shipped|qty shipped",
    "weight": "gewicht|gewicht kg|weight|weight kg|paketgewicht",
    "link": "link|url|tracking link|tracking url|trackinglink|trackingurl|sendungsverfolgung",
    "state": "status|state|versandstatus|lieferstatus|auftragsstatus|order status",
    "reason": "grund|reason|bemerkung|fehler|hinweis|kommentar|comment|message|error",
    "complete": "komplett|vollständig|complete|delivery complete|komplettlieferung",
}
_BY_WORD: Final = {word: name for name, words in _WORDS.items() for word in words.split("|")}


def guessed(headings: Iterable[str]) -> dict[str, str]:
    """Return field and heading; nothing if no column names the delivery or none tells of it."""
    found: dict[str, str] = {}
    for heading in headings:
        name = _BY_WORD.get(_plain(heading))
        if name and name not in found:
            found[name] = heading
    named = any(name in found for name in KEYS)
    return found if named and ("tracking" in found or "state" in found) else {}


def _plain(heading: str) -> str:
    return " ".join(re.split(r"[\W_]+", heading.casefold())).strip()
