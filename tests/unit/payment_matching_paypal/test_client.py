"""PayPal on the wire: login, tokens, refusals."""

import logging
from datetime import timedelta

import pytest
from automation_core.lib import errors
from automation_core.lib.tokens import MemoryTokens

from payment_matching_paypal.lib import check, explain
from payment_matching_paypal.lib.answer import read_page
from payment_matching_paypal.lib.client import PayPalClient
from tests.servers.paypal import PayPalServer

from .conftest import NOW, Connect

TOKEN = "POST /v1/oauth2/token"
SEARCH = "GET /v1/reporting/transactions"


def ask(client: PayPalClient) -> int:
    return len(read_page(client.transactions(NOW - timedelta(days=1), NOW, 1)).rows)


def test_a_token_is_reused(server: PayPalServer, client: PayPalClient) -> None:
    server.add_payment("10", at=NOW)
    assert [ask(client) for _time in range(3)] == [1, 1, 1]
    assert (server.requests[TOKEN], server.requests[SEARCH]) == (1, 3)


def test_clients_of_one_login_share_the_token(server: PayPalServer, client_for: Connect) -> None:
    store = MemoryTokens()
    ask(client_for(store=store))
    ask(client_for(store=store))
    assert server.requests[TOKEN] == 1


def test_a_token_that_ended_early_is_renewed_once(
    server: PayPalServer, client: PayPalClient
) -> None:
    ask(client)
    server.tokens.expire()
    assert ask(client) == 0
    assert server.requests[TOKEN] == 2
    server.fail("unauthorised", "transactions", times=2)
    with pytest.raises(errors.AuthenticationFailed):
        ask(client)


def test_a_right_that_was_granted_later_needs_a_new_token(
    server: PayPalServer, client: PayPalClient
) -> None:
    granted, server.tokens.scopes = server.tokens.scopes, ()
    with pytest.raises(errors.AccessDenied) as refused:
        ask(client)
    assert "Transaction Search" in refused.value.hint
    server.tokens.scopes = granted
    assert ask(client) == 0


@pytest.mark.parametrize(
    ("kind", "failure"),
    [
        ("throttle", errors.Throttled),
        ("error", errors.Unavailable),
        ("html", errors.InvalidAnswer),
        ("maintenance", errors.Unavailable),
        ("drop", errors.Unavailable),
        ("half", errors.Unavailable),
    ],
)
def test_disturbances_are_named_and_pass(
    server: PayPalServer, client: PayPalClient, kind: str, failure: type[Exception]
) -> None:
    server.fail(kind, "transactions", times=9)
    with pytest.raises(failure) as caught:
        ask(client)
    assert errors.is_passing(caught.value)
    server.faults.clear()
    assert ask(client) == 0


def test_a_short_disturbance_is_not_noticed(server: PayPalServer, client: PayPalClient) -> None:
    server.fail("throttle", "transactions", seconds=2)
    server.fail("error", "transactions", times=0)
    assert ask(client) == 0


def test_wrong_credentials(server: PayPalServer, client_for: Connect) -> None:
    with pytest.raises(errors.AuthenticationFailed) as refused:
        ask(client_for("wrong-secret"))
    assert "sandbox" in refused.value.hint
    assert server.requests[SEARCH] == 0


def test_refusals_in_words(server: PayPalServer, client: PayPalClient) -> None:
    server.delay = timedelta(hours=3)
    with pytest.raises(explain.NotYet):
        client.transactions(NOW - timedelta(hours=1), NOW, 1)
    server.limit = 1
    for hours in (5, 6):
        server.add_payment("10", at=NOW - timedelta(hours=hours))
    with pytest.raises(explain.TooManyRows):
        client.transactions(NOW - timedelta(hours=8), NOW, 1)
    with pytest.raises(errors.NotFound):
        client.capture("9XX")


@pytest.mark.parametrize("body", ["", "[]", "null", '{"details": 5}', '{"name": {}}', "<html>"])
def test_odd_refusals(body: str) -> None:
    assert explain.read_error(body.encode()).name == ""


def test_no_secret_shows(
    server: PayPalServer, client_for: Connect, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    secret = "EGeheim-und-sehr-lang"
    client = client_for(secret)
    server.fail("drop", times=1)
    for _time in range(2):
        with pytest.raises(errors.AutomationError) as failed:
            ask(client)
        assert secret not in f"{failed.value} {failed.value.hint} {failed.value!r}"
    ask(client_for())
    login = client_for(secret)._login._credentials
    for word in (*login.secrets, server.tokens.secret, "A21AAmuster"):
        assert word not in caplog.text
    assert secret not in repr(login)


def test_balances_in_the_connection_test(server: PayPalServer, client: PayPalClient) -> None:
    payment = server.add_payment("100", at=NOW - timedelta(hours=1), fee="-3")
    lines = list(check.check(client, NOW))
    assert [line.ok for line in lines] == [True, True]
    balance = check.read_balance(client, "EUR")
    assert balance is not None
    assert (balance.total, balance.withheld) == (97, 0)
    server.add_hold(payment)
    held = check.read_balance(client, "EUR")
    assert held is not None
    assert (held.total, held.withheld) == (97, 100)
    assert check.read_balance(client, "SEK") is None


def test_the_missing_right_is_said(server: PayPalServer, client: PayPalClient) -> None:
    server.tokens.scopes = server.tokens.scopes[1:]
    lines = list(check.check(client, NOW))
    assert [line.ok for line in lines] == [True, False]
    assert "Transaction Search" in lines[1].text
    assert "developer site" in lines[1].hint
