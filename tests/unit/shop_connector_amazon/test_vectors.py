"""Amazon's own examples and the invented German ones go through; what we send is as they say."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import jsonschema
import pytest
from shop_connector.lib.check import check_order

from shop_connector_amazon.lib import cancellation, check, const, explain, invoice, stock
from shop_connector_amazon.lib.client import SpApi
from shop_connector_amazon.lib.feeds import FeedJob, Feeds
from shop_connector_amazon.lib.model import AmazonOrder
from shop_connector_amazon.lib.parser import read_data
from shop_connector_amazon.lib.reports import Settlements
from shop_connector_amazon.lib.shipment import Parcel, build_confirmation
from shop_connector_amazon.lib.solicitation import Solicitations
from shop_connector_amazon.lib.stock import Listings
from tests.servers.amazon import KINDS, Fault, Seller, Spec, generate_orders
from tests.servers.amazon.gateway import ROUTES

from .conftest import PLACES, SPECS, Clock, needs_specs

pytestmark = needs_specs


def load(name: str) -> Any:
    return json.loads((SPECS / name).read_text("utf-8"))


def synthetic() -> dict[str, AmazonOrder]:
    rows = [
        row for page in (1, 2) for row in load(f"synthetic/searchOrders_page{page}.json")["orders"]
    ]
    return {row["orderId"][-7:]: read_data(row) for row in rows}


def test_every_static_example_of_the_model() -> None:
    found = 0
    for methods in load("models/orders_2026-01-01.json")["paths"].values():
        answers = methods["get"]["responses"]["200"]["x-amzn-api-sandbox"]["static"]
        for answer in (row["response"] for row in answers):
            for row in answer.get("orders", [answer.get("order")]):
                order = read_data(row).order
                check_order(order)
                found += 1
    assert found == 6


def test_the_invented_orders() -> None:
    found = synthetic()
    assert {number: order.order.treatment for number, order in found.items()} == {
        "0000001": "import",
        "0000002": "reserve",
        "0000003": "import",
        "0000004": "import",
        "0000005": "hold",
        "0000006": "ignore",
        "0000007": "import",
        "0000008": "import",
    }
    assert found["0000006"].order.state == "cancelled"
    assert found["0000001"].gifts[0].wrapping == "Classic"
    assert found["0000001"].order.delivery.street == "Packstation 123"
    assert found["0000004"].order.shipped == (("10000000000014", 1),)
    assert found["0000004"].packages[0].tracking == "00340434161094000001"
    assert found["0000004"].order.delivery.company == "Probe & Söhne GmbH"
    assert found["0000004"].order.lines[-1].sku == ""
    assert found["0000007"].order.total == Decimal("84.00")
    assert found["0000007"].buyer_total == Decimal("99.96")
    assert found["0000008"].order.replaces == "302-0000001-0000001"


def test_the_pending_order_once_it_is_paid() -> None:
    found = read_data(load("synthetic/getOrder_pending_then_paid.json")["order"])
    assert found.order.treatment == "import"
    assert found.order.delivery.street == "Postfiliale 501"
    assert found.order.total == Decimal("24.89")


def test_a_shipping_day_in_germany() -> None:
    found = synthetic()["0000001"]
    assert found.order.ship_by == datetime(
        2026, 3, 3, 22, 59, 59, tzinfo=UTC
    )  # the 3rd, 23:59 there


def test_the_confirmation_is_theirs() -> None:
    wanted = load("synthetic/confirmShipment_request.json")
    when = datetime(2026, 3, 4, 9, tzinfo=UTC)
    items = (("10000000000014", 2), ("10000000000015", 1))
    parcel = Parcel(2, "DHL", "00340434161094000002", when, items, method="DHL Paket")
    built = build_confirmation(parcel, "A1PA6795UKMFR9", ordered_at=when, now=when)
    wanted["packageDetail"]["shipDate"] = "2026-03-04T09:00:00Z"
    assert built == wanted


def test_patch_and_feed_are_theirs() -> None:
    assert stock.build_patch(stock.Stock("ART-1001", 7)) == load(
        "synthetic/patchListingsItem_request.json"
    )
    changes = [stock.Stock("ART-1001", 7), stock.Stock("ART-2001-BL-L", 0)]
    ((content, _skus),) = stock.build_feeds("A0SYNTHETIC00", changes)
    built = json.loads(content)
    assert built == load("synthetic/json_listings_feed.json")
    jsonschema.validate(built, load("schemas/feeds/listings-feed-schema-v2.json"))
    for message in built["messages"]:
        jsonschema.validate(message, load("schemas/feeds/listings-feed-message-schema-v2.json"))


def test_their_report_about_a_feed() -> None:
    report = SPECS / "schemas/feeds/listings-feed-processing-report-schema-v2.example.json"
    skus = ("My-SKU-1", "My-SKU-2", "My-SKU-3", "My-SKU-B", "My-SKU-C")
    found = {row.sku: row for row in stock.read_feed_report(report.read_bytes(), skus)}
    assert [sku for sku, row in found.items() if row.accepted] == list(skus[:3])
    assert len(found["My-SKU-B"].issues) == 2
    assert "Complete the offer" in found["My-SKU-C"].issues[0].hint


def test_the_invoice_is_theirs() -> None:
    wanted = load("synthetic/createFeed_upload_vat_invoice_request.json")
    bill = invoice.Invoice(
        "RE/2026/00017", "302-0000004-0000004", "A1PA6795UKMFR9", Decimal("77.49"), Decimal("12.37")
    )
    job = invoice.build_job(bill, b"%PDF-1.4")
    assert dict(job.options) == wanted["feedOptions"]
    (row,) = invoice.read_report((SPECS / "synthetic/feed_report_invoice_error.tsv").read_bytes())
    assert (row.code, row.is_error) == ("79513", True)
    assert "could not assign" in row.text


@pytest.mark.parametrize("name", ["error_400_pagination", "error_400_two_minutes", "error_403",
                                  "error_429", "error_500"])  # fmt: skip
def test_their_errors_have_words(name: str) -> None:
    body = (SPECS / f"synthetic/{name}.json").read_bytes()
    (said,) = explain.read_errors(body)
    assert said.code
    assert explain.meaning(said.code, said.message).hint


def test_every_reason_to_cancel_is_theirs() -> None:
    text = (SPECS / "README.md").read_text()
    assert all(reason in text for reason in const.CANCEL_REASONS)
    assert cancellation.OUT_OF_STOCK in const.CANCEL_REASONS


def test_our_operations_are_theirs(spec: Spec) -> None:
    for operation in const.OPERATIONS:
        theirs = spec.operations[operation.name]
        assert (theirs.method, theirs.template) == (operation.method, f"/{operation.path}")
        assert (theirs.rate, theirs.burst) == (operation.rate, operation.burst), operation.name
        assert not theirs.deprecated
    assert {operation.name for operation in const.OPERATIONS} == set(ROUTES)
    for name, (method, path, rate, burst, _handler) in ROUTES.items():
        theirs = spec.operations[name]
        assert (theirs.method, theirs.template) == (method, path)
        assert (theirs.rate, theirs.burst) == (rate, burst)


def test_generated_orders_are_theirs(spec: Spec) -> None:
    orders = generate_orders(4 * len(KINDS), seed=8)
    operation = spec.operations["searchOrders"]
    assert list(spec.response_problems(operation, 200, {"orders": orders})) == []
    assert orders == generate_orders(4 * len(KINDS), seed=8)


ORDER = "302-0000001-0000001"
READERS: dict[str, Callable[[SpApi], Any]] = {
    "getMarketplaceParticipations": check.marketplaces,
    "patchListingsItem": lambda api: Listings(api, "A2", PLACES).push(stock.Stock("ART", 1)),
    "getListingsItem": lambda api: Listings(api, "A2", PLACES).quantity("ART"),
    "createFeed": lambda api: Feeds(api).send(FeedJob("X", PLACES, "text/xml"), b"x"),
    "getFeed": lambda api: Feeds(api).ask(FeedJob("X", PLACES, "x", stage="running", feed_id="1")),
    "getReports": lambda api: Settlements(api).since(datetime(2026, 1, 1, tzinfo=UTC)),
    "getSolicitationActionsForOrder": lambda api: Solicitations(api).is_offered(ORDER, PLACES[0]),
}


def examples(spec: Spec, name: str) -> list[Any]:
    """The static answers of an operation, and those of the vendor's own recipes."""
    found = []
    for status, answer in spec.operations[name].responses.items():
        if status.startswith("2"):
            rows = answer.get("x-amzn-api-sandbox", {}).get("static", [])
            found += [row["response"] for row in rows]
    for row in (SPECS / "responses").glob(f"*-{name}.json"):
        found.append(json.loads(row.read_text()))
    return found


@pytest.mark.parametrize("name", sorted(READERS))
def test_static_answers_are_understood(
    name: str, spec: Spec, make_api: Callable[..., SpApi], seller: Seller, clock: Clock
) -> None:
    bodies = examples(spec, name)
    assert bodies
    for body in bodies:
        if "nextToken" in body:
            del body["nextToken"]
        place = spec.operations[name].template.split("{")[0]
        seller.faults = [Fault("body", place, payload=json.dumps(body).encode())]
        result = READERS[name](make_api())
        assert result is not None or name == "getListingsItem"
        assert seller.faults[0].times == 0
