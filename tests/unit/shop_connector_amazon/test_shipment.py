"""Shipments reach Amazon once, in parts, and in words when they are refused."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from automation_core.lib import errors

from shop_connector_amazon.lib import carriers
from shop_connector_amazon.lib.client import SpApi
from shop_connector_amazon.lib.packages import next_reference, same_tracking
from shop_connector_amazon.lib.shipment import Parcel, Shipments, build_confirmation, is_known
from tests.servers.amazon import GERMANY, Seller, generate_orders

from .conftest import NOON

TRACKING = "00340434161094000002"


@pytest.fixture
def order(seller: Seller) -> dict[str, Any]:
    """An open order of three articles."""
    order = generate_orders(1, 4, start=NOON - timedelta(days=1), kinds=["plain"])[0]
    item = order["orderItems"][0]
    item["quantityOrdered"] = item["fulfillment"]["quantityUnfulfilled"] = 3
    order["orderItems"] = [item]
    seller.place(order)
    return seller.orders[order["orderId"]]


@pytest.fixture
def parcel(order: dict[str, Any]) -> Parcel:
    """All of it in one parcel."""
    item = order["orderItems"][0]["orderItemId"]
    return Parcel(1, "DHL", TRACKING, NOON - timedelta(hours=1), ((item, 3),), method="DHL Paket")


@pytest.fixture
def confirm(api: SpApi, order: dict[str, Any]) -> Callable[..., str]:
    """Reports a parcel of the order."""

    def report(parcel: Parcel, **more: Any) -> str:
        created = NOON - timedelta(days=1)
        return Shipments(api).confirm(order["orderId"], GERMANY, parcel, ordered_at=created, **more)

    return report


def test_one_parcel(confirm: Any, parcel: Parcel, order: dict[str, Any]) -> None:
    assert confirm(parcel) == "sent"
    assert order["fulfillment"]["fulfillmentStatus"] == "SHIPPED"
    assert order["packages"][0]["trackingNumber"] == TRACKING


def test_in_parts(confirm: Any, parcel: Parcel, order: dict[str, Any]) -> None:
    item = order["orderItems"][0]["orderItemId"]
    assert confirm(replace(parcel, items=((item, 1),))) == "sent"
    assert order["fulfillment"]["fulfillmentStatus"] == "PARTIALLY_SHIPPED"
    second = replace(parcel, reference=2, tracking="00340434161094000003", items=((item, 2),))
    assert confirm(second) == "sent"
    assert order["fulfillment"]["fulfillmentStatus"] == "SHIPPED"
    assert [row["packageReferenceId"] for row in order["packages"]] == ["1", "2"]


def test_a_lost_answer_is_not_sent_twice(confirm: Any, parcel: Parcel, seller: Seller) -> None:
    seller.fail("lost", "/shipmentConfirmation")
    with pytest.raises(errors.Unavailable):
        confirm(parcel)
    assert confirm(parcel, again=True) == "known"
    assert len(seller.confirmations) == 1


def test_a_line_that_is_cut_before_is_sent_again(
    confirm: Any, parcel: Parcel, seller: Seller
) -> None:
    seller.fail("drop", "/shipmentConfirmation")
    with pytest.raises(errors.Unavailable):
        confirm(parcel)
    assert confirm(parcel, again=True) == "sent"
    assert len(seller.confirmations) == 1


def test_already_shipped_counts_as_success_if_it_is_this_parcel(
    confirm: Any, parcel: Parcel
) -> None:
    confirm(parcel)
    assert confirm(replace(parcel, reference=7)) == "known"
    with pytest.raises(errors.Rejected, match="as shipped already"):
        confirm(replace(parcel, reference=7, tracking="00340434161094000009"))


def test_too_much_is_refused_in_words(confirm: Any, parcel: Parcel) -> None:
    item = parcel.items[0][0]
    with pytest.raises(errors.Rejected, match="quantity") as caught:
        confirm(replace(parcel, items=((item, 4),)))
    assert "Amazon's number" in caught.value.hint


def test_another_carrier(confirm: Any, parcel: Parcel, order: dict[str, Any]) -> None:
    with pytest.raises(errors.Rejected, match="has no name"):
        confirm(replace(parcel, carrier="Other"))
    assert confirm(replace(parcel, carrier="Other", carrier_name="Radkurier")) == "sent"
    assert order["packages"][0]["carrier"] == "Radkurier"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"items": ()}, "is empty"),
        ({"items": (("1", 0),)}, "is empty"),
        ({"reference": 0}, "no number"),
        ({"carrier": " "}, "no carrier"),
        ({"tracking": ""}, "no tracking number"),
        ({"tracking": "siehe Mail"}, "does not look like|is not a tracking"),
        ({"tracking": "12345"}, "does not look like a tracking number of DHL"),
    ],
)
def test_what_would_be_refused_is_not_sent(
    confirm: Any, parcel: Parcel, seller: Seller, change: dict[str, Any], words: str
) -> None:
    with pytest.raises(errors.Rejected, match=words):
        confirm(replace(parcel, **change))
    assert seller.confirmations == []


def test_the_body(parcel: Parcel) -> None:
    many = replace(parcel, items=(("a", 1), ("b", 2), ("a", 1), ("c", 0)), tracking="0034 0434 1610"
                   " 9400 0002")  # fmt: skip
    body = build_confirmation(many, GERMANY, ordered_at=NOON, now=NOON + timedelta(hours=1))
    detail = body["packageDetail"]
    assert detail["packageReferenceId"] == "1"
    assert detail["trackingNumber"] == TRACKING
    assert detail["shipDate"] == "2026-03-02T12:00:00Z"  # never before the order
    assert detail["orderItems"] == [
        {"orderItemId": "a", "quantity": 2},
        {"orderItemId": "b", "quantity": 2},
    ]


def test_reading_back(api: SpApi, confirm: Any, parcel: Parcel, order: dict[str, Any]) -> None:
    confirm(parcel)
    packages = Shipments(api).packages(order["orderId"])
    assert is_known(parcel, packages)
    assert not is_known(replace(parcel, items=(("other", 1),)), packages)
    assert not is_known(replace(parcel, tracking=""), packages)
    assert next_reference(packages) == 2
    assert next_reference(packages, [4]) == 5
    assert same_tracking("0034-0434 161", "00340434161")
    assert not same_tracking("", "")


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("DHL Paket (Standard)", "DHL"),
        ("dhl_express", "DHL Express"),
        ("Deutsche Post Warenpost", "Deutsche Post"),
        ("GLS Business", "GLS"),
        ("UPS Standard", "UPS"),
        ("Groups", None),
        ("Radkurier", None),
    ],
)
def test_carriers_by_name(name: str, code: str | None) -> None:
    found = carriers.find_carrier(name)
    assert (found.code if found else None) == code
