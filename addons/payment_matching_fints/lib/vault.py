"""A secret that has to lie in the database, made unreadable for who only has the database.

That holds when the key lies elsewhere (the server's configuration file). With a key that lies in
the database too it only keeps the secret from being read in passing: in a list, an export, a log.
"""

from __future__ import annotations

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken


def seal(secret: str, key: str) -> str:
    """Return the secret, unreadable without the key."""
    return _box(key).encrypt(secret.encode()).decode()


def unseal(sealed: str, key: str) -> str:
    """Return the secret; empty when it was sealed with another key."""
    try:
        return _box(key).decrypt(sealed.encode()).decode()
    except (InvalidToken, ValueError):
        return ""


def _box(key: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(key.encode()).digest()))
