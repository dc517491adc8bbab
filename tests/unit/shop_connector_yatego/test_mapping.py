"""A mapping goes to JSON and back; what is wrong with one is said. The preview never fails."""

import json
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shop_connector.lib.feed.model import FeedMapping, from_json, to_json
from shop_connector.lib.feed.names import FIELDS, label
from shop_connector.lib.feed.preview import preview
from shop_connector.lib.feed.problems import MappingProblem
from shop_connector.lib.feed.profiles import PROFILES

from shop_connector_yatego.lib.profiles import PROFILE, YATEGO

MAPPINGS = {name: profile.mapping for name, profile in {**PROFILES, "yatego": PROFILE}.items()}


@pytest.mark.parametrize("name", sorted(MAPPINGS))
def test_there_and_back(name: str) -> None:
    mapping = MAPPINGS[name]
    assert from_json(to_json(mapping)) == mapping
    assert set(mapping.fields) <= set(FIELDS)


def test_an_empty_one_has_the_defaults() -> None:
    assert from_json("{}") == FeedMapping()
    assert label("line.sku") == "article number"


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("no", ""),
        ("[]", ""),
        ('{"layout": "round"}', "layout"),
        ('{"colour": 1}', "colour"),
        ('{"heads": {"header": 1}}', "heads.header"),
        ('{"heads": {"max_rows": true}}', "heads.max_rows"),
        ('{"fields": {"number": {"paths": "x"}}}', "fields.number.paths"),
        ('{"payments": [["a"]]}', "payments[0]"),
        ('{"costs": [{"name": "x"}]}', "costs[0]"),
        ('{"dates": [1]}', "dates[0]"),
        ("[" * 100_000, ""),
    ],
)
def test_wrong_settings_are_named(text: str, path: str) -> None:
    with pytest.raises(MappingProblem) as caught:
        from_json(text)
    assert caught.value.field == path


@settings(max_examples=50, deadline=None)
@given(st.recursive(st.none() | st.booleans() | st.text(), lambda x: st.lists(x), max_leaves=5))
def test_any_value_anywhere_is_refused_or_fine(value: object) -> None:
    data = json.loads(to_json(YATEGO))
    for key in data:
        with suppress(MappingProblem):
            from_json(json.dumps({**data, key: value}))


def test_preview_of_the_real_files(real_lines: bytes, built_heads: bytes) -> None:
    found = preview(YATEGO, built_heads, real_lines)
    assert (found.problem, found.orders) == ("", 1)
    assert found.columns["R_Land"] == "Deutschland"
    assert found.line_columns["Steuer"] == "19.00"
    (row,) = found.rows
    assert row.number == "YAT-3123"
    assert row.values["total"] == "52.70"
    assert row.values["billing.city"] == "28195 Bremen"
    assert row.values["line.3"].startswith("1 × HEX-45 Tribal")


def test_preview_says_what_is_wrong(real_lines: bytes, built_heads: bytes) -> None:
    (row,) = preview(YATEGO, built_heads, b"\n".join(real_lines.split(b"\n")[:1])).rows
    assert row.problem == "The order has no lines."
    (row,) = preview(YATEGO, built_heads.replace(b"47,80", b"1"), real_lines).rows
    assert "add up" in row.problem
    assert row.hint
    whole = preview(YATEGO, b"<html>", real_lines)
    assert "web page" in whole.problem
    assert whole.rows == ()


def test_preview_of_paths() -> None:
    content = b"<ORDER><A k='1'><B>x</B><B>y</B></A></ORDER>"
    found = preview(MAPPINGS["opentrans"], content)
    assert found.columns == {"A/@k": "1", "A/B": "x"}
