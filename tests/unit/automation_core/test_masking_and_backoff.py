from datetime import timedelta
from urllib.parse import quote_plus

import pytest
from automation_core.lib import backoff
from automation_core.lib.masking import mask
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("GET https://bob:pa55@shop.example/x", "GET https://***@shop.example/x"),
        ("orders.php?user=a&passwd=pa55&von=1", "orders.php?user=a&passwd=***&von=1"),
        ("{'Authorization': 'Bearer abc.def'}", "{'Authorization': '***}"),
        ("plain text without anything", "plain text without anything"),
    ],
)
def test_known_shapes_are_masked(text, masked):
    assert mask(text) == masked


@given(st.text(min_size=6), st.text(), st.text())
def test_a_given_secret_is_gone_in_every_form(secret, before, after):
    for form in (secret, quote_plus(secret)):
        if form in before or form in after or "*" in form:
            continue
        assert form not in mask(f"{before} {form} {after}", [secret])


def test_a_secret_inside_another_leaves_no_rest():
    assert mask("x abcdef y", ["abc", "abcdef"]) == "x *** y"


def test_pauses_grow_to_four_hours_and_stay_there():
    pauses = [backoff.delay(attempts, jitter=0) for attempts in (0, 1, 2, 3, 4, 5, 6, 99)]
    assert pauses[:2] == [timedelta(minutes=1)] * 2
    assert pauses[2:] == [
        timedelta(minutes=5),
        timedelta(minutes=15),
        timedelta(hours=1),
        timedelta(hours=4),
        timedelta(hours=4),
        timedelta(hours=4),
    ]


def test_rows_that_failed_together_do_not_come_back_together():
    pauses = {backoff.delay(1) for _ in range(50)}
    assert len(pauses) > 10
    assert all(timedelta(minutes=1) <= pause <= timedelta(minutes=1.2) for pause in pauses)
