"""What can go wrong when talking to somebody else's server, as named failures.

``message`` is a sentence for the person who runs the shop; ``hint`` says what to do about it. Both
are made with a :class:`.texts.Marker`, so that they can be translated; ``str(error)`` is English.
Neither ever holds a secret: texts pass through :func:`.masking.mask` before they get here.
"""

from __future__ import annotations


class AutomationError(Exception):
    """Base of all named failures. ``retryable``: the same call may work later unchanged."""

    retryable = False

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return self.message


class AuthenticationFailed(AutomationError):
    """The other side does not accept the credentials (HTTP 401 and its disguises)."""


class AccessDenied(AutomationError):
    """The credentials are right, the permission is missing (HTTP 403)."""


class NotFound(AutomationError):
    """The thing asked for does not exist there (HTTP 404, 410 and disguises)."""


class Rejected(AutomationError):
    """The other side understood and refused: repeating is pointless (other HTTP 4xx)."""


class Throttled(AutomationError):
    """Too many requests. ``retry_after`` is in seconds, ``None`` when nothing was said."""

    retryable = True

    def __init__(self, message: str, hint: str = "", retry_after: float | None = None) -> None:
        super().__init__(message, hint)
        self.retry_after = retry_after


class Unavailable(AutomationError):
    """No answer, a time-out or a server error: nothing is known about what happened, try later."""

    retryable = True


class InvalidAnswer(AutomationError):
    """An answer came, but not in the agreed form: HTML for JSON, half a document, too large."""

    retryable = True


def is_passing(error: BaseException) -> bool:
    """Whether a failure may be gone at the next try without anybody doing something."""
    return isinstance(error, AutomationError) and error.retryable
