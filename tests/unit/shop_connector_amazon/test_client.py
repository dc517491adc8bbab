"""Login, limits and refusals, against the fake account."""

from collections.abc import Callable

import pytest
from automation_core.lib import errors
from automation_core.lib.tokens import MemoryTokens

from shop_connector_amazon.lib import const, explain
from shop_connector_amazon.lib.bucket import MemoryStorage
from shop_connector_amazon.lib.client import SpApi, endpoint
from shop_connector_amazon.lib.orders import OrdersApi
from shop_connector_amazon.lib.tokens import Credentials
from tests.servers.amazon import Seller, generate_orders

from .conftest import Clock

Make = Callable[..., SpApi]


def test_one_token_for_many_calls_and_a_new_one_in_time(
    api: SpApi, seller: Seller, clock: Clock
) -> None:
    for _call in range(5):
        api.call(const.GET_PARTICIPATIONS)
    assert seller.calls["token"] == 1
    clock.sleep(3600 - 200)  # it still holds, but not for long
    api.call(const.GET_PARTICIPATIONS)
    assert seller.calls["token"] == 2


def test_a_token_that_ended_early_is_renewed_once(api: SpApi, seller: Seller) -> None:
    api.call(const.GET_PARTICIPATIONS)
    for token in seller.tokens:
        seller.tokens[token] = 0
    assert api.call(const.GET_PARTICIPATIONS)["payload"]
    assert seller.calls["token"] == 2


def test_another_workers_token_is_used(make_api: Make, seller: Seller) -> None:
    shared = MemoryTokens()
    make_api(tokens=shared).call(const.GET_PARTICIPATIONS)
    make_api(tokens=shared).call(const.GET_PARTICIPATIONS)
    assert seller.calls["token"] == 1


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"refresh_token": "Atzr|old"}, "no longer accepts the authorisation"),
        ({"client_secret": "guessed"}, "client id or secret"),
        ({"client_secret": ""}, "not complete"),
    ],
)
def test_a_wrong_login_is_named_and_not_shown(
    make_api: Make, wrong: dict[str, str], words: str
) -> None:
    with pytest.raises(errors.AuthenticationFailed, match=words) as caught:
        make_api(**wrong).call(const.GET_PARTICIPATIONS)
    said = f"{caught.value} {caught.value.hint} {caught.value!r}"
    assert not any(secret and secret in said for secret in wrong.values())


def test_secrets_are_in_no_representation() -> None:
    login = Credentials("id", "very-secret", "refresh-me")
    assert "secret" not in repr(login).replace("client_secret", "")
    assert login.secrets == ("very-secret", "refresh-me")


def test_limits_are_kept_without_being_refused(api: SpApi, seller: Seller, clock: Clock) -> None:
    number = seller.place(generate_orders(1, kinds=["plain"])[0])
    for _call in range(40):
        api.call(
            const.GET_SOLICITATIONS,
            {"amazonOrderId": number},
            params={"marketplaceIds": "A1PA6795UKMFR9"},
        )
    assert not any("throttled" in name for name in seller.calls)
    assert clock.slept > 30


def test_long_waits_are_for_the_next_run(api: SpApi, seller: Seller) -> None:
    for _call in range(15):
        api.call(const.GET_PARTICIPATIONS)
    with pytest.raises(errors.Throttled) as caught:
        api.call(const.GET_PARTICIPATIONS)
    assert 60 < (caught.value.retry_after or 0) < 63
    assert seller.calls["getMarketplaceParticipations"] == 15


def test_a_refused_call_empties_the_bucket_for_all(make_api: Make, seller: Seller) -> None:
    storage = MemoryStorage()
    seller.fail("throttle", "/sellers/")
    with pytest.raises(errors.Throttled):
        make_api(storage).call(const.GET_PARTICIPATIONS)
    with pytest.raises(errors.Throttled):
        make_api(storage).call(const.GET_PARTICIPATIONS)
    assert seller.calls["getMarketplaceParticipations"] == 0  # the second was not even sent


def test_a_rate_that_amazon_raises_is_used(api: SpApi, seller: Seller) -> None:
    seller.rates["getMarketplaceParticipations"] = (5.0, 15)
    for _call in range(30):
        api.call(const.GET_PARTICIPATIONS)
    assert seller.calls["getMarketplaceParticipations throttled"] == 0


@pytest.mark.parametrize("kind", ["error", "html", "half", "drop", "lost"])
def test_reads_are_tried_again(api: SpApi, seller: Seller, kind: str) -> None:
    seller.fail(kind, "/sellers/", times=2)
    assert api.call(const.GET_PARTICIPATIONS)["payload"]


def test_writes_are_not(api: SpApi, seller: Seller) -> None:
    number = seller.place(generate_orders(1, kinds=["plain"])[0])
    seller.set_status(number, "SHIPPED")
    seller.fail("lost", "/solicitations/productReview")
    with pytest.raises(errors.Unavailable):
        api.call(
            const.SOLICIT_REVIEW,
            {"amazonOrderId": number},
            params={"marketplaceIds": "A1PA6795UKMFR9"},
        )
    assert seller.solicited == [number]


def test_refusals_say_what_to_do(api: SpApi, seller: Seller) -> None:
    seller.fail("denied", "/orders/")
    with pytest.raises(errors.AccessDenied, match="read orders") as caught:
        OrdersApi(api).order("302-0000001-0000001")
    assert "Seller Central" in caught.value.hint
    with pytest.raises(errors.NotFound, match="does not find the order"):
        OrdersApi(api).order("302-0000001-0000001")
    with pytest.raises(errors.NotFound, match="not an order number"):
        OrdersApi(api).order("../secrets")


def test_unknown_sentences_are_amazons_own() -> None:
    told = explain.meaning("Weird", "The moon is full.")
    assert told.text == "Amazon says: The moon is full."
    assert explain.meaning("79525", "").hint.startswith("The account uses Amazon's VAT service")
    assert "carrier" in explain.meaning("InvalidInput", "carrierCode XYZ is invalid").text


def test_only_encrypted_addresses() -> None:
    assert endpoint("") == const.ENDPOINT_EU
    assert endpoint(" http://127.0.0.1:80/ ") == "http://127.0.0.1:80"
    for wrong in ("http://example.com", "ftp://x", "https://user:x@example.com"):
        with pytest.raises(errors.Rejected):
            endpoint(wrong)
