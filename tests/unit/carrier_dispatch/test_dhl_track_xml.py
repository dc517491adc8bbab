"""Parcel DE Tracking: what is asked, and what its answers mean."""

import contextlib

import pytest
from automation_core.lib import errors
from carrier_dispatch.lib.dhl import track_xml
from carrier_dispatch.lib.dhl.settings import Login
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

ANSWER = """<?xml version="1.0" encoding="UTF-8"?>
<data name="piece-shipment-list" code="0">
  <data name="piece-shipment" searched-piece-code="00340434161094000001" ice="DLVRD" ric="OTHER"
        delivery-event-flag="{flag}" ruecksendung="{back}" status="Zugestellt – Köln"
        status-timestamp="23.11.2026 11:12"/>
</data>"""


def answer(flag: str = "1", back: str = "false") -> bytes:
    return ANSWER.format(flag=flag, back=back).encode()


def test_question_holds_the_numbers_and_the_login() -> None:
    asked = track_xml.question(
        Login(api_key="key", user="zt12345", password='ge"heim&'), ["1", "2"]
    )
    data = etree.fromstring(asked)
    assert data.get("piece-code") == "1;2"
    assert (data.get("appname"), data.get("password")) == ("zt12345", 'ge"heim&')


def test_delivered() -> None:
    (parcel,) = track_xml.parse(answer())
    assert (parcel.number, parcel.state) == ("00340434161094000001", "delivered")


def test_delivered_back_to_the_sender_is_a_return() -> None:
    (parcel,) = track_xml.parse(answer(back="true"))
    assert parcel.state == "returned"


def test_an_unknown_number_is_no_failure() -> None:
    assert track_xml.parse(b'<data code="100" error="No data found"/>') == ()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b'<data code="5" error="Login failed"/>', errors.AuthenticationFailed),
        (b'<data code="99" error="Service"/>', errors.Unavailable),
        (b'<data code="7" error="Too many"/>', errors.Rejected),
        (b"<html/>", errors.InvalidAnswer),
        (b"<!DOCTYPE a [<!ENTITY b 'c'>]><data>&b;</data>", errors.InvalidAnswer),
    ],
)
def test_refusals(content: bytes, kind: type[Exception]) -> None:
    with pytest.raises(kind):
        track_xml.parse(content)


@settings(deadline=None)
@given(st.integers(0, len(ANSWER)), st.binary(max_size=6))
def test_damaged_answers_raise_only_errors_in_words(place: int, noise: bytes) -> None:
    content = answer()
    with contextlib.suppress(errors.AutomationError):
        track_xml.parse(content[:place] + noise + content[place + len(noise) :])
