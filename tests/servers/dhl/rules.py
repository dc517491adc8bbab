"""What DHL's own system refuses in a shipment although the document allows it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from datetime import date
from typing import Any, NamedTuple

Json = dict[str, Any]

HOME = "DEU"
_MEMBERS = """
AUT BEL BGR CYP CZE DEU DNK EST ESP FIN FRA GRC HRV HUN IRL ITA LTU LUX LVA MCO MLT NLD POL PRT ROU
SWE SVN SVK
"""
EU = frozenset(_MEMBERS.split())
PROCEDURES = {"V01PAK": "01", "V62KP": "62", "V53WPAK": "53", "V54EPAK": "54", "V66WPI": "66"}
HEAVIEST = {"V62KP": 1000, "V66WPI": 1000}
AT_HOME = ("V01PAK", "V62KP")
AT_THE_DOOR = ("cashOnDelivery", "visualCheckOfAge", "identCheck", "namedPersonOnly")


class Finding(NamedTuple):
    """What is wrong with a field; a warning where it goes all the same."""

    field: str
    german: str
    english: str
    hard: bool = True

    def row(self, language: str) -> Json:
        """As an answer tells it."""
        return {
            "property": self.field,
            "validationMessage": self.german if language == "de" else self.english,
            "validationState": "Error" if self.hard else "Warning",
        }


def findings(
    shipment: Json,
    *,
    must_encode: bool,
    today: date,
    billing_numbers: Collection[str],
    unknown_zips: Collection[str],
) -> Iterator[Finding]:
    """Everything DHL says of one shipment."""
    yield from _contract(shipment, billing_numbers)
    yield from _parcel(shipment, today)
    yield from _address(shipment["consignee"], must_encode, unknown_zips)
    yield from _customs(shipment)
    if "lockerID" in shipment["consignee"]:
        for name in AT_THE_DOOR:
            if shipment.get("services", {}).get(name):
                yield Finding(
                    f"services.{name}",
                    "Der angegebene Service ist nicht bekannt.",
                    "The given service is not known.",
                )


def _contract(shipment: Json, billing_numbers: Collection[str]) -> Iterator[Finding]:
    number, product = shipment["billingNumber"], shipment["product"]
    if number not in billing_numbers or number[10:12] != PROCEDURES.get(product):
        yield Finding(
            "billingNumber",
            "Unknown billingnumber: Das angegebene Produkt ist für das Land nicht verfügbar oder "
            "die Abrechnungsnummer ist nicht bekannt.",
            "Unknown billingnumber",
        )
    country = shipment["consignee"].get("country", HOME)
    if (product in AT_HOME) != (country == HOME):
        yield Finding(
            "product",
            "Das angegebene Produkt ist für das Land nicht verfügbar.",
            "The product entered is not available for this country.",
        )


def _parcel(shipment: Json, today: date) -> Iterator[Finding]:
    weight = shipment["details"]["weight"]
    grams = weight["value"] * (1000 if weight["uom"] == "kg" else 1)
    if grams > HEAVIEST.get(shipment["product"], 31_500) or grams <= 0:
        yield Finding(
            "details.weight",
            "Das angegebene Gewicht ist zu hoch.",
            "The weight is too high.",
        )
    if shipment.get("shipDate", "9999") < today.isoformat():
        yield Finding(
            "shipDate",
            "Das Sendungsdatum liegt in der Vergangenheit.",
            "The specified shipment date is in the past.",
        )


def _address(buyer: Json, must_encode: bool, unknown_zips: Collection[str]) -> Iterator[Finding]:
    if buyer.get("country", HOME) != HOME:
        return
    wrong = False
    if not re.fullmatch(r"[0-9]{5}", buyer.get("postalCode", "")):
        wrong = True
        yield Finding(
            "consignee.postalCode",
            "Bitte geben Sie eine gültige Postleitzahl an.",
            "Please enter a valid postal code.",
        )
    elif buyer["postalCode"] in unknown_zips:
        wrong = True
        yield Finding(
            "consignee.city",
            "Der Ort ist zu dieser PLZ nicht bekannt.",
            "The city is not known for this postal code.",
            must_encode,
        )
    street = f"{buyer.get('addressStreet', '')} {buyer.get('addressHouse', '')}"
    if "addressStreet" in buyer and not re.search(r"[0-9]", street):
        wrong = True
        yield Finding(
            "consignee.addressHouse",
            "Bitte geben Sie eine Hausnummer an.",
            "Please enter a house number.",
            must_encode,
        )
    if wrong:
        yield Finding(
            "consignee",
            "Die eingegebene Adresse ist nicht leitcodierbar.",
            "The address entered could not be encoded.",
            must_encode,
        )


def _customs(shipment: Json) -> Iterator[Finding]:
    country = shipment["consignee"].get("country", HOME)
    declared = shipment.get("customs")
    if country not in EU and declared is None:
        ireland = country == "GBR" and shipment["consignee"].get("postalCode", "")[:2] == "BT"
        if not ireland:
            yield Finding(
                "customs",
                "Bitte geben Sie die Zollinformationen an.",
                "Please provide customs information.",
            )
    if declared is None:
        return
    currency = declared["postalCharges"]["currency"]
    if any(item["itemValue"]["currency"] != currency for item in declared["items"]):
        yield Finding(
            "customs.postalCharges.currency",
            "Die Währungen der Warenpositionen und der Portokosten stimmen nicht überein.",
            "The currencies of the items and of the postal charges do not match.",
        )
    net = sum(item["itemWeight"]["value"] * item["packagedQuantity"] for item in declared["items"])
    if net > shipment["details"]["weight"]["value"]:
        yield Finding(
            "customs.items.itemWeight",
            "Das Gesamtgewicht der Positionen ist höher als das Sendungsgewicht.",
            "The total weight of the items exceeds the weight of the shipment.",
        )
