"""Whole conversations with a bank, over HTTP."""

import base64
import json
import logging
import re
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from automation_core.lib import errors
from payment_matching.lib.statement.read import read_statements

from payment_matching_fints.lib import bank as bank_module
from payment_matching_fints.lib.codes import (
    AccessLocked,
    LoginRefused,
    PinWrong,
    TanDue,
    TanRefused,
    notice,
)
from payment_matching_fints.lib.model import Finished, Task, Waiting
from tests.servers.fints.dialogue import Answer

from .conftest import START, TODAY

ADDONS = Path(__file__).resolve().parents[3] / "addons"
OTHER_PROCESS = """
import base64, json, sys
sys.path.insert(0, ".")
from automation_core.lib import plain
plain.register()
from payment_matching_fints.lib.bank import Bank
from payment_matching_fints.lib.model import Login, Pause
values = json.load(sys.stdin)
login = Login(**values["login"], state=base64.b64decode(values["state"]))
done = Bank(login).answer(Pause.from_json(values["pause"]), values["tan"])
print(*(account.iban for account in done.accounts))
"""


def text_of(result):
    assert isinstance(result, Finished)
    return b"".join(result.pages).decode("latin-1")


def test_connecting_names_ways_devices_and_accounts(user, bank):
    client = user.client()
    assert [(way.code, way.name) for way in client.mechanisms()] == [
        ("942", "smsTAN"),
        ("944", "photoTAN"),
        ("946", "BankApp"),
        ("962", "chipTAN"),
    ]
    assert client.name == "Testbank für Händler"
    client.choose("942")
    assert client.needs_medium
    assert client.media() == ("Handy", "Altes Handy")
    client.choose("942", "Handy")
    user.keep(client)
    done = user.answer(user.run(Task("accounts")), bank.tan)
    assert isinstance(done, Finished)
    assert done.confirmed
    assert [(one.iban, one.owner, one.product) for one in done.accounts] == [
        ("DE21100200300000123456", "Muster Handels GmbH", "Girokonto"),
        ("DE91100200300000654321", "Muster Handels GmbH", "Tagesgeld"),
    ]


@pytest.mark.parametrize("way", ["944", "946", "962"])
def test_a_way_without_devices_asks_for_none(user, way):
    client = user.client()
    client.mechanisms()
    client.choose(way)
    assert not client.needs_medium


@pytest.mark.parametrize("version", [5, 6, 7])
def test_bookings_come_in_pages_and_whole(user, bank, version):
    bank.kaz_version = version
    user.connect()
    text = text_of(user.fetch())
    assert bank.asked == [(START, TODAY)]
    assert bank.orders.count("HKKAZ") == 3
    assert text.count(":61:") == 6
    assert [text.index(f"RE/2026/0000{place}") for place in range(6)] == sorted(
        text.index(f"RE/2026/0000{place}") for place in range(6)
    )


def test_pages_torn_anywhere_add_up(user, bank):
    bank.torn = True
    user.connect()
    torn = text_of(user.fetch())
    bank.torn = False
    assert torn == text_of(user.fetch())


def test_camt_where_the_bank_has_no_mt940(user, bank):
    bank.form = "camt"
    user.connect()
    done = user.fetch()
    assert isinstance(done, Finished)
    assert done.xml
    assert len(done.pages) == 6
    assert all(page.startswith(b"<?xml") for page in done.pages)
    assert "Käufer 0 &amp; Söhne".encode() in done.pages[0]


def test_no_bookings_are_no_error(user, bank):
    user.connect()
    done = user.fetch(date(2026, 11, 24))
    assert isinstance(done, Finished)
    assert done.pages == ()


@pytest.mark.parametrize("tan_at", ["login", "order"])
def test_an_entered_tan_opens_the_account(user, bank, tan_at):
    user.connect()
    account = user.account()
    bank.tan_at, bank.strong = tan_at, False
    user.connect()
    waiting = user.run(Task("fetch", account, START, TODAY))
    assert isinstance(waiting, Waiting)
    assert waiting.pause.stage == tan_at
    assert waiting.challenge.text == "TAN aus der SMS fuer <b>Umsatzabruf</b>"
    assert not waiting.challenge.decoupled
    done = user.answer(waiting, bank.tan)
    assert isinstance(done, Finished)
    assert done.confirmed
    assert text_of(done).count(":61:") == 6
    again = user.run(Task("fetch", account, START, TODAY))
    assert isinstance(again, Finished)
    assert not again.confirmed


@pytest.mark.parametrize("tan_at", ["login", "order"])
def test_an_app_is_polled_until_the_user_has_confirmed(user, bank, tan_at):
    user.connect("942")
    account = user.account()
    bank.tan_at, bank.strong = tan_at, False
    user.connect("946", "")
    waiting = user.run(Task("fetch", account, START, TODAY))
    assert isinstance(waiting, Waiting)
    assert waiting.challenge.decoupled
    assert waiting.challenge.text == "Bitte in der App freigeben."
    for _ in range(3):
        waiting = user.answer(waiting)
        assert isinstance(waiting, Waiting)
        assert waiting.challenge.decoupled
    bank.confirmed = True
    assert text_of(user.answer(waiting)).count(":61:") == 6


def test_a_bank_that_says_nothing_with_its_question(user, bank):
    bank.shows_challenge = False
    user.connect("946", "")
    waiting = user.run(Task("accounts"))
    assert isinstance(waiting, Waiting)
    assert waiting.challenge.text == ""
    bank.confirmed = True
    assert isinstance(user.answer(waiting), Finished)


def test_a_tan_in_the_middle_keeps_the_pages_before_it(user, bank):
    user.connect()
    account = user.account()
    bank.tan_at, bank.strong = "order", False
    user.connect()
    waiting = user.run(Task("fetch", account, START, TODAY))
    assert isinstance(waiting, Waiting)
    held = replace(waiting, pause=replace(waiting.pause, pages=(b"the page before\r\n",)))
    assert text_of(user.answer(held, bank.tan)).startswith("the page before")


def test_a_picture_and_a_code_to_type(user, bank):
    user.connect("944", "")
    photo = user.run(Task("accounts"))
    assert isinstance(photo, Waiting)
    assert photo.challenge.image.startswith(b"\x89PNG")
    user.connect("962", "")
    chip = user.run(Task("accounts"))
    assert isinstance(chip, Waiting)
    assert chip.challenge.text == "Bitte Karte einstecken"
    assert chip.challenge.flicker == ("88712345", "1234567890", "23,42")


def test_a_wrong_tan(user, bank):
    user.connect()
    with pytest.raises(TanRefused, match="TAN falsch"):
        user.answer(user.run(Task("accounts")), "000000")
    assert bank.wrong_pins == 0


def test_a_wrong_pin_is_sent_once(user, bank):
    user.connect()
    before = bank.logins
    user.login = replace(user.login, pin="falsch")
    with pytest.raises(PinWrong, match="PIN falsch"):
        user.run(Task("accounts"))
    assert (bank.wrong_pins, bank.logins) == (1, before)


def test_a_pin_that_becomes_wrong_in_the_middle_is_not_sent_with_the_goodbye(user, bank):
    user.connect()
    account = user.account()
    bank.strong = False
    waiting = user.run(Task("fetch", account, START, TODAY))
    bank.pin = "changed"
    with pytest.raises(PinWrong):
        user.answer(waiting, bank.tan)
    assert bank.wrong_pins == 1


def test_a_locked_access(user, bank):
    user.connect()
    bank.locked = True
    with pytest.raises(AccessLocked, match="9931"):
        user.run(Task("accounts"))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"bank_code": "10020031"}, "Bankleitzahl unbekannt"),
        ({"user": "somebody"}, "Benutzerkennung unbekannt"),
        ({"customer": "somebody"}, "Kunden-ID unbekannt"),
        ({"product": "UNKNOWN"}, "product registration number"),
    ],
)
def test_a_login_that_does_not_fit(user, bank, change, words):
    with pytest.raises(LoginRefused, match=words):
        user.client(**change).mechanisms()
    assert bank.wrong_pins == 0


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"bank_code": "1002003"}, "not a bank code"),
        ({"product": ""}, "registration number is missing"),
        ({"pin": ""}, "PIN is missing"),
        ({"pin": "sch€in"}, "PIN has characters"),
        ({"pin": "1" * 100}, "PIN has characters"),
        ({"user": ""}, "cannot be right"),
        ({"user": "x" * 31}, "cannot be right"),
        ({"address": "http://bank.example/fints"}, "must begin with https"),
    ],
)
def test_what_no_bank_would_take_is_not_sent(user, bank, change, words):
    with pytest.raises(errors.Rejected, match=words) as caught:
        user.client(**change)
    assert change.get("pin") is None or not change["pin"] or change["pin"] not in str(caught.value)
    assert bank.logins == 0


def test_not_connected_yet(user):
    with pytest.raises(LoginRefused, match="not connected"):
        user.run(Task("accounts"))


def test_the_confirmation_has_run_out(user, bank):
    """A bank that lets nobody in with the PIN alone, and a user without another way."""
    user.connect("")
    with pytest.raises(TanDue):
        user.run(Task("accounts"))


def test_maintenance_passes(user, bank):
    user.connect()
    bank.maintenance = True
    with pytest.raises(errors.Unavailable, match="maintenance"):
        user.run(Task("accounts"))


def test_a_bank_where_the_pin_is_enough(user, bank):
    bank.ways = ()
    client = user.client()
    assert client.mechanisms() == ()
    client.choose("")
    assert not client.needs_medium
    user.keep(client)
    assert isinstance(user.fetch(), Finished)


@pytest.mark.parametrize("page", [b"<html>Online-Banking</html>", b"AAAA", b"", b"SGVsbG8="])
def test_an_answer_that_is_none(user, bank, page):
    bank.page = page
    with pytest.raises(errors.AutomationError) as caught:
        user.client().mechanisms()
    assert "FinTS" in str(caught.value) or "answer" in str(caught.value)


def test_an_address_where_nobody_is(user):
    with pytest.raises(errors.NotFound):
        user.client(address=user.login.address + "x").mechanisms()
    with pytest.raises(errors.Unavailable, match="could not be reached"):
        user.client(address="http://127.0.0.1:9/fints").mechanisms()


def test_a_bank_that_never_ends(user, bank, monkeypatch):
    monkeypatch.setattr(bank_module, "MOST_PAGES", 5)
    user.connect()
    account = user.account()
    bank.endless = True
    bank.days_a_page = 1
    with pytest.raises(errors.InvalidAnswer, match="more pages"):
        user.run(Task("fetch", account, START, TODAY))


def test_giving_up_ends_the_dialogue(user, bank, server):
    user.connect()
    waiting = user.run(Task("accounts"))
    user.client().give_up(waiting.pause)
    assert server.dialogues[waiting.pause.dialog].ended


def test_neither_pin_nor_tan_is_kept_or_logged(user, bank, caplog):
    caplog.set_level(logging.DEBUG)
    user.connect()
    waiting = user.run(Task("accounts"))
    user.answer(waiting, bank.tan)
    kept = json.dumps(waiting.pause.to_json()) + repr(user.login) + repr(waiting)
    logged = "\n".join(record.getMessage() for record in caplog.records)
    assert logged  # the connections do log
    for secret in (bank.pin, bank.tan, base64.b64encode(bank.pin.encode()).decode()):
        assert secret not in kept
        assert secret not in logged
        assert secret.encode() not in _opened(user.login.state)


def _opened(state: bytes) -> bytes:
    import zlib

    return zlib.decompress(state.split(b";", 3)[3])


def test_the_library_hiding_a_pin_elsewhere_changes_nothing(user, bank):
    """Its switch is for the whole process; a second thread would send stars to the bank."""
    from fints.utils import Password

    user.connect()
    try:
        Password.protected = True
        with pytest.raises(PinWrong):
            user.run(Task("accounts"))
    finally:
        Password.protected = False
    # the switch is never thrown by us, so no other thread can meet it
    thrown = []
    original = Password.protect

    def protect():
        thrown.append(True)
        return original()

    Password.protect = protect
    try:
        user.run(Task("accounts"))
    finally:
        Password.protect = original
    assert thrown == []


def test_our_parser_reads_what_comes(user, bank):
    user.connect()
    old = read_statements("a.sta", b"".join(user.fetch().pages))
    bank.form = "camt"
    user.connect()
    new = [read_statements("a.xml", page)[0] for page in user.fetch().pages]
    assert len(old) == len(new) == 6
    for one, other in zip(old, new, strict=True):
        for field in ("date", "amount", "payer_iban", "payer_name", "key"):
            assert getattr(one.lines[0], field) == getattr(other.lines[0], field)
        words = [line.remittance.split() for line in (one.lines[0], other.lines[0])]
        assert words[0] == words[1]


def test_a_new_user_id_is_told(user, bank):
    bank.new_user = "muster9999"
    client = user.client()
    client.mechanisms()
    assert "muster9999" in (notice(client.said) or "")


def test_another_process_goes_on(user, bank):
    """Nothing is left but JSON, the kept state and what the person enters."""
    user.connect()
    waiting = user.run(Task("accounts"))
    assert isinstance(waiting, Waiting)
    values = {
        "login": {
            "address": user.login.address,
            "bank_code": user.login.bank_code,
            "user": user.login.user,
            "pin": bank.pin,
            "product": user.login.product,
        },
        "state": base64.b64encode(user.login.state).decode(),
        "pause": waiting.pause.to_json(),
        "tan": bank.tan,
    }
    done = subprocess.run(
        [sys.executable, "-c", OTHER_PROCESS],
        input=json.dumps(values),
        capture_output=True,
        text=True,
        cwd=ADDONS,
    )
    assert done.stdout.split() == ["DE21100200300000123456", "DE91100200300000654321"], done.stderr


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        (rb"(HIKAZ:\d+:\d+:\d+)\+[^']*'", rb"\1'"),  # a head without anything behind it
        (rb"(HIRMS:\d+:2:\d+\+\d{4}):", rb"\g<1>0:"),  # a code of five digits
    ],
)
def test_what_cannot_be_understood_is_not_left_out(user, bank, monkeypatch, good, bad):
    """The library goes on without segments that it cannot read; bookings would be missing."""
    user.connect()
    account = user.account()
    write = Answer.render
    monkeypatch.setattr(Answer, "render", lambda answer: re.sub(good, bad, write(answer)))
    with pytest.raises(errors.InvalidAnswer, match=r"understood|read"):
        user.run(Task("fetch", account, START, TODAY))
