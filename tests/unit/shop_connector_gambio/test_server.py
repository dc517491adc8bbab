"""The fake shop has the documented shapes and the live shop's habits."""

import json
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import requests

from tests.servers.gambio import CATALOGUE, GambioServer, Shop, generate_orders, list_record

ROOT = Path(__file__).resolve().parents[3]

# where the document is wrong about a live shop: the difference is told beside the document
# or is seen in the document's own examples
NUMBERS = {
    "GXOrder": ["totalWeight"],
    "GXOrderItem": ["quantity", "price", "finalPrice", "tax", "discount"],
    "GXOrderItemAttributes": ["price"],
    "GXOrderTotal": ["value"],
}
TEXTS = {"GXOrderCustomer": ["vatId"]}
NULLABLE = {"GXOrderItemAttributes": ["combisId", "optionId", "optionValueId"]}


@pytest.fixture
def documented(shared: Path) -> dict[str, Any]:
    """The document's definitions, corrected where the live shop differs."""
    path = shared / "specs" / "gambio" / "openapi_v2_orders_products.json"
    document: dict[str, Any] = json.loads(path.read_text("utf-8"))
    names = document["definitions"]
    for name, fields in NUMBERS.items():
        for field in fields:
            names[name]["properties"][field] = {"type": "number"}
    for name, fields in TEXTS.items():
        for field in fields:
            names[name]["properties"][field] = {"type": "string"}
    for name, fields in NULLABLE.items():
        for field in fields:
            names[name]["properties"][field] = {"type": ["integer", "null"]}
    item = names["GXOrderItem"]["properties"]
    item["attributes"] = {"type": "array", "items": item["attributes"]}
    item["customizationData"] = {"type": ["object", "array"]}
    address = names["GXOrderListItemAddress"]
    address["required"] = [
        {"firstname": "firstName", "lastname": "lastName"}.get(key, key)
        for key in address["required"]
    ]
    for key in ("firstname", "lastname"):
        del address["properties"][key]
    return document


def validate(document: dict[str, Any], name: str, value: Any) -> None:
    jsonschema.Draft4Validator({**document, "$ref": f"#/definitions/{name}"}).validate(value)


def test_made_up_orders_have_the_documented_form(documented: dict[str, Any]) -> None:
    for order in generate_orders(count=60, seed=3):
        validate(documented, "GXOrder", order)
        validate(documented, "GXOrderListItem", list_record(order))
        assert set(order["addresses"]) == {"customer", "billing", "delivery"}


def test_keys_are_those_of_the_documented_example(shared: Path) -> None:
    example = json.loads((shared / "specs/gambio/order_put_request_docs_sample.json").read_text())
    order = generate_orders(count=1, kinds=["variants"])[0]
    assert set(example) == set(order)
    for key in ("customer", "paymentType", "shippingType", "addonValues"):
        assert set(example[key]) == set(order[key])
    for key in ("totals", "statusHistory"):
        assert set(example[key][0]) == set(order[key][0])
    assert set(example["addresses"]["billing"]) == set(order["addresses"]["billing"])
    assert set(example["items"][0]) <= set(order["items"][0])
    assert set(example["items"][0]["attributes"][0]) == set(order["items"][0]["attributes"][0])


def test_other_answers_have_the_documented_form(
    documented: dict[str, Any], server: GambioServer, shop: Shop
) -> None:
    shop.add(generate_orders(count=1)[0])
    ask = _asker(server, shop)
    validate(documented, "GXCountry", ask("countries/81").json())
    history = ask(
        "orders/400210/status", "PATCH", {"statusId": 3, "comment": "", "customerNotified": False}
    )
    validate(documented, "GXOrderStatusHistory", history.json())
    code = ask(
        "orders/400210/tracking_codes",
        "POST",
        {"trackingCode": "0034", "parcelServiceId": "1", "languageId": "2"},
    )
    assert code.status_code == 201
    validate(documented, "GXTrackingCode", code.json())
    assert ask("orders/400210/tracking_codes").json() == [code.json()]
    validate(documented, "defaultErrorResponse", ask("orders/999").json())


def test_products_have_the_documented_form(
    documented: dict[str, Any], shared: Path, server: GambioServer, shop: Shop
) -> None:
    shop.offer(CATALOGUE)
    ask = _asker(server, shop)
    for row in ask("products").json():
        validate(documented, "GXProductListing", row)
        assert isinstance(row["name"], str)
    whole = ask("products/1").json()
    example = json.loads((shared / "specs/gambio/product_docs_example.json").read_text())
    assert set(example) - {"vpeID"} <= set(whole)
    for key in ("productModel", "quantity", "name", "isActive"):
        assert type(whole[key]) is type(example[key])
    answer = ask("products", "PUT", [{"id": 1, "quantity": 4}, {"id": 99, "quantity": 1}]).json()
    assert [row["quantity"] for row in answer["affected"]] == [4]
    assert set(answer["errors"][0]) == {"errorMessage", "stacktrace"}
    assert ask("products/1", "PUT", {"quantity": 2.5}).json()["quantity"] == 2.5
    assert ask("products/99", "PUT", {"quantity": 1}).status_code == 500
    service = ask("parcel_services").json()[0]
    named = json.loads((shared / "specs/gambio/parcel_service_docs_example.json").read_text())
    assert set(service) == {*named, "id"}


def test_variants_have_the_documented_form(shared: Path, server: GambioServer, shop: Shop) -> None:
    shop.offer(CATALOGUE)
    shirt = next(one for one in shop.products.values() if one.variants)
    shirt.options = {5: ("BOX", 1)}
    ask = _asker(server, shop)
    for kind, name in (("variants", "variant"), ("options", "option_patch")):
        path = f"../v3/products/{shirt.number}/{kind}"
        answer = ask(path).json()
        example = json.loads(
            (shared / f"specs/gambio/v3_product_{name}_docs_example.json").read_text()
        )
        assert set(example) <= set(answer["data"][0])
        meta = json.loads(
            (shared / "specs/gambio/v3_collection_meta_docs_example.json").read_text()
        )
        assert set(answer["_meta"]) == set(meta)
        number = answer["data"][0]["id"]
        assert ask(path, "PATCH", [{"id": number, "stock": 33}]).status_code == 204
        assert ask(path).json()["data"][0]["stock"] == 33
        refused = ask(path, "PATCH", [{"id": 9999, "stock": 1}])
        assert refused.status_code == 422
        assert "with ID 9999 does not exist." in refused.json()["errors"][0][0]
    empty = ask("../v3/products/1/variants").json()
    assert (empty["data"], empty["_meta"]["totalItems"]) == ([], 0)


def test_wrong_figures_are_noticed(shop: Shop) -> None:
    shop.offer(CATALOGUE)
    with GambioServer(shop) as server:
        ask = _asker(server, shop)
        assert ask("products/1", "PUT", {"quantity": "7,5"}).status_code == 500
        assert ask("../v3/products/1/variants", "PATCH", {"id": 1}).status_code == 422
        ask("orders/1/tracking_codes", "POST", {"parcelServiceId": 1})
    assert len(shop.violations) >= 3


def test_a_checkout_lowers_the_stock(shop: Shop) -> None:
    shop.offer(CATALOGUE, stock=5)
    order = generate_orders(count=1, kinds=["variants"])[0]
    shop.add(order)
    bought = {item["model"]: item["quantity"] for item in order["items"]}
    assert shop.stock() == {article.sku: 5 - bought.get(article.sku, 0) for article in CATALOGUE}


def _asker(server: GambioServer, shop: Shop) -> Any:
    def ask(path: str, method: str = "GET", body: Any = None, **more: Any) -> requests.Response:
        headers = {"Content-Type": "application/json"} if body is not None else {}
        return requests.request(
            method,
            f"{server.url}/api.php/v2/{path}",
            auth=(shop.user, shop.password),
            data=None if body is None else json.dumps(body),
            headers=headers | more.pop("headers", {}),
            timeout=10,
            **more,
        )

    return ask


def test_habits_of_the_live_shop(shop: Shop) -> None:
    for order in generate_orders(count=5):
        shop.add(order)
    with GambioServer(shop) as server:
        ask = _asker(server, shop)
        page = ask("orders", params={"page": 2, "per_page": 2})
        links = page.raw.headers.getlist("Link")
        assert [link.split("rel=")[1] for link in links] == [
            '"first"',
            '"previous"',
            '"next"',
            '"last"',
        ]
        assert "shop.example" in links[0]
        assert ask("orders", params={"page": 9, "per_page": 2}).json() == []
        assert len(ask("orders", params={"per_page": 0}).json()) == 1
        assert set(ask("orders", params={"fields": "id,statusId"}).json()[0]) == {
            "id",
            "statusId",
            "_links",
        }
        assert "_links" not in ask("orders", params={"disable_links": 1}).json()[0]
        assert ask("orders", params={"sort": "colour"}).status_code == 500
        assert ask("orders/999").json()["code"] == 0
        assert ask("orders/999").status_code == 500
        assert isinstance(ask("orders/abc").json(), list)
        assert ask("orders", params={"modified": "2026-11-01"}).status_code == 400
        assert ask("countries/5").status_code == 500
        assert ask("nothing").status_code == 404
        assert ask("orders", "HEAD").status_code == 405
        wrong = {"Content-Type": "application/json; charset=utf-8"}
        assert ask("orders/400210/status", "PATCH", {}, headers=wrong).status_code == 415
        assert ask("orders/400210/status", "PATCH", {"statusId": 3}).status_code == 500
        assert int(ask("orders").headers["X-Rate-Limit-Remaining"]) < 5000
        shop.used = shop.limit
        over = ask("orders")
        assert (over.status_code, "Request limit was reached." in over.text) == (500, True)
        assert "X-Rate-Limit-Remaining" not in over.headers
    assert len(shop.violations) >= 4


def test_same_seed_same_orders() -> None:
    assert generate_orders(count=40, seed=9) == generate_orders(count=40, seed=9)
    assert generate_orders(count=40, seed=9) != generate_orders(count=40, seed=8)


def test_ten_thousand_orders_are_quick_and_all_different() -> None:
    orders = generate_orders(count=10_000, seed=1, kinds=["plain"], lines=2)
    assert len({order["id"] for order in orders}) == 10_000
    assert all(len(order["items"]) == 2 for order in orders)
    assert all(Decimal(str(order["totals"][-1]["value"])) > 0 for order in orders)


def test_runs_by_itself() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "tests.servers.gambio", "--orders", "3"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            url = process.stdout.readline().strip()
            answer = requests.get(
                f"{url}/api.php/v2/orders", auth=("api@shop.example", "shop-password"), timeout=10
            )
            assert len(answer.json()) == 3
        finally:
            process.terminate()
