"""Parcels are proposed: nothing is lost or doubled, and no box is above its limits."""

from collections import Counter
from dataclasses import replace
from decimal import Decimal

import pytest
from automation_core.lib.texts import Text
from carrier_dispatch.lib.choose.facts import Line
from carrier_dispatch.lib.limits import Limits, Size, girth, refusal
from carrier_dispatch.lib.packing import MAX_BOXES, Unpackable, propose_boxes
from hypothesis import given
from hypothesis import strategies as st

D = Decimal
LIMITS = Limits(D("31.5"), D(120), D(60), D(60))


def line(position: str = "1", quantity: str = "1", **size: object) -> Line:
    known = {"length": 30, "width": 20, "height": 10, "weight": 1, **size}
    sizes = Size(**{name: D(str(value)) for name, value in known.items()})
    return Line(position, f"Article {position}", D(quantity), size=sizes)


edges = st.decimals("0.1", "130", places=1)
quantities = st.integers(1, 60).map(str) | st.decimals("0.1", "9", places=2).map(str)
deliveries = st.lists(
    st.builds(
        lambda quantity, a, b, c, weight: line(
            quantity=quantity, length=a, width=b, height=c, weight=weight
        ),
        quantities,
        edges,
        edges,
        edges,
        st.decimals("0.01", "33", places=2),
    ),
    max_size=6,
).map(lambda lines: [replace(x, position=str(n)) for n, x in enumerate(lines)])
all_limits = st.sampled_from(
    [LIMITS, Limits(D(20), D(175), girth=D(300)), Limits(D(5)), Limits(), Limits(girth=D(200))]
)


@given(deliveries, all_limits)
def test_nothing_is_lost_nothing_is_doubled_and_no_box_is_above_its_limits(lines, limits):
    try:
        boxes = propose_boxes(lines, limits)
    except Unpackable:
        too_many = sum(x.quantity for x in lines) > MAX_BOXES / 2
        assert too_many or any(refusal(x.name, x.size, limits) for x in lines)
        return
    packed: Counter[str] = Counter()
    sizes = {x.position: x.size for x in lines}
    for box in boxes:
        assert box.contents
        for position, quantity in box.contents:
            assert quantity > 0
            packed[position] += quantity
        assert box.weight == sum(sizes[p].weight * q for p, q in box.contents)
        assert not limits.weight or box.weight <= limits.weight
        alone = len(box.contents) == 1 and box.contents[0][1] <= 1
        volume = sum(sizes[p].litres * q for p, q in box.contents)
        assert alone or not limits.litres or volume <= limits.litres
    assert packed == Counter({x.position: x.quantity for x in lines})


@given(deliveries, st.randoms(use_true_random=False))
def test_the_order_of_the_lines_does_not_matter(lines, random):
    mixed = random.sample(lines, len(lines))
    results = []
    for given_lines in (lines, mixed):
        try:
            results.append(propose_boxes(given_lines, LIMITS))
        except Unpackable as error:
            results.append(str(error))
    assert results[0] == results[1]


def test_small_things_go_beside_large_ones():
    boxes = propose_boxes([line("1", "3", weight=1), line("2", "1", length=110, weight=25)], LIMITS)
    assert [box.contents for box in boxes] == [(("2", D(1)), ("1", D(3)))]
    assert boxes[0].weight == 28


def test_a_heavy_delivery_becomes_several_parcels():
    boxes = propose_boxes([line("1", "7", weight=10)], LIMITS)
    assert [box.contents[0][1] for box in boxes] == [3, 3, 1]


def test_a_box_with_one_piece_has_its_edges_and_others_have_none():
    one, two = propose_boxes([line("1", "3", weight=15)], LIMITS)[::-1]
    assert (one.length, one.width, one.height) == (30, 20, 10)
    assert (two.length, two.width, two.height) == (0, 0, 0)


@pytest.mark.parametrize(
    ("article", "limits", "words"),
    [
        (line(length=121), LIMITS, "too large: 121 x 20 x 10 cm do not go into 120 x 60 x 60 cm"),
        (line(weight=32), LIMITS, "weighs 32 kg"),
        (line(length=100, width=50, height=60), Limits(girth=D(300)), "girth of 320 cm"),
        (line(length=0), LIMITS, "edges of “Article 1” are not known"),
        (line(weight=0), LIMITS, "weight of “Article 1” is not known"),
        (line(length=0, width=130), Limits(LIMITS.weight, D(120), D(60), D(60), unknown="pass"),
         "too large"),
        (line(quantity="501", weight=20), LIMITS, "More than 500 parcels"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_said(article, limits, words):
    with pytest.raises(Unpackable, match=words) as found:
        propose_boxes([article], limits)
    assert isinstance(found.value.message, Text)
    assert isinstance(found.value.hint, Text)


def test_unknown_sizes_pass_where_the_shipper_lets_them():
    limits = Limits(D(20), D(120), D(60), D(60), unknown="pass")
    (box,) = propose_boxes([line(length=0, weight=0)], limits)
    assert box.contents == (("1", 1),)


def test_an_article_is_turned_to_fit():
    assert refusal("x", Size(D(60), D(120), D(60)), Limits(D(0), D(60), D(60), D(120))) is None
    assert refusal("x", Size(D(60), D(61), D(61)), Limits(D(0), D(60), D(60), D(120)))


def test_the_girth_is_the_longest_edge_and_twice_the_others():
    assert girth((D(120), D(60), D(30))) == 300
    assert girth(()) == 0
