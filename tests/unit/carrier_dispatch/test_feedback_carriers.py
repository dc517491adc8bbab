"""Carriers' numbers and links: patterns warn, links are safe."""

import pytest
from automation_core.lib import errors
from carrier_dispatch.lib import carriers
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("code", "number"),
    [
        ("dhl", "00340434161094000001"),
        ("dhl", "123456789012"),
        ("dhl", "JJD000222011234567890"),
        ("dpd", "09981122334455"),
        ("gls", "12345678901"),
        ("gls", "ZABC1234"),
        ("hermes", "01234567890123"),
        ("hermes", "H1001234567890123456"),
        ("ups", "1Z999AA10123456784"),
        ("deutsche_post", "RR123456785DE"),
        ("fedex", "123456789012"),
        ("austrian_post", "1234567890123456789012"),
    ],
)
def test_usual_numbers_are_not_warned_of(code, number):
    assert carriers.warning(number, carriers.pattern_of(code)) is None


def test_what_is_odd_is_said():
    pattern = carriers.pattern_of("ups")
    assert "form" in carriers.warning("1Z123", pattern)
    lost = carriers.warning("9981122334455", carriers.pattern_of("dpd"))
    assert "09981122334455" in lost
    assert carriers.warning("123", "") is None
    assert carriers.warning("123", "(") is None


@pytest.mark.parametrize(
    ("word", "code"),
    [("DHL", "dhl"), ("dhl_de", "dhl"), ("DHL Paket", "dhl"), ("Hermes", "hermes"),
     ("gls-de", "gls"), ("United Parcel Service", "ups"),
     ("Deutsche Post", "deutsche_post")],
)  # fmt: skip
def test_shippers_words_for_carriers(word, code):
    assert carriers.carrier_of(word).code == code


@pytest.mark.parametrize("word", ["", " ", "Spedition Meier", "DHL Freight International", "x"])
def test_no_carrier_is_guessed(word):
    assert carriers.carrier_of(word) is None


def test_the_defaults_are_usable():
    assert len({carrier.code for carrier in carriers.DEFAULTS}) == len(carriers.DEFAULTS)
    for carrier in carriers.DEFAULTS:
        carriers.check_link(carrier.link)
        assert carriers.is_pattern(carrier.pattern)
        assert carriers.carrier_of(carrier.name) is carrier


@pytest.mark.parametrize(
    "template",
    ["", "http://x.de/{number}", "https://x.de/", "https://{number}/", "https://{number}.x.de/",
     "javascript:alert({number})", "https://x.de/{number}{y}", "https://a@x.de/{number}",
     "https://x.de/ {number}", 'https://x.de/"{number}', "https:///{number}", "https://[x/{number}",
     "https://x.de/{number\n}", "//x.de/{number}", "HTTPS//x.de/{number}"],
)  # fmt: skip
def test_a_link_that_is_not_safe(template):
    with pytest.raises(errors.Rejected) as refusal:
        carriers.link(template, "1")
    assert refusal.value.hint


@given(st.text(max_size=30))
def test_a_number_adds_nothing_to_a_link(number):
    template = "https://x.de/track?n={number}&l=de"
    middle = carriers.link(template, number)
    middle = middle.removeprefix("https://x.de/track?n=").removesuffix("&l=de")
    assert not set(middle) & set("&?#/ <>\"'=")
