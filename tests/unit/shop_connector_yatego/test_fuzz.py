"""Whatever the files hold: orders, or sentences. Never another exception."""

import json
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from automation_core.lib.texts import Text
from hypothesis import given, settings
from hypothesis import strategies as st
from shop_connector.lib.feed.model import FileFormat, Source
from shop_connector.lib.feed.parser import parse_order
from shop_connector.lib.feed.preview import preview
from shop_connector.lib.feed.profiles import OPENTRANS
from shop_connector.lib.feed.raw import RawFeed, raw_orders
from shop_connector.lib.order import PayloadError

from shop_connector_yatego.lib.profiles import YATEGO
from tests.servers.yatego import HEAD, LINES, generate_orders, heads_file, lines_file

START = datetime(2026, 11, 20, 8, 0)
ORDERS = generate_orders(3, 5, start=START)
JSON_ROWS = replace(
    OPENTRANS,
    heads=FileFormat(kind="json"),
    fields={**OPENTRANS.fields, "number": Source(("ORDER_ID",))},
)
cells = st.text(max_size=20) | st.sampled_from(["", "1,00", "-3", "1e9", "\x00", "\u202e", '";"'])
trees = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda x: st.lists(x, max_size=3) | st.dictionaries(st.sampled_from(HEAD[:5]), x, max_size=3),
    max_leaves=8,
)


def _said(error: PayloadError) -> None:
    """A refusal is a sentence that can be translated, and says what to do."""
    assert isinstance(error.message, Text)
    assert isinstance(error.hint, Text)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes(content: bytes) -> None:
    for mapping in (YATEGO, OPENTRANS, JSON_ROWS):
        found = preview(mapping, content, content)
        assert not found.problem or isinstance(found.problem, Text)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(HEAD), cells, st.sampled_from(LINES), cells)
def test_any_cell(head: str, cell: str, column: str, other: str) -> None:
    orders = generate_orders(2, 5, start=START)
    orders[0].head[head] = cell
    orders[0].lines[0][column] = other
    try:
        found = raw_orders(RawFeed(heads_file(orders), lines_file(orders)), YATEGO)
    except PayloadError as error:
        _said(error)
        return
    for raw in found:
        try:
            order = parse_order(raw.body, YATEGO)
        except PayloadError as error:
            _said(error)
        else:
            assert sum((x.total for x in order.lines), Decimal(0)) == order.total
            assert "\0" not in raw.external_id + order.billing.last_name + order.buyer_note


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2000), st.binary(min_size=1, max_size=4))
def test_damaged_files(place: int, piece: bytes) -> None:
    heads = bytearray(heads_file(ORDERS))
    place %= len(heads)
    heads[place : place + len(piece)] = piece
    preview(YATEGO, bytes(heads), lines_file(ORDERS))
    preview(YATEGO, heads_file(ORDERS)[:place], lines_file(ORDERS))


@settings(max_examples=150, deadline=None)
@given(trees, trees)
def test_any_body(head: object, lines: object) -> None:
    for mapping in (YATEGO, JSON_ROWS):
        for data in (head, {"head": head, "lines": lines}, {"head": head, "lines": [lines]}):
            try:
                parse_order(json.dumps(data), mapping)
            except PayloadError as error:
                _said(error)
