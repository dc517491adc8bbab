"""A file of feedback, whatever it is."""

from __future__ import annotations

from odoo.addons.automation_core.lib.safe_xml import local
from odoo.addons.automation_core.lib.texts import Marker

from . import opentrans, records, table, ubl, xml
from .model import MAX_BYTES, ColumnMap, FeedbackError, Reading

_lt = Marker(__name__)


def read(content: bytes, columns: ColumnMap | None = None, zone: str = "Europe/Berlin") -> Reading:
    """Return what a file says: openTRANS and UBL by what they are, all else by its map.

    :raises FeedbackError: it cannot be read as a whole; what is wrong with parts of it is in the
        reading's problems
    """
    if len(content) > MAX_BYTES:
        raise FeedbackError(
            _lt("The file is too large: %(size)s MB.", size=f"{len(content) / 1024 / 1024:.1f}")
        )
    if content.startswith((b"%PDF", b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise FeedbackError(
            _lt("The file is a PDF, a spreadsheet or an archive, not a table or XML."),
            _lt("Ask the shipper for a CSV or XML file."),
        )
    if not _is_xml(content):
        return table.read(content, columns if columns and columns.kind == "csv" else None)
    root = xml.root_of(content, columns.encoding if columns else "auto")
    if opentrans.documents(root):
        return opentrans.read(content, columns.zone if columns else zone)
    if local(root) == ubl.NAME:
        return ubl.read(content, columns.zone if columns else zone)
    if columns and columns.kind == "xml":
        return records.read(content, columns)
    raise FeedbackError(
        _lt("The file is XML of a kind that is not known: “%(name)s”.", name=local(root)[:60]),
        _lt("Set up the columns of the shipper for XML."),
    )


def _is_xml(content: bytes) -> bool:
    start = content[:200].replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    return start.startswith(b"<")
