"""openTRANS 2.1: the standard's samples, an order with amounts, checked against the schema."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from lxml import etree
from shop_connector.lib.feed.parser import parse_order
from shop_connector.lib.feed.profiles import OPENTRANS
from shop_connector.lib.feed.raw import RawFeed, raw_orders
from shop_connector.lib.order import PayloadError

ITEM = """<ORDER_ITEM><LINE_ITEM_ID>{id}</LINE_ITEM_ID>
<PRODUCT_ID><bmecat:SUPPLIER_PID>{sku}</bmecat:SUPPLIER_PID>
<bmecat:DESCRIPTION_SHORT>{sku} &amp; more</bmecat:DESCRIPTION_SHORT></PRODUCT_ID>
<QUANTITY>{quantity}</QUANTITY><bmecat:ORDER_UNIT>C62</bmecat:ORDER_UNIT>
<PRODUCT_PRICE_FIX><bmecat:PRICE_AMOUNT>{price}</bmecat:PRICE_AMOUNT>
<TAX_DETAILS_FIX><bmecat:TAX_TYPE>vat</bmecat:TAX_TYPE><bmecat:TAX>{tax}</bmecat:TAX>
</TAX_DETAILS_FIX><bmecat:PRICE_QUANTITY>{per}</bmecat:PRICE_QUANTITY></PRODUCT_PRICE_FIX>
</ORDER_ITEM>"""


def _schema(opentrans: Path) -> etree.XMLSchema:
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    return etree.XMLSchema(etree.parse(str(opentrans / "opentrans_2_1.xsd"), parser))


def _sample(opentrans: Path, name: str) -> bytes:
    return (opentrans / "samples" / name).read_bytes()


@pytest.fixture
def priced(opentrans: Path) -> bytes:
    """The dispatch sample with prices: two articles, two rates."""
    text = _sample(opentrans, "order_dispatch_packstation.xml").decode()
    items = ITEM.format(id=1, sku="BO-8", quantity=3, price="99.50", per=100, tax="0.19")
    items += ITEM.format(id=2, sku="TEE", quantity=2, price="7.43", per=1, tax="0.07")
    text = re.sub("<ORDER_ITEM>.*</ORDER_ITEM>", items, text, flags=re.DOTALL)
    summary = "<TOTAL_ITEM_NUM>2</TOTAL_ITEM_NUM><TOTAL_AMOUNT>17.85</TOTAL_AMOUNT>"
    content = text.replace("<TOTAL_ITEM_NUM>1</TOTAL_ITEM_NUM>", summary).encode()
    _schema(opentrans).assertValid(etree.fromstring(content))
    return content


def test_an_order_with_amounts(priced: bytes) -> None:
    (raw,) = raw_orders(RawFeed(priced), OPENTRANS)
    order = parse_order(raw.body, OPENTRANS)
    assert order.number == "WH/OUT/00042"
    assert order.ordered_at == datetime(2026, 3, 2, 7, 55, tzinfo=UTC)
    # 3 at 99.50 a hundred = 2.985, to the cent
    assert [line.total for line in order.lines] == [Decimal("2.99"), Decimal("14.86")]
    assert [line.tax_percent for line in order.lines] == [19, 7]
    assert order.tax_total == Decimal("0.57") + Decimal("1.04")
    assert order.total == Decimal("19.46")
    assert order.delivery.last_name == "Jörg Müßig"
    assert order.delivery.street2 == "12345678"
    assert order.billing == order.delivery
    assert order.customer.email == "joerg@example.com"
    assert order.lines[0].name == "BO-8 & more"


def test_within_an_envelope(priced: bytes) -> None:
    inner = priced.split(b"?>", 1)[1]
    content = (
        b'<OPENTRANS xmlns="http://www.opentrans.org/XMLSchema/2.1">' + inner + b"</OPENTRANS>"
    )
    assert [raw.external_id for raw in raw_orders(RawFeed(content), OPENTRANS)] == ["WH/OUT/00042"]


def test_the_standards_own_sample(opentrans: Path) -> None:
    content = _sample(opentrans, "sample_order_opentrans_2_1.xml")
    (raw,) = raw_orders(RawFeed(content), OPENTRANS)
    order = parse_order(raw.body, OPENTRANS)
    assert (order.external_id, order.total, order.currency) == ("OID1", Decimal(1111), "EUR")
    assert order.lines[0].sku == "a"
    assert order.lines[0].tax_percent == 0
    assert order.billing.country_code == "DE"


def test_an_order_without_prices_is_held(opentrans: Path) -> None:
    (raw,) = raw_orders(RawFeed(_sample(opentrans, "order_dispatch_packstation.xml")), OPENTRANS)
    with pytest.raises(PayloadError, match="line 1 has no unit price"):
        parse_order(raw.body, OPENTRANS)


def test_net_prices_without_a_rate_are_held(priced: bytes) -> None:
    content = re.sub(rb"<TAX_DETAILS_FIX>.*?</TAX_DETAILS_FIX>", b"", priced, flags=re.DOTALL)
    (raw,) = raw_orders(RawFeed(content), OPENTRANS)
    with pytest.raises(PayloadError, match="no tax rate"):
        parse_order(raw.body, OPENTRANS)
    tax = replace(OPENTRANS.fields["line.tax_percent"], fixed="0.19")
    fixed = replace(OPENTRANS, fields={**OPENTRANS.fields, "line.tax_percent": tax})
    assert parse_order(raw.body, fixed).tax_total == Decimal("3.39")


def test_other_documents_are_no_orders(opentrans: Path) -> None:
    content = _sample(opentrans, "sample_dispatchnotification_opentrans_2_1.xml")
    assert raw_orders(RawFeed(content), OPENTRANS) == []
