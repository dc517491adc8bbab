"""Whether an article fits a locker."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from order_automation.lib.parcel import Fit, Item, Limit, best_fit, fit

LOCKER = Limit(75, 60, 40, 31.5)


@pytest.mark.parametrize(
    ("item", "answer"),
    [
        (Item(70, 40, 20), Fit.FITS),
        (Item(75, 60, 40, 31.5), Fit.FITS),
        (Item(40, 75, 60), Fit.FITS),
        (Item(75.1, 10, 10), Fit.TOO_LARGE),
        (Item(70, 65, 10), Fit.TOO_LARGE),
        (Item(50, 50, 50), Fit.TOO_LARGE),
        (Item(10, 10, 10, 32), Fit.TOO_HEAVY),
        (Item(10, 10, 10, 0), Fit.FITS),
        (Item(), Fit.UNKNOWN),
        (Item(70, 40), Fit.UNKNOWN),
        (Item(90), Fit.TOO_LARGE),
        (Item(70, 65), Fit.TOO_LARGE),
        (Item(weight=40), Fit.TOO_HEAVY),
        (Item(-1, math.nan, math.inf), Fit.UNKNOWN),
    ],
)
def test_fit(item, answer):
    assert fit(item, LOCKER) is answer


def test_no_limit_no_question():
    assert fit(Item(), Limit()) is Fit.FITS
    assert fit(Item(500, 500, 500), Limit(weight=10)) is Fit.FITS
    assert fit(Item(500, 20, 20), Limit(width=30, height=30)) is Fit.FITS


def test_best_of_several_boxes():
    small = Limit(10, 10, 10)
    assert best_fit(Item(50, 10, 10), [small, LOCKER]) is Fit.FITS
    assert best_fit(Item(80, 10, 10), [small, LOCKER]) is Fit.TOO_LARGE
    assert best_fit(Item(80, 10, 10), []) is Fit.FITS


EDGES = st.floats(allow_nan=True, allow_infinity=True)


@given(st.builds(Item, EDGES, EDGES, EDGES, EDGES), st.builds(Limit, EDGES, EDGES, EDGES, EDGES))
def test_turning_changes_nothing(item, limit):
    turned = Item(item.height, item.length, item.width, item.weight)
    assert fit(item, limit) is fit(turned, limit)
