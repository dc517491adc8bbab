"""What holds for the matcher whatever the payment says."""

import random
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import example, given, settings
from hypothesis import strategies as st
from payment_matching.lib.match import Matcher
from payment_matching.lib.match.model import Payment, Proposal
from payment_matching.lib.match.words import folded, one_edit

from tests.unit.payment_matching.match_cases import ITEMS, PARTNERS, TODAY, item, payment

MATCHER = Matcher(PARTNERS, ITEMS)
STATE = {entry.id: entry for entry in ITEMS}
WORDS = (
    "RE/2026/00123", "S00123", "00131, 132 und 133", "302-1234567-7654321", "RE/2026/00099",
    "RE/2026/00151", "K10004", "Kd-Nr 10005", "SVWZ+", "EREF+", "ABWA+Julia Weber", "?20", "?21",
    "Sabine Müller", "bis", "-", "\n", "\r\n", "vom 05.11.2026", "IBAN DE02120300000000202051",
    "RE/2026/00\n123", "Rücklastschrift", "\x00", "١٢٣", "０１２３", "²³", "🙂", "ǅ", "0" * 40,
)  # fmt: skip
text = st.one_of(
    st.text(max_size=80),
    st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join),
    st.lists(st.sampled_from(WORDS), max_size=6).map("".join),
)
names = st.one_of(
    st.sampled_from([partner.name for partner in PARTNERS]),
    st.sampled_from(["M?ller", "J. Weber", "Weber, J", "PayPal Europe", "?", ".", "Dr. "]),
    st.text(max_size=40),
)
amounts = st.one_of(
    st.sampled_from([entry.amount for entry in ITEMS]),
    st.sampled_from([-entry.amount for entry in ITEMS]),
    st.sampled_from([Decimal("475.75"), Decimal("343.00"), Decimal(50), Decimal("0.01")]),
    st.decimals(min_value=-(10**9), max_value=10**9, places=3),
)
payments = st.builds(
    Payment,
    id=st.just("payment"),
    date=st.sampled_from([TODAY, TODAY - timedelta(days=400), date.min, date.max]),
    amount=amounts,
    currency=st.sampled_from(["EUR", "USD", "", "JPY"]),
    source=st.sampled_from(["bank", "paypal", "?"]),
    payer_name=names,
    payer_iban=st.sampled_from(["", "DE02 1203 0000 0000 2020 51", "x"]),
    payer_email=st.sampled_from(["", "Sabine.Mueller@web.de", "@", "julia_weber@x.de"]),
    end_to_end_id=text,
    remittance=text,
    code=st.sampled_from(["", "166", "159", "T0006", "T1107", "PMNT-RCDT-ESCT", "\n"]),
    invoice_id=text,
    reference_id=text,
)


@settings(max_examples=400, deadline=None)
@given(payments)
@example(payment("119", "RE/2026/00123" * 300, "Sabine Müller " * 200))
@example(payment("119", "1 " * 3000, "a " * 3000))
@example(payment("119", "RE/2026/00123 bis 99999999999999999999999999", "Müller"))
def test_any_payment_is_answered_soundly(given_payment: Payment) -> None:
    proposals, note = MATCHER.propose_one(given_payment)
    assert [proposal.rank for proposal in proposals] == [1, 2, 3][: len(proposals)]
    assert len({proposal.targets for proposal in proposals}) == len(proposals)
    confidences = [proposal.confidence for proposal in proposals]
    assert confidences == sorted(confidences, reverse=True)
    assert not (proposals and note)
    for proposal in proposals:
        _is_sound(proposal, given_payment)


def _is_sound(proposal: Proposal, paid: Payment) -> None:
    assert 0 <= proposal.confidence <= 1
    assert proposal.likely == (proposal.confidence >= 0.95)
    assert proposal.targets
    items = [STATE[target] for target in proposal.targets]
    assert all(entry.state == "open" for entry in items)
    assert {entry.currency for entry in items} == {paid.currency}
    assert {entry.direction for entry in items} == {"in" if paid.amount > 0 else "out"}
    due = sum(entry.amount for entry in items)
    assert abs(paid.amount) - due + proposal.discount == proposal.difference
    if proposal.likely:
        assert proposal.difference == 0
        assert proposal.rank == 1
    for reason in proposal.reasons:
        assert reason.text
        assert -1 <= reason.start <= reason.end <= len(paid.remittance)


@settings(max_examples=60, deadline=None)
@given(payments, st.randoms(use_true_random=False))
def test_the_order_of_items_and_partners_is_irrelevant(
    given_payment: Payment, chance: random.Random
) -> None:
    items, partners = list(ITEMS), list(PARTNERS)
    chance.shuffle(items)
    chance.shuffle(partners)
    shuffled = Matcher(partners, items).propose_one(given_payment)
    assert shuffled == MATCHER.propose_one(given_payment)


@settings(max_examples=150, deadline=None)
@given(payments)
def test_a_perfect_twin_makes_every_proposal_unlikely(given_payment: Payment) -> None:
    twin = [replace(one, id=f"{one.id} again") for one in ITEMS]
    proposals, _note = Matcher(PARTNERS, [*ITEMS, *twin]).propose_one(given_payment)
    assert not any(proposal.likely for proposal in proposals)
    assert all(proposal.confidence < 0.95 for proposal in proposals)


@settings(max_examples=150, deadline=None)
@given(payments)
def test_nothing_open_nothing_proposed(given_payment: Payment) -> None:
    paid = [replace(entry, state="paid") for entry in ITEMS]
    proposals, _note = Matcher(PARTNERS, paid).propose_one(given_payment)
    assert not proposals


@settings(max_examples=100, deadline=None)
@given(text, text, text)
def test_any_number_and_name_can_be_indexed(number: str, shop: str, name: str) -> None:
    odd = item(number, "mueller", "5.00", shop_order_no=shop)
    partners = [replace(PARTNERS[0], name=name, customer_no=number, city=shop, contact=shop)]
    proposals, _note = Matcher(partners, [odd]).propose_one(payment("5.00", shop, name))
    assert all(proposal.targets == (number,) for proposal in proposals)


@given(st.text(max_size=30))
def test_folding_is_final_and_never_longer_than_it_must_be(word: str) -> None:
    assert folded(word).lower() == folded(word) or not word.isascii()


@given(st.text("0123456789", min_size=2, max_size=9), st.integers(0, 8), st.integers(0, 3))
def test_one_slip_is_one_edit(number: str, place: int, kind: int) -> None:
    place %= len(number)
    slips = (
        number[:place] + number[place + 1 :],
        number[:place] + "x" + number[place:],
        number[:place] + "x" + number[place + 1 :],
        number[:place] + number[place : place + 2][::-1] + number[place + 2 :],
    )
    assert one_edit(number, slips[kind]) == (slips[kind] != number)
    assert one_edit(slips[kind], number) == (slips[kind] != number)
    assert not one_edit(number, "xx" + number)
