"""Tracking numbers and what people paste into their place."""

import pytest
from shop_connector.lib import tracking

GOOD = [
    "00340434161094042557",
    "0034 0434 1610 9404 2557",
    "JJD000390007882345678",
    "1Z9999999999999999",
    "RR123456785DE",
    "01-2345-6789",
]
BAD = [
    "",
    "12",
    "wird abgeholt",
    "abholung",
    "https://dhl.de/track?n=00340434161094042557",
    "123456;234567",
    "9" * 41,
    "00340434ü61094042557",
]


@pytest.mark.parametrize("number", GOOD)
def test_good(number):
    assert tracking.problem(number) is None


@pytest.mark.parametrize("number", BAD)
def test_bad(number):
    assert tracking.problem(number)


def test_form_of_the_carrier():
    assert tracking.problem("1234 5678", "[0-9]{8}") is None
    assert "form" in tracking.problem("123456789", "[0-9]{8}")


def test_tidy():
    assert tracking.tidy(" 0034 0434-16.10 ") == "0034043416" + "10"


def test_format():
    assert tracking.is_format("[0-9]{14}")
    assert not tracking.is_format("[0-9")
