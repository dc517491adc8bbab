"""Small help for writing XML: an element appears only where there is something to say."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from typing import Any

from lxml import etree

from odoo.addons.automation_core.lib.texts import Marker

from .. import schemas
from . import words
from .problems import HINT_DELIVERY, HINT_FORMAT, DocumentError

_lt = Marker(__name__)

MAX_FILES = 20 * 1024 * 1024
_TYPES = {
    "pdf": "application/pdf",
    "xml": "application/xml",
    "txt": "text/plain",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
}


class Namespace:
    """Makes elements of one namespace."""

    def __init__(self, uri: str) -> None:
        self.uri = uri

    def under(
        self, parent: etree._Element, name: str, text: str | None = None, **attributes: str
    ) -> etree._Element:
        """Add an element."""
        element = etree.SubElement(parent, f"{{{self.uri}}}{name}", attributes)
        element.text = text
        return element

    def said(self, parent: etree._Element, name: str, text: str, **attributes: str) -> None:
        """Add an element if there is a text for it."""
        if text := words.clean(text):
            self.under(parent, name, text, **attributes)


def content(root: etree._Element, encoding: str, schema: str) -> bytes:
    """Return a document's bytes, checked; letters the encoding lacks are character references.

    :raises DocumentError: the schema has something against it
    """
    name = words.encoding_of(encoding)
    if name not in ("utf-8", "iso8859-1", "iso8859-15", "cp1252", "ascii"):
        raise DocumentError(
            _lt("XML is not written in the encoding “%(name)s”.", name=encoding[:40]),
            _lt("Choose UTF-8, ISO-8859-1 or Windows-1252."),
            "encoding",
        )
    declared = {"utf-8": "UTF-8", "cp1252": "windows-1252", "ascii": "US-ASCII"}.get(
        name, name.replace("iso", "ISO-")
    )
    etree.indent(root)
    found: Any = etree.tostring(root, xml_declaration=True, encoding=declared)
    written: bytes = found
    for problem in schemas.validate(written, schema):
        raise DocumentError(
            _lt(
                "Line %(line)s of the document: %(sentence)s",
                line=problem.line,
                sentence=problem.sentence,
            ),
            HINT_DELIVERY,
        )
    return written


def embedded(files: Iterable[tuple[str, bytes]]) -> list[tuple[str, str, str, int]]:
    """Return files as (name, kind, base64, size).

    :raises DocumentError: they are too large together
    """
    files = list(files)
    size = sum(len(data) for _name, data in files)
    if size > MAX_FILES:
        raise DocumentError(
            _lt(
                "The files for the document have %(size)s MB; %(limit)s MB are possible.",
                size=f"{size / 1024 / 1024:.1f}",
                limit=f"{MAX_FILES / 1024 / 1024:.0f}",
            ),
            _lt("Send the files beside the document instead of inside."),
            "files",
        )
    return [
        (words.clean(name), _kind(name), base64.b64encode(data).decode("ascii"), len(data))
        for name, data in files
    ]


def _kind(name: str) -> str:
    ending = name.rpartition(".")[2].lower()
    if ending not in _TYPES:
        raise DocumentError(
            _lt("“%(name)s” is no kind of file that can be put into a document.", name=name[:80]),
            HINT_FORMAT,
            "files",
        )
    return _TYPES[ending]
