"""Parcels are reported once, whatever happens on the way."""

import base64
from datetime import datetime, timedelta
from typing import Any

import pytest
from automation_core.lib import errors
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519

from shop_connector_ebay.lib import carriers, shipment
from shop_connector_ebay.lib.cancel import Cancellations, open_request
from shop_connector_ebay.lib.client import EbayClient
from shop_connector_ebay.lib.feedback import build as build_feedback
from shop_connector_ebay.lib.feedback import leave
from shop_connector_ebay.lib.parser import read_data
from shop_connector_ebay.lib.shipment import Parcel, Shipments
from shop_connector_ebay.lib.signing import Signer
from tests.servers.ebay import Shop, Spec, generate_orders

from .conftest import NOW, vector

ORDERED = NOW - timedelta(days=2)


@pytest.fixture
def order(shop: Shop) -> dict[str, Any]:
    """An order of three lines."""
    found = generate_orders(count=1, kinds=["combined"], start=ORDERED)[0]
    shop.add(found)
    return found


def parcel(order: dict[str, Any], *lines: int, tracking: str = "", **more: Any) -> Parcel:
    items = tuple(
        (order["lineItems"][line]["lineItemId"], order["lineItems"][line]["quantity"])
        for line in lines
    )
    return Parcel(items, NOW - timedelta(hours=1), "DHL" if tracking else "", tracking, **more)


def report(client: EbayClient, order: dict[str, Any], *parcels: Parcel) -> list[str]:
    done = Shipments(client).report(order["orderId"], parcels, ordered_at=ORDERED)
    return [result for _parcel, result in done]


def test_the_documents_own_request(specs: Any) -> None:
    sent = Parcel(
        (("10000000000003", 1),),
        datetime.fromisoformat("2026-03-03T14:00:00+00:00"),
        "DHL",
        "00340434 161094-000002",
    )
    body = shipment.build(sent, ordered_at=ORDERED - timedelta(days=365), now=NOW)
    assert body == vector(specs, "createShippingFulfillment_request")


def test_several_parcels_then_the_same_again(
    shop: Shop, client: EbayClient, order: dict[str, Any]
) -> None:
    one, two = parcel(order, 0, tracking="JJD1401"), parcel(order, 1, 2, tracking="JJD 1402")
    assert report(client, order, one) == ["sent"]
    assert shop.orders[order["orderId"]]["orderFulfillmentStatus"] == "IN_PROGRESS"
    assert report(client, order, one, two) == ["known", "sent"]
    assert shop.orders[order["orderId"]]["orderFulfillmentStatus"] == "FULFILLED"
    assert report(client, order, one, two) == ["known", "known"]
    assert len(shop.fulfillments[order["orderId"]]) == 2


@pytest.mark.parametrize("tracking", ["JJD1401", ""])
def test_a_lost_answer_is_no_second_parcel(
    shop: Shop, client: EbayClient, order: dict[str, Any], tracking: str
) -> None:
    sent = parcel(order, 0, tracking=tracking)
    shop.fail("lost", "/shipping_fulfillment", method="POST")
    with pytest.raises(errors.Unavailable):
        report(client, order, sent)
    assert report(client, order, sent) == ["known"]
    assert len(shop.fulfillments[order["orderId"]]) == 1


def test_equal_parcels_without_numbers_are_two(shop: Shop, client: EbayClient) -> None:
    order = generate_orders(count=1, kinds=["plain"], start=ORDERED)[0]
    order["lineItems"][0]["quantity"] = 2
    shop.add(order)
    half = Parcel(((order["lineItems"][0]["lineItemId"], 1),), NOW)
    other = Parcel(half.items, NOW)
    assert report(client, order, half, other) == ["sent", "sent"]
    assert report(client, order, half, other) == ["known", "known"]


def test_somebody_else_was_faster(shop: Shop, client: EbayClient, order: dict[str, Any]) -> None:
    sent = parcel(order, 0, tracking="JJD1401")
    known = Shipments.known

    def late(self: Shipments, number: str) -> Any:
        found = known(self, number)
        if not shop.fulfillments.get(number):
            Shipments.known = known  # type: ignore[method-assign]
            report(client, order, sent)
        return found

    Shipments.known = late  # type: ignore[method-assign]
    try:
        assert report(client, order, sent) == ["known"]
    finally:
        Shipments.known = known  # type: ignore[method-assign]
    assert len(shop.fulfillments[order["orderId"]]) == 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"tracking": "ä!!!", "carrier": "DHL"}, "letters and digits"),
        ({"tracking": "JJD1401"}, "needs its carrier"),
        ({"carrier": "DHL"}, "needs its carrier"),
        ({"items": ()}, "holds nothing"),
        ({"items": (("1", 0),)}, "without a quantity"),
    ],
)
def test_what_ebay_would_refuse_is_not_sent(change: dict[str, Any], said: str) -> None:
    wrong = Parcel(**{"items": (("1", 1),), "shipped_at": NOW, **change})
    with pytest.raises(errors.Rejected, match=said):
        shipment.build(wrong, ordered_at=ORDERED, now=NOW)


def test_dates_are_kept_within_what_ebay_takes() -> None:
    for when in (ORDERED - timedelta(days=1), NOW + timedelta(days=1)):
        body = shipment.build(Parcel((("1", 1), ("1", 2)), when), ordered_at=ORDERED, now=NOW)
        assert body["lineItems"] == [{"lineItemId": "1", "quantity": 3}]
        assert "2026-11-21T12" in body["shippedDate"] or "2026-11-23T12" in body["shippedDate"]


def test_ebays_refusal_is_explained(shop: Shop, client: EbayClient, order: dict[str, Any]) -> None:
    wrong = Parcel((("4711", 1),), NOW)
    with pytest.raises(errors.Rejected, match="does not find the article") as raised:
        report(client, order, wrong)
    assert "combined" in raised.value.hint


@pytest.mark.parametrize("data", [None, [], {"fulfillments": 3}, {"fulfillments": [3]}])
def test_unreadable_parcels_are_no_empty_list(data: Any) -> None:
    with pytest.raises(errors.InvalidAnswer):
        shipment.read_known(data)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("DHL Paket", "DHL"),
        ("dhl_express", "DHLEXPRESS"),
        ("Deutsche Post Warenpost", "DeutschePost"),
        ("DPD Classic", "DPD"),
        ("Hermes", "Hermes"),
        ("Radkurier", "Other"),
        ("Upside Logistics", "Other"),
    ],
)
def test_carriers(name: str, code: str) -> None:
    assert carriers.carrier_code(name) == code


# -- cancelling and feedback ----------------------------------------------------


def test_cancelling_once(shop: Shop, client: EbayClient, order: dict[str, Any]) -> None:
    cancellations = Cancellations(client)
    number = order["orderId"]
    assert cancellations.cancel(number, "OUT_OF_STOCK_OR_CANNOT_FULFILL") == "sent"
    assert cancellations.cancel(number, "OUT_OF_STOCK_OR_CANNOT_FULFILL") == "known"
    assert read_data(client.order(number)).order.state == "cancelled"


def test_cancelling_is_signed_where_it_must_be(
    shop: Shop, client: EbayClient, order: dict[str, Any]
) -> None:
    key = ed25519.Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    signer = Signer("the-jwe", base64.b64encode(key).decode())
    Cancellations(client, signer).cancel(order["orderId"], "ADDRESS_ISSUES")
    sent = shop.log[-1].headers
    assert sent["x-ebay-signature-key"] == "the-jwe"
    assert sent["signature"].startswith("sig1=:")
    assert sent["authorization"].startswith("IAF ")


def test_the_buyers_own_request_is_accepted(
    shop: Shop, client: EbayClient, order: dict[str, Any]
) -> None:
    shop.ask_to_cancel(order["orderId"])
    assert Cancellations(client).cancel(order["orderId"], "BUYER_ASKED_CANCEL") == "approved"


def test_the_buyers_request_is_refused_when_the_parcel_is_gone(
    shop: Shop, client: EbayClient, order: dict[str, Any]
) -> None:
    shop.ask_to_cancel(order["orderId"])
    request = open_request(read_data(client.order(order["orderId"])))
    assert request
    Cancellations(client).reject(request.request_id, NOW, "JJD 1401")
    found = read_data(client.order(order["orderId"]))
    assert open_request(found) is None
    assert not found.order.holds


def test_shipped_orders_are_not_cancelled(
    shop: Shop, client: EbayClient, order: dict[str, Any]
) -> None:
    report(client, order, parcel(order, 0))
    with pytest.raises(errors.Rejected, match="partly shipped"):
        Cancellations(client).cancel(order["orderId"], "BUYER_ASKED_CANCEL")


def test_feedback_once(shop: Shop, client: EbayClient, order: dict[str, Any]) -> None:
    lines = read_data(order).order.extra["lines"]
    assert not leave(client, lines, "Schnell bezahlt,\ngerne wieder!").known
    assert leave(client, lines, "Noch einmal").known
    assert set(shop.feedback) == set(lines.split())
    assert set(shop.feedback.values()) == {"Schnell bezahlt, gerne wieder!"}


def test_feedback_ebay_would_refuse(spec: Spec, client: EbayClient) -> None:
    spec.validate(
        "commerce_feedback_v1_beta_oas3", "LeaveFeedbackRequest", build_feedback("2-1", "Gut")
    )
    for text in ("", " ", "x" * 501):
        with pytest.raises(errors.Rejected):
            build_feedback("2-1", text)
    with pytest.raises(errors.Rejected, match="no listings"):
        leave(client, "", "Gut")
