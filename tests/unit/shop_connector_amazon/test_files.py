"""Invoices, cancellations, reviews, settlements and the connection test, against the account."""

from datetime import timedelta
from decimal import Decimal

import pytest
from automation_core.lib import errors

from shop_connector_amazon.lib import cancellation, check, invoice, settlement
from shop_connector_amazon.lib.cancellation import Cancellation
from shop_connector_amazon.lib.client import SpApi
from shop_connector_amazon.lib.feeds import FeedJob, Feeds
from shop_connector_amazon.lib.invoice import Invoice
from shop_connector_amazon.lib.reports import Settlements
from shop_connector_amazon.lib.solicitation import Solicitations
from tests.servers.amazon import FRANCE, GERMANY, Seller, generate_orders
from tests.servers.amazon import settlement as make_settlement

from .conftest import NOON, PLACES, Clock

PDF = b"%PDF-1.7 invoice"


def send(api: SpApi, job: FeedJob, content: bytes) -> bytes:
    job = Feeds(api).send(job, content)
    while job.stage == "running":
        job = Feeds(api).ask(job)
    return Feeds(api).result(job)


def bill(seller: Seller) -> Invoice:
    number = seller.place(generate_orders(1, kinds=["plain"])[0])
    return Invoice("RE/2026/00017", number, GERMANY, Decimal("77.49"), Decimal("12.3725"))


def test_an_invoice(api: SpApi, seller: Seller) -> None:
    job = invoice.build_job(bill(seller), PDF)
    assert invoice.read_report(send(api, job, PDF)) == ()
    (options,) = seller.invoices
    assert options["metadata:totalvatamount"] == "12.37"
    assert options["metadata:invoicenumber"] == "RE/2026/00017"


def test_amazon_writes_the_invoices_itself(api: SpApi, seller: Seller) -> None:
    seller.own_invoices = True
    report = send(api, invoice.build_job(bill(seller), PDF), PDF)
    (row,) = invoice.read_report(report)
    assert row.code == invoice.OWN_SERVICE
    assert row.is_error
    assert "switch the invoice upload" in row.hint


@pytest.mark.parametrize(
    ("change", "pdf"),
    [
        ({}, b"<html>"),
        ({}, PDF + b" " * 11_000_000),
        ({"number": " "}, PDF),
        ({"order_id": ""}, PDF),
    ],
)
def test_invoices_that_would_be_refused(change: dict[str, str], pdf: bytes) -> None:
    values = {"number": "1", "order_id": "302-0000001-0000001", "marketplace": GERMANY, **change}
    with pytest.raises(errors.Rejected):
        invoice.build_job(Invoice(**values, total=Decimal(1), tax=Decimal(0)), pdf)


def test_cancelling(api: SpApi, seller: Seller) -> None:
    number = seller.place(generate_orders(1, kinds=["plain"])[0])
    shipped = seller.place(generate_orders(1, 2, kinds=["fba"])[0])
    items = tuple(item["orderItemId"] for item in seller.orders[number]["orderItems"])
    rows = [
        Cancellation(number, cancellation.OUT_OF_STOCK, items),
        Cancellation(shipped, cancellation.BUYER_ASKED),
    ]
    document = cancellation.build_document(seller.seller_id, rows)
    report = send(api, cancellation.build_job(GERMANY), document)
    done, refused = cancellation.read_report(report, rows)
    assert done.accepted
    assert seller.cancellations == [number]
    assert not refused.accepted
    assert "shipped already" in refused.text


@pytest.mark.parametrize(
    "row",
    [
        Cancellation("123", "NoInventory"),
        Cancellation("302-0000001-0000001", "Bored"),
        Cancellation("302-0000001-0000001", "NoInventory", ("<x>",)),
    ],
)
def test_cancellations_that_would_be_refused(row: Cancellation) -> None:
    with pytest.raises(errors.Rejected):
        cancellation.build_document("A2", [row])


def test_reports_about_cancellations() -> None:
    row = Cancellation("302-0000001-0000001", "NoInventory")
    whole = b"<A><Result><MessageID>0</MessageID><ResultCode>Error</ResultCode></Result></A>"
    assert not cancellation.read_report(whole, [row])[0].accepted
    warning = b"<A><Result><MessageID>1</MessageID><ResultCode>Warning</ResultCode></Result></A>"
    assert cancellation.read_report(warning, [row])[0].accepted
    bomb = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'
    assert cancellation.read_report(bomb, [row])[0].accepted
    for damaged in (b"", b"<A>", b"\xff\xfe", b"{}"):
        with pytest.raises(errors.InvalidAnswer):
            cancellation.read_report(damaged, [row])


def test_a_review_is_asked_for_once(api: SpApi, seller: Seller) -> None:
    number = seller.place(generate_orders(1, kinds=["plain"])[0])
    assert Solicitations(api).ask(number, GERMANY) == "not_offered"
    seller.set_status(number, "SHIPPED")
    assert Solicitations(api).ask(number, GERMANY) == "asked"
    assert Solicitations(api).ask(number, GERMANY) == "not_offered"
    assert seller.solicited == [number]


def test_settlements_are_collected(api: SpApi, seller: Seller) -> None:
    orders = generate_orders(20, 5, kinds=["plain", "gift", "discount"])
    file = make_settlement("1948231", orders, start=NOON - timedelta(days=14), end=NOON)
    seller.settlements = [("old", NOON - timedelta(days=80), b""), ("new", NOON, file)]
    (report,) = Settlements(api).since(NOON - timedelta(days=10))
    found = settlement.read_settlement(Settlements(api).fetch(report))
    assert found.settlement_id == "1948231"
    money = {row.order_id: row for row in found.orders()}
    for order in orders:
        assert money[order["orderId"]].gross == Decimal(order["proceeds"]["grandTotal"]["amount"])
    assert sum(row.net for row in money.values()) - Decimal(39) == found.total
    assert [row.group for row in found.other_rows()] == ["fee"]


def words(api: SpApi, wanted: tuple[str, ...]) -> str:
    lines = check.check_lines(check.check_account(api, wanted), wanted)
    return "\n".join(f"{'+' if line.ok else '-'} {line.text}" for line in lines)


def test_all_is_well(api: SpApi, seller: Seller, clock: Clock) -> None:
    order = generate_orders(1, start=NOON - timedelta(days=1), kinds=["plain"])[0]
    seller.place(order)
    text = words(api, PLACES)
    assert "- " not in text
    assert "sells on Amazon.de" in text
    assert "19 more searches" in text
    assert clock.slept == 0


def test_what_is_missing_is_said(api: SpApi, seller: Seller) -> None:
    order = generate_orders(1, start=NOON - timedelta(days=1), kinds=["plain"])[0]
    del order["recipient"]
    seller.place(order)
    seller.denied_data = {"TAX"}
    seller.suspended = {GERMANY}
    seller.marketplaces = [GERMANY]
    text = words(api, (GERMANY, FRANCE))
    assert "- Amazon has suspended the offers on Amazon.de." in text
    assert f"- The account does not sell on {FRANCE}." in text
    assert "- Amazon does not show tax data" in text
    assert "- Amazon does not show the buyers' names" in text


def test_orders_may_not_be_read_or_not_be_tested(api: SpApi, seller: Seller) -> None:
    seller.denied = {"searchOrders"}
    assert "- The application may not read orders." in words(api, PLACES)
    seller.denied = set()
    seller.fail("throttle", "/orders/")
    assert "could not be tested" in words(api, PLACES)


def test_clocks(make_api, clock: Clock) -> None:
    text = words(make_api(clock=lambda: clock() - 300), PLACES)
    assert "- Amazon's clock differs from ours by 300 seconds." in text
