"""What the shop is told of an order: parcels once, the status by its number, never without need."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from automation_core.lib import errors
from shop_connector.lib.outbox import Cancellation, Parcel, Receipt, Shipment

from shop_connector_gambio.lib.client import GambioClient
from shop_connector_gambio.lib.outgoing import NO_LINK, OLD_SHOP, Outgoing
from shop_connector_gambio.lib.statuses import StatusMap
from tests.servers.gambio import GambioServer, Shop, generate_orders

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
NUMBER = 400210
Connect = Callable[..., GambioClient]


def parcel(tracking: str = "00340434161094000001", reference: int = 1, **more: Any) -> Parcel:
    names = {"carrier": "DHL", "carrier_name": "DHL Paket", **more}
    return Parcel(reference, (("1", Decimal(1)),), NOON, tracking=tracking, **names)


def shipment(*parcels: Parcel, complete: bool = True, number: str = str(NUMBER)) -> Shipment:
    return Shipment(number, number, NOON, parcels or (parcel(),), complete)


def cancellation(*, whole: bool = True) -> Cancellation:
    return Cancellation(str(NUMBER), str(NUMBER), (("1", Decimal(1)),), whole=whole)


@pytest.fixture(autouse=True)
def order(shop: Shop) -> dict[str, Any]:
    """The order as the shop keeps it."""
    shop.add(generate_orders(count=1, kinds=["paypal"])[0])
    return shop.orders[NUMBER]


@pytest.fixture
def tell(client: GambioClient) -> Callable[..., Receipt]:
    """Tells the shop with the usual statuses."""

    def send(message: Shipment | Cancellation, **more: Any) -> Receipt:
        notified = more.pop("notified", False)
        outgoing = Outgoing(client, StatusMap(**more), notified=notified)
        if isinstance(message, Shipment):
            return outgoing.shipment(message)
        return outgoing.cancellation(message)

    return send


Tell = Callable[..., Receipt]


def test_a_parcel_and_the_status(tell: Tell, shop: Shop, order: dict[str, Any]) -> None:
    assert not tell(shipment()).known
    (row,) = shop.tracking
    assert (row["orderId"], row["trackingCode"]) == (str(NUMBER), "00340434161094000001")
    assert (row["parcelServiceName"], row["parcelServiceId"]) == ("DHL", "1")
    assert order["statusId"] == 3
    assert order["statusHistory"][-1]["customerNotified"] is False
    assert order["statusHistory"][-1]["comment"] == ""


def test_told_twice_is_told_once(tell: Tell, shop: Shop, order: dict[str, Any]) -> None:
    tell(shipment())
    rows = len(order["statusHistory"])
    assert tell(shipment(parcel("0034 0434-1610.94000001"))).known
    assert (len(shop.tracking), len(order["statusHistory"])) == (1, rows)


def test_the_answer_was_lost_on_the_way(tell: Tell, shop: Shop) -> None:
    shop.fail("drop", "tracking_codes", method="POST")
    with pytest.raises(errors.Unavailable):
        tell(shipment())
    assert len(shop.tracking) == 1
    tell(shipment())
    assert len(shop.tracking) == 1


def test_a_code_that_staff_entered_themselves_counts(tell: Tell, shop: Shop) -> None:
    shop.tracking.append(
        {"orderId": str(NUMBER), "trackingCode": "", "comment": "00340434161094000001", "url": "x"}
    )
    tell(shipment())
    assert len(shop.tracking) == 1


def test_several_parcels_and_one_number_twice(tell: Tell, shop: Shop) -> None:
    tell(shipment(parcel("JJD1"), parcel("JJD2", 2), parcel("jjd 1", 3), parcel("", 4)))
    assert [row["trackingCode"] for row in shop.tracking] == ["JJD1", "JJD2"]


def test_part_of_an_order_leaves_the_status_unless_one_is_set(
    tell: Tell, shop: Shop, order: dict[str, Any]
) -> None:
    tell(shipment(complete=False))
    assert (len(shop.tracking), order["statusId"]) == (1, 1)
    assert not tell(shipment(complete=False), partly=2).known
    assert order["statusId"] == 2
    tell(shipment(parcel(), parcel("JJD2", 2)), partly=2)
    assert (len(shop.tracking), order["statusId"]) == (2, 3)


def test_a_status_that_moved_on_is_not_set_back(
    tell: Tell, shop: Shop, order: dict[str, Any]
) -> None:
    tell(shipment())
    shop.set_status(NUMBER, 149)
    assert not tell(shipment(parcel(), parcel("JJD2", 2))).known
    assert order["statusId"] == 149
    assert len(shop.tracking) == 2


def test_another_carrier_goes_by_its_link(tell: Tell, shop: Shop) -> None:
    link = "https://track.example/?c=777"
    tell(shipment(parcel("777", carrier="", carrier_name="Radkurier Nord", link=link)))
    (row,) = shop.tracking
    assert (row["parcelServiceName"], row["url"]) == ("Radkurier Nord", link)
    assert (row["trackingCode"], row["comment"]) == ("", "777")
    assert tell(shipment(parcel("777", carrier="", carrier_name="Radkurier", link=link))).known


def test_another_carrier_without_a_link_is_written_to_the_history(
    tell: Tell, shop: Shop, order: dict[str, Any]
) -> None:
    message = shipment(parcel("777123", carrier="", carrier_name="Radkurier Nord"))
    assert tell(message).text == NO_LINK
    assert order["statusHistory"][-1]["comment"] == "Radkurier Nord 777123"
    assert shop.tracking == []
    assert tell(message).known
    assert sum("777123" in row["comment"] for row in order["statusHistory"]) == 1


def test_the_carriers_own_name_is_found_without_a_code(tell: Tell, shop: Shop) -> None:
    tell(shipment(parcel("01234567890123", carrier="", carrier_name="DPD Classic")))
    assert shop.tracking[0]["parcelServiceName"] == "DPD"


def test_an_old_shop_gets_a_comment(tell: Tell, shop: Shop, order: dict[str, Any]) -> None:
    shop.api_version = "2.2.0"
    receipt = tell(shipment(parcel(), parcel("JJD2", 2)))
    assert (receipt.text, receipt.known) == (OLD_SHOP, False)
    row = order["statusHistory"][-1]
    assert row["statusId"] == 3
    assert row["comment"] == "DHL Paket 00340434161094000001\nDHL Paket JJD2"
    assert tell(shipment(parcel(), parcel("JJD2", 2))).known
    tell(shipment(parcel(), parcel("JJD2", 2), parcel("JJD3", 3)))
    assert order["statusHistory"][-1]["comment"] == "DHL Paket JJD3"


def test_the_customers_notice_is_noted_when_there_was_one(
    tell: Tell, order: dict[str, Any]
) -> None:
    tell(shipment(), notified=True)
    assert order["statusHistory"][-1]["customerNotified"] is True


def test_cancelled_in_the_shop_is_for_a_person(tell: Tell, shop: Shop) -> None:
    shop.set_status(NUMBER, 99)
    with pytest.raises(errors.Rejected, match="is cancelled in the shop"):
        tell(shipment())
    assert shop.tracking == []


def test_cancelling(tell: Tell, shop: Shop, order: dict[str, Any]) -> None:
    assert not tell(cancellation()).known
    assert order["statusId"] == 99
    rows = len(order["statusHistory"])
    assert tell(cancellation()).known
    assert len(order["statusHistory"]) == rows


def test_what_is_shipped_is_not_cancelled(tell: Tell, shop: Shop) -> None:
    shop.set_status(NUMBER, 3)
    with pytest.raises(errors.Rejected, match="is shipped in the shop"):
        tell(cancellation())


def test_single_lines_cannot_be_cancelled(tell: Tell, order: dict[str, Any]) -> None:
    with pytest.raises(errors.Rejected, match="single lines"):
        tell(cancellation(whole=False))
    assert order["statusId"] == 1


def test_a_status_the_shop_does_not_have_is_not_set(tell: Tell, order: dict[str, Any]) -> None:
    with pytest.raises(errors.Rejected, match="no order status 7"):
        tell(shipment(), shipped=7, known=frozenset({"1", "3", "99"}))
    assert order["statusId"] == 1


@pytest.mark.parametrize("number", ["", "abc", "0", "40 02", "999"])
def test_an_order_that_is_not_there(tell: Tell, shop: Shop, number: str) -> None:
    with pytest.raises(errors.NotFound):
        tell(shipment(number=number))
    assert shop.tracking == []


def test_the_status_may_fail_after_the_parcel_went(tell: Tell, shop: Shop) -> None:
    shop.fail("error", "/status")
    with pytest.raises(errors.Unavailable):
        tell(shipment())
    assert not tell(shipment()).known
    assert len(shop.tracking) == 1
    assert shop.orders[NUMBER]["statusId"] == 3


def test_a_missing_right(tell: Tell, shop: Shop, server: GambioServer) -> None:
    shop.fail("forbidden", "parcel_services")
    with pytest.raises(errors.AccessDenied, match="parcel_services"):
        tell(shipment())
