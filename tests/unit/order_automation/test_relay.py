"""Which addresses are relay addresses, however they are written, and what may go there."""

import pytest
from order_automation.lib import relay
from order_automation.lib.relay import Letter, Relay, domain_of, is_pattern, judge, matches

AMAZON = Relay("Amazon", "marketplace.amazon.*", automatic=relay.INVOICE, personal=relay.ANYTHING)
EBAY = Relay("eBay", "members.ebay.*", automatic=relay.PLAIN, personal=relay.PLAIN)
CLOSED = Relay("Closed", "relay.example.com", automatic=relay.NOTHING, personal=relay.NOTHING)
RELAYS = [AMAZON, EBAY, CLOSED]


@pytest.mark.parametrize(
    "address",
    [
        "x1y2@marketplace.amazon.de",
        "x1y2+tag@marketplace.amazon.de",
        "X1Y2@MARKETPLACE.Amazon.DE",
        "x@marketplace.amazon.co.uk",
        "x@marketplace.amazon.com.be",
        "x@sub.marketplace.amazon.it",
        " <x@marketplace.amazon.fr> ",
        '"a@b.de"@marketplace.amazon.es',
        "x@marketplace.amazon.de.",
        "x@ｍarketplace.amazon.de",
        "x@market\u00adplace.amazon.de",
        "x@marketplace\u3002amazon.de",
    ],
)
def test_amazon_addresses(address):
    assert matches(AMAZON.pattern, address)


@pytest.mark.parametrize(
    "address",
    [
        "x@amazon.de",
        "x@notmarketplace.amazon.de",
        "marketplace.amazon.de@example.com",
        "x@marketplace.amazon.example.shop.de",
        "x@märketplace.amazon.de",
        "x@marketplace.amazon",
        "",
        "@",
    ],
)
def test_other_addresses(address):
    assert not matches(AMAZON.pattern, address)


def test_idn_domains_compare_in_ascii():
    assert domain_of("a@Bücher.example") == "xn--bcher-kva.example"
    assert matches("xn--bcher-kva.example", "a@bücher.example")


@pytest.mark.parametrize(
    ("pattern", "right"),
    [
        ("members.ebay.*", True),
        ("*.example.com", True),
        ("example.com", True),
        ("xn--bcher-kva.example", True),
        ("*", False),
        ("", False),
        ("*.*", False),
        ("a@b.de", False),
        ("ex ample.com", False),
        ("a.*.b", False),
    ],
)
def test_patterns(pattern, right):
    assert is_pattern(pattern) is right


@pytest.mark.parametrize(
    ("address", "letter", "outcome"),
    [
        ("a@example.com", Letter(attachments=2), relay.FREE),
        ("a@marketplace.amazon.de", Letter(), relay.REFUSED),
        ("a@marketplace.amazon.de", Letter(invoice=True, attachments=1), relay.AS_PLAIN_TEXT),
        ("a@marketplace.amazon.de", Letter(personal=True, attachments=1), relay.FREE),
        ("a@members.ebay.com", Letter(), relay.AS_PLAIN_TEXT),
        ("a@members.ebay.com", Letter(invoice=True, attachments=1), relay.REFUSED),
        ("a@members.ebay.com", Letter(personal=True), relay.AS_PLAIN_TEXT),
        ("a@relay.example.com", Letter(personal=True), relay.REFUSED),
    ],
)
def test_verdicts(address, letter, outcome):
    assert judge(RELAYS, address, letter).outcome == outcome
