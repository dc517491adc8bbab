"""Keep secrets out of logs, error texts and chatter."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import quote, quote_plus

from .texts import Text

STARS = "***"
_URL_LOGIN = re.compile(r"(?P<scheme>[a-z][a-z0-9+.-]*://)[^/\s:@]*:[^/\s@]*@", re.IGNORECASE)
_PARAMETER = re.compile(
    r"(?P<key>\b(?:passwd|password|pwd|pass|secret|client_secret|token|access_token|refresh_token|"
    r"api_?key|signature)=)[^&\s\"']+",
    re.IGNORECASE,
)
_HEADER = re.compile(
    r"(?P<key>\b(?:authorization|x-amz-access-token)\b\W{1,4})[^\r\n,}]+", re.IGNORECASE
)


def mask(text: str, secrets: Iterable[str] = ()) -> str:
    """Return ``text`` with the given secrets, logins in URLs and known credential parameters
    replaced.

    Secrets are found plain and URL-quoted; the longest goes first so that none leaves a readable
    rest. A translatable text stays one: its values are masked.
    """
    if isinstance(text, Text):
        secrets = tuple(secrets)
        return text.changed(lambda value: mask(value, secrets))
    forms = {
        form
        for secret in secrets
        if secret
        for form in (secret, quote(secret, safe=""), quote_plus(secret))
    }
    for form in sorted(forms, key=len, reverse=True):
        text = text.replace(form, STARS)
    text = _URL_LOGIN.sub(rf"\g<scheme>{STARS}@", text)
    text = _PARAMETER.sub(rf"\g<key>{STARS}", text)
    return _HEADER.sub(rf"\g<key>{STARS}", text)
