"""The most specific block wins, and every choice can be explained."""

from order_automation.lib.blocks import BEATEN, NO_MATCH, TAKEN, Block, choose, taken

FACTS = {
    "team": {1: 0},
    "country": {57: 0},
    "category": {4: 1, 9: 3},
    "product": {7: 0},
    "language": {2: 0},
}


def block(id_, key="", sequence=10, slot="body", **conditions):
    return Block(
        id_, slot, key, sequence, {name: frozenset(ids) for name, ids in conditions.items()}
    )


def outcome(choices):
    return {choice.block.id: choice.outcome for choice in choices}


def test_blocks_without_key_all_appear_in_sequence():
    choices = choose([block(1, sequence=20), block(2, sequence=10), block(3, team={5})], FACTS)
    assert taken(choices) == [2, 1]
    assert outcome(choices)[3] == NO_MATCH
    assert [choice.conditions for choice in choices if choice.block.id == 3] == [("team",)]


def test_the_most_specific_of_a_group_is_taken():
    group = [
        block(1, "text"),
        block(2, "text", country={57}),
        block(3, "text", team={1}, language={2}),
        block(4, "text", category={4}),
        block(5, "text", product={7}),
        block(6, "text", product={8}),
    ]
    choices = choose(group, FACTS)
    assert taken(choices) == [5]
    assert {c.block.id: c.beaten_by for c in choices if c.outcome == BEATEN} == dict.fromkeys(
        (1, 2, 3, 4), 5
    )
    assert taken(choose(group[:4], FACTS)) == [4]
    assert taken(choose(group[:3], FACTS)) == [3]
    assert taken(choose(group[:2], FACTS)) == [2]


def test_the_deeper_category_wins():
    assert taken(
        choose([block(1, "text", category={9}), block(2, "text", category={4})], FACTS)
    ) == [1]


def test_ties_go_to_the_lower_sequence_then_the_newer():
    assert taken(choose([block(1, "text", sequence=5), block(2, "text")], FACTS)) == [1]
    assert taken(choose([block(1, "text"), block(2, "text")], FACTS)) == [2]


def test_the_same_key_in_another_slot_is_no_rival():
    choices = choose([block(1, "text"), block(2, "text", slot="closing")], FACTS)
    assert outcome(choices) == {1: TAKEN, 2: TAKEN}
    assert taken(choices, "closing") == [2]


def test_all_conditions_must_be_met():
    assert taken(choose([block(1, team={1}, country={1})], FACTS)) == []
    assert taken(choose([block(1, unknown={1})], FACTS)) == []
