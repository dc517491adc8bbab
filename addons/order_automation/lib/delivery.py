"""What a mail server's refusal means: wait, mend the address, or mend the connection."""

from __future__ import annotations

import re

TEMPORARY = "temporary"
ADDRESS = "address"
SERVER = "server"
REFUSED = "refused"

# Odoo's failure types (mail.mail.failure_type)
_BY_TYPE = {
    "mail_smtp": SERVER,
    "mail_email_invalid": ADDRESS,
    "mail_email_missing": ADDRESS,
    "mail_from_invalid": REFUSED,
    "mail_from_missing": REFUSED,
    "mail_spam": REFUSED,
    "mail_bl": REFUSED,
}
_ANSWER = re.compile(r"(?<![\d.])([45]\d\d)[ ,)\-'b]+(?:([45]\.\d{1,3}\.\d{1,3})[ ']*)?")
_ADDRESS_CODES = {"550", "551", "553"}
_LOGIN_CODES = {"530", "534", "535", "538"}


def classify(reason: str, failure_type: str = "") -> str:
    """Return TEMPORARY, ADDRESS, SERVER or REFUSED for what the mail server said (RFC 5321, RFC
    3463).
    """
    answer = _ANSWER.search(reason)
    if answer is None:
        return _BY_TYPE.get(failure_type, TEMPORARY)
    code, enhanced = answer[1], answer[2] or ""
    if code in _LOGIN_CODES:
        return SERVER
    if code.startswith("4"):
        return TEMPORARY
    if enhanced.startswith("5.7."):
        return REFUSED
    return ADDRESS if code in _ADDRESS_CODES or enhanced.startswith("5.1.") else REFUSED


def first_line(reason: str) -> str:
    """Return the server's own words, short enough for a sentence."""
    lines = [" ".join(line.split()) for line in reason.splitlines() if line.strip()]
    return (lines[-1] if lines else "")[:200]
