"""The fake keeps to PayPal's own documents, and refuses what they do not allow."""

from datetime import timedelta
from typing import Any

import pytest
import requests

from tests.servers.paypal import PayPalServer, Spec

from .conftest import NOW

DAY = timedelta(days=1)
GOOD = {"start_date": "2026-11-20T00:00:00Z", "end_date": "2026-11-21T00:00:00Z"}


@pytest.fixture
def strict(spec: Spec) -> Any:
    """A server whose violations are the test's business."""
    with PayPalServer(spec=spec, now=NOW) as running:
        yield running


def login(server: PayPalServer) -> dict[str, str]:
    answer = requests.post(
        f"{server.url}/v1/oauth2/token",
        data={"grant_type": "client_credentials"},
        auth=(server.tokens.client_id, server.tokens.secret),
        timeout=5,
    )
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}


def ask(server: PayPalServer, path: str = "reporting/transactions", **params: Any) -> Any:
    url = f"{server.url}/v1/{path}"
    return requests.get(url, params=params, headers=login(server), timeout=5)


@pytest.mark.parametrize(
    "params",
    [
        {},
        {**GOOD, "start_date": "2026-11-20"},
        {**GOOD, "start_date": "2026-11-20T00:00:00+0000"},
        {**GOOD, "page_size": "501"},
        {**GOOD, "page": "0"},
        {**GOOD, "page": "one"},
        {**GOOD, "limit": "5"},
        {**GOOD, "start_date": "2026-10-20T00:00:00Z"},
        {**GOOD, "start_date": "2026-11-22T00:00:00Z"},
        {**GOOD, "start_date": "2016-11-22T00:00:00Z", "end_date": "2016-11-23T00:00:00Z"},
    ],
)
def test_what_the_documents_do_not_allow(strict: PayPalServer, params: dict[str, str]) -> None:
    assert ask(strict, **params).status_code == 400
    assert len(strict.violations) == 1


@pytest.mark.parametrize("path", ["reporting/nonsense", "payments/captures"])
def test_unknown_paths(strict: PayPalServer, path: str) -> None:
    assert ask(strict, path).status_code == 400
    assert len(strict.violations) == 1


def test_without_fields_there_is_no_payer(strict: PayPalServer) -> None:
    strict.add_payment("10", at=NOW - 3 * DAY)
    (row,) = ask(strict, **GOOD).json()["transaction_details"]
    assert list(row) == ["transaction_info"]
    (row,) = ask(strict, **GOOD, fields="all").json()["transaction_details"]
    assert "payer_info" in row
    assert strict.violations == []


def test_all_answers_are_as_documented(strict: PayPalServer) -> None:
    """Each answer is held against the documents; a wrong one raises there and the line is cut."""
    strict.colon = True
    when = NOW - timedelta(days=3) + timedelta(hours=1)
    payment = strict.add_payment("10", "A1", "Jo Muster", "jo@example.com", at=when, note="n")
    strict.add_refund(payment, "5", at=when)
    strict.add_chargeback(payment, at=when)
    strict.add_payment("10", at=when, currency="USD", rate="0.9")
    strict.add_payout("5", at=when)
    assert len(ask(strict, **GOOD, fields="all").json()["transaction_details"]) == 8
    assert ask(strict, "reporting/balances").json()["balances"][0]["currency"] == "EUR"
    url = f"{strict.url}/v2/payments/captures/{payment}"
    answer = requests.get(url, headers=login(strict), timeout=5)
    assert answer.json()["status"] == "COMPLETED"
    assert strict.violations == []
