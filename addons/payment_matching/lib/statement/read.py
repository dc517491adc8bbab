"""What a file is, and what it says: all of it, or an error that tells the user why not."""

from __future__ import annotations

import re

from odoo.addons.automation_core.lib.texts import Marker

from . import camt, csv, mt940
from .archive import unzipped
from .keys import keyed
from .model import ColumnMap, Statement, StatementError
from .mt940_fields import unfolded
from .text import decoded

_lt = Marker(__name__)

MAX_SIZE = 64 * 1024 * 1024
_MT940 = re.compile(r"(?:^|[\r\n}]|\x01)\s*:(?:61|60[FM]|62[FM]|28C?|34F):")
_DOWNLOAD = _lt("Choose CAMT or MT940 where the bank lets you download the bookings.")


def read_statements(
    name: str, content: bytes, *, columns: ColumnMap | None = None
) -> tuple[Statement, ...]:
    """Return all statements of a file (camt, MT940, MT942, CSV, or a zip of these) with keys.

    :param columns: how to read a CSV file; without it its headings must be known
    :raises StatementError: in the user's words; nothing of the file may be taken then
    """
    if len(content) > MAX_SIZE:
        raise StatementError(
            _lt("The file is too large for a bank statement."),
            _lt("Download a shorter time, such as one month."),
        )
    if content.startswith(b"PK\x03\x04") and not _is_office(content):
        return tuple(
            statement
            for inner, data in unzipped(content)
            for statement in _one(inner, data, columns)
        )
    return _one(name, content, columns)


def _one(name: str, content: bytes, columns: ColumnMap | None) -> tuple[Statement, ...]:
    """Read one file; counters of equal bookings run within it."""
    _refuse_others(name, content)
    head = content[:4096].replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if head.startswith(b"<"):
        return keyed(camt.read(content))
    text = decoded(content)
    if _MT940.search(unfolded(text)):
        return keyed(mt940.read(content))
    if "\n" not in text.strip() and "\r" not in text.strip():
        raise _unknown()
    return keyed(csv.read(content, columns))


def _is_office(content: bytes) -> bool:
    """Whether an archive is a spreadsheet or text document."""
    return any(
        mark in content
        for mark in (b"[Content_Types].xml", b"xl/workbook", b"application/vnd.oasis.opendocument")
    )


def _refuse_others(name: str, content: bytes) -> None:
    """Refuse what people upload instead of a statement."""
    stripped = content.replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\x1a")
    if not stripped:
        raise StatementError(_lt("The file is empty."), _lt("Download it from the bank once more."))
    if content.lstrip().startswith(b"%PDF"):
        raise StatementError(
            _lt("The file is a PDF: made for reading, not for importing."), _DOWNLOAD
        )
    if _is_web_page(stripped[:2000].lower()):
        raise StatementError(
            _lt("The file is a web page, no statement: the bank's session may have ended."),
            _lt("Log in at the bank and download the file once more."),
        )
    if content.startswith((b"\xd0\xcf\x11\xe0", b"PK\x03\x04")):
        raise StatementError(
            _lt("The file is a spreadsheet or document."),
            _lt("Save it as CSV, or choose CAMT or MT940 when you download it."),
        )
    if stripped.startswith((b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"{\\rtf", b"\x1f\x8b", b"7z")):
        raise _unknown()


def _is_web_page(head: bytes) -> bool:
    return head.startswith((b"<!doctype html", b"<html")) or (b"<html" in head and b"<?xml" in head)


def _unknown() -> StatementError:
    return StatementError(
        _lt("The file is no bank statement that is known here."),
        _lt("Known are CAMT.052, 053 and 054, MT940, MT942, CSV, and zip archives of these."),
    )
