"""Slips of payers, banks and shops: proposed where something else agrees, rarely likely."""

import datetime
from decimal import Decimal

import pytest
from payment_matching.lib.match import Matcher
from payment_matching.lib.match.model import Partner
from payment_matching.lib.match.words import mailbox

from tests.unit.payment_matching.match_cases import (
    ITEMS,
    PARTNERS,
    first,
    item,
    payment,
    propose,
    silent,
)

PEOPLE = [
    *PARTNERS,
    Partner("baumann", "Karin Baumann", email="karin.baumann@gmail.com"),
    Partner("karin", "Karin Lorenz"),
    Partner("uebelhoer", "Gisela Übelhör"),
    Partner("boehm", "René B. Böhm"),
    Partner("feinkost", "Feinkost Österreicher GbR"),
    Partner("land", "LandmaschinenPohlmann UG"),
    Partner("brandt", "Tim Brandt"),
]
DOCS = [
    *ITEMS,
    item("RE/2026/00301", "baumann", "52.19"),
    item("RE/2026/00302", "uebelhoer", "34.95"),
    item("RE/2026/00303", "boehm", "79.90"),
    item("RE/2026/00304", "feinkost", "99.10"),
    item("RE/2026/00305", "land", "75.07"),
    item("RE/2026/00306", "brandt", "88.30"),
    item("RE/2026/01395", "weiss", "417.21"),
    item("RE/2026/01935", "brandt", "19.00"),
]
WORLD = {"partners": PEOPLE, "items": DOCS}


@pytest.mark.parametrize("name", ["Karin Bamuann", "Karin Baumnan", "BAUMAN KARIN"])
def test_a_name_with_a_slip_and_the_exact_amount(name: str) -> None:
    best = first("52.19", "danke", name, **WORLD)
    assert best.targets == ("RE/2026/00301",)
    assert not best.likely
    silent("52.29", "danke", name, **WORLD)
    silent("52.19", "danke", "Karin Lorenz", **WORLD)


@pytest.mark.parametrize(
    ("name", "amount", "target"),
    [
        ("Gisela ?belh?r", "34.95", "RE/2026/00302"),
        ("René Bhm", "79.90", "RE/2026/00303"),
        ("Feinkost Österreic", "99.10", "RE/2026/00304"),
        ("LandmaschinenPohlmann Inh. Björn Kühn", "75.07", "RE/2026/00305"),
    ],
)
def test_names_with_letters_or_words_lost_or_added(name: str, amount: str, target: str) -> None:
    assert first(amount, "danke", name, **WORLD).targets == (target,)


def test_lost_letters_do_not_stand_for_any_word() -> None:
    silent("34.95", "danke", "Gisela ?zt?rk", **WORLD)


def test_an_initial_between_the_names_in_the_text() -> None:
    best = first("88.30", "im Auftrag von Tim K. Brandt", "Annegret Sommer", **WORLD)
    assert best.targets == ("RE/2026/00306",)


def test_a_number_with_a_slip_and_an_unknown_payer() -> None:
    best = first("417.21", "Auftrag RE/2026/01359", "Ralf Jäger", **WORLD)
    assert best.targets == ("RE/2026/01395",)
    assert not best.likely
    silent("417.31", "Auftrag RE/2026/01359", "Ralf Jäger", **WORLD)


def test_a_slip_that_makes_another_documents_number() -> None:
    best = first("417.21", "RE/2026/01935", "Dr. Thomas Weiß", **WORLD)
    assert best.targets == ("RE/2026/01395",)
    assert not best.likely


def test_digits_of_another_kind_of_document_are_nobodys_number() -> None:
    docs = [*DOCS, item("AB/2026/01359", "brandt", "12.00")]
    best = first("417.21", "RE/2026/01359", "Dr. Thomas Weiß", partners=PEOPLE, items=docs)
    assert best.targets == ("RE/2026/01395",)
    assert best.likely, "as typed it belongs to nobody, amount and whole name agree"


def test_a_slip_a_small_difference_and_the_right_name() -> None:
    docs = [*DOCS, item("AB/2026/01359", "brandt", "12.00")]
    best = first("417.31", "RE/2026/01359", "Thomas Weiß", partners=PEOPLE, items=docs)
    assert best.targets == ("RE/2026/01395",)
    assert not best.likely
    assert best.difference == Decimal("0.10")


@pytest.mark.parametrize("amount", ["458.93", "834.42"])
def test_paid_too_much_by_somebody_unknown(amount: str) -> None:
    best = first(amount, "RE/2026/01395", "Hannah Schreiber", **WORLD)
    assert best.targets == ("RE/2026/01395",)
    assert not best.likely


@pytest.mark.parametrize(
    "address",
    [
        "Karin.Baumann+Shop@gmail.com",
        "karinbaumann@googlemail.com",
        "KARIN.BAUMANN@GMAIL.COM",
    ],
)
def test_one_mailbox_has_many_addresses(address: str) -> None:
    best = first("52.19", "", "K B", payer_email=address, source="paypal", **WORLD)
    assert best.targets == ("RE/2026/00301",)


def test_dots_count_outside_gmail() -> None:
    assert mailbox("a.b@web.de") != mailbox("ab@web.de")
    assert mailbox("a.b+c@web.de") == "a.b@web.de"
    assert mailbox("+a@web.de") == "+a@web.de"
    assert mailbox("") == ""


@pytest.mark.parametrize("text", ["gambio-16184-8048", "16184-1763982136", "order_16184"])
def test_a_shop_number_with_affixes_in_the_shops_field(text: str) -> None:
    docs = [*DOCS, item("S00311", "brandt", "39.85", shop_order_no="16184")]
    best = first(
        "39.85", "", "Özlem Lehmann", partners=PEOPLE, items=docs, source="paypal", invoice_id=text
    )
    assert best.targets == ("S00311",)


def test_a_number_with_a_slip_decides_between_equal_sums() -> None:
    docs = [
        item("RE/2026/1676", "weiss", "109.43"),
        item("RE/2026/1410", "weiss", "24.99", date=datetime.date(2026, 11, 1)),
        item("RE/2026/1730", "weiss", "24.99"),
        item("RE/2026/1888", "weiss", "61.00"),
    ]
    text = "Rechnungen 2026/1676, 2026/1700"
    (best, *others), _note = propose("134.42", text, "Thomas Weiß", items=docs)
    assert set(best.targets) == {"RE/2026/1676", "RE/2026/1730"}
    assert not others or others[0].confidence < best.confidence


def test_a_document_of_monday_for_a_payment_of_the_weekend() -> None:
    docs = [item("RE/2026/00401", "weiss", "61.00", date=datetime.date(2026, 11, 23))]
    best = first("61.00", "RE/2026/00401", "Thomas Weiß", items=docs)
    assert best.likely
    assert not first("61.00", "danke", "Thomas Weiß", items=docs).likely
    later = [item("RE/2026/00401", "weiss", "61.00", date=datetime.date(2026, 11, 24))]
    assert not first("61.00", "RE/2026/00401", "Thomas Weiß", items=later).likely


def test_the_confidences_of_one_payment_add_up_to_one_at_most() -> None:
    found, _note = Matcher(PARTNERS, ITEMS).propose_one(payment("25.00", "danke", "Julia Weber"))
    assert len(found) == 2
    assert found[0].confidence == found[1].confidence
    assert 0.9 < sum(proposal.confidence for proposal in found) <= 1
