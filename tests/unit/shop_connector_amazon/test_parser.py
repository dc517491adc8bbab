"""What becomes of Amazon's orders: kinds, addresses, amounts, reasons to look."""

import copy
import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from shop_connector.lib.check import check_order
from shop_connector.lib.order import PayloadError
from shop_connector.lib.people import real_email

from shop_connector_amazon.lib import const
from shop_connector_amazon.lib.model import AmazonOrder
from shop_connector_amazon.lib.parser import parse_order, read_data, read_order
from tests.servers.amazon import generate_orders
from tests.servers.amazon.generator import settle


def one(kind: str, seed: int = 1, **changes: Any) -> dict[str, Any]:
    order = generate_orders(1, seed, kinds=[kind])[0]
    order.update(changes)
    return order


def address(*lines: str, **more: str) -> AmazonOrder:
    order = one("plain")
    found = {"name": "Erika Mustermann", "city": "Berlin", "postalCode": "10115"}
    found |= {"countryCode": "DE", **more}
    found |= {f"addressLine{place}": line for place, line in enumerate(lines, 1)}
    order["recipient"]["deliveryAddress"] = found
    return read_data(order)


# -- treatment --------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "by", "treatment"),
    [
        ("PENDING", "MERCHANT", "reserve"),
        ("PENDING_AVAILABILITY", "MERCHANT", "reserve"),
        ("PENDING", "AMAZON", "ignore"),
        ("UNSHIPPED", "MERCHANT", "import"),
        ("UNSHIPPED", "AMAZON", "ignore"),
        ("PARTIALLY_SHIPPED", "MERCHANT", "import"),
        ("PARTIALLY_SHIPPED", "AMAZON", "ignore"),
        ("SHIPPED", "MERCHANT", "history"),
        ("SHIPPED", "AMAZON", "import"),
        ("CANCELLED", "MERCHANT", "ignore"),
        ("CANCELLED", "AMAZON", "ignore"),
        ("UNFULFILLABLE", "AMAZON", "hold"),
        ("UNSHIPPED", "SOMEBODY", "hold"),
        ("BRAND_NEW_STATUS", "MERCHANT", "hold"),
    ],
)
def test_treatments(status: str, by: str, treatment: str) -> None:
    order = one("plain")
    order["fulfillment"] |= {"fulfillmentStatus": status, "fulfilledBy": by}
    found = read_data(order)
    assert found.order.treatment == treatment
    assert bool(found.order.holds) == (treatment == "hold")
    assert found.order.state == ("cancelled" if status == "CANCELLED" else "open")


def test_pending_orders_only_reserve() -> None:
    order = one("pending", 3)
    found = parse_order(json.dumps(order))
    assert (found.treatment, found.payment_state, found.shop_status) == (
        "reserve",
        "open",
        "PENDING",
    )
    assert [(row.sku, row.quantity) for row in found.reservations] == [
        (item["product"]["sellerSku"], Decimal(item["quantityOrdered"]))
        for item in order["orderItems"]
    ]


def test_orders_without_prices_are_not_imported_at_zero() -> None:
    order = one("pending")
    order["fulfillment"]["fulfillmentStatus"] = "UNSHIPPED"
    with pytest.raises(PayloadError, match="has no prices") as caught:
        read_data(order)
    assert "roles" in caught.value.hint


def test_a_replacement_is_free_and_knows_its_original() -> None:
    found = read_data(one("replacement"))
    assert found.order.treatment == "import"
    assert found.order.replaces == "302-0000001-0000001"
    assert found.order.total == 0
    check_order(found.order)


def test_the_buyer_asks_to_cancel() -> None:
    found = read_data(one("cancel_request"))
    assert found.order.treatment == "hold"
    (hold,) = found.order.holds
    assert hold.code == "amazon:cancel_request"
    assert "Versehentlich bestellt" in hold.text


def test_partly_shipped_and_partly_cancelled() -> None:
    order = one("plain", 4)
    item = order["orderItems"][0]
    order["orderItems"] = [item, copy.deepcopy(item)]
    first, second = order["orderItems"]
    second["orderItemId"] = "2"
    second["quantityOrdered"] = 0
    del second["proceeds"]
    first["fulfillment"] = {"quantityFulfilled": 1, "quantityUnfulfilled": 1}
    settle(order)
    found = read_data(order)
    assert [line.line_id for line in found.order.lines if line.kind == "product"] == [
        first["orderItemId"]
    ]
    assert found.order.shipped == ((first["orderItemId"], 1),)


def test_all_articles_cancelled_but_the_order_open() -> None:
    order = one("cancelled")
    order["fulfillment"]["fulfillmentStatus"] = "UNSHIPPED"
    with pytest.raises(PayloadError, match="no articles left"):
        read_data(order)


def test_programs() -> None:
    assert read_data(one("prime")).order.hurry
    found = read_data(one("plain", programs=["PREORDER"]))
    assert (found.order.treatment, found.order.holds[0].code) == ("hold", "amazon:program")


def test_personalised_articles() -> None:
    order = one("plain")
    order["orderItems"][0]["product"]["customization"] = {"customizedUrl": "https://x.example"}
    assert read_data(order).order.holds[0].code == "amazon:customised"


def test_gifts_and_delivery_wishes() -> None:
    order = one("gift")
    order["recipient"]["deliveryPreference"] = {
        "dropOffLocation": "Garage", "addressInstruction": "Code 12\nhinten"
    }  # fmt: skip
    found = read_data(order)
    assert found.gifts[0].message == "Alles Gute!\nDeine Oma"
    assert found.order.delivery_note == "Garage\nCode 12\nhinten"
    assert found.order.buyer_note == ""  # wishes for the carrier hold no order


# -- people -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "company", "street", "street2"),
    [
        (("Packstation 123", "12345678"), "", "Packstation 123", "12345678"),
        (("12345678", "Packstation 123"), "", "Packstation 123", "12345678"),
        (("12345678", "Postfiliale 501"), "", "Postfiliale 501", "12345678"),
        (("Musterstr. 4a",), "", "Musterstr. 4a", ""),
        (("Probe & Söhne GmbH", "Beispielweg 7", "2. OG"), "Probe & Söhne GmbH", "Beispielweg 7",
         "2. OG"),
        (("c/o Meier", "Beispielweg 12-14"), "", "Beispielweg 12-14", "c/o Meier"),
        (("Hauptstraße", "12 b"), "", "Hauptstraße 12 b", ""),
        (("Schlossplatz", "Wohnung 12"), "", "Schlossplatz", "Wohnung 12"),
        (("Am Markt 3", "Hinterhaus, 2. OG"), "", "Am Markt 3", "Hinterhaus, 2. OG"),
        (("12 rue de l'Exemple", "Bâtiment 3"), "", "12 rue de l'Exemple", "Bâtiment 3"),
        (("Q7, 12",), "", "Q7, 12", ""),
        ((), "", "", ""),
    ],
)  # fmt: skip
def test_address_lines(lines: tuple[str, ...], company: str, street: str, street2: str) -> None:
    found = address(*lines).order.delivery
    assert (found.company, found.street_line, found.street2) == (company, street, street2)


def test_a_company_named_twice() -> None:
    found = address("Exemple SARL", "Beispielweg 7", companyName="Exemple SARL").order.delivery
    assert (found.company, found.street, found.street2) == ("Exemple SARL", "Beispielweg 7", "")


def test_a_withheld_address_is_a_hold_but_not_for_amazons_logistics() -> None:
    order = one("plain")
    del order["recipient"]
    assert [hold.code for hold in read_data(order).order.holds] == ["amazon:address"]
    found = read_data(one("fba"))
    assert found.order.holds == ()
    assert found.order.delivery.last_name == f"Amazon {found.order.number}"
    assert found.order.by_channel


def test_companies() -> None:
    found = read_data(one("business"))
    assert found.business
    assert found.purchase_order == "PO-2026-17"
    assert found.order.customer.vat == "DE136695976"
    assert found.order.billing.company == "Muster Handels GmbH"
    assert found.order.billing.zip == found.order.delivery.zip


def test_a_registered_address_is_the_invoices() -> None:
    order = one("business")
    order["tax"]["taxRegistrations"][0]["taxRegistrationAddress"] = {
        "addressLine1": "Zentrale 1", "city": "Bonn", "postalCode": "53111", "countryCode": "DE"
    }  # fmt: skip
    found = read_data(order).order
    assert (found.billing.city, found.billing.company) == ("Bonn", "Muster Handels GmbH")
    assert found.delivery.city != "Bonn"


def test_the_relay_is_never_the_buyers_own_address() -> None:
    customer = read_data(one("plain")).order.customer
    assert customer.email.endswith("@marketplace.amazon.de")
    assert real_email(customer.email, const.RELAY_DOMAINS) == ""
    assert customer.language == "de"


# -- malformed --------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda o: o.pop("orderId"), "has no number"),
        (lambda o: o.update(orderId="1"), "none of Amazon's"),
        (lambda o: o.pop("createdTime"), "no valid time of the order"),
        (lambda o: o.update(createdTime="01.03.2026"), "no valid time of the order"),
        (lambda o: o.update(orderItems=[]), "has no articles"),
        (lambda o: o.update(orderItems=o["orderItems"][:1] * 2), "same number"),
        (lambda o: o["orderItems"][0].update(quantityOrdered=-1), "impossible quantity"),
        (
            lambda o: o["orderItems"][0].update(quantityOrdered="1"),
            "a quantity that is not a whole number",
        ),
        (lambda o: o["proceeds"]["grandTotal"].update(amount="1,00"), "not an amount"),
        (lambda o: o["proceeds"]["grandTotal"].update(amount=1.0), "text was expected"),
        (lambda o: o["proceeds"]["grandTotal"].update(amount="-1"), "negative total"),
        (lambda o: o["proceeds"]["grandTotal"].update(currencyCode="USD"), "several currencies"),
        (lambda o: o["recipient"]["deliveryAddress"].update(countryCode="DEU"), "no country code"),
        (lambda o: o.update(programs="PRIME"), "list of texts"),
        (lambda o: o.update(buyer=5), "block of data"),
    ],
)
def test_malformed_orders_in_words(change: Any, words: str) -> None:
    order = one("plain")
    change(order)
    with pytest.raises(PayloadError, match=words) as caught:
        read_data(order)
    assert caught.value.hint
    assert caught.value.field


def test_times_are_utc() -> None:
    order = one("plain")
    order["fulfillment"]["shipByWindow"]["latestDateTime"] = "2026-03-03T22:59:59+01:00"
    found = read_order(json.dumps(order))
    assert found.order.ship_by == datetime(2026, 3, 3, 21, 59, 59, tzinfo=UTC)
