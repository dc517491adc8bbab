"""Which documents a payment pays: one hand-written case for each kind of noise and each trap."""

import datetime
from decimal import Decimal

import pytest
from payment_matching.lib.match import Matcher
from payment_matching.lib.match.model import CashDiscount, Item, Partner
from stdnum import iso11649

from tests.unit.payment_matching.match_cases import (
    ITEMS,
    PARTNERS,
    first,
    item,
    payment,
    propose,
    said,
    silent,
)


def test_number_amount_and_name() -> None:
    best = first("119.00", "Rechnung RE/2026/00123 vielen Dank", "Sabine Müller")
    assert best.targets == ("RE/2026/00123",)
    assert best.likely
    assert best.confidence > 0.99
    assert best.difference == 0
    assert [(reason.kind, reason.text) for reason in best.reasons[:3]] == [
        ("number", "Number RE/2026/00123 in the text."),
        ("amount", "Amount equal: 119.00 EUR."),
        ("name", "Name similar: Sabine Müller."),
    ]
    number = best.reasons[0]
    assert "Rechnung RE/2026/00123"[number.start : number.end] == "RE/2026/00123"


@pytest.mark.parametrize(
    "text",
    [
        "00123 Mueller",
        "Rechnung 123",
        "Rg.Nr. 2026-123",
        "RE 2026 00123",
        "re2026/00123",
        "RE/2026/OO123",
        "RE/2O26/00l23",
        "RE202600123",
        "RE/2026/0123",
        "26/00123 Danke",
        "123/2026 Rechnung",
        "Rechnungsnr.:00123",
        "RE/2026/00 123",
        "EREF+NOTPROVIDED SVWZ+RE/2026/00123",
        "EREF+RE-2026-00123 SVWZ+danke",
        "?20SVWZ+Zahlung fuer meine Best?21ellung RE/2026/00?22123",
        "Kundennr K10001 Rechnung 00123 vom 05.11.2026 Tel 0171/5551234 EUR 119,00",
    ],
)
def test_a_number_in_any_form(text: str) -> None:
    best = first("119.00", text, "Mueller")
    assert best.targets == ("RE/2026/00123",)
    assert best.likely, (best.confidence, said(best))
    assert "Number RE/2026/00123 in the text." in said(best)


@pytest.mark.parametrize("joint", ["\n", "", " ", "\r\n"])
@pytest.mark.parametrize("lead", range(12, 27))
def test_a_number_broken_by_the_end_of_a_line(lead: int, joint: str) -> None:
    text = "x" * lead + " RE/2026/00123 Rechnung vom 05.11.2026"
    lines = [text[place : place + 27].rstrip() for place in range(0, len(text), 27)]
    best = first("119.00", joint.join(lines), "Sabine Müller")
    assert best.targets == ("RE/2026/00123",)
    assert best.likely
    number = next(reason for reason in best.reasons if reason.kind == "number")
    assert joint.join(lines)[number.start : number.end].strip("0").endswith("3")


@pytest.mark.parametrize(
    "typo", ["RE/2026/00132", "RE/2026/01123", "RE/2026/001223", "RE/2026/00128", "RE/2062/00123"]
)
def test_a_slip_in_the_number_counts_where_payer_and_amount_agree(typo: str) -> None:
    items = [entry for entry in ITEMS if entry.number != "RE/2026/00132"]
    best = first("119.00", typo, "Sabine Müller", items=items)
    assert best.targets == ("RE/2026/00123",)
    assert "Number RE/2026/00123 in the text, with a mistake." in said(best)


def test_a_slip_alone_says_nothing() -> None:
    assert silent("17.00", "RE/2026/00128", "Otto Fremd") == ""


def test_the_shops_order_number() -> None:
    best = first("59.90", "Bestellung 302-1234567-\n7654321", "Weiss, Thomas")
    assert best.targets == ("S00123",)
    assert best.likely
    assert "Number 302-1234567-7654321 in the text." in said(best)


def test_a_creditor_reference() -> None:
    assert iso11649.is_valid("RF36202600123")
    best = first("119.00", "RF36 2026 0012 3", "Mueller")
    assert best.targets == ("RE/2026/00123",)
    assert "Number RE/2026/00123 in the text." in said(best)
    items = [*ITEMS, item("RE/2026/00190", "yilmaz", "12.30", references=("RF18539007547034",))]
    best = first("12.30", "SVWZ+RF18 5390 0754 7034", "Yilmaz", items=items)
    assert best.targets == ("RE/2026/00190",)
    assert best.likely
    assert "Number RF18539007547034 in the text." in said(best)


def test_one_serial_two_documents_amount_and_name_tell() -> None:
    assert first("59.90", "123", "Thomas Weiß").targets == ("S00123",)
    assert first("119.00", "123", "Sabine Müller").targets == ("RE/2026/00123",)


@pytest.mark.parametrize(
    "text",
    [
        "RE/2026/00131, RE/2026/00132 und RE/2026/00133",
        "RE/2026/00131, 132 und 133",
        "Rechnungen 00131 00132 00133",
        "Rg. 131+132+133",
        "RE/2026/00131 bis 00133",
        "RE/2026/00131-133",
        "RE/2026/00131 / 132 / 133",
    ],
)
def test_several_documents_at_once(text: str) -> None:
    best = first("475.75", text, "Bäckerei Schäfer GmbH")
    assert best.targets == ("RE/2026/00131", "RE/2026/00132", "RE/2026/00133")
    assert best.likely, said(best)
    assert "3 documents add up to 475.75 EUR." in said(best)
    assert said(best).count(" in the text.") == 3


def test_some_of_several_documents_named() -> None:
    best = first("125.75", "RE/2026/00132, 00133", "Bäckerei Schäfer")
    assert best.targets == ("RE/2026/00132", "RE/2026/00133")
    assert best.likely


def test_several_documents_without_a_number() -> None:
    best = first("425.75", "Sammelzahlung", "BAECKEREI SCHAEFER", items=_without_discount())
    assert best.targets == ("RE/2026/00131", "RE/2026/00132") or best.targets == (
        "RE/2026/00131",
        "RE/2026/00133",
        "RE/2026/00134",
    )
    best = first("475.75", "alles", "BAECKEREI SCHAEFER")
    assert best.targets == ("RE/2026/00131", "RE/2026/00132", "RE/2026/00133")
    assert "These are all open documents of the customer." in said(best)
    assert best.likely


def _without_discount() -> list[Item]:
    more = item("RE/2026/00134", "schaefer", "30.20")
    changed = [entry for entry in ITEMS if entry.number != "RE/2026/00132"]
    return [*changed, item("RE/2026/00132", "schaefer", "75.75"), more]


def test_two_sums_that_fit_are_unclear() -> None:
    proposals, _note = propose(
        "425.75", "Sammelzahlung", "BAECKEREI SCHAEFER", items=_without_discount()
    )
    assert len(proposals) == 2
    assert not proposals[0].likely
    assert proposals[0].confidence < 0.95


def test_cash_discount_within_its_term_and_three_days_after() -> None:
    best = first("343.00", "RE/2026/00131", "Bäckerei Schäfer GmbH")
    assert best.targets == ("RE/2026/00131",)
    assert best.likely
    assert (best.discount, best.difference) == (Decimal("7.00"), 0)
    assert "Amount equal less 7.00 EUR cash discount, within its term." in said(best)
    late = first("343.00", "RE/2026/00131", "Bäckerei Schäfer", date=datetime.date(2026, 11, 22))
    assert late.targets == ("RE/2026/00131",)
    assert not late.likely
    assert late.difference == Decimal("-7.00")
    assert "Cash discount of 7.00 EUR taken after its term." in said(late)


def test_cash_discount_in_a_sum() -> None:
    best = first("423.20", "RE/2026/00131 und RE/2026/00132", "Bäckerei Schäfer GmbH")
    assert best.targets == ("RE/2026/00131", "RE/2026/00132")
    assert best.discount == Decimal("7.00")
    assert best.likely


@pytest.mark.parametrize(
    ("amount", "difference", "text"),
    [
        ("118.97", "-0.03", "Amount differs only by 0.03 EUR."),
        ("116.62", "-2.38", "2.38 EUR too little: a discount that was not agreed."),
        ("124.90", "5.90", "Amount differs only by 5.90 EUR."),
        ("191.00", "72.00", "Amount with two digits swapped."),
        ("59.50", "-59.50", "59.50 EUR less than what is open."),
        ("50.00", "-69.00", "69.00 EUR less than what is open."),
        ("200.00", "81.00", "81.00 EUR more than what is open."),
        ("238.00", "119.00", "119.00 EUR more than what is open."),
    ],
)
def test_other_amounts_are_proposed_but_never_likely(
    amount: str, difference: str, text: str
) -> None:
    best = first(amount, "RE/2026/00123", "Sabine Müller")
    assert best.targets == ("RE/2026/00123",)
    assert best.difference == Decimal(difference)
    assert text in said(best)
    assert not best.likely
    assert 0.5 < best.confidence < 0.95


def test_what_was_paid_before_of_a_part_paid_document() -> None:
    items = [*ITEMS, item("RE/2026/00160", "yilmaz", "40.00", total=Decimal("140.00"))]
    best = first("140.00", "RE/2026/00160", "Emre Yilmaz", items=items)
    assert best.targets == ("RE/2026/00160",)
    assert "The full amount, though part of it is paid already." in said(best)
    assert not best.likely


def test_twins_are_never_likely() -> None:
    proposals, _note = propose("25.00", "vielen Dank", "Julia Weber")
    assert {proposal.targets for proposal in proposals[:2]} == {
        ("RE/2026/00200",),
        ("RE/2026/00201",),
    }
    assert proposals[0].confidence <= 0.6
    assert not proposals[0].likely


def test_twins_told_apart() -> None:
    for text in ("RE/2026/00201", "Kundennummer K10005", "Weber Bonn"):
        assert first("25.00", text, "Julia Weber").targets == ("RE/2026/00201",), text
    assert first("25.00", "RE/2026/00201", "Julia Weber").likely


def test_twins_of_one_customer_the_older_first() -> None:
    items = [
        item("RE/2026/00301", "yilmaz", "64.10", date=datetime.date(2026, 11, 9)),
        item("RE/2026/00302", "yilmaz", "64.10", date=datetime.date(2026, 11, 2)),
    ]
    proposals, _note = propose("64.10", "danke", "Emre Yılmaz", items=items)
    assert [proposal.targets for proposal in proposals[:2]] == [
        ("RE/2026/00302",),
        ("RE/2026/00301",),
    ]
    assert not proposals[0].likely


def test_a_younger_twin_still_makes_it_unclear() -> None:
    items = [
        item("RE/2026/00301", "weber1", "64.10"),
        item("RE/2026/00302", "weber2", "64.10", date=datetime.date(2026, 11, 25)),
    ]
    best = first("64.10", "danke", "Julia Weber", items=items)
    assert best.targets == ("RE/2026/00301",)
    assert not best.likely


def test_the_number_of_somebody_else() -> None:
    best = first("310.75", "RE/2026/00123", "Emre Yilmaz")
    assert best.targets == ("RE/2026/00150",)
    assert not best.likely
    assert "The text names other documents." in said(best)


def test_the_number_of_somebody_else_with_the_same_amount() -> None:
    items = [*ITEMS, item("RE/2026/00170", "mueller", "310.75")]
    best = first("310.75", "RE/2026/00170", "Emre Yilmaz", items=items)
    assert best.targets == ("RE/2026/00150",)
    assert not best.likely


def test_somebody_else_pays() -> None:
    best = first("119.00", "RE/2026/00123", "Klaus Müller")
    assert best.targets == ("RE/2026/00123",)
    assert best.likely
    best = first("119.00", "RE/2026/00123", "Horst Fremd")
    assert best.targets == ("RE/2026/00123",)
    assert "Paid by somebody of another name: Horst Fremd." in said(best)


def test_another_customer_pays() -> None:
    best = first("119.00", "RE/2026/00123", "Emre Yilmaz")
    assert best.targets == ("RE/2026/00123",)
    assert not best.likely
    assert "The payer is known as another customer: Emre Yılmaz." in said(best)


def test_somebody_else_pays_and_names_the_customer() -> None:
    best = first("119.00", "fuer Sabine Müller", "Horst Fremd")
    assert best.targets == ("RE/2026/00123",)
    assert "Named in the text: Sabine Müller." in said(best)


def test_the_payer_behind_the_account_holder() -> None:
    best = first("119.00", "SVWZ+danke ABWA+Sabine Müller", "Treuhand AG")
    assert best.targets == ("RE/2026/00123",)
    assert "Name similar: Sabine Müller." in said(best)


@pytest.mark.parametrize(
    "name",
    [
        "SABINE MUELLER",
        "Mueller, Sabine",
        "Sabine M?ller",
        "Sabine M.ller",
        "Sabine Mller",
        "Sabine MÃ¼ller",
        "Frau Dr. Sabine Müller",
        "Sabine und Jens Müller",
        "Jens u. Sabine Müller",
        "MULLER SABINE",
    ],
)
def test_a_name_as_banks_write_it(name: str) -> None:
    best = first("119.00", "vielen Dank", name)
    assert best.targets == ("RE/2026/00123",)
    assert best.confidence > 0.9, said(best)


@pytest.mark.parametrize(
    ("name", "number", "amount"),
    [
        ("Petra Schaefer", "RE/2026/00132", "80.20"),
        ("Baeckerei Schaefer", "RE/2026/00132", "80.20"),
        ("T. Weiss", "S00123", "59.90"),
        ("Anna Krueger", "S00140", "42.00"),
        ("Anna Hofmann", "S00140", "42.00"),
        ("EMRE YILMAZ", "RE/2026/00150", "310.75"),
    ],
)
def test_firms_contacts_initials_married_names(name: str, number: str, amount: str) -> None:
    assert first(amount, "danke", name).targets == (number,)


def test_one_letter_makes_another_name() -> None:
    partners = [
        *PARTNERS,
        Partner("moeller", "Sabine Möller"),
    ]
    items = [*ITEMS, item("RE/2026/00180", "moeller", "47.11")]
    found, _note = Matcher(partners, items).propose_one(payment("119.00", "danke", "Sabine Möller"))
    assert not any(proposal.likely for proposal in found)


def test_a_known_account() -> None:
    best = first("119.00", "danke", "J. Doe", payer_iban="DE02 1203 0000 0000 2020 51")
    assert best.targets == ("RE/2026/00123",)
    assert best.likely
    assert "The account has paid for this customer before." in said(best)


def test_paypal_by_email() -> None:
    best = first(
        "42.00", name="Krger", payer_email="Anna.K@posteo.de", source="paypal", code="T0006"
    )
    assert best.targets == ("S00140",)
    assert best.likely
    assert "E-mail known: anna.k@posteo.de." in said(best)
    assert "The way of payment fits." in said(best)


def test_paypal_by_the_shops_number() -> None:
    more = {"source": "paypal", "code": "T0006", "payer_email": "x@y.de"}
    best = first("42.00", name="Anna Hofmann", invoice_id="12-34567-89012", **more)
    assert best.targets == ("S00140",)
    assert best.likely
    number = next(reason for reason in best.reasons if reason.kind == "number")
    assert (number.start, number.end) == (-1, -1), "it is not in the remittance text"


def test_the_end_to_end_id() -> None:
    best = first("119.00", "danke", "Müller", end_to_end_id="RE-2026-00123")
    assert best.targets == ("RE/2026/00123",)
    assert best.likely


def test_a_paypal_order_is_hardly_paid_by_transfer() -> None:
    best = first("42.00", "danke", "Anna Krüger-Hofmann")
    assert best.targets == ("S00140",)
    assert "This document is to be paid by PayPal." in said(best)


def test_the_customer_number_only() -> None:
    best = first("310.75", "Kd.-Nr. K10007", "Horst Fremd")
    assert best.targets == ("RE/2026/00150",)
    assert "Customer number K10007 in the text." in said(best)


@pytest.mark.parametrize(
    "text",
    [
        "Danke",
        "Tel. 0049 26 00150",
        "vom 15.01.2026",
        "01500 Dresden",
        "IBAN DE91 1000 0000 0012 3456 78",
    ],
)
def test_what_is_no_document_number(text: str) -> None:
    proposals, _note = propose("77.77", text, "Horst Fremd")
    assert not proposals


def test_paid_twice() -> None:
    note = silent("75.00", "RE/2026/00099", "Thomas Weiß")
    assert note == "RE/2026/00099 is paid already: perhaps paid twice."


def test_a_paid_document_is_never_a_target() -> None:
    items = [*ITEMS, item("S00190", "weiss", "75.00")]
    proposals, note = propose("75.00", "S00190", "Thomas Weiß", items=items)
    assert [proposal.targets for proposal in proposals] == [("S00190",)]
    assert note is None


@pytest.mark.parametrize(
    ("amount", "text", "name", "more"),
    [
        ("-119.00", "Erstattung RE/2026/00123", "Sabine Müller", {}),
        ("-119.00", "RUECKLASTSCHRIFT RE/2026/00123", "Sabine Müller", {"code": "109"}),
        ("119.00", "Rueckueberweisung AC01 RE/2026/00123", "Sabine Müller", {"code": "159"}),
        ("119.00", "RE/2026/00123", "Sabine Müller", {"code": "PMNT-ICDT-RRTN"}),
        ("119.00", "RETOURE SEPA-UEBERWEISUNG RE/2026/00123", "Sabine Müller", {}),
        ("-42.00", "", "Anna Krüger", {"source": "paypal", "code": "T1107"}),
        ("42.00", "", "Anna Krüger", {"source": "paypal", "code": "T1111"}),
        ("42.00", "", "", {"source": "paypal", "code": "T0200"}),
        ("-1.50", "", "", {"source": "paypal", "code": "T0106"}),
        ("119.00", "Umbuchung", "Unsere Firma GmbH", {}),
        ("1850.00", "Miete 11/2026 Whg 123", "Immobilien KG", {}),
        ("2100.00", "Gehalt November", "Emre Yılmaz", {}),
        ("310.75", "Steuernummer 123/456/00150 Erstattung", "Finanzamt Jena", {}),
        ("0.00", "RE/2026/00123", "Sabine Müller", {}),
    ],
)
def test_no_payment_of_a_document(amount: str, text: str, name: str, more: dict) -> None:
    silent(amount, text, name, **more)


def test_why_a_booking_is_set_aside() -> None:
    assert silent("-42.00", source="paypal", code="T1107").startswith("A refund")
    assert silent("-5.00", "Rücklastschrift", code="109").startswith("A returned payment")


def test_the_number_of_a_document_that_is_not_here() -> None:
    silent("64.00", "Rechnung RE/2026/09981", "Emre Yilmaz")


def test_money_that_goes_out_pays_bills() -> None:
    best = first("-500.00", "BILL/2026/11/0007", "Druckhaus Nord KG")
    assert best.targets == ("BILL/2026/11/0007",)
    assert best.likely
    silent("500.00", "BILL/2026/11/0007", "Druckhaus Nord KG")


def test_currencies_are_never_mixed() -> None:
    silent("99.00", "RE/2026/00151", "Emre Yılmaz")
    best = first("99.00", "RE/2026/00151", "Emre Yılmaz", currency="USD")
    assert best.targets == ("RE/2026/00151",)


def test_a_document_younger_than_the_payment() -> None:
    best = first("119.00", "RE/2026/00123", "Sabine Müller", date=datetime.date(2026, 10, 1))
    assert not best.likely
    assert "The document is younger than the payment." in said(best)


def test_the_threshold() -> None:
    strict = Matcher(PARTNERS, ITEMS, threshold=0.9999)
    found, _note = strict.propose_one(payment("119.00", "danke", "Sabine Müller"))
    assert not found[0].likely
    loose = Matcher(PARTNERS, ITEMS, threshold=0.4)
    found, _note = loose.propose_one(payment("25.00", "danke", "Julia Weber"))
    assert not found[0].likely, "twins are not likely at any threshold"


def test_many_payments_at_once() -> None:
    payments = [
        payment("119.00", "RE/2026/00123", "Sabine Müller", id="1"),
        payment("75.00", "RE/2026/00099", "Thomas Weiß", id="2"),
        payment("3.00", "Zinsen", "Bank", id="3"),
    ]
    proposals, notes = Matcher(PARTNERS, ITEMS).propose(payments)
    assert [proposal.payment for proposal in proposals] == ["1"]
    assert [note.payment for note in notes] == ["2"]


def test_a_discount_term_is_kept_to_the_cent() -> None:
    third = CashDiscount(Decimal(3), datetime.date(2026, 12, 1))
    items = [item("RE/2026/00190", "yilmaz", "33.33", cash_discount=third)]
    best = first("32.33", "RE/2026/00190", "Emre Yilmaz", items=items)
    assert (best.discount, best.likely) == (Decimal("1.00"), True)
