"""Orders in Gambio's form become neutral orders, and what is no order says why."""

import copy
import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from shop_connector.lib.order import PayloadError

from shop_connector_gambio.lib import parser
from shop_connector_gambio.lib.statuses import StatusMap
from tests.servers.gambio import KINDS, Article, generate_orders

from .conftest import COUNTRIES, parse


def one(kind: str, seed: int = 1, **more: Any) -> dict[str, Any]:
    return generate_orders(count=1, seed=seed, kinds=[kind], **more)[0]


def kinds_of(order: Any) -> list[str]:
    return [line.kind for line in order.lines]


def test_plain_order_in_every_field() -> None:
    payload = one("paypal", lines=1)
    payload["addresses"]["delivery"] |= {
        "firstname": "Zoë",
        "street": "Packstation 145",
        "houseNumber": "",
        "additionalAddressInfo": "1743911",
    }
    order = parse(payload, status="Offen")
    assert order.external_id == order.number == "400210"
    assert order.ordered_at == datetime(2026, 11, 1, 7, 0, tzinfo=UTC)
    assert order.updated_at == order.ordered_at
    assert (order.currency, order.prices_include_tax) == ("EUR", True)
    assert order.customer.language == "de"
    assert order.customer.buyer_id == "2"
    assert not order.customer.is_guest
    assert order.customer.email.endswith("@example.org")
    assert (order.delivery.first_name, order.delivery.country_code) == ("Zoë", "DE")
    assert (order.delivery.street, order.delivery.street2) == ("Packstation 145", "1743911")
    assert order.billing.street != order.delivery.street
    assert (order.payment_code, order.payment_state, order.state) == ("paypal3", "paid", "open")
    assert (order.shipping_code, order.shop_status) == ("flat_flat", "Offen")
    product, shipping = order.lines
    item = payload["items"][0]
    assert (product.sku, product.line_id) == (item["model"], str(item["id"]))
    assert (product.quantity, product.tax_percent) == (Decimal(1), Decimal(19))
    assert shipping.name == "Versand mit DHL (Standard)"
    assert shipping.tax_percent == Decimal(19)


@pytest.mark.parametrize("kind", KINDS)
def test_lines_add_up_to_the_total(kind: str) -> None:
    for seed in range(30):
        payload = one(kind, seed)
        order = parse(payload)
        tax = Decimal(0) if order.prices_include_tax else order.tax_total
        assert sum(line.total for line in order.lines) + tax == order.total, payload["totals"]
        assert None not in [line.tax_percent for line in order.lines]


def test_net_order() -> None:
    order = parse(one("b2b_net"))
    assert not order.prices_include_tax
    assert order.tax_total == (sum(line.total for line in order.lines) * Decimal("0.19")).quantize(
        Decimal("0.01")
    )
    assert order.customer.vat.startswith("DE")
    assert order.billing.company


def test_net_order_without_tax_row_is_tax_free() -> None:
    payload = one("b2b_net")
    payload["totals"] = [row for row in payload["totals"] if row["class"] != "ot_tax"]
    order = parse(payload)
    assert order.tax_total == 0
    assert {line.tax_percent for line in order.lines} == {Decimal(0)}


def test_choices_are_told_but_their_prices_never_added() -> None:
    payload = one("variants")
    item = payload["items"][0]
    item["attributes"].append(
        {"id": 7, "name": "Gravur", "value": "Für Oma", "price": 126.042, "priceType": "+",
         "optionId": 4, "optionValueId": 9, "combisId": None}
    )  # fmt: skip
    line = parse(payload).lines[0]
    assert line.note == "Größe: M\nFarbe: Rot\nGravur: Für Oma"
    assert line.total == Decimal(str(item["finalPrice"]))
    assert line.sku == "SHIRT-M-ROT"


def test_mixed_rates_find_the_shipping_rate_and_spread_a_discount() -> None:
    payload = one("mixed_tax")
    assert [line.tax_percent for line in parse(payload).lines][-1] in (Decimal(7), Decimal(19))
    payload = one("mixed_tax", 3)
    goods = {Decimal(item["tax"]): Decimal(str(item["finalPrice"])) for item in payload["items"]}
    shipping = next(row for row in payload["totals"] if row["class"] == "ot_shipping")
    total = sum(goods.values()) + Decimal(str(shipping["value"])) - Decimal(5)
    main = max(goods, key=lambda rate: goods[rate])
    tax = {}
    for rate, amount in goods.items():
        base = amount - 5 * amount / sum(goods.values())
        base += Decimal(str(shipping["value"])) if rate == main else 0
        tax[rate] = round(base * rate / (100 + rate), 2)
    payload["totals"] = [
        shipping,
        {
            "id": 1,
            "class": "ot_coupon",
            "title": "Kupon:",
            "value": 5,
        },  # some modules forget the minus
        *(
            {"id": 2, "class": "ot_tax", "title": f"inkl. {r}% MwSt.:", "value": float(v)}
            for r, v in tax.items()
        ),
        {"id": 3, "class": "ot_total", "title": "Summe", "value": float(total)},
    ]
    order = parse(payload)
    cut = [line for line in order.lines if line.kind == "discount"]
    assert {line.tax_percent for line in cut} == {Decimal(7), Decimal(19)}
    assert sum(line.total for line in cut) == -5
    assert len({line.line_id for line in order.lines}) == len(order.lines)
    assert sum(line.total for line in order.lines) == order.total


@pytest.mark.parametrize(
    ("cls", "value", "kind"),
    [
        ("ot_cod_fee", 5.95, "fee"), ("ot_payment", 1.5, "fee"), ("ot_payment", -1.5, "discount"),
        ("ot_gv", -10, "voucher"), ("ot_gv", 10, "voucher"), ("ot_coupon", -3, "discount"),
        ("ot_foreign_module", 2, "fee"),
    ],
)  # fmt: skip
def test_rows_of_the_totals_become_lines(cls: str, value: float, kind: str) -> None:
    payload = one("paypal")
    payload["totals"].insert(1, {"id": 5, "title": "<b>Etwas</b>:", "value": value, "class": cls})
    line = next(line for line in parse(payload).lines if line.name == "Etwas")
    assert line.kind == kind
    assert (line.total < 0) == (kind in ("voucher", "discount"))


@pytest.mark.parametrize(
    ("module", "title", "status", "name", "expected"),
    [
        ("moneyorder", "Vorkasse", 1, "Offen", "open"),
        ("eustandardtransfer", "", 1, "", "open"),
        ("moneyorder", "Vorkasse", 5, "Zahlung erhalten", "paid"),
        ("paypal3", "PayPal", 1, "Offen", "paid"),
        ("paypal3", "PayPal", 0, "Nicht bestätigt", "open"),
        ("klarna2_paylater", "", 1, "", "paid"),
        ("cod", "Nachnahme", 1, "", "open"),
        ("invoice", "Rechnung", 1, "", "open"),
        ("gambio_hub", "PayPal", 1, "", "paid"),
        ("gambio_hub", "Vorkasse", 1, "", "open"),
        ("gambio_hub", "Kryptowährung", 1, "", "unknown"),
        ("selfmade", "", 1, "", "unknown"),
    ],
)
def test_payment_state(module: str, title: str, status: int, name: str, expected: str) -> None:
    assert parser.payment_state(module, title, status, name) == expected


def test_hub_payments_are_told_apart() -> None:
    assert (
        parser.payment_code("gambio_hub", "Vorkasse / Überweisung")
        == "gambio_hub:vorkasse_überweisung"
    )
    assert parser.payment_code("cod", "Nachnahme") == "cod"


def test_guest_has_no_number() -> None:
    customer = parse(one("guest")).customer
    assert (customer.is_guest, customer.buyer_id) == (True, "")


@pytest.mark.parametrize(("status", "name"), [(99, "Storniert"), (99, ""), (7, "storniert")])
def test_cancelled(status: int, name: str) -> None:
    assert parse(one("paypal") | {"statusId": status}, status=name).state == "cancelled"


def test_texts_lose_markup_and_control_characters_only() -> None:
    payload = one("paypal")
    payload["items"][0]["name"] = "Kerze &bdquo;Nord&ldquo;<br />2 &amp; 3 <b>rot</b>"
    payload["comment"] = "Für Ömi 🙂\r\nbitte x < 3\u0000\u202eשלום"
    order = parse(payload)
    assert order.lines[0].name == "Kerze „Nord“ 2 & 3 rot"
    assert order.buyer_note == "Für Ömi 🙂\nbitte x < 3שלום"


def test_summer_and_winter_time() -> None:
    payload = one("paypal") | {"purchaseDate": "2026-07-01 00:30:00", "statusHistory": []}
    assert parse(payload).ordered_at == datetime(2026, 6, 30, 22, 30, tzinfo=UTC)
    assert parse(payload).updated_at is None
    payload["purchaseDate"] = "2026-10-25 02:30:00"  # comes twice: the earlier one counts
    assert parse(payload).ordered_at == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_download_order_without_delivery_address_goes_to_the_billing_address() -> None:
    payload = one("paypal")
    empty = dict.fromkeys(payload["addresses"]["delivery"], "") | {"countryId": 0}
    payload["addresses"]["delivery"] = empty
    order = parse(payload)
    assert order.delivery == order.billing


BILLING_COUNTRY = "order.addresses.billing.countryId"


def changed(**paths: Any) -> dict[str, Any]:
    """Return a good order with values changed; ``items__0__price`` is items[0].price."""
    payload = copy.deepcopy(one("paypal", lines=2))
    for path, value in paths.items():
        *way, last = [int(part) if part.isdigit() else part for part in path.split("__")]
        target: Any = payload
        for step in way:
            target = target[step]
        if value is KeyError:
            del target[last]
        else:
            target[last] = value
    return payload


@pytest.mark.parametrize(
    ("changes", "path", "words"),
    [
        ({"id": KeyError}, "order.id", "has no number"),
        ({"id": "abc"}, "order.id", "not a number"),
        ({"id": -5}, "order.id", "no valid number"),
        ({"id": True}, "order.id", "not a number"),
        ({"purchaseDate": "0000-00-00 00:00:00"}, "order.purchaseDate", "date of purchase"),
        ({"purchaseDate": "2026-11-31 10:00:00"}, "order.purchaseDate", "date of purchase"),
        ({"purchaseDate": "gestern"}, "order.purchaseDate", "date of purchase"),
        ({"purchaseDate": KeyError}, "order.purchaseDate", "date of purchase"),
        ({"purchaseDate": ["2026-11-01"]}, "order.purchaseDate", "date of purchase"),
        ({"currencyCode": "Euro"}, "order.currencyCode", "currency"),
        ({"currencyCode": KeyError}, "order.currencyCode", "currency"),
        ({"items": []}, "order.items", "no lines"),
        ({"items": {"a": 1}}, "order.items", "a list was expected"),
        ({"items": None}, "order.items", "has no line"),
        ({"items__0": "x"}, "order.items[0]", "line 1 is not readable"),
        ({"items__1__quantity": -2}, "order.items[1].quantity", "not above zero"),
        ({"items__1__quantity": 0}, "order.items[1].quantity", "not above zero"),
        ({"items__1__quantity": 10**9}, "order.items[1].quantity", "impossibly large quantity"),
        ({"items__1__quantity": "7,5"}, "order.items[1].quantity", "quantity that is not a number"),
        ({"items__1__quantity": float("nan")}, "order.items[1].quantity", "not a number"),
        ({"items__1__price": float("inf")}, "order.items[1].price", "not a number"),
        ({"items__1__price": 10**5000}, "", "damaged"),
        ({"items__1__price": 1e300}, "order.items[1].price", "impossibly large"),
        ({"items__1__finalPrice": None}, "order.items[1].finalPrice", "no line total"),
        ({"items__1__tax": -100}, "order.items[1].tax", "negative tax rate"),
        ({"items__1__tax": 1000}, "order.items[1].tax", "impossibly large tax rate"),
        ({"items__1__isTaxAllowed": "maybe"}, "order.items[1].isTaxAllowed", "yes or no"),
        ({"items__1__isTaxAllowed": False}, "order.items", "gross and lines with net"),
        ({"items__0__id": 5, "items__1__id": 5}, "order.items", "same number"),
        ({"items__0__attributes": "x"}, "order.items[0].attributes", "a list was expected"),
        ({"totals": []}, "order.totals", "has no total"),
        ({"totals": None}, "order.totals", "has no total"),
        ({"totals__0__class": "ot_total"}, "order.totals", "more than one total"),
        ({"totals__1__value": "4,90"}, "order.totals[1].value", "not a number"),
        ({"addresses": KeyError}, "order.addresses", "no addresses"),
        ({"addresses__billing": KeyError}, "order.addresses.billing", "no billing address"),
        ({"addresses__billing__countryId": 4711}, BILLING_COUNTRY, "does not explain"),
        ({"addresses__billing__countryId": KeyError}, BILLING_COUNTRY, "no country"),
        ({"addresses__delivery": "Bremen"}, "order.addresses.delivery", "not readable"),
        ({"addresses__delivery__city": {"a": 1}}, "order.addresses.delivery.city", "a text"),
        ({"customer": "Meyer"}, "order.customer", "not readable"),
        ({"customer__email": ["a@b"]}, "order.customer.email", "text was expected"),
        ({"comment": "x" * 10_000_000}, "order.comment", "long buyer's note (10,000,000"),
        ({"comment": {"text": "hi"}}, "order.comment", "text was expected"),
        ({"addresses__billing__lastname": "x" * 30_000},
         "order.addresses.billing.lastname", "last name"),
        ({"paymentType": "cod"}, "order.paymentType", "not readable"),
        ({"statusId": "offen"}, "order.statusId", "status that is not a number"),
    ],
)  # fmt: skip
def test_bad_input_is_refused_with_a_sentence(
    changes: dict[str, Any], path: str, words: str
) -> None:
    if changes.get("items__1__price") == 10**5000:
        body = json.dumps({"order": changed(items__1__price="HERE")}).replace('"HERE"', "9" * 5000)
    else:
        body = json.dumps({"order": changed(**changes), "countries": {"81": "DE"}})
    with pytest.raises(PayloadError) as caught:
        parser.parse_order(body)
    assert caught.value.field == path
    assert words in str(caught.value)
    assert str(caught.value).endswith(".")
    assert caught.value.hint


@pytest.mark.parametrize(
    "body",
    [
        "",
        "null",
        "[]",
        "7",
        '"x"',
        "{",
        '{"order": 5}',
        '{"order": {}}',
        "[" * 100_000,
        "NaN",
        "<html>",
    ],
)
def test_half_payloads(body: str) -> None:
    with pytest.raises(PayloadError):
        parser.parse_order(body)


def test_small_flaws_do_not_matter() -> None:
    order = parse(
        changed(
            comment=KeyError, paymentType=KeyError, shippingType=[], statusHistory=KeyError,
            languageCode="Deutsch", totalWeight="viel", _links=[], addonValues=[],
            customer__status=[], items__0__isTaxAllowed="true", items__0__quantity="2.0000",
            items__0__name="",
        )
    )  # fmt: skip
    assert (order.payment_code, order.payment_state, order.buyer_note) == ("", "unknown", "")
    assert order.lines[0].quantity == 2
    assert order.lines[0].name == order.lines[0].sku
    assert order.customer.language == ""


# -- the documented examples -----------------------------------------------


def documented(shared: Path, name: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads((shared / "specs" / "gambio" / name).read_text("utf-8"))
    return data


def test_documented_order_has_no_total(shared: Path) -> None:
    payload = documented(shared, "order_docs_example.json") | {"id": 400210}
    with pytest.raises(PayloadError, match="has no total"):
        parse(payload)
    payload["totals"].append({"title": "Summe", "value": 11, "class": "ot_total"})
    order = parse(payload)
    assert order.total == order.lines[0].total == 11
    assert order.lines[0].note == "Farbe: rot"


def test_documented_update_sample(shared: Path) -> None:
    order = parse(documented(shared, "order_put_request_docs_sample.json"))
    assert [line.total for line in order.lines] == [
        Decimal(11),
        Decimal(30),
        Decimal(9),
        Decimal(0),
        Decimal("3.58"),
    ]
    assert sum(line.total for line in order.lines) == order.total == Decimal("53.58")
    assert order.tax_total == Decimal("7.98")
    # the shop's tax is that of the goods alone: the fee was not taxed
    assert [line.tax_percent for line in order.lines] == [
        Decimal(19),
        Decimal(19),
        Decimal(19),
        Decimal(19),
        Decimal(0),
    ]


def test_documented_creation_sample_is_no_order_yet(shared: Path) -> None:
    payload = documented(shared, "order_post_request_docs_sample.json")
    with pytest.raises(PayloadError, match="has no number"):
        parse(payload)


def test_documented_source_block(shared: Path) -> None:
    for block in documented(shared, "orders_source_docblocks.json"):
        if "items" in block["json"]:
            with pytest.raises(PayloadError, match="has no total"):
                parse(block["json"])


def test_article_with_any_catalogue() -> None:
    shelf = [Article("X-1", "Regal", Decimal("10.00")), Article("X-2", "Brett", Decimal("3.33"))]
    for payload in generate_orders(shelf, 50, 4):
        assert {item["model"][:2] for item in payload["items"]} <= {"X-", "NE"}
        parse(payload)


@pytest.mark.parametrize(
    ("status", "name", "past", "treatment", "state"),
    [
        (1, "Offen", (1,), "import", "open"),
        (3, "Versendet", (1, 3), "history", "open"),
        (8, "Versandt", (1, 8), "history", "open"),
        (149, "Rechnung erstellt", (1, 3, 149), "history", "open"),
        (149, "Rechnung erstellt", (1, 149), "import", "open"),
        (2, "In Bearbeitung", (1, 3, 2), "import", "open"),
        (99, "Storniert", (1, 99), "import", "cancelled"),
    ],
)
def test_what_the_status_means(
    status: int, name: str, past: tuple[int, ...], treatment: str, state: str
) -> None:
    order = generate_orders(count=1)[0]
    order["statusId"] = status
    order["statusHistory"] = [{"id": 1, "statusId": number} for number in past]
    found = parse(order, name)
    assert (found.treatment, found.state) == (treatment, state)


def test_statuses_of_the_shops_own() -> None:
    order = generate_orders(count=1)[0] | {"statusId": 7}
    body = json.dumps({"order": order, "countries": COUNTRIES, "status": "Fertig"})
    assert parser.parse_order(body, StatusMap(shipped=7)).treatment == "history"
    assert parser.parse_order(body, StatusMap(cancelled=7)).state == "cancelled"
    assert parser.parse_order(body, StatusMap(shipped=0, cancelled=0)).treatment == "import"
