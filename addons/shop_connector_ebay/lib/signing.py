"""eBay's digital signature (RFC 9421), which sellers in the EU and the UK need for calls that move
money: cancelling with a refund is one.

The key pair comes from eBay's Key Management API; both halves are shown there once.
"""

from __future__ import annotations

import base64
import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519

from odoo.addons.automation_core.lib import errors
from odoo.addons.automation_core.lib.texts import Marker

_lt = Marker(__name__)


@dataclass(frozen=True, slots=True)
class Signer:
    """Signs requests.

    :param jwe: the public key as eBay wrapped it
    :param private_key: base64 or PEM, as eBay showed it (Ed25519)
    :param authority: the host the request goes to
    """

    jwe: str = field(repr=False)
    private_key: str = field(repr=False)
    authority: str = "api.ebay.com"
    clock: Callable[[], float] = time.time

    def headers(self, method: str, path: str, body: bytes) -> dict[str, str]:
        """Return the headers that sign a request; without a body its digest is left out."""
        names = ["x-ebay-signature-key", "@method", "@path", "@authority"]
        values = [self.jwe, method.upper(), "/" + path.lstrip("/"), self.authority]
        sent = {"x-ebay-signature-key": self.jwe}
        if body:
            digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
            sent["Content-Digest"] = f"sha-256=:{digest}:"
            names.insert(0, "content-digest")
            values.insert(0, sent["Content-Digest"])
        quoted = " ".join(f'"{name}"' for name in names)
        parameters = f"({quoted});created={int(self.clock())}"
        lines = [f'"{name}": {value}' for name, value in zip(names, values, strict=True)]
        base = "\n".join([*lines, f'"@signature-params": {parameters}'])
        signature = base64.b64encode(self._key().sign(base.encode())).decode()
        return {
            **sent,
            "Signature-Input": f"sig1={parameters}",
            "Signature": f"sig1=:{signature}:",
        }

    def _key(self) -> ed25519.Ed25519PrivateKey:
        text = self.private_key.strip()
        if not text.startswith("-----"):
            text = f"-----BEGIN PRIVATE KEY-----\n{text}\n-----END PRIVATE KEY-----\n"
        try:
            key = serialization.load_pem_private_key(text.encode(), None)
        except (ValueError, TypeError, UnsupportedAlgorithm):
            key = None
        if not isinstance(key, ed25519.Ed25519PrivateKey):
            raise errors.Rejected(
                _lt("The account's signing key is not readable."),
                _lt("Create a new key (Ed25519) on eBay's developer site and enter both parts."),
            )
        return key
