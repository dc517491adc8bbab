"""Texts that shops send with HTML in them."""

from __future__ import annotations

import html
import re

_BREAK = re.compile(r"<br\s*/?>|</p>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-z][^<>]*>|<!--", re.IGNORECASE)


def plain_text(text: str) -> str:
    """Return ``text`` without HTML: tags go, entities become characters, breaks become lines."""
    if "<" in text:
        text = _TAG.sub("", _BREAK.sub("\n", text))
    return html.unescape(text) if "&" in text else text
