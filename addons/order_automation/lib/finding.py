"""What a hold rule says about one order."""

import hashlib
import json
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """A sentence for people, and a fingerprint of the facts it rests on.

    A person's decision to go on holds as long as the fingerprint stays the same.
    """

    sentence: str
    seen: str = ""
    detail: str = ""


def fingerprint(*facts: object) -> str:
    """A short text that changes when one of the facts does."""
    text = json.dumps(facts, default=str, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()[:20]


def shorten(text: str, length: int = 120) -> str:
    """`text` in one line, cut at a word."""
    line = " ".join(text.split())
    if len(line) <= length:
        return line
    return line[:length].rsplit(" ", 1)[0] + " …"
