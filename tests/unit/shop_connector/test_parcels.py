"""Which parcels an order left in, and what is in each."""

import random
from datetime import UTC, datetime
from decimal import Decimal

from shop_connector.lib import parcels
from shop_connector.lib.parcels import Gone, Known, Label

AT = datetime(2026, 11, 23, 12, tzinfo=UTC)


def gone(delivery, items, *numbers):
    """A delivery with items `A2 B1` and tracking numbers."""
    pairs = tuple((word[0], Decimal(word[1:])) for word in items.split())
    return Gone(delivery, AT, pairs, tuple(Label(number, "DHL") for number in numbers))


def words(items):
    """The items of a parcel as `A2 B1`."""
    return " ".join(f"{line}{quantity:f}" for line, quantity in items)


def packed(deliveries, known=()):
    """The parcels as (reference, number, items)."""
    return [
        (parcel.reference, parcel.label.number, words(parcel.items))
        for parcel in parcels.pack(deliveries, known)
    ]


def remember(deliveries, known=()):
    """What is known after these deliveries were told."""
    told = parcels.pack(deliveries, known)
    return [Known(one.reference, one.gone.delivery, one.label.number) for one in told]


def test_without_number():
    assert packed([gone(7, "A2 B1")]) == [(1, "", "A2 B1")]


def test_one_number():
    assert packed([gone(7, "A2 B1", "N1")]) == [(1, "N1", "A2 B1")]


def test_several_parcels_share_the_pieces():
    assert packed([gone(7, "A2 B3", "N1", "N2")]) == [(1, "N1", "A2 B1"), (2, "N2", "B2")]


def test_more_parcels_than_pieces():
    """One article in two boxes: the second box holds nothing of its own."""
    assert packed([gone(7, "A1", "N1", "N2")]) == [(1, "N1", "A1"), (2, "N2", "")]


def test_what_is_weighed_stays_together():
    assert packed([gone(7, "A1.5 B1", "N1", "N2")]) == [(1, "N1", "A1.5"), (2, "N2", "B1")]


def test_second_delivery_counts_on():
    first = [gone(7, "A1", "N1")]
    both = [*first, gone(9, "A1 B1", "N2", "N3")]
    assert packed(both, remember(first)) == [(1, "N1", "A1"), (2, "N2", "A1"), (3, "N3", "B1")]


def test_number_comes_later():
    """A parcel told without number keeps its reference when the number comes."""
    before = remember([gone(7, "A2")])
    assert packed([gone(7, "A2", "N1")], before) == [(1, "N1", "A2")]


def test_number_is_corrected():
    before = remember([gone(7, "A2", "N1", "N2"), gone(9, "B1", "N3")])
    after = [gone(7, "A2", "N1", "X2"), gone(9, "B1", "N3")]
    assert packed(after, before) == [(1, "N1", "A1"), (2, "X2", "A1"), (3, "N3", "B1")]


def test_numbers_change_places():
    before = remember([gone(7, "A2", "N1", "N2")])
    assert packed([gone(7, "A2", "N2", "N1")], before) == [(2, "N2", "A1"), (1, "N1", "A1")]


def test_reference_of_a_gone_parcel_is_not_given_again():
    before = remember([gone(7, "A2", "N1", "N2")])
    assert packed([gone(7, "A2", "N1"), gone(9, "B1", "N3")], before) == [
        (1, "N1", "A2"),
        (3, "N3", "B1"),
    ]


def test_dealing_loses_nothing():
    """Whatever left is in the parcels, no parcel is empty while another has two pieces."""
    chance = random.Random(3)
    for _round in range(500):
        items = tuple(
            (line, Decimal(chance.randint(0, 6))) for line in "ABCDE"[: chance.randint(1, 5)]
        )
        count = chance.randint(1, 9)
        dealt = parcels.deal(items, count)
        assert len(dealt) == count
        sums = {}
        for line, quantity in (pair for parcel in dealt for pair in parcel):
            sums[line] = sums.get(line, 0) + quantity
        assert sums == {line: quantity for line, quantity in items if quantity}
        if count > 1:
            sizes = [sum(quantity for _line, quantity in parcel) for parcel in dealt]
            assert max(sizes) - min(sizes) <= 1


def test_references_never_change():
    """Any history of labels: a number keeps its reference, no reference is given twice."""
    chance = random.Random(5)
    for _round in range(200):
        known, owner = {}, {}
        for _step in range(6):
            deliveries = [
                gone(delivery, "A3", *chance.sample(["N1", "N2", "N3", "N4"], chance.randint(0, 3)))
                for delivery in range(1, chance.randint(2, 4))
            ]
            told = parcels.pack(deliveries, known.values())
            references = [one.reference for one in told]
            assert len(set(references)) == len(references)
            for one in told:
                before = known.get(one.reference)
                assert before is None or before.delivery == one.gone.delivery
                same = [
                    row
                    for row in known.values()
                    if (row.delivery, row.number) == (one.gone.delivery, one.label.number)
                ]
                assert not same or one.reference in [row.reference for row in same]
            for one in told:
                known[one.reference] = Known(one.reference, one.gone.delivery, one.label.number)
                owner[one.reference] = one.gone.delivery


def quantities(*numbers):
    """Decimals."""
    return [Decimal(str(number)) for number in numbers]


def test_delivered_in_parts():
    assert parcels.left_with(
        Decimal(3), Decimal(5), [{1: Decimal(1)}, {1: Decimal(2)}]
    ) == quantities(1, 2)


def test_other_delivery_without_the_line():
    assert parcels.left_with(Decimal(2), Decimal(2), [{}, {1: Decimal(2)}]) == quantities(0, 2)


def test_sent_again_is_not_sold_again():
    """Two ordered, two sent, one came back and was replaced."""
    parts = [{1: Decimal(2)}, {1: Decimal(1)}]
    assert parcels.left_with(Decimal(3), Decimal(2), parts) == quantities(2, 0)


def test_kit_of_two_parts():
    """A kit has left with its last part."""
    legs_first = [{1: Decimal(4)}, {2: Decimal(1)}]
    assert parcels.left_with(Decimal(1), Decimal(1), legs_first) == quantities(0, 1)
    assert parcels.left_with(Decimal(0), Decimal(1), legs_first[:1]) == quantities(0)


def test_two_kits_in_two_deliveries():
    each = {1: Decimal(4), 2: Decimal(1)}
    assert parcels.left_with(Decimal(1), Decimal(2), [each]) == quantities(1)
    assert parcels.left_with(Decimal(2), Decimal(2), [each, each]) == quantities(1, 1)


def test_thirds():
    """Three kits, one each day: no rounding loses one."""
    each = {1: Decimal(1), 2: Decimal(7)}
    assert parcels.left_with(Decimal(3), Decimal(3), [each] * 3) == quantities(1, 1, 1)


def test_weighed():
    parts = [{1: Decimal("0.75")}, {1: Decimal("0.5")}]
    assert parcels.left_with(Decimal("1.25"), Decimal(2), parts) == quantities(0.75, 0.5)


def test_exact():
    assert [str(parcels.exact(one)) for one in (2.0, 0.1 + 0.2, 100.0, 1e-9)] == [
        "2",
        "0.3",
        "100",
        "0",
    ]
