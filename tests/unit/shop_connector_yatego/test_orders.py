"""Whole orders: Yatego's files, joined and flat, the sum, what is held back and why."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from automation_core.lib.texts import Text
from shop_connector.lib.channel import RawOrder
from shop_connector.lib.feed.model import Cost, FeedMapping, FileFormat, Source
from shop_connector.lib.feed.parser import parse_order
from shop_connector.lib.feed.problems import FileProblem, MappingProblem
from shop_connector.lib.feed.raw import RawFeed, raw_orders
from shop_connector.lib.order import PayloadError, ShopOrder
from shop_connector.lib.pricing import with_taxes

from shop_connector_yatego.lib.profiles import YATEGO
from tests.servers.yatego import HEAD, LINES, generate_orders, heads_file, lines_file

START = datetime(2026, 11, 20, 8, 0)


def files(count: int = 3, seed: int = 1) -> RawFeed:
    orders = generate_orders(count, seed, start=START)
    return RawFeed(heads_file(orders), lines_file(orders))


def test_the_real_lines_with_their_head(real_lines: bytes, built_heads: bytes) -> None:
    (raw,) = raw_orders(RawFeed(built_heads, real_lines), YATEGO)
    assert (raw.external_id, raw.number, raw.problem) == ("3123", "YAT-3123", "")
    order = parse_order(raw.body, YATEGO)
    assert order.total == Decimal("52.70")
    assert order.ordered_at == datetime(2016, 7, 20, 18, 31, tzinfo=UTC)
    assert [line.total for line in order.lines] == [
        Decimal("9.95"),
        Decimal("24.90"),
        Decimal("12.95"),
        Decimal("4.90"),
    ]
    assert order.lines[0].tax_percent == Decimal("19.00")
    assert order.lines[0].note == "Bitte wählen Sie unter folgenden Möglichkeiten: Größen 06 mm"
    assert "weiß" in order.lines[0].name
    assert order.lines[0].sku == "HP-26-6_12046"
    assert order.lines[3].kind == "shipping"
    assert order.payment_code == "prepayment"
    assert order.payment_state == "open"
    assert order.billing == order.delivery
    assert (order.billing.name, order.billing.country_code) == ("Änne Weiß", "DE")
    assert order.customer.email == "kunde@example.org"
    assert all(line.tax_percent is not None for line in with_taxes(order))


def test_the_other_date_format(real_lines: bytes, built_heads: bytes) -> None:
    heads = built_heads.replace(b"2016-07-20 20:31:00", b"20.07.2016 20:31:00")
    (raw,) = raw_orders(RawFeed(heads, real_lines), YATEGO)
    assert parse_order(raw.body, YATEGO).ordered_at == datetime(2016, 7, 20, 18, 31, tzinfo=UTC)


def test_generated_orders_add_up() -> None:
    found = raw_orders(files(40), YATEGO)
    assert len(found) == 40
    for raw in found:
        order = parse_order(raw.body, YATEGO)
        assert sum(line.total for line in order.lines) == order.total
        assert order.billing.country_code in ("DE", "AT", "CH")
        assert order.payment_code in ("prepayment", "cod", "paypal", "card", "invoice")


def test_the_same_files_give_the_same_orders() -> None:
    assert [raw.digest for raw in raw_orders(files(), YATEGO)] == [
        raw.digest for raw in raw_orders(files(), YATEGO)
    ]


def by_number(found: list[RawOrder]) -> dict[str, RawOrder]:
    return {raw.external_id: raw for raw in found}


def test_missing_partners_hold_back_their_order_only() -> None:
    orders = generate_orders(4, 2, start=START)
    heads = heads_file(orders[:3])
    lines = lines_file([orders[0], orders[2], orders[3]])
    found = by_number(raw_orders(RawFeed(heads, lines), YATEGO))
    assert list(found) == ["1", "2", "3", "4"]
    assert found["2"].problem == "The order has no lines."
    assert found["4"].problem == "There are lines of this order, but no head."
    assert isinstance(found["4"].problem, Text)
    assert isinstance(found["4"].hint, Text)
    for number in ("1", "3"):
        assert not found[number].problem
        parse_order(found[number].body, YATEGO)
    for number in ("2", "4"):
        with pytest.raises(PayloadError):
            parse_order(found[number].body, YATEGO)


def test_doubles_in_one_file() -> None:
    orders = generate_orders(2, 3, start=START)
    same = RawFeed(heads_file([*orders, orders[0]]), lines_file(orders))
    assert not any(raw.problem for raw in raw_orders(same, YATEGO))
    other = replace(orders[0], head={**orders[0].head, "Versandkosten": "9,90"})
    found = raw_orders(RawFeed(heads_file([*orders, other]), lines_file(orders)), YATEGO)
    assert [bool(raw.problem) for raw in found] == [True, False]
    assert "twice" in found[0].problem
    with pytest.raises(PayloadError, match="twice"):  # a retry does not choose one of them
        parse_order(found[0].body, YATEGO)


def test_lines_that_came_twice_do_not_pass_the_sum() -> None:
    orders = generate_orders(1, 3, start=START)
    (raw,) = raw_orders(RawFeed(heads_file(orders), lines_file(orders * 2)), YATEGO)
    with pytest.raises(PayloadError, match="add up to"):
        parse_order(raw.body, YATEGO)


def test_a_cent_too_much_is_named_with_both_figures(real_lines: bytes, built_heads: bytes) -> None:
    heads = built_heads.replace(b"47,80", b"47,81")
    (raw,) = raw_orders(RawFeed(heads, real_lines), YATEGO)
    with pytest.raises(PayloadError) as caught:
        parse_order(raw.body, YATEGO)
    assert caught.value.message == (
        "Order 3123: the lines and costs add up to 52.70, but the shop says 52.71."
    )
    assert caught.value.field == "Gesamtumsatz"
    assert parse_order(raw.body, replace(YATEGO, tolerance="0.01")).total == Decimal("52.71")
    assert parse_order(raw.body, replace(YATEGO, check_total="off")).total == Decimal("52.71")
    held = parse_order(raw.body, replace(YATEGO, check_total="hold"))
    assert (held.total, held.holds[0].code) == (Decimal("52.71"), "file:total")
    assert "52.70" in held.holds[0].text


def test_a_record_without_number_is_kept_with_a_problem() -> None:
    orders = generate_orders(2, 3, start=START)
    orders[0].head["Bestellnummer"] = " "
    found = raw_orders(RawFeed(heads_file(orders), lines_file(orders[1:])), YATEGO)
    assert found[0].external_id.startswith("?")
    assert found[0].problem == "A record of the file has no order number."
    assert not found[1].problem


def test_a_renamed_column_is_no_free_shipping() -> None:
    feed = files()
    heads = feed.heads.replace(b"Versandkosten", b"Porto")
    with pytest.raises(FileProblem, match=r"lacks these columns.*Versandkosten.*Porto"):
        raw_orders(RawFeed(heads, feed.lines), YATEGO)


def test_further_columns_and_another_order_are_fine() -> None:
    orders = generate_orders(1, 3, start=START)
    names = ["Bestellid", *reversed(HEAD)]
    row = [orders[0].head.get(name, "99") for name in names]
    heads = ";".join(names) + "\n" + ";".join(f'"{cell}"' for cell in row) + ";\n"
    (raw,) = raw_orders(RawFeed(heads.encode(), lines_file(orders)), YATEGO)
    assert parse_order(raw.body, YATEGO).external_id == "1"
    assert LINES[0] == "Bestellnummer"


def change(**cells: str) -> ShopOrder:
    """The first generated order with other cells in its head."""
    orders = generate_orders(1, 3, start=START)
    orders[0].head.update(cells)
    (raw,) = raw_orders(RawFeed(heads_file(orders), lines_file(orders)), YATEGO)
    return parse_order(raw.body, YATEGO)


def test_signs_of_costs() -> None:
    for written in ("5,00", "-5,00"):
        order = change(Gutschein=written, Bestellwertrabatt="1,50")
        amounts = {line.kind: line.total for line in order.lines}
        assert amounts["voucher"] == Decimal("-5.00")
        assert amounts["discount"] == Decimal("-1.50")
        assert sum(line.total for line in order.lines) == order.total


def test_delivery_address() -> None:
    other = change(L_Nachname="Nachbar", L_Strasse="Hof 1", L_PLZ="20095", L_Stadt="Hamburg")
    assert other.delivery.last_name == "Nachbar"
    assert other.billing.last_name != "Nachbar"
    assert change(L_Strasse="Hof 1", L_Nachname="").delivery.street != "Hof 1"
    assert change(R_Titel="Dr.", R_Vorname="Ada").billing.first_name == "Dr. Ada"


@pytest.mark.parametrize(
    ("cell", "value", "said"),
    [
        ("R_Land", "Atlantis", "is not known as a country"),
        ("Bestelldatum", "gestern", "fits none of the mapping's formats"),
        ("Bestelldatum", "", "has no order date"),
        ("Gesamtumsatz", "47.80", "is not a number written like 1.234,56"),
        ("Gesamtumsatz", "", "has no total"),
        ("Versandkosten", "frei", "the Versandkosten “frei” is not a number"),
    ],
)
def test_wrong_values_are_said(cell: str, value: str, said: str) -> None:
    with pytest.raises(PayloadError, match=said) as caught:
        change(**{cell: value})
    assert isinstance(caught.value.message, Text)
    assert isinstance(caught.value.hint, Text)


FLAT = FeedMapping(
    layout="flat",
    heads=FileFormat(delimiter=","),
    fields={
        "number": Source(("no",)),
        "ordered_at": Source(("date",)),
        "total": Source(("total",)),
        "billing.last_name": Source(("name",)),
        "status": Source(("state",), optional=True),
        "payment": Source(("pay",), optional=True),
        "shipping": Source(("ship",), fixed="DHL Paket", optional=True),
        "line.sku": Source(("sku",)),
        "line.quantity": Source(("qty",)),
        "line.unit_price": Source(("price",)),
        "line.tax_percent": Source(fixed="19"),
    },
    costs=(Cost(Source(("freight",)), "Freight"),),
    decimal="point",
    payments=(("pay pal", "paypal"),),
    paid=("paypal",),
    carriers=(("dhl", "dhl_parcel"),),
    cancelled=("Storniert",),
)
ROWS = b"""no,date,total,name,sku,qty,price,freight,pay,state
A1,2026-11-01,29.99,Kent,X,2,10.00,4.99,PayPal,offen
A1,2026-11-01,29.99,Kent,Y,0.5,10.00,4.99,PayPal,offen
A2,2026-11-02,10.00,Lane,X,1,10.00,0,,storniert
"""


def test_one_flat_file() -> None:
    first, second = [parse_order(raw.body, FLAT) for raw in raw_orders(RawFeed(ROWS), FLAT)]
    assert [(line.sku, line.total) for line in first.lines] == [
        ("X", Decimal("20.00")),
        ("Y", Decimal("5.00")),
        ("", Decimal("4.99")),
    ]
    assert first.payment_code == "paypal"
    assert first.payment_state == "paid"
    assert first.shipping_code == "dhl_parcel"
    assert first.shipping_title == "DHL Paket"
    assert (first.state, second.state) == ("open", "cancelled")
    assert second.payment_state == "unknown"


def test_rows_that_contradict_each_other() -> None:
    rows = ROWS.replace(b"29.99,Kent,Y", b"39.99,Kent,Y")
    found = raw_orders(RawFeed(rows), FLAT)
    assert "contradict" in found[0].problem
    with pytest.raises(PayloadError, match="contradict"):
        parse_order(found[0].body, FLAT)
    assert not found[1].problem


def test_net_prices() -> None:
    net = replace(FLAT, prices="net", total_prices="gross")
    rows = ROWS.replace(b"29.99", b"35.69").replace(b"10.00,Lane", b"11.90,Lane")
    first, second = [parse_order(raw.body, net) for raw in raw_orders(RawFeed(rows), net)]
    assert first.tax_total == Decimal("5.70")  # 29.99 x 19 %
    assert first.total == Decimal("35.69")
    assert not first.prices_include_tax
    assert second.total == Decimal("11.90")
    both_net = replace(net, total_prices="net")
    order = parse_order(raw_orders(RawFeed(ROWS), both_net)[0].body, both_net)
    assert order.total == Decimal("35.69")


@pytest.mark.parametrize("quantity", [b"0", b"-1", b"9999999", b"x", b""])
def test_impossible_quantities(quantity: bytes) -> None:
    rows = ROWS.replace(b"X,2,", b"X," + quantity + b",")
    with pytest.raises(PayloadError, match="quantity"):
        parse_order(raw_orders(RawFeed(rows), FLAT)[0].body, FLAT)


def test_nested_json() -> None:
    content = b"""{"orders": [{"id": 7, "at": "2026-11-01T10:00:00Z", "sum": 12.5, "buyer":
        {"name": "Kent"}, "items": [{"sku": "X", "n": 2, "price": 6.25}]},
        {"id": 8, "items": []}]}"""
    mapping = FeedMapping(
        layout="nested",
        heads=FileFormat(kind="json", record_path="orders"),
        lines_path="items",
        fields={
            "number": Source(("id",)),
            "ordered_at": Source(("at",)),
            "total": Source(("sum",)),
            "billing.last_name": Source(("buyer/name",)),
            "line.sku": Source(("sku",)),
            "line.quantity": Source(("n",)),
            "line.unit_price": Source(("price",)),
        },
    )
    first, second = raw_orders(RawFeed(content), mapping)
    order = parse_order(first.body, mapping)
    assert (order.number, order.total, order.lines[0].total) == ("7", Decimal("12.5"), 12.5)
    assert second.problem == "The order has no lines."


@pytest.mark.parametrize(
    ("mapping", "said"),
    [
        (replace(FLAT, fields={**FLAT.fields, "colour": Source()}), "no such field"),
        (replace(FLAT, fields={}), "does not say where the order number"),
        (replace(FLAT, layout="joined"), "which column of the lines"),
        (replace(FLAT, zone="Mars/Base"), "not a time zone"),
        (replace(FLAT, tolerance="some"), "not a number"),
    ],
)
def test_unusable_mappings(mapping: FeedMapping, said: str) -> None:
    with pytest.raises(MappingProblem, match=said):
        parse_order(raw_orders(RawFeed(ROWS), mapping)[0].body, mapping)
