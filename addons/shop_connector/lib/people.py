"""By what a buyer is known again."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_STREET = re.compile(
    r"\b(stra(ß|ss)e|str\.?)(?=\W|\d|$)|(?<=\w)(stra(ß|ss)e|str\.?)(?=\W|\d|$)", re.IGNORECASE
)
_UMLAUTS = {ord("ä"): "ae", ord("ö"): "oe", ord("ü"): "ue"}
_EMAIL = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+\.[^@\s<>,;]+")


def squeeze(text: str | None) -> str:
    """Return ``text`` without case, accents, blanks and punctuation; ß is ss, ä is ae."""
    folded = (text or "").casefold().translate(_UMLAUTS)
    plain = unicodedata.normalize("NFKD", folded)
    return "".join(char for char in plain if char.isalnum())


def squeeze_street(text: str | None) -> str:
    """Like :func:`squeeze`, and all ways to write “Straße” are one."""
    return squeeze(_STREET.sub("str", text or ""))


def real_email(email: str, relay_domains: Iterable[str]) -> str:
    """Return the address, lower case, if it is one and belongs to the buyer; "" for a marketplace's
    relay.
    """
    address = email.strip().lower()
    if not _EMAIL.fullmatch(address):
        return ""
    domain = address.rsplit("@", 1)[1]
    for relay in relay_domains:
        if domain == relay or domain.endswith(f".{relay}"):
            return ""
    return address


def is_company(name: str) -> bool:
    """Whether a company field holds a company; locker and post numbers are often typed there."""
    lowered = name.casefold()
    return any(char.isalpha() for char in name) and not lowered.startswith(
        ("packstation", "postfiliale", "postnummer", "filiale", "paketshop")
    )
