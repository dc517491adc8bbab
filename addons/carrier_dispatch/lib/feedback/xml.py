"""XML of shippers, without its tricks; and small help for looking into it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from lxml import etree

from odoo.addons.automation_core.lib import safe_xml
from odoo.addons.automation_core.lib.safe_xml import BadXml, Fault, local
from odoo.addons.automation_core.lib.texts import Marker

from .model import MAX_BYTES, FeedbackError

_lt = Marker(__name__)

_HINT: Final = _lt("Ask the shipper for the file once more; nothing was taken from this one.")
_SAID: Final = {
    Fault.TOO_LARGE: _lt("The file is too large."),
    Fault.EMPTY: _lt("The file is empty."),
    Fault.DOCTYPE: _lt("The file brings a document type of its own; such files are refused."),
    Fault.CHARACTERS: _lt("The file is written in other characters than it says."),
    Fault.CUT_OFF: _lt("The file is cut off before its end."),
    Fault.BROKEN: _lt("The file is not valid XML."),
}


def root_of(content: bytes, encoding: str = "auto") -> etree._Element:
    """Return a document's root.

    :raises FeedbackError: it cannot be read
    """
    try:
        return safe_xml.root(content, max_bytes=MAX_BYTES, encoding=encoding)
    except BadXml as error:
        raise FeedbackError(_SAID[error.fault], _HINT) from error


def children(element: etree._Element | None, name: str) -> Iterator[etree._Element]:
    """Yield the children of that name."""
    for child in element if element is not None else ():
        if local(child) == name:
            yield child


def every(element: etree._Element | None, path: str) -> Iterator[etree._Element]:
    """Yield the elements at a path of local names."""
    if element is None:
        return
    first, _slash, rest = path.partition("/")
    for child in children(element, first):
        if rest:
            yield from every(child, rest)
        else:
            yield child


def find(element: etree._Element | None, path: str) -> etree._Element | None:
    """Return the first element at a path."""
    return next(every(element, path), None)


def text(element: etree._Element | None, *paths: str) -> str:
    """Return the first text at one of the paths."""
    for path in paths:
        for found in every(element, path):
            if found.text and found.text.strip():
                return found.text.strip()
    return ""


def line(element: etree._Element) -> int:
    """Return the line of the file an element begins at."""
    found: Any = element.sourceline
    return int(found or 0)
