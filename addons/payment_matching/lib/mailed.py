"""Which mails and which of their attachments may bring statements."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Final

_NEVER = """
.pdf .png .jpg .jpeg .gif .bmp .svg .webp .ico .doc .docx .odt .rtf .ppt .pptx .ics .vcf .eml .msg
.p7s .p7m .asc .sig .html .htm .css .js .exe .mp3 .mp4
"""
NEVER: Final = frozenset(_NEVER.split())
"""Endings of logos, signatures and letters. Everything else is worth a look: banks' tools invent
their own endings.
"""


def is_statement_name(name: str) -> bool:
    """Whether an attachment of this name may be a statement."""
    return bool(name) and PurePosixPath(name.lower()).suffix not in NEVER


def is_allowed(sender: str, allowed: str) -> bool:
    """Whether a sender is among the allowed: addresses and ``@domains``, parted by blanks, commas
    or lines. Nobody is where none is named.
    """
    address = sender.strip().lower()
    domain = "@" + address.rpartition("@")[2]
    named = allowed.lower().replace(",", " ").replace(";", " ").split()
    return "@" in address and any(word in (address, domain) for word in named)
