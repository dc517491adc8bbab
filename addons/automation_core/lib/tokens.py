"""Access tokens: short-lived, fetched once and shared by all workers."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

EARLY: Final = 300.0  # seconds before its end a token is renewed: a long call must not outlive it
LONGEST: Final = 10.0**9  # seconds; what claims to live longer does not say anything

_USABLE = re.compile(r"[\x21-\x7e]{1,8000}")


@dataclass(frozen=True, slots=True)
class Token:
    """An access token and when it ends (epoch)."""

    value: str = field(repr=False)
    expires_at: float


class TokenStore(Protocol):
    """Keeps the token for all workers."""

    def load(self) -> Token | None:
        """Return the token that was saved last."""

    def save(self, token: Token) -> None:
        """Keep a token."""


class MemoryTokens:
    """Keeps the token in memory."""

    def __init__(self, token: Token | None = None) -> None:
        self.token = token

    def load(self) -> Token | None:
        """Return the token that was saved last."""
        return self.token

    def save(self, token: Token) -> None:
        """Keep a token."""
        self.token = token


class JsonTokens:
    """Keeps the token as a plain JSON value, wherever ``read`` and ``write`` keep such."""

    def __init__(self, read: Callable[[], object], write: Callable[[object], object]) -> None:
        self._read = read
        self._write = write

    def load(self) -> Token | None:
        """Return the token that was saved last; what is no token counts as none."""
        known = self._read()
        if not isinstance(known, dict) or not is_usable(known.get("value")):
            return None
        end = known.get("expires_at")
        return Token(known["value"], float(end) if isinstance(end, int | float) else 0.0)

    def save(self, token: Token) -> None:
        """Keep a token."""
        self._write({"value": token.value, "expires_at": token.expires_at})


class CachedToken:
    """Gives access tokens; asks for a new one only when the known one ends.

    :param fetch: asks the other side for a new one
    """

    def __init__(
        self, fetch: Callable[[], Token], store: TokenStore, clock: Callable[[], float] = time.time
    ) -> None:
        self._fetch = fetch
        self._store = store
        self._clock = clock

    def access_token(self, refused: str = "") -> str:
        """Return a token that holds for the next minutes.

        :param refused: a token that has just been refused; another worker may have renewed it
        """
        known = self._store.load()
        if known and known.value != refused and known.expires_at - EARLY > self._clock():
            return known.value
        token = self._fetch()
        self._store.save(token)
        return token.value


def is_usable(value: object) -> bool:
    """Whether a value can stand in a header."""
    return isinstance(value, str) and bool(_USABLE.fullmatch(value))


def life(value: object, usual: float) -> float:
    """Return the seconds something lives, ``usual`` where the other side does not say."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < LONGEST:
        return usual
    return float(value)


def read_token(data: Mapping[str, Any], asked: float, usual: float) -> Token | None:
    """Return the token in an OAuth answer, ``None`` where there is none.

    :param asked: when it was asked for; it lives from then
    :param usual: its life in seconds where the answer does not say
    """
    value = data.get("access_token")
    if not is_usable(value):
        return None
    return Token(str(value), asked + life(data.get("expires_in"), usual))
