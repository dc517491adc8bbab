"""The way back: shipments, stock, and the file of five sections."""

import csv
import gzip
import io
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from automation_core.lib.texts import Text
from hypothesis import given, settings
from hypothesis import strategies as st
from shop_connector.lib.feed.backfiles import (
    SHIPMENT_TABLE,
    STOCK_TABLE,
    Shipment,
    Stock,
    Table,
    amount,
    shipment_file,
    stock_file,
)
from shop_connector.lib.feed.problems import MappingProblem
from shop_connector.lib.order import PayloadError

from shop_connector_yatego.lib import sections
from shop_connector_yatego.lib.sections import Sections
from tests.servers.yatego import Shop

LATE = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
PARCEL = Shipment("3123", "DHL", "00340434161094042557", LATE)
ARTICLE: sections.Row = {
    "foreign_id": "TEE-100",
    "article_nr": "TEE-100",
    "title": 'Tee "Grün"; 100 g',
    "tax": 7,
    "price": Decimal("7.95"),
    "short_desc": "Grüner Tee",
    "long_desc": "Grüner Tee aus dem Garten, 100 Gramm lose.",
}


def test_shipments() -> None:
    content = shipment_file([PARCEL, replace(PARCEL, tracking="2"), PARCEL])
    assert content.decode() == (
        "Bestellnummer;Versanddienst;Sendungsnummer;Versanddatum\r\n"
        "3123;DHL;00340434161094042557;23.11.2026\r\n"
        "3123;DHL;2;23.11.2026\r\n"
    )


def test_shipments_in_another_form() -> None:
    table = Table(
        (("line", "SKU"), ("quantity", "Qty"), ("url", "Link")), ",", "cp1252", line_end="\n"
    )
    row = replace(PARCEL, line="GRÜN,1", quantity=Decimal("2.50"), url="https://x.example/?a")
    assert shipment_file(
        [row], table
    ) == 'SKU,Qty,Link\n"GRÜN,1","2,5",https://x.example/?a\n'.encode("cp1252")


def test_stock_is_never_below_zero() -> None:
    rows = [Stock("A", Decimal(3)), Stock("B", Decimal("-2.00")), Stock("A", Decimal("4.00"))]
    assert stock_file(rows) == b"Artikelnummer;Bestand\r\nA;4\r\nB;0\r\n"
    assert stock_file([], replace(STOCK_TABLE, header=False)) == b""


@pytest.mark.parametrize(
    "table",
    [
        replace(SHIPMENT_TABLE, columns=(("colour", "x"),)),
        replace(SHIPMENT_TABLE, delimiter=""),
        replace(SHIPMENT_TABLE, encoding="no-such"),
    ],
)
def test_unusable_tables_are_said(table: Table) -> None:
    with pytest.raises(MappingProblem):
        shipment_file([PARCEL], table)


@settings(deadline=None)
@given(st.text(max_size=30), st.text(max_size=30))
def test_no_value_makes_a_row_of_its_own(number: str, tracking: str) -> None:
    content = shipment_file([replace(PARCEL, number=number, tracking=tracking)])
    rows = list(csv.reader(io.StringIO(content.decode(), newline=""), delimiter=";"))
    assert [len(row) for row in rows] == [4, 4]


def test_amounts() -> None:
    assert [amount(Decimal(x)) for x in ("100", "1E+2", "2.50", "0.00", "-1")] == [
        *("100", "100", "2,5", "0", "-1")
    ]


def test_the_columns_are_those_of_the_real_file(real_feed: bytes) -> None:
    headers = {line for line in real_feed.decode().split("\r\n") if line.startswith("foreign_id")}
    headers |= {line for line in real_feed.decode().split("\r\n") if line.startswith("variant_set")}
    assert headers == {"".join(f"{x};" for x in names) for names in sections.SECTIONS.values()}


def test_the_fake_reads_the_real_file(real_feed: bytes) -> None:
    found = Shop()._sections(real_feed)
    assert list(found) == list(sections.SECTIONS)
    assert found["articles"][0]["article_nr"] == "ABC123"
    assert found["stocks"][0]["stock_value"] == "100,0000"


def test_articles_and_stock() -> None:
    rows = sections.stock_rows([("TEE-100", Decimal(5)), ("SIEB", Decimal(-1))])
    content = sections.feed_file(Sections(articles=(ARTICLE,), stocks=rows))
    found = Shop()._sections(content)
    assert list(found) == ["articles", "stocks"]
    assert found["articles"][0]["title"] == 'Tee "Grün"; 100 g'
    assert found["articles"][0]["price"] == "7,95"
    # -1 would be unlimited there
    assert [row["stock_value"] for row in found["stocks"]] == ["5", "0"]
    packed = sections.packed(content)
    assert gzip.decompress(packed) == content
    assert packed == sections.packed(content)


def test_an_unknown_column_is_said() -> None:
    with pytest.raises(PayloadError, match="no column “colour”"):
        sections.feed_file(Sections(stocks=({"colour": "x"},)))


def test_what_yatego_would_refuse() -> None:
    assert sections.article_problems(ARTICLE) == []
    bad: sections.Row = {
        "foreign_id": "x" * 31,
        "title": "",
        "short_desc": "x" * 131,
        "long_desc": "short",
        "price": Decimal(0),
    }
    found = sections.article_problems(bad)
    assert len(found) == 5
    assert all(isinstance(text, Text) for text in found)


@settings(deadline=None)
@given(st.text(max_size=60))
def test_no_text_breaks_the_file(text: str) -> None:
    rows = ({**ARTICLE, "title": text, "manufacturer": text},)
    content = sections.feed_file(Sections(articles=rows))
    assert len(Shop()._sections(content)["articles"]) == 1
