"""Feedback in XML of a shipper's own making, by a map of paths."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from lxml import etree

from odoo.addons.automation_core.lib.safe_xml import local
from odoo.addons.automation_core.lib.texts import Marker

from . import xml
from .model import MAX_ROWS, ColumnMap, FeedbackError, Reading
from .rows import collected

_lt = Marker(__name__)

# An element around a record has these of its own, or of another record.
_OF_A_ROW: Final = ("tracking", "position", "sku", "quantity", "weight", "link")
_HINT = _lt("Correct the columns of the shipper: the path to the records.")


def read(content: bytes, columns: ColumnMap) -> Reading:
    """Return what a document says.

    :raises FeedbackError: it cannot be read as a whole
    """
    root = xml.root_of(content, columns.encoding)
    found = list(_records(root, columns.records))
    if not found:
        raise FeedbackError(
            _lt("The file has no records at “%(path)s”.", path=columns.records[:80] or "/"), _HINT
        )
    if len(found) > MAX_ROWS:
        raise FeedbackError(
            _lt("The file has more than %(limit)s rows.", limit=f"{MAX_ROWS:,}"), _HINT
        )
    return collected(_values(found, columns), columns)


def _records(root: etree._Element, path: str) -> Iterator[etree._Element]:
    """Yield the records: by their path from the root, or by their name wherever they are."""
    names = [name for name in path.split("/") if name]
    if not names:
        yield from root
    elif path.startswith("/"):
        if names[0] == local(root):
            yield from xml.every(root, "/".join(names[1:])) if names[1:] else (root,)
    else:
        ends = names[-1]
        for element in root.iter(etree.Element):
            if local(element) == ends and _is_below(element, names[:-1]):
                yield element


def _is_below(element: etree._Element, names: list[str]) -> bool:
    parent = element.getparent()
    for name in reversed(names):
        if parent is None or local(parent) != name:
            return False
        parent = parent.getparent()
    return True


def _values(
    records: list[etree._Element], columns: ColumnMap
) -> Iterator[tuple[int, dict[str, str]]]:
    for record in records:
        yield (
            xml.line(record),
            {
                name: _value(record, path, name not in _OF_A_ROW)
                for name, path in columns.columns.items()
            },
        )


def _value(record: etree._Element, path: str, shared: bool) -> str:
    """Return a record's value; what rows may share is looked for in the elements around as well.

    ``../`` leads there by name: a parcel and the delivery around it may both have a "Nummer".
    """
    element: etree._Element | None = record
    path = path.strip("/ ")
    while path.startswith("..") and element is not None:
        element, path = element.getparent(), path[2:].lstrip("/")
    while element is not None:
        if found := _own(element, path):
            return found
        element = element.getparent() if shared else None
    return ""


def _own(element: etree._Element, path: str) -> str:
    way, _at, attribute = path.partition("@")
    way = way.strip("/")
    places = list(xml.every(element, way)) if way and way != "." else [element]
    if attribute:
        found = (_attribute(place, attribute) for place in places)
    else:
        found = ((place.text or "") for place in places if way)
    return ", ".join(filter(None, (text.strip() for text in found)))[:2000]


def _attribute(element: etree._Element, name: str) -> str:
    return next(
        (
            str(value)
            for key, value in element.attrib.items()
            if str(key).rpartition("}")[2] == name
        ),
        "",
    )
