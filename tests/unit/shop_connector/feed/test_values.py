"""Numbers by rule, dates by format, texts without HTML."""

from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shop_connector.lib.feed import values
from shop_connector.lib.plain_text import plain_text

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("text", "rule", "expected"),
    [
        ("47,80", "comma", "47.80"),
        ("1.234,56", "comma", "1234.56"),
        ("1 234 567,8", "comma", "1234567.8"),
        ("1'234.50", "point", "1234.50"),
        ("1\u202f234,50 €", "comma", "1234.50"),
        ("EUR 5,00", "comma", "5.00"),
        ("-5,00", "comma", "-5.00"),
        ("5,00-", "comma", "-5.00"),
        ("19.00", "point", "19.00"),
        ("19.00", "comma", None),  # not 1900
        ("19,00", "point", None),
        ("1.2345", "comma", None),
        ("12.34,56", "comma", None),
        ("19 %", "comma", "19"),
        ("--5", "comma", None),
        ("-5-", "comma", None),
        ("5,", "comma", None),
        (",5", "comma", None),
        ("", "comma", None),
        ("NaN", "point", None),
        ("1e5", "point", None),
        ("٣", "point", None),
        ("9" * 13, "point", None),
        (12.5, "comma", "12.5"),
        (3, "comma", "3"),
        (True, "comma", None),
        (float("inf"), "comma", None),
        (1e300, "comma", None),
    ],
)
def test_numbers(text: object, rule: object, expected: str | None) -> None:
    found = values.number(text, rule)  # type: ignore[arg-type]
    assert found == (None if expected is None else Decimal(expected))


@settings(deadline=None)
@given(st.decimals(min_value=-99_999_999, max_value=99_999_999, places=2))
def test_money_goes_through_to_the_cent(amount: Decimal) -> None:
    german = f"{amount:,.2f}".replace(",", "_").replace(".", ",").replace("_", ".")
    assert values.number(german, "comma") == amount
    assert values.number(f"{amount:,.2f}", "point") == amount
    assert values.number(f"{amount:.2f}", "point") == amount


@settings(deadline=None)
@given(st.text(max_size=30))
def test_any_text_is_a_number_or_none(text: str) -> None:
    for rule in ("comma", "point"):
        found = values.number(text, rule)  # type: ignore[arg-type]
        assert found is None or found.is_finite()


FORMATS = ("iso", "%d.%m.%Y %H:%M:%S", "%d.%m.%Y")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2016-07-20 20:31:00", datetime(2016, 7, 20, 18, 31, tzinfo=UTC)),
        ("20.07.2016 20:31:00", datetime(2016, 7, 20, 18, 31, tzinfo=UTC)),
        ("20.01.2016", datetime(2016, 1, 19, 23, 0, tzinfo=UTC)),
        ("2026-03-02T08:55:00+01:00", datetime(2026, 3, 2, 7, 55, tzinfo=UTC)),
        ("2026-03-02T08:55:00Z", datetime(2026, 3, 2, 8, 55, tzinfo=UTC)),
        ("0000-00-00 00:00:00", None),
        ("31.02.2016", None),
        ("01.01.0099", None),
        ("soon", None),
    ],
)
def test_moments(text: str, expected: datetime | None) -> None:
    assert values.moment(text, FORMATS, BERLIN) == expected


@settings(deadline=None)
@given(st.text(max_size=40), st.text(max_size=12))
def test_any_format_is_survived(text: str, form: str) -> None:
    values.moment(text, ("iso", form), BERLIN)


def test_html_goes() -> None:
    text = "<strong>Größe</strong>: 06&nbsp;mm<br/>a < b &amp; c"
    assert plain_text(text) == "Größe: 06\u00a0mm\na < b & c"
