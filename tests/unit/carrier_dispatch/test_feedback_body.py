"""Feedback in the words of a mail: never from quoted mails or signatures, never slow."""

import time
from datetime import UTC, datetime

import pytest
from carrier_dispatch.lib.feedback import body
from carrier_dispatch.lib.feedback.model import ColumnMap, FeedbackError
from hypothesis import given, settings
from hypothesis import strategies as st

ONE, TWO = "00340434161094000001", "00340434161094000018"
USUAL = "Auftrag {order} … Sendungsnummer {number}"


def found(text, *templates, is_html=False):
    """What a mail says: the deliveries with their numbers."""
    reading = body.read(text, templates or (USUAL,), is_html=is_html)
    assert reading.problems == ()
    return {
        feedback.keys: [parcel.number for parcel in feedback.parcels]
        for feedback in reading.feedbacks
    }


@pytest.mark.parametrize(
    "text",
    [
        f"Hallo,\nAuftrag S00123 wurde versendet. Sendungsnummer: {ONE}\nGruß",
        f"auftrag: S00123\r\nVersand mit DHL\r\nSENDUNGSNUMMER\r\n{ONE}",
        f"Ihr Auftrag S00123 ist unterwegs, die Sendungsnummer ist {ONE}.",
        "Auftrag S00123, Sendungsnummer 0034 0434 1610 9400 0001 Vielen Dank",
        f"Auftrag=S00123; Sendungsnummer={ONE};",
    ],
)
def test_a_template_finds_order_and_number(text):
    templates = (USUAL, "Auftrag {order} … Sendungsnummer ist {number}")
    assert found(text, *templates) == {("S00123",): [ONE]}


def test_several_orders_and_several_parcels():
    text = (
        f"Auftrag WH/OUT/00042\nSendungsnummer {ONE}\nSendungsnummer {TWO}\n"
        "Auftrag S2: noch nicht fertig\n"
        "Auftrag S3\nSendungsnummer 1Z999AA10123456784"
    )
    assert found(text) == {("WH/OUT/00042",): [ONE, TWO], ("S3",): ["1Z999AA10123456784"]}


def test_the_number_before_the_order_and_other_words():
    text = f"Tracking no. {ONE} (DHL) for your order 302-1234567-7654321, sent 02.03.2026"
    template = "Tracking no. {number} ({carrier}) … order {shop_order}, sent {date}"
    [feedback] = body.read(text, (template,)).feedbacks
    assert feedback.keys == ("302-1234567-7654321",)
    assert feedback.parcels[0].carrier == "DHL"
    assert feedback.shipped_at == datetime(2026, 3, 2, 11, 0, tzinfo=UTC)


def test_the_carrier_of_the_map():
    columns = ColumnMap({}, carrier="dhl")
    reading = body.read(f"Auftrag S1 Sendungsnummer {ONE[2:]}", (USUAL,), columns)
    assert reading.feedbacks[0].parcels[0].carrier == "dhl"
    assert reading.problems[0].warning
    assert ONE in reading.problems[0].sentence


def test_a_number_of_another_order_is_not_taken():
    text = f"Auftrag S1 kommt später. Auftrag S2: Sendungsnummer {ONE}"
    assert found(text) == {("S2",): [ONE]}
    assert found("Auftrag S1" + " x" * body.GAP + f" Sendungsnummer {ONE}") == {}


@pytest.mark.parametrize(
    "before",
    [
        "> ",
        "Am 02.03.2026 um 10:00 schrieb Shop <a@example.com>:\n",
        "On Mon, Mar 2, 2026 at 10:00 AM Shop <a@example.com> wrote:\n",
        "On Mon, Mar 2, 2026 at 10:00 AM A Very Long Name <a@example.com>\nwrote:\n",
        "-----Ursprüngliche Nachricht-----\n",
        "----- Original Message -----\n",
        "________________________________\n",
        "Von: Shop\nGesendet: Montag\nAn: Lager\n",
        "From: Shop\nSent: Monday\n",
        "-- \n",
        "Mit freundlichen Grüßen\n",
        "Viele Grüße\n",
        "Best regards,\n",
    ],
)
def test_quoted_mails_and_signatures_are_not_looked_at(before):
    line = f"Auftrag S9 Sendungsnummer {TWO}"
    text = f"Auftrag S1 Sendungsnummer {ONE}\n\n{before}{line}\n"
    assert found(text) == {("S1",): [ONE]}


def test_a_senders_own_line_is_no_head_of_a_mail():
    text = f"Von: Lager Nord\nAuftrag S1 Sendungsnummer {ONE}\n"
    assert found(text) == {("S1",): [ONE]}


def test_html_without_its_quotes():
    page = f"""<html><head><style>x</style></head><body><table><tr><td>Auftrag</td><td>S1</td></tr>
    <tr><td>Sendungsnummer:</td><td><b>{ONE}</b></td></tr></table>
    <blockquote>Auftrag S9 Sendungsnummer {TWO}</blockquote>
    <div class="x gmail_quote">Auftrag S8 Sendungsnummer {TWO}</div>
    <div id="divRplyFwdMsg">Von</div><div>Auftrag S7 Sendungsnummer {TWO}</div></body></html>"""
    assert found(page, is_html=True) == {("S1",): [ONE]}
    assert found("", is_html=True) == {}
    assert found("<div>" * 5000 + page, is_html=True) in ({}, {("S1",): [ONE]})


@pytest.mark.parametrize(
    "template",
    ["", "Auftrag", "Auftrag {order}", "Sendung {number}", "{order} {number}",
     "A {order} … {number}", "A {order} {order} N {number}", "A {order} N {number} {x}",
     "A {order N {number}", "A } {order}", "A {order} N {number} " + "x" * 600],
)  # fmt: skip
def test_a_template_that_cannot_be_used(template):
    with pytest.raises(FeedbackError) as refusal:
        body.read("text", (template,))
    assert refusal.value.hint or template


def test_signs_of_a_template_mean_themselves():
    text = f"Order (a+b)* S1 Number [x] {ONE}"
    assert found(text, "Order (a+b)* {order} Number [x] {number}") == {("S1",): [ONE]}


@pytest.mark.parametrize(
    "hostile",
    [
        "Auftrag S1 " * 20_000,
        "Auftrag " * 50_000,
        "Auftrag S1 Sendungsnummer " * 10_000,
        f"Auftrag S1 Sendungsnummer {ONE} " * 5_000,
        "Auftrag S1 Sendungsnummer " + "12 " * 50_000,
        "Auftrag " + "1" * 200_000,
        "a-" * 100_000,
        " " * 300_000 + "x",
        "On " + "x" * 300_000,
        "Von:" * 100_000,
        "-" * 300_000,
        "\n" * 300_000,
        "Am " + "a " * 100_000 + "schrie",
    ],
)
def test_no_mail_takes_long(hostile):
    started = time.monotonic()
    body.read(hostile, (USUAL, "Auftrag {order} … Sendungsnummer … Nummer {number}"))
    body.read(hostile, (USUAL,), is_html=True)
    assert time.monotonic() - started < 5


PIECES = st.sampled_from(
    ["Auftrag ", "Sendungsnummer ", "S1", ONE, "\n", "> ", "-- \n", "3.4E+19", "<div>", "\x00", "…"]
)


@settings(max_examples=200, deadline=None)
@given(st.lists(PIECES | st.text(max_size=6), max_size=30).map("".join), st.booleans())
def test_any_mail_is_read(text, is_html):
    reading = body.read(text, (USUAL,), is_html=is_html)
    assert all(feedback.keys and feedback.parcels for feedback in reading.feedbacks)


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="aA {}orderumbn….+*()[]\\", max_size=30), st.text(max_size=100))
def test_any_template_is_used_or_refused(template, text):
    try:
        body.read(text, (template,))
    except FeedbackError as error:
        said = error
    else:
        return
    assert 0 < len(str(said)) < 300
