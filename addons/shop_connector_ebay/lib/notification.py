"""eBay's messages to us: a challenge when the address is entered, signed messages afterwards.

Every application must take MARKETPLACE_ACCOUNT_DELETION. The signature is over the very bytes of
the message.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from odoo.addons.automation_core.lib import errors
from odoo.addons.automation_core.lib.texts import Marker
from odoo.addons.shop_connector.lib.order import clean_text

from . import const
from .explain import AGAIN

_lt = Marker(__name__)

ACCOUNT_DELETION: Final = "MARKETPLACE_ACCOUNT_DELETION"
AUTHORIZATION_REVOCATION: Final = "AUTHORIZATION_REVOCATION"
MAX_BODY: Final = 100_000
MAX_HEADER: Final = 4_000
MOST_KEYS: Final = 20
UNKNOWN_LIFE: Final = 300.0  # seconds: strangers must not make us ask eBay again and again
_KEY_ID = re.compile(r"[0-9A-Za-z_-]{1,64}", re.ASCII)
_DIGESTS: Final[dict[str, type[hashes.HashAlgorithm]]] = {
    "SHA1": hashes.SHA1,
    "SHA256": hashes.SHA256,
    "SHA384": hashes.SHA384,
    "SHA512": hashes.SHA512,
}


@dataclass(frozen=True, slots=True)
class Message:
    """A message of eBay's. ``user_id`` stays when a user changes the name."""

    topic: str
    notification_id: str
    username: str
    user_id: str
    reason: str = ""


def challenge_response(code: str, token: str, endpoint: str) -> str:
    """Return the answer to eBay's GET request, by which it knows that the address is ours.

    :param token: the verification token entered at eBay
    :param endpoint: the address exactly as it was entered at eBay
    """
    return hashlib.sha256(f"{code}{token}{endpoint}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A key eBay signs with."""

    pem: str
    digest: str = "SHA1"

    @classmethod
    def from_answer(cls, data: dict[str, Any]) -> PublicKey:
        """Return the key in eBay's answer, whose text has lost its line breaks.

        :raises errors.InvalidAnswer: when there is none
        """
        text = re.sub(r"-----[^-]+-----|\s+", "", str(data.get("key", "")))
        if data.get("algorithm") != "ECDSA" or not text:
            raise errors.InvalidAnswer(_lt("eBay did not answer with a key."), AGAIN)
        pem = f"-----BEGIN PUBLIC KEY-----\n{text}\n-----END PUBLIC KEY-----\n"
        return cls(pem, str(data.get("digest", "SHA1")).upper().replace("-", ""))

    def verifies(self, signature: bytes, body: bytes) -> bool:
        """Whether a signature is eBay's and over this text."""
        digest = _DIGESTS.get(self.digest)
        try:
            key = serialization.load_pem_public_key(self.pem.encode())
        except (ValueError, UnsupportedAlgorithm):
            return False
        if digest is None or not isinstance(key, ec.EllipticCurvePublicKey):
            return False
        try:
            key.verify(signature, body, ec.ECDSA(digest()))
        except InvalidSignature:
            return False
        return True


class PublicKeys:
    """Keeps eBay's keys for an hour. Plain JSON in and out, for all workers.

    :param fetch: asks eBay for one (``EbayClient.public_key``)
    """

    def __init__(
        self,
        fetch: Callable[[str], dict[str, Any]],
        clock: Callable[[], float] = time.time,
        known: object = None,
    ) -> None:
        self._fetch = fetch
        self._clock = clock
        self._known: dict[str, tuple[float, PublicKey | None]] = {}
        for name, value in (known if isinstance(known, dict) else {}).items():
            end, pem, digest = value
            self._known[name] = (end, PublicKey(pem, digest) if pem else None)

    def as_json(self) -> dict[str, object]:
        """Return the keys, to be kept."""
        return {
            name: [end, key.pem if key else "", key.digest if key else ""]
            for name, (end, key) in self._known.items()
        }

    def knows(self, key_id: str) -> bool:
        """Whether eBay need not be asked about a key."""
        known = self._known.get(key_id)
        return known is not None and known[0] > self._clock()

    def knew(self, key_id: str) -> PublicKey | None:
        """Return a key that eBay had at some time, even if it has to be asked for again by now."""
        return self._known.get(key_id, (0.0, None))[1]

    def _worth(self, key_id: str) -> tuple[bool, float]:
        """Return what counts when there are too many: strangers' inventions go first."""
        end, key = self._known[key_id]
        return key is not None, end

    def get(self, key_id: str) -> PublicKey | None:
        """Return a key, ``None`` where eBay has none by that number.

        :raises errors.AutomationError: when eBay cannot be asked: let it send the message again
        """
        if self.knows(key_id):
            return self._known[key_id][1]
        key: PublicKey | None = None
        life = const.KEY_LIFE
        try:
            key = PublicKey.from_answer(self._fetch(key_id))
        except (errors.NotFound, errors.Rejected):
            life = UNKNOWN_LIFE
        while len(self._known) >= MOST_KEYS:
            del self._known[min(self._known, key=self._worth)]
        self._known[key_id] = (self._clock() + life, key)
        return key


def key_of(header: str, body: bytes) -> str:
    """Return which key a message says it is signed with, "" if it cannot be eBay's."""
    if not 0 < len(body) <= MAX_BODY or not 0 < len(header) <= MAX_HEADER:
        return ""
    parts = _signature(header)
    return parts[0] if parts else ""


def is_from_ebay(header: str, body: bytes, keys: PublicKeys) -> bool:
    """Whether a message is eBay's.

    :param header: the value of X-EBAY-SIGNATURE
    :param body: the request's bytes as they came
    :raises errors.AutomationError: when the key cannot be fetched: let eBay send it again
    """
    key_id = key_of(header, body)
    return bool(key_id) and _fits(keys.get(key_id), header, body)


def seems_from_ebay(header: str, body: bytes, keys: PublicKeys) -> bool:
    """Whether a message fits to a key that eBay had at some time; asks nobody."""
    return _fits(keys.knew(key_of(header, body)), header, body)


def _fits(key: PublicKey | None, header: str, body: bytes) -> bool:
    parts = _signature(header)
    return key is not None and parts is not None and key.verifies(parts[1], body)


def _signature(header: str) -> tuple[str, bytes] | None:
    """Return the key's number and the signature in the header, ``None`` if it is none."""
    try:
        data = json.loads(base64.b64decode(header, validate=True))
        key_id, text = str(data["kid"]), str(data["signature"])
        signature = base64.b64decode(text, validate=True)
    except (ValueError, binascii.Error, KeyError, TypeError, RecursionError):
        return None
    return (key_id, signature) if _KEY_ID.fullmatch(key_id) else None


def read_message(body: bytes) -> Message | None:
    """Return what a message says, ``None`` if it is none of eBay's form."""
    try:
        data = json.loads(body)
        note = data["notification"]
        user = note["data"]
        topic = data["metadata"]["topic"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    if not isinstance(user, dict) or not isinstance(note, dict):
        return None
    return Message(
        topic=clean_text(topic, 100),
        notification_id=clean_text(note.get("notificationId"), 200),
        username=clean_text(user.get("username"), 200),
        user_id=clean_text(user.get("userId"), 200),
        reason=clean_text(user.get("revokeReason"), 100),
    )


def user_marks(names: Iterable[str]) -> list[str]:
    """Return the texts by which orders of a user are found among the raw ones."""
    return [f'"username":{json.dumps(name, ensure_ascii=False)}' for name in sorted(names)]
