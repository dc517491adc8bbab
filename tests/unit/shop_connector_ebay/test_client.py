"""The wire: tokens, quotas, refusals in the user's words."""

import json
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from automation_core.lib import errors
from automation_core.lib.http import Answer, HttpClient
from automation_core.lib.texts import Text
from shop_connector.lib.channel import CheckLine

from shop_connector_ebay.lib import check, const, explain
from shop_connector_ebay.lib.client import EbayClient
from shop_connector_ebay.lib.consent import (
    Application,
    Consent,
    ConsentEnded,
    consent_url,
    read_code,
)
from shop_connector_ebay.lib.limits import Quotas, Revisions, read_quotas
from shop_connector_ebay.lib.oauth import OAuthClient
from tests.servers.ebay import EbayServer, Shop, generate_orders

from .conftest import NOW, Connect, vector

DAY = 86_400.0


@pytest.fixture
def oauth(server: EbayServer, shop: Shop, application: Application) -> OAuthClient:
    http = HttpClient(server.url, secrets=application.secrets)
    return OAuthClient(http, application, lambda: shop.now().timestamp())


# -- consent --------------------------------------------------------------------


def test_the_page_for_the_consent(application: Application) -> None:
    url = consent_url(const.SANDBOX, application, "s3cr3t-state", login=True)
    parts, query = urlsplit(url), parse_qs(urlsplit(url).query)
    assert (parts.netloc, parts.path) == ("auth.sandbox.ebay.com", "/oauth2/authorize")
    assert query["redirect_uri"] == ["Muster-RuName"]
    assert query["response_type"] == ["code"]
    assert query["prompt"] == ["login"]
    assert const.SCOPE_ORDERS in query["scope"][0].split()
    assert application.cert_id not in url


def test_scopes_exist_at_ebay(specs: Any) -> None:
    rows = json.loads((specs / "oauth" / "production_scopes.json").read_text("utf-8"))
    assert set(const.SCOPES) <= {row["Scope"] for row in rows if row}


def test_an_incomplete_application_is_said() -> None:
    with pytest.raises(errors.Rejected, match="not complete"):
        consent_url(const.PRODUCTION, Application("a", "b"), "x")


def test_the_code_is_read_out_of_what_people_paste() -> None:
    assert read_code("v%5E1.1%23code") == "v^1.1#code"
    url = "https://shop.example/ebay?state=s&code=v%5E1.1%23code&expires_in=299"
    assert read_code(url, "s") == "v^1.1#code"
    with pytest.raises(errors.Rejected, match="another request"):
        read_code(url, "other")
    with pytest.raises(errors.Rejected, match="did not agree"):
        read_code("https://shop.example/ebay?error=access_denied")
    with pytest.raises(errors.Rejected, match="no code"):
        read_code("https://shop.example/ebay?state=s")


def test_a_code_becomes_a_consent_once(shop: Shop, oauth: OAuthClient) -> None:
    code = shop.tokens.code
    consent, token = oauth.exchange(code)
    assert consent.state(NOW.timestamp()) == "valid"
    assert consent.expires_at == pytest.approx(NOW.timestamp() + 47_304_000)
    assert token.expires_at == pytest.approx(NOW.timestamp() + 7200)
    assert consent.refresh_token not in repr(consent)
    assert token.value not in repr(token)
    with pytest.raises(errors.Rejected, match="only once"):
        oauth.exchange(code)


def test_the_states_of_a_consent() -> None:
    assert Consent().state(0) == "missing"
    assert Consent("r", 100 * DAY).state(0) == "valid"
    assert Consent("r", 20 * DAY).state(0) == "ending"
    assert Consent("r", DAY).state(2 * DAY) == "expired"
    assert Consent("r", 100 * DAY, revoked=True).state(0) == "revoked"
    assert Consent("r").state(0) == "valid"


def test_a_withdrawn_consent_is_told_apart_from_wrong_keys(
    shop: Shop, oauth: OAuthClient, server: EbayServer
) -> None:
    shop.tokens.revoked = True
    with pytest.raises(ConsentEnded, match="withdrawn") as raised:
        oauth.refresh(Consent(shop.tokens.refresh_token))
    assert raised.value.state == "revoked"
    with pytest.raises(ConsentEnded, match="18 months"):
        oauth.refresh(Consent("r", 1.0))
    with pytest.raises(ConsentEnded, match="not connected"):
        oauth.refresh(Consent())
    wrong = OAuthClient(HttpClient(server.url), Application(shop.app_id, "wrong", "x"))
    with pytest.raises(errors.AuthenticationFailed, match="Cert ID"):
        wrong.refresh(Consent("r"))


@pytest.mark.parametrize(
    "body", [b"[]", b"{}", b'{"access_token": 3}', b'{"access_token": "a\\nb"}', b"{"]
)
def test_odd_answers_of_the_login(
    oauth: OAuthClient, monkeypatch: pytest.MonkeyPatch, body: bytes
) -> None:
    monkeypatch.setattr(HttpClient, "request", lambda *args, **more: Answer(200, {}, body))
    with pytest.raises(errors.InvalidAnswer):
        oauth.refresh(Consent("r"))


def test_the_documents_own_token_answers(
    specs: Any, oauth: OAuthClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def answer(name: str, status: int) -> None:
        body = json.dumps(vector(specs, name)).encode()
        monkeypatch.setattr(HttpClient, "request", lambda *args, **more: Answer(status, {}, body))

    answer("token_refresh_response", 200)
    assert oauth.refresh(Consent("r")).value == "v^1.1#SYNTHETIC-ACCESS-TOKEN"
    answer("token_refresh_error", 400)
    with pytest.raises(ConsentEnded):
        oauth.refresh(Consent("r"))


def test_one_token_serves_many_calls(shop: Shop, client: EbayClient) -> None:
    for _call in range(5):
        client.user()
    assert shop.tokens.issued == 1
    shop.clock_offset = timedelta(hours=1, minutes=56)
    client.user()
    assert shop.tokens.issued == 2


def test_a_token_that_ends_early_is_renewed_once(shop: Shop, client: EbayClient) -> None:
    client.user()
    shop.tokens.expire()
    client.user()
    assert shop.tokens.issued == 2
    shop.fail("unauthorised", "/user/", times=10)
    with pytest.raises(errors.AuthenticationFailed):
        client.user()
    assert shop.tokens.issued == 3


def test_no_secret_shows_in_errors(shop: Shop, client: EbayClient) -> None:
    shop.fail("drop", times=9)
    with pytest.raises(errors.AutomationError) as raised:
        client.user()
    shown = f"{raised.value!r} {raised.value.hint}"
    for secret in (shop.cert_id, shop.tokens.refresh_token):
        assert secret not in shown


# -- refusals -------------------------------------------------------------------


def test_a_missing_right_is_said(shop: Shop, client: EbayClient) -> None:
    shop.tokens.granted = frozenset({const.SCOPE, const.SCOPE_IDENTITY})
    with pytest.raises(errors.AccessDenied, match="consent does not cover") as raised:
        client.orders("", 10, 0)
    assert "Connect with eBay" in raised.value.hint


@pytest.mark.parametrize(
    ("name", "status", "kind", "said"),
    [
        ("error_400_tracking", 400, explain.Refused, "tracking number"),
        ("error_401_token", 401, errors.AuthenticationFailed, "login"),
    ],
)
def test_the_documents_own_errors(
    specs: Any, name: str, status: int, kind: type[Exception], said: str
) -> None:
    body = json.dumps(vector(specs, name)).encode()
    error = explain.failure(Answer(status, {}, body))
    assert type(error) is kind
    assert said in error.message
    assert isinstance(error.message, Text)
    assert error.hint


def test_every_documented_error_of_our_calls_is_a_sentence(specs: Any) -> None:
    for name, operations in {
        "sell_fulfillment_v1_oas3": {"getOrders", "getOrder", "createShippingFulfillment"},
        "sell_inventory_v1_oas3": {"bulkUpdatePriceQuantity", "getOffers"},
        "commerce_feedback_v1_beta_oas3": {"leaveFeedback"},
    }.items():
        document = json.loads((specs / "openapi" / f"{name}.json").read_text("utf-8"))
        for methods in document["paths"].values():
            for operation in methods.values():
                if isinstance(operation, dict) and operation["operationId"] in operations:
                    _check_errors(operation)


def _check_errors(operation: Any) -> None:
    for status, answer in operation["responses"].items():
        for number, row in (answer.get("x-response-codes") or {}).get("errors", {}).items():
            body = {"errors": [{"errorId": int(number), "message": row["description"]}]}
            error = explain.failure(Answer(int(status), {}, json.dumps(body).encode()))
            assert error.message
            assert error.hint


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"errors": 3}', b'{"errors": [3]}'])
def test_refusals_without_words(body: bytes) -> None:
    for status in (400, 403, 404, 409):
        error = explain.failure(Answer(status, {}, body))
        assert error.message
        assert not error.retryable


# -- quotas ---------------------------------------------------------------------


def test_the_quota_is_respected_before_ebay_stops_us(shop: Shop, client: EbayClient) -> None:
    shop.limits["fulfillment"] = 60
    client.quotas.learn(read_quotas(client.rate_limits()))
    for _call in range(10):
        client.orders("", 1, 0)
    with pytest.raises(errors.Throttled) as raised:
        client.orders("", 1, 0)
    assert shop.used["fulfillment"] == 10
    assert raised.value.retry_after == pytest.approx(19 * 3600, abs=10)
    assert client.user()["username"] == "muster-shop"


def test_when_ebay_stops_us_the_reset_is_known(shop: Shop, client_for: Connect) -> None:
    client = client_for(quotas=Quotas({"fulfillment": {"remaining": 900, "reset": 9e9}}))
    shop.fail("throttle", "/order", times=9)
    with pytest.raises(errors.Throttled) as raised:
        client.orders("", 1, 0)
    assert raised.value.retry_after
    calls = shop.requests["all"]
    with pytest.raises(errors.Throttled):
        client.orders("", 1, 0)
    assert shop.requests["all"] == calls
    assert Quotas(client.quotas.as_json()).as_json()["fulfillment"] == {
        "remaining": 0,
        "reset": 9e9,
    }


def test_a_new_day_begins_anew() -> None:
    quotas = Quotas({"inventory": {"remaining": 0, "reset": 10.0}})
    with pytest.raises(errors.Throttled):
        quotas.spend("inventory", 5.0)
    quotas.spend("inventory", 11.0)
    quotas.spend("inventory", 12.0)


def test_a_listing_is_changed_250_times_a_day() -> None:
    now = NOW.timestamp()
    revisions = Revisions()
    taken = 0
    while revisions.take("1", now):
        taken += 1
    assert taken == 220
    kept = Revisions(json.loads(json.dumps(revisions.as_json())))
    assert kept.take("2", now)
    assert sum(kept.take("1", now, urgent=True) for _try in range(40)) == 30
    assert not kept.take("1", now + 6 * 3600)  # it is still the same day in California
    assert kept.take("1", now + DAY)


@pytest.mark.parametrize("data", [None, [], {}, {"rateLimits": [3, {"resources": 1}]}])
def test_odd_quotas_are_none(data: Any) -> None:
    assert read_quotas(data) == ()


# -- connection test ------------------------------------------------------------


def texts(lines: list[CheckLine], ok: bool) -> str:
    return "\n".join(line.text for line in lines if line.ok is ok)


def test_the_connection_test_when_all_is_well(shop: Shop, client: EbayClient) -> None:
    for order in generate_orders(count=4, start=NOW - timedelta(days=1)):
        shop.add(order)
    lines = check.check(client, Consent("r", NOW.timestamp() + 400 * DAY))
    good = texts(lines, ok=True)
    assert texts(lines, ok=False) == ""
    assert "muster-shop" in good
    assert "400 days" in good
    assert "4 in the last 7 days" in good
    assert "fulfillment" in good
    assert all(isinstance(line.text, Text) for line in lines)


def test_the_connection_test_names_what_is_wrong(shop: Shop, client_for: Connect) -> None:
    shop.user |= {"accountType": "INDIVIDUAL"}
    shop.registered = False
    shop.limits["inventory"], shop.used["inventory"] = 1000, 980
    shop.tokens.granted -= {const.SCOPE_STOCK}
    client = client_for()
    client.clock = lambda: shop.now().timestamp() - 3600
    bad = texts(check.check(client, Consent("r", NOW.timestamp() + 5 * DAY)), ok=False)
    for said in ("private", "ends in 5 days", "60 minutes", "registration", "Stock cannot"):
        assert said in bad
    assert "inventory" in bad


def test_the_connection_test_without_a_consent(shop: Shop, client: EbayClient) -> None:
    shop.tokens.revoked = True
    (line,) = check.check(client, Consent("r"))
    assert not line.ok
    assert "withdrawn" in line.text
