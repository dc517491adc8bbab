"""Sentences that can be translated later: made, composed, masked."""

import ast
import copy
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from automation_core.lib.errors import NotFound, Throttled
from automation_core.lib.masking import mask
from automation_core.lib.texts import Marker, Text, joined

_lt = Marker("odoo.addons.shop_connector_gambio.lib.client")
ADDONS = Path(__file__).resolve().parents[3] / "addons"
PLACE = re.compile(r"%\((\w+)\)s|%%|%")


def test_a_text_is_its_english_sentence_and_remembers_its_parts():
    text = _lt("Order %(number)s is gone.", number=7)
    assert text == "Order 7 is gone."
    assert (text.template, text.values, text.module) == (
        "Order %(number)s is gone.",
        {"number": 7},
        "shop_connector_gambio",
    )


def test_the_module_is_known_under_both_names():
    assert Marker("automation_core.lib.http").module == "automation_core"
    assert Marker("odoo.addons.automation_core.lib.http").module == "automation_core"


def test_without_values_a_percent_sign_is_one():
    assert _lt("100 % cotton") == "100 % cotton"
    assert _lt("%(rate)s %% tax", rate=19) == "19 % tax"


def test_errors_stay_english_and_keep_what_can_be_translated():
    error = NotFound(_lt("Order %(number)s is gone.", number=7), _lt("Look for it."))
    assert str(error) == "Order 7 is gone."
    assert isinstance(error.message, Text)
    assert isinstance(error.hint, Text)
    assert Throttled(_lt("Slowly."), retry_after=3).retry_after == 3


def test_masking_reaches_values_at_any_depth_and_keeps_the_text():
    inner = _lt("password %(word)s", word="s3cret")
    masked = mask(_lt("%(host)s refused %(what)s.", host="h", what=inner), ["s3cret"])
    assert isinstance(masked, Text)
    assert masked == "h refused password ***."
    assert masked.template == "%(host)s refused %(what)s."
    assert masked.values["what"].values == {"word": "***"}


def test_values_may_follow_later():
    text = _lt("%(name)s has no %(what)s.").filled(name="Order 7", what=_lt("total"))
    assert text == "Order 7 has no total."


def test_joining_leaves_empty_parts_out():
    text = joined("\n", [_lt("One."), "", "100 %"])
    assert text == "One.\n100 %"
    assert isinstance(text.values["part0"], Text)
    assert not joined("\n", [])


def test_texts_can_be_copied():
    text = copy.deepcopy(_lt("Order %(number)s", number=7))
    assert (text, text.values, text.module) == ("Order 7", {"number": 7}, "shop_connector_gambio")


# -- all texts of all libraries ----------------------------------------------


def _calls() -> Iterator[tuple[str, ast.Call, set[str]]]:
    """Every ``_lt(...)`` of the libraries, and the values the call around it adds."""
    for path in sorted(ADDONS.glob("*/lib/**/*.py")):
        calls = [
            node
            for node in ast.walk(ast.parse(path.read_text("utf-8")))
            if isinstance(node, ast.Call)
        ]
        around = {id(argument): call for call in calls for argument in call.args}
        for call in calls:
            if isinstance(call.func, ast.Name) and call.func.id == "_lt":
                place = f"{path.relative_to(ADDONS)}:{call.lineno}"
                yield place, call, _added(around.get(id(call)))


def _added(around: ast.Call | None) -> set[str]:
    if around is None:
        return set()
    fails = isinstance(around.func, ast.Attribute) and around.func.attr == "fail"
    return _names(around) | ({"name"} if fails else set())


def _names(call: ast.Call) -> set[str]:
    return {keyword.arg for keyword in call.keywords if keyword.arg}


def _problem(call: ast.Call, added: set[str]) -> str:
    template = call.args[0] if len(call.args) == 1 else None
    if not isinstance(template, ast.Constant) or not isinstance(template.value, str):
        return "the exporter finds literals only"
    named = {match[1] for match in PLACE.finditer(template.value) if match[0] != "%%"}
    given = _names(call)
    if not named and not given:
        return ""
    if None in named:
        return "a lone % where there are values"
    if named == given or (not given and named <= added):
        return ""
    return f"names {sorted(named)}, gets {sorted(given)}"


def test_every_text_has_the_values_it_names():
    found = [f"{place}: {said}" for place, *more in _calls() if (said := _problem(*more))]
    assert found == []


@pytest.mark.parametrize(
    ("code", "word"),
    [
        ("_lt(f'{x}')", "literal"),
        ("_lt('a' + b)", "literal"),
        ("_lt('%(a)s', b=1)", "names"),
        ("_lt('%(a)s 5 %', a=1)", "lone"),
    ],
)
def test_bad_texts_are_noticed(code: str, word: str):
    call = ast.parse(code, mode="eval").body
    assert isinstance(call, ast.Call)
    assert word in _problem(call, set())
