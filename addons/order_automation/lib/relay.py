"""Marketplace relay addresses: who is behind one, and what may be sent there.

A relay address (``x1y2z3@marketplace.amazon.de``) belongs to an order, not to a person. The
marketplace reads what is sent there and blocks sellers who break its rules. This module only
compares and decides; which domains exist and what they allow are records
(``automation.mail.relay``).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

# Levels of permission, from strict to free. An invoice level also lets the invoice's PDF pass.
NOTHING = "nothing"
PLAIN = "plain"
INVOICE = "invoice"
ANYTHING = "all"

REFUSED = "refused"
AS_PLAIN_TEXT = "plain"
FREE = "free"

_LABEL = r"[a-z0-9_-]+"
_PATTERN = re.compile(r"(\*\.)?[a-z0-9_-]+(\.[a-z0-9_-]+)*(\.\*)?")
_SOFT = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))


@dataclass(frozen=True, slots=True)
class Relay:
    """One rule: the domains it means, and what may go there automatically and from a person's
    hand.
    """

    name: str
    pattern: str
    automatic: str = NOTHING
    personal: str = ANYTHING


@dataclass(frozen=True, slots=True)
class Letter:
    """What the guard has to know about a mail."""

    personal: bool = False
    invoice: bool = False
    attachments: int = 0


@dataclass(frozen=True, slots=True)
class Verdict:
    """``outcome`` is one of REFUSED, AS_PLAIN_TEXT and FREE; ``why`` is the key of the reason
    when refused.
    """

    outcome: str
    relay: Relay | None = None
    why: str = ""


def domain_of(address: str) -> str:
    """Return the domain in its one comparable form: ASCII (IDNA), lower case, without a closing
    dot.
    """
    text = (
        unicodedata.normalize("NFKC", address).translate(_SOFT).strip().strip("<>\"'()[],;").strip()
    )
    domain = text.rpartition("@")[2].strip().rstrip(".").lower()
    labels = [_ascii_label(label) for label in domain.split(".")]
    return ".".join(labels)


def normal_address(address: str) -> str:
    """Return the address in its one comparable form."""
    return f"{address.rpartition('@')[0].strip().lower()}@{domain_of(address)}"


def is_pattern(pattern: str) -> bool:
    """Tell whether the text can be used as a pattern (``members.ebay.*``, ``*.example.com``,
    ``example.com``).
    """
    return bool(_PATTERN.fullmatch(pattern)) and pattern.strip("*.") != ""


def matches(pattern: str, address: str) -> bool:
    """Tell whether the address lies in the pattern's domain or below it.

    ``.*`` at the end stands for any country ending, also one of two parts (``.co.uk``).
    """
    core = pattern.strip().lower().removeprefix("*.")
    ending = ""
    if core.endswith(".*"):
        core, ending = core[:-2], rf"\.{_LABEL}(\.{_LABEL})?"
    return bool(re.fullmatch(rf"({_LABEL}\.)*{re.escape(core)}{ending}", domain_of(address)))


def find(relays: Iterable[Relay], address: str) -> Relay | None:
    """Return the first relay rule that means the address."""
    return next((relay for relay in relays if matches(relay.pattern, address)), None)


def judge(relays: Sequence[Relay], address: str, letter: Letter) -> Verdict:
    """Decide about one recipient of one mail."""
    relay = find(relays, address)
    if relay is None:
        return Verdict(FREE)
    level = relay.personal if letter.personal else relay.automatic
    if level == ANYTHING:
        return Verdict(FREE, relay)
    if level == NOTHING:
        return Verdict(REFUSED, relay, "nothing")
    if level == INVOICE:
        allowed = letter.invoice or letter.personal
        return Verdict(AS_PLAIN_TEXT, relay) if allowed else Verdict(REFUSED, relay, "invoice")
    if letter.attachments:
        return Verdict(REFUSED, relay, "attachment")
    return Verdict(AS_PLAIN_TEXT, relay)


def _ascii_label(label: str) -> str:
    if label.isascii():
        return label
    try:
        return label.encode("idna").decode("ascii")
    except UnicodeError:
        return label
