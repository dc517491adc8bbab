"""Whatever the shop answers to what it is told: a named failure or a result, nothing else."""

import json
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from automation_core.lib import errors
from shop_connector.lib.outbox import Parcel, Shipment, StockChange

from shop_connector_gambio.lib.catalogue import Catalogue
from shop_connector_gambio.lib.check import check_shop
from shop_connector_gambio.lib.client import GambioClient
from shop_connector_gambio.lib.outgoing import Outgoing
from shop_connector_gambio.lib.statuses import StatusMap
from shop_connector_gambio.lib.stock import StockWriter
from tests.servers.gambio import CATALOGUE, Shop, generate_orders

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
ODD: list[Any] = [
    None, True, 0, -1, 10**30, 1.5, "", "x", "\x00", [], {}, [[]], [None], [{}], [1, "a"],
    {"data": None}, {"data": [None]}, {"data": [{"id": "x"}]}, {"data": [{}], "_meta": []},
    {"data": [{"id": 1, "modelNumber": {}, "stock": "viel"}], "_meta": {"totalPages": "9"}},
    [{"id": "a", "productModel": 5}], [{"id": True, "productModel": []}],
    [{"id": 3, "productModel": "\x00A", "quantity": {}, "name": ["x"], "ean": {}}],
    {"affected": 5, "errors": "x"}, {"affected": [None, {"id": []}], "errors": [{}, 3]},
    {"id": 1, "settings": []}, {"id": 1, "settings": {"propertiesCombisQuantityCheckMode": "x"}},
    [{"trackingCode": None, "url": 5, "comment": {}}], [{"id": "viele", "name": {"a": 1}}],
    {"id": 400210, "statusId": "x", "statusHistory": [5, {"statusId": [], "comment": {}}]},
]  # fmt: skip


def ship(client: GambioClient) -> None:
    parcel = Parcel(1, (), NOON, carrier="DHL", carrier_name="DHL", tracking="JJD0001")
    Outgoing(client, StatusMap()).shipment(Shipment("400210", "400210", NOON, (parcel,), True))


def offer(client: GambioClient) -> None:
    for listing in Catalogue(client, with_options=True).fetch_page({}).listings:
        assert isinstance(listing.sku, str)
        assert listing.quantity is None or isinstance(listing.quantity, int)
        json.dumps(dict(listing.extra))


def stock(client: GambioClient) -> None:
    changes = [
        StockChange(1, "KERZE-01", 5, extra={"product": 1}),
        StockChange(2, "SHIRT-M-ROT", 5),
        StockChange(3, "SHIRT-L-BLAU", 5, extra={"product": 7, "variant": 2}),
    ]
    told = [
        outcome.listing_id
        for reply in StockWriter(client, Catalogue(client)).push(changes)
        for outcome in reply.outcomes
    ]
    assert sorted(told) == [1, 2, 3]


@pytest.mark.parametrize("act", [ship, offer, stock, check_shop])
@pytest.mark.parametrize(
    "path",
    ["orders/400210", "tracking_codes", "parcel_services", "/products", "/variants", "/options"],
)
def test_nonsense(
    client: GambioClient, shop: Shop, act: Callable[[GambioClient], object], path: str
) -> None:
    shop.add(generate_orders(count=1)[0])
    shop.offer(CATALOGUE)
    for value in ODD:
        shop.used = 0
        shop.faults.clear()
        shop.fail("body", path, times=99, payload=json.dumps(value).encode())
        with suppress(errors.AutomationError):
            act(client)
