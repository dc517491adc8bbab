"""Pushed messages only say where to look."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop_connector_amazon.lib.notification import Hint, read_hint

from .conftest import SPECS, needs_specs


@needs_specs
@pytest.mark.parametrize(
    ("name", "about"),
    [
        ("OrderChangeNotification", "order"),
        ("ListingsItemMfnQuantityChange", "listing"),
        ("ListingsItemStatusChangeNotification", "listing"),
        ("ListingsItemIssuesChangeNotification_2023-12-13", "listing"),
        ("FeedProcessingFinishedNotification", "feed"),
    ],
)
def test_amazons_own_examples(name: str, about: str) -> None:
    schema = json.loads((SPECS / f"schemas/notifications/{name}.json").read_text())
    for example in schema["examples"]:
        hint = read_hint(json.dumps(example))
        assert hint.about == about
        assert hint.key


def test_an_order() -> None:
    body: dict[str, Any] = {
        "NotificationType": "ORDER_CHANGE",
        "Payload": {"OrderChangeNotification": {"AmazonOrderId": "302-0000001-0000001"}},
    }
    assert read_hint(json.dumps(body)) == Hint("order", "302-0000001-0000001")
    body["Payload"]["OrderChangeNotification"]["AmazonOrderId"] = "../../x"
    assert read_hint(json.dumps(body)) == Hint("order")


@given(st.text(max_size=200))
def test_anything(body: str) -> None:
    assert read_hint(body) == Hint("other")
    assert read_hint(json.dumps({"Payload": body, "notificationType": body})).about == "other"
