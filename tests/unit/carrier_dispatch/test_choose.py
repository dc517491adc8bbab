"""The first rule decides whose conditions hold and whose shipper takes the delivery."""

import time
from dataclasses import replace
from decimal import Decimal

import pytest
from automation_core.lib.texts import Text
from carrier_dispatch.lib.choose.decide import choose, dry_run
from carrier_dispatch.lib.choose.facts import Delivery, Line
from carrier_dispatch.lib.choose.rules import Hold, Rule, Ship, Span, Split, Way
from carrier_dispatch.lib.choose.shippers import Shipper
from carrier_dispatch.lib.limits import Limits, Size
from order_automation.lib.address import DOOR, LOCKER, OTHER, Analysis

D = Decimal
SIZE = Size(D(30), D(20), D(10), D(2))
LAMP = Line("1", "Lamp", D(2), 11, frozenset({1, 5}), frozenset({7}), 3, SIZE)
SOFA = Line("2", "Sofa", D(1), 12, frozenset({1, 6}), size=Size(D(190), D(90), D(80), D(60)))
ORDER = Delivery("WH/OUT/1", (LAMP,), shop=4, zip="D-10243", value=D(50))
OWN, FREIGHT = Way("own", "dhl"), Way("freight")
SHIPPERS = {
    "own": Shipper("own", "Own", Limits(D("31.5"), D(120), D(60), D(60)),
                   kinds=frozenset({DOOR, LOCKER})),
    "freight": Shipper("freight", "Freight", Limits(unknown="pass")),
}  # fmt: skip


def span(least: str | None = None, most: str | None = None) -> Span:
    return Span(D(least) if least else None, D(most) if most else None)


def rule(result: object = None, name: str = "Rule", **conditions: object) -> Rule:
    return Rule(name, result or Ship((OWN,)), **conditions)


@pytest.mark.parametrize(
    ("conditions", "holds"),
    [
        ({}, True),
        ({"shops": frozenset({4})}, True),
        ({"shops": frozenset({5})}, False),
        ({"countries": frozenset({"DE"})}, True),
        ({"countries": frozenset({"AT"})}, False),
        ({"zips": ("99", "10")}, True),
        ({"zips": ("10000-10242",)}, False),
        ({"zips": ("10000-10243",)}, True),
        ({"zips": ("08-10",)}, True),
        ({"zips": ("11-19", "")}, False),
        ({"zips": ("10-243",)}, True),
        ({"kinds": frozenset({DOOR})}, True),
        ({"kinds": frozenset({LOCKER})}, False),
        ({"products": frozenset({11})}, True),
        ({"products": frozenset({12})}, False),
        ({"categories": frozenset({1})}, True),
        ({"categories": frozenset({6})}, False),
        ({"tags": frozenset({7, 8})}, True),
        ({"tags": frozenset({8})}, False),
        ({"owners": frozenset({3})}, True),
        ({"owners": frozenset({1})}, False),
        ({"weight": span("4", "4")}, True),
        ({"weight": span(most="3.9")}, False),
        ({"weight": span("4.1")}, False),
        ({"volume": span("12", "12")}, True),
        ({"volume": span(most="11")}, False),
        ({"longest": span(most="30")}, True),
        ({"longest": span("31")}, False),
        ({"girth": span("90", "90")}, True),
        ({"girth": span(most="89")}, False),
        ({"value": span("50", "50")}, True),
        ({"value": span("51")}, False),
        ({"value": span("1"), "currency": "USD"}, False),
        ({"products": frozenset({11}), "tags": frozenset({8})}, False),
    ],
)  # fmt: skip
def test_each_condition(conditions, holds):
    (part,) = choose(ORDER, [rule(**conditions)], SHIPPERS).parts
    assert (part.way == OWN) is holds
    assert part.saw if holds else part.steps[0].why
    assert all(isinstance(step.why, Text) for step in part.steps)


def test_any_and_all_lines_and_conditions_about_the_same_line():
    both = replace(ORDER, lines=(LAMP, SOFA))
    lamps = {"categories": frozenset({5}), "result": Hold("lamp")}
    assert choose(both, [rule(**lamps)], SHIPPERS).parts[0].reason == "lamp"
    assert choose(both, [rule(**lamps, lines="all")], SHIPPERS).parts[0].reason != "lamp"
    mixed = rule(Hold("x"), products=frozenset({12}), tags=frozenset({7}))
    assert choose(both, [mixed], SHIPPERS).parts[0].reason != "x"


@pytest.mark.parametrize("name", ["weight", "volume", "longest", "girth"])
def test_what_is_not_known_is_never_small_but_may_be_large_already(name):
    bare = replace(LAMP, position="2", size=Size())
    order = replace(ORDER, lines=(bare,))
    assert choose(order, [rule(Hold("x"), **{name: span(most="99")})], {}).parts[0].reason != "x"
    partly = replace(LAMP, size=replace(SIZE, height=D(0), volume=D(1)))
    order = replace(ORDER, lines=(partly, bare))
    assert choose(order, [rule(Hold("x"), **{name: span("1")})], {}).parts[0].reason == "x"


def test_a_failed_limit_leads_to_the_next_rule_and_is_told():
    rules = [rule(name="Parcel"), rule(Ship((FREIGHT,)), "Freight")]
    (part,) = choose(replace(ORDER, lines=(SOFA,)), rules, SHIPPERS).parts
    assert (part.way, part.rule) == (FREIGHT, "Freight")
    assert [step.rule for step in part.steps] == ["Parcel"]
    assert "“Sofa” is too large" in part.steps[0].why


def test_no_rule_left_holds_with_a_reason():
    decision = choose(replace(ORDER, lines=(SOFA,)), [rule()], SHIPPERS)
    assert decision.held
    assert decision.parts[0].reason.startswith("No rule fits")
    assert choose(replace(ORDER, lines=()), [rule()], SHIPPERS).held


def test_the_first_rule_wins_and_says_what_it_saw():
    rules = [rule(Hold("Ask"), "One", countries=frozenset({"DE"}), tags=frozenset({7})), rule()]
    (part,) = choose(ORDER, rules, SHIPPERS).parts
    assert (part.way, part.rule, part.reason) == (None, "One", "Ask")
    assert part.saw == ("The country is DE.\nThese articles are such as the rule names: Lamp")


@pytest.mark.parametrize(
    ("order", "shipper", "words"),
    [
        ({"country": "AT"}, {"countries": frozenset({"DE"})}, "does not send to AT"),
        ({"place": Analysis(OTHER)}, {}, "address of that kind"),
        ({"place": Analysis(LOCKER), "customs": True}, {}, "does not go to a Packstation"),
        ({"cash_on_delivery": True}, {}, "cash on delivery"),
        ({"age_check": True}, {}, "does not check the age"),
        ({}, {"value": D("49.99")}, "above the limit"),
        ({}, {"value": D(100), "currency": "USD"}, "is in USD"),
        ({}, {"stock": {11: D(1)}}, "not enough of “Lamp”"),
        ({"place": Analysis(LOCKER)}, {"locker": Limits(length=D(5), width=D(5), height=D(5))},
         "too large"),
    ],
)  # fmt: skip
def test_each_limit_of_a_shipper(order, shipper, words):
    shippers = {"own": replace(SHIPPERS["own"], **shipper)}
    (part,) = choose(replace(ORDER, **order), [rule()], shippers).parts
    assert part.way is None
    assert words in part.steps[0].why


def test_only_dhl_goes_to_a_locker():
    order = replace(ORDER, place=Analysis(LOCKER))
    (part,) = choose(order, [rule(Ship((Way("own", "dpd"), OWN)))], SHIPPERS).parts
    assert part.way == OWN
    assert "Only DHL" in part.steps[0].why


def test_the_second_way_counts_when_the_first_is_empty():
    shippers = {"a": Shipper("a", "A", stock={}), "b": Shipper("b", "B", stock={11: D(2)})}
    ways = (Way("a"), Way("gone"), Way("b"))
    (part,) = choose(ORDER, [rule(Ship(ways))], shippers).parts
    assert part.way == Way("b")
    assert [str(step.why) for step in part.steps] == [
        "A has not enough of “Lamp”.", "The shipper “gone” is not in use.",
    ]  # fmt: skip
    shippers["b"].stock[11] = D(1)
    assert choose(ORDER, [rule(Ship(ways))], shippers).held


def test_a_split_order_has_one_part_for_each_shipper():
    second = replace(LAMP, position="3")
    order = replace(ORDER, lines=(LAMP, SOFA, second))
    rules = [rule(Split(), "Split"), rule(name="Parcel"), rule(Ship((FREIGHT,)), "Freight")]
    parcel, freight = choose(order, rules, SHIPPERS).parts
    assert (parcel.way, parcel.positions) == (OWN, ("1", "3"))
    assert (freight.way, freight.positions) == (FREIGHT, ("2",))
    assert [step.rule for step in freight.steps] == ["Split", "Parcel"]


def test_lines_that_do_not_go_together_after_a_split_are_held():
    order = replace(ORDER, lines=(LAMP, replace(LAMP, position="3")))
    shippers = {"own": replace(SHIPPERS["own"], stock={11: D(3)})}
    (part,) = choose(order, [rule(Split(), "Split"), rule()], shippers).parts
    assert part.way is None
    assert part.positions == ("1", "3")
    assert "not enough" in part.reason


def test_a_dry_run_over_many_is_quick_and_says_the_same():
    rules = [rule(zips=(f"{n:02}-{n:02}",), tags=frozenset({7})) for n in range(20, 69)]
    rules.append(rule(weight=span(most="10"), name="Last"))
    orders = [replace(ORDER, name=str(n)) for n in range(2000)]
    began = time.process_time()
    decisions = list(dry_run(orders, rules, SHIPPERS))
    spent = time.process_time() - began
    assert [decision.delivery for decision in decisions] == [order.name for order in orders]
    assert {decision.parts[0].rule for decision in decisions} == {"Last"}
    print(f"10,000 deliveries: {5 * spent:.1f} s")
    assert spent < 4  # a fifth of the work; far above what it takes, for slow machines
