"""Plain Python of the shop connector: taxes, recognition, VAT ids, facts, the tree view."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shop_connector.lib import jsonview, people, pricing
from shop_connector.lib.check import check_order
from shop_connector.lib.facts import changed, facts
from shop_connector.lib.order import PayloadError, ShopAddress, ShopCustomer, ShopLine, ShopOrder
from shop_connector.lib.vat import valid_vat

D = Decimal


def line(
    total="10.00", tax: str | None = "19", kind="product", quantity="1", **changes
) -> ShopLine:
    percent = None if tax is None else D(tax)
    values = {"line_id": "1", "name": "Lamp", "sku": "L", "unit_price": D(total)} | changes
    return ShopLine(kind=kind, quantity=D(quantity), total=D(total), tax_percent=percent, **values)


def order(*lines: ShopLine, **changes) -> ShopOrder:
    values = {
        "external_id": "1",
        "number": "1",
        "ordered_at": datetime(2026, 11, 20, tzinfo=UTC),
        "currency": "EUR",
        "prices_include_tax": True,
        "total": sum((x.total for x in lines), D(0)),
        "customer": ShopCustomer(),
        "billing": ShopAddress(country_code="DE"),
        "delivery": ShopAddress(country_code="DE"),
        "lines": lines,
    }
    return ShopOrder(**values | changes)


def test_unit_price_multiplies_out():
    assert pricing.unit_price(line("30.00", quantity="2", unit_price=D("15.00"))) == D("15.00")
    assert pricing.unit_price(line("10.00", quantity="4", unit_price=D("3.33"))) == D("2.5")


def test_missing_rate_follows_from_the_tax_total():
    """Shipping without a rate takes the one that makes the shop's tax total, here the smaller."""
    goods = (line("100.00", "19"), line("20.00", "7"), line("10.70", None, "shipping"))
    tax_total = D("100") * 19 / 119 + D("30.70") * 7 / 107
    resolved = pricing.with_taxes(order(*goods, tax_total=round(tax_total, 2)))
    assert resolved[2].tax_percent == 7


def test_missing_rate_without_tax_total_is_the_main_one():
    goods = (line("100.00", "19"), line("20.00", "7"), line("5.00", None, "shipping"))
    assert pricing.with_taxes(order(*goods))[2].tax_percent == 19


def test_untaxed_order_stays_untaxed():
    assert pricing.with_taxes(order(line("5.00", None), tax_total=D(0)))[0].tax_percent == 0


@given(
    st.lists(
        st.tuples(st.integers(1, 10**7), st.sampled_from(["19", "7", "0"])), min_size=1, max_size=8
    ),
    st.integers(1, 10**6),
)
def test_split_discount_keeps_its_sum(goods, discount):
    lines = [line(str(D(cents) / 100), tax, line_id=str(i)) for i, (cents, tax) in enumerate(goods)]
    cut = line(str(D(-discount) / 100), None, "discount", line_id="cut")
    resolved = pricing.with_taxes(order(*lines, cut))
    parts = [x for x in resolved if x.kind == "discount"]
    assert sum(x.total for x in parts) == cut.total
    assert all(x.tax_percent is not None for x in resolved)
    assert len({x.line_id for x in resolved}) == len(resolved)


@pytest.mark.parametrize(
    "broken",
    [
        order(),
        order(line(quantity="0")),
        order(line(quantity="-1")),
        order(line(quantity="99999999")),
        order(line("NaN")),
        order(line("Infinity")),
        order(line(tax="190")),
        order(line(), total=D("-1")),
        order(line(), currency="Euro"),
        order(line(), billing=ShopAddress(country_code="Germany")),
        order(line(), ordered_at=datetime(2026, 11, 20)),
        order(*[line()] * 1001),
    ],
)
def test_absurd_orders_are_refused_with_a_sentence(broken):
    with pytest.raises(PayloadError, match=r"\w+ .*\."):
        check_order(broken)


def test_good_and_cancelled_orders_pass():
    check_order(order(line()))
    check_order(order(state="cancelled"))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Hauptstr. 5", "Hauptstraße 5"),
        ("Haupt Strasse 5", "HAUPTSTRASSE 5"),
        ("Müllerweg 1 a", "Muellerweg 1a"),
    ],
)
def test_streets_compare_as_people_would(one, other):
    assert people.squeeze_street(one) == people.squeeze_street(other)


def test_real_email():
    relays = ("marketplace.example",)
    assert people.real_email(" Anna@Mueller.Example ", relays) == "anna@mueller.example"
    assert people.real_email("x@marketplace.example", relays) == ""
    assert people.real_email("x@de.marketplace.example", relays) == ""
    assert people.real_email("x@notmarketplace.example", relays) != ""
    assert people.real_email("no address", relays) == ""


@pytest.mark.parametrize(
    ("name", "company"),
    [("Müller GmbH", True), ("12345678", False), ("Packstation 145", False), ("", False)],
)
def test_company_names(name, company):
    assert people.is_company(name) is company


@pytest.mark.parametrize(
    ("typed", "country", "valid"),
    [
        ("DE 136 695 976", "DE", "DE136695976"),
        ("136695976", "DE", "DE136695976"),
        ("094259216", "GR", "EL094259216"),
        ("atu13585627", "AT", "ATU13585627"),
        ("DE12", "DE", ""),
        ("habe keine", "DE", ""),
        ("", "DE", ""),
    ],
)
def test_vat_ids(typed, country, valid):
    assert valid_vat(typed, country) == valid


@given(st.text(max_size=40), st.sampled_from(["DE", "GB", "", "XX", "US", "CH"]))
def test_vat_never_fails(typed, country):
    valid_vat(typed, country)


def test_facts_tell_what_changed_and_keep_no_names():
    one = order(line(), billing=ShopAddress(last_name="Secretname", country_code="DE"))
    before = facts(one, one.lines)
    assert changed(before, facts(one, one.lines)) == set()
    noted = replace(one, buyer_note="Hi", payment_state="paid")
    assert changed(before, facts(noted, noted.lines)) == {"note", "payment"}
    assert "Secretname" not in str(before)


@given(st.text(max_size=200))
def test_tree_escapes_everything(text):
    for shown in (jsonview.render(text), jsonview.render(f'{{"<b>": "{text}"}}')):
        assert "<b>" not in shown
        assert "<script" not in shown.lower()


def test_tree_survives_depth_and_size():
    assert jsonview.render("[" * 5000 + "]" * 5000)
    assert "…" in jsonview.render("[" + "1," * 20_000 + "1]")
    assert len(jsonview.render("x" * 1_000_000)) < 400_000
