"""Payloads gone wrong: values replaced, taken out or doubled, whatever a shop may send."""

import copy
import json
import random
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from hypothesis import strategies as st

ODD: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 2**63, 10**400, 10**4000, 0.1, -0.0, 1e308,
    float("nan"), float("inf"), "", " ", "0", "-1", "1e9", "١٢", "NaN", "\x00", "\ud800",
    "\u202e", "🙂", "<b>", "true", "DE", "EUR", "x" * 70_000, [], {}, [[]], [None], {"": ""},
    {"id": {}}, [{}], [[[[]]]],
)  # fmt: skip


def anything(*odd: Any) -> st.SearchStrategy[Any]:
    """Values of any kind; ``odd`` are those that a shop's own words make interesting."""
    return st.one_of(
        st.sampled_from((*ODD, *odd)),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(st.text(max_size=9), inner, max_size=3)
            ),
            max_leaves=8,
        ),
    )


def changes(values: st.SearchStrategy[Any]) -> st.SearchStrategy[list[tuple[Any, str]]]:
    """What happens to a payload: a value and what is done with it."""
    actions = st.sampled_from(["set", "set", "delete", "double"])
    return st.lists(st.tuples(values, actions), min_size=1, max_size=4)


def mutated(sample: Any, seed: int, wanted: Sequence[tuple[Any, str]]) -> Any:
    """A copy of the payload after the changes, each at a place of its own."""
    rng = random.Random(seed)
    data = json.loads(json.dumps(sample))
    for value, action in wanted:
        if ways := places(data):
            mutate(data, rng.choice(ways), value, action)
    return data


def each_value_replaced(sample: Any, *odd: Any) -> Iterator[Any]:
    """Copies of the payload, in each of which one value is an odd one: all of them."""
    text = json.dumps(sample)
    for way in places(sample):
        for value in (*ODD, *odd):
            data = json.loads(text)
            mutate(data, way, value, "set")
            yield data


def places(value: Any, way: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """All paths inside a payload."""
    found = [way] if way else []
    if isinstance(value, dict | list):
        pairs = value.items() if isinstance(value, dict) else enumerate(value)
        for key, inner in pairs:
            found += places(inner, (*way, key))
    return found


def mutate(data: Any, way: tuple[Any, ...], value: Any, action: str) -> None:
    """Change one place of a payload."""
    for step in way[:-1]:
        data = data[step]
    if action == "delete":
        del data[way[-1]]
    elif action == "double" and isinstance(data, list):
        data.append(data[way[-1]])
    else:
        data[way[-1]] = copy.deepcopy(value)


def understood(read: Callable[[Any], Any], data: Any, refusal: type[Exception]) -> Any:
    """What ``read`` makes of the data; ``None`` where it says in a sentence that it cannot."""
    try:
        return read(data)
    except refusal as error:
        said = str(error)
    assert 0 < len(said) < 500
    return None
