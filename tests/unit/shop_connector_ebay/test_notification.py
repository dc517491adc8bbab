"""Messages are eBay's, or they are nobody's."""

import base64
import hashlib
import json
from typing import Any

import pytest
from automation_core.lib import errors
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519
from hypothesis import given, settings
from hypothesis import strategies as st

from shop_connector_ebay.lib import notification
from shop_connector_ebay.lib.client import EbayClient
from shop_connector_ebay.lib.notification import PublicKeys, is_from_ebay, read_message
from shop_connector_ebay.lib.signing import Signer
from tests.servers.ebay import Shop


def compact(message: Any) -> bytes:
    return json.dumps(message, separators=(",", ":"), ensure_ascii=False).encode()


@pytest.fixture(scope="session")
def cases(specs: Any) -> Any:
    path = specs / "testvectors" / "event_notification_signature.json"
    return json.loads(path.read_text("utf-8"))


@pytest.mark.parametrize(
    ("name", "genuine"), [("VALID", True), ("INVALID", False), ("SIGNATURE_MISMATCH", False)]
)
def test_the_vendors_vectors(cases: Any, name: str, genuine: bool) -> None:
    case = cases[name]
    keys = PublicKeys(lambda key_id: dict(case["response"]))
    assert is_from_ebay(case["signature"], compact(case["message"]), keys) is genuine


def test_a_key_that_cannot_be_fetched_lets_ebay_send_it_again(cases: Any) -> None:
    case = cases["ERROR"]

    def fail(key_id: str) -> dict[str, Any]:
        raise errors.Unavailable("down")

    with pytest.raises(errors.Unavailable):
        is_from_ebay(case["signature"], compact(case["message"]), PublicKeys(fail))


def test_one_changed_byte_is_a_forgery(cases: Any) -> None:
    case = cases["VALID"]
    keys = PublicKeys(lambda key_id: dict(case["response"]))
    body = compact(case["message"])
    assert is_from_ebay(case["signature"], body, keys)
    assert not is_from_ebay(case["signature"], body.replace(b"test_user", b"best_user"), keys)
    assert not is_from_ebay(case["signature"], json.dumps(case["message"]).encode(), keys)


def test_keys_are_asked_for_once_an_hour(shop: Shop, client: EbayClient) -> None:
    clock = [0.0]
    keys = PublicKeys(client.public_key, lambda: clock[0])
    body = b'{"metadata":{"topic":"MARKETPLACE_ACCOUNT_DELETION"}}'
    header = shop.keys.header(body)
    for _message in range(3):
        assert is_from_ebay(header, body, keys)
    path = f"GET /commerce/notification/v1/public_key/{shop.keys.key_id}"
    assert shop.requests[path] == 1
    clock[0] = 3601.0
    assert is_from_ebay(header, body, keys)
    assert shop.requests[path] == 2


def test_strangers_do_not_make_us_ask_again_and_again(shop: Shop, client: EbayClient) -> None:
    keys = PublicKeys(client.public_key)
    parts = {"kid": "unknown", "signature": base64.b64encode(b"x").decode()}
    header = base64.b64encode(json.dumps(parts).encode()).decode()
    for _message in range(5):
        assert not is_from_ebay(header, b"{}", keys)
    assert shop.requests["GET /commerce/notification/v1/public_key/unknown"] == 1


def test_the_cache_is_bounded() -> None:
    asked: list[str] = []

    def fetch(key_id: str) -> dict[str, Any]:
        asked.append(key_id)
        raise errors.NotFound("none")

    keys = PublicKeys(fetch)
    for number in range(500):
        assert keys.get(f"k{number}") is None
    assert len(keys._known) <= notification.MOST_KEYS


def test_the_challenge() -> None:
    wanted = hashlib.sha256(b"a8628072tokenhttps://shop.example/ebay/deletion").hexdigest()
    found = notification.challenge_response(
        "a8628072", "token", "https://shop.example/ebay/deletion"
    )
    assert found == wanted


def test_what_a_message_says(cases: Any) -> None:
    message = read_message(compact(cases["VALID"]["message"]))
    assert message
    assert message.topic == notification.ACCOUNT_DELETION
    assert (message.username, message.user_id) == ("test_user", "ma8vp1jySJC")
    assert message.notification_id.startswith("49feeaeb")


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=80), st.binary(max_size=60).map(lambda raw: raw.hex())))
def test_any_header_is_only_refused(header: str) -> None:
    keys = PublicKeys(lambda key_id: {"key": f"A{header}", "algorithm": "ECDSA", "digest": "SHA1"})
    assert not is_from_ebay(header, b"{}", keys)
    packed = base64.b64encode(header.encode("utf-8", "replace")).decode()
    assert not is_from_ebay(packed, b"{}", keys)
    parts = {"kid": "k", "signature": packed}
    assert not is_from_ebay(base64.b64encode(json.dumps(parts).encode()).decode(), b"{}", keys)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200))
def test_any_body_is_a_message_or_none(body: bytes) -> None:
    read_message(body)


@pytest.mark.parametrize(
    "data",
    [
        [],
        {"notification": 3, "metadata": {}},
        {"notification": {"data": []}, "metadata": {"topic": 1}},
        {"notification": {"data": {}}, "metadata": []},
    ],
)
def test_odd_messages_are_none(data: Any) -> None:
    assert read_message(json.dumps(data).encode()) is None


def test_the_signature_of_our_own_calls() -> None:
    key = ed25519.Ed25519PrivateKey.generate()
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()
    bare = "".join(pem.splitlines()[1:-1])
    body = b'{"legacyOrderId":"1"}'
    for text in (pem, bare):
        signer = Signer("the-jwe", text, clock=lambda: 1_700_000_000.0)
        headers = signer.headers("post", "post-order/v2/cancellation", body)
        digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
        base = (
            f'"content-digest": sha-256=:{digest}:\n"x-ebay-signature-key": the-jwe\n'
            '"@method": POST\n"@path": /post-order/v2/cancellation\n"@authority": api.ebay.com\n'
            f'"@signature-params": {headers["Signature-Input"].removeprefix("sig1=")}'
        )
        signature = base64.b64decode(headers["Signature"].removeprefix("sig1=:").rstrip(":"))
        key.public_key().verify(signature, base.encode())
    assert "content-digest" not in signer.headers("POST", "x", b"")["Signature-Input"]
    with pytest.raises(errors.Rejected, match="signing key"):
        Signer("jwe", "nonsense").headers("POST", "x", b"")


def test_inventions_do_not_push_a_good_key_out(shop: Shop, client: EbayClient) -> None:
    """What strangers make up is forgotten first; an old key still tells who may come in."""
    clock = [0.0]
    keys = PublicKeys(client.public_key, lambda: clock[0])
    body = b'{"metadata":{"topic":"MARKETPLACE_ACCOUNT_DELETION"}}'
    header = shop.keys.header(body)
    assert not notification.seems_from_ebay(header, body, keys)
    assert is_from_ebay(header, body, keys)
    clock[0] = 3601.0
    for number in range(30):
        assert keys.get(f"invented-{number}") is None
    kept = PublicKeys(client.public_key, lambda: clock[0], json.loads(json.dumps(keys.as_json())))
    assert not kept.knows(shop.keys.key_id)
    assert notification.seems_from_ebay(header, body, kept)
    assert not notification.seems_from_ebay(header, body + b" ", kept)
    assert not notification.seems_from_ebay("", body, kept)
