"""Addresses and file names: values in their place, the password in nobody's sight."""

from datetime import UTC, datetime

import pytest
from automation_core.lib import errors
from automation_core.lib.texts import Text
from hypothesis import given, settings
from hypothesis import strategies as st

from file_transport.lib import template
from file_transport.lib.template import Values

DAY = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)  # already the 23rd in Berlin
VALUES = Values("muster", "p&ss/wörd", "4711", DAY, DAY, DAY)
ADDRESS = "https://x.example/o.php?user={user}&passwd={password}&von={from:%d.%m.%Y}&n={number}"


def test_an_address() -> None:
    assert template.url(ADDRESS, VALUES) == (
        "https://x.example/o.php?user=muster&passwd=p%26ss%2Fw%C3%B6rd&von=23.11.2026&n=4711"
    )


def test_the_password_is_not_shown() -> None:
    for address in (ADDRESS, "https://u:{password}@x.example/{password}/a?key={password}"):
        text = template.shown(address, VALUES)
        assert "***" in text
        assert "p%26" not in text
        assert "p&ss" not in text
    assert "p&ss" not in repr(VALUES)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{secret}", "no placeholder"),
        ("{user:%d}", "no placeholder"),
        ("{user", "brace"),
        ("a}", "brace"),
        ("{user.__class__}", "brace"),
        ("{0}", "brace"),
    ],
)
def test_unknown_placeholders_are_said(text: str, said: str) -> None:
    with pytest.raises(errors.Rejected, match=said) as caught:
        template.url(text, VALUES)
    assert isinstance(caught.value.message, Text)


def test_a_missing_value_is_said() -> None:
    with pytest.raises(errors.Rejected, match=r"no value for the placeholder \{from\}"):
        template.url(ADDRESS, Values("u", "p", "1"))


def test_file_names() -> None:
    assert template.file_name("orders_{from:%Y%m%d}.csv", VALUES) == "orders_20261123.csv"
    evil = Values(number="../../etc/passwd")
    assert "/" not in template.file_name("{number}.csv", evil)
    assert ".." not in template.file_name("a{number}.csv", Values(number="/./x"))
    for bad in ("../{number}", "{password}.csv", "."):
        with pytest.raises(errors.Rejected):
            template.file_name(bad, VALUES)


def test_files_are_found_again() -> None:
    found = template.pattern("orders_{from:%Y%m%d}_{number}.csv")
    assert found.fullmatch("orders_20261123_4711.csv")
    assert not found.fullmatch("orders_20261123_4711xcsv")
    assert not found.fullmatch("orders_2026/1123_4711.csv")


@settings(deadline=None)
@given(st.text(min_size=1, max_size=40))
def test_no_value_leaves_its_place(word: str) -> None:
    try:
        address = template.url("https://x.example/a?q={number}&z=1", Values(number=word))
    except (errors.Rejected, UnicodeEncodeError):
        return
    assert address.startswith("https://x.example/a?q=")
    assert address.endswith("&z=1")
    assert address.count("&") == 1
    assert "#" not in address
