"""XML from outside, read without its tricks: no entities, no network, no bombs."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from odoo.addons.automation_core.lib.texts import Marker

from .model import StatementError

_lt = Marker(__name__)

_AGAIN = _lt("Download it from the bank once more; nothing was taken from this one.")


def parsed(content: bytes) -> etree._Element:
    """Return the root of a document; raises StatementError in the user's words."""
    content = content.lstrip(b" \t\r\n")
    _refuse_document_type(content)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        recover=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        raise _explained(content, str(error)) from error


def _refuse_document_type(content: bytes) -> None:
    plain = content.replace(b"\x00", b"").upper()
    if b"<!DOCTYPE" in plain or b"<!ENTITY" in plain:
        raise StatementError(
            _lt("The file brings a document type of its own; no bank does that."),
            _lt("Do not use this file. Download it from the bank itself."),
        )


def _explained(content: bytes, error: str) -> StatementError:
    text = error.lower()
    if "encod" in text or "utf-8" in text or "input conversion" in text:
        return StatementError(
            _lt("The file is written in other characters than it says: names would be garbled."),
            _lt("Download it once more and do not open and save it in another program."),
        )
    if not content.rstrip().rstrip(b"\x00").endswith((b">", b">\x00")):
        return StatementError(_lt("The file is cut off before its end."), _AGAIN)
    if "premature end" in text or ("extra content" not in text and "end of data" in text):
        return StatementError(_lt("The file is cut off before its end."), _AGAIN)
    return StatementError(_lt("The file is not valid XML."), _AGAIN)


def local(element: etree._Element) -> str:
    """Return an element's name without its namespace: versions differ in nothing else."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def children(element: etree._Element | None, name: str) -> Iterator[etree._Element]:
    """Yield the children of that name."""
    if element is not None:
        for child in element:
            if local(child) == name:
                yield child


def find(element: etree._Element | None, path: str) -> etree._Element | None:
    """Return the first element at a path of local names."""
    for name in path.split("/"):
        element = next(children(element, name), None)
        if element is None:
            return None
    return element


def text(element: etree._Element | None, *paths: str) -> str:
    """Return the first text found at one of the paths."""
    for path in paths:
        found = find(element, path)
        if found is not None and found.text and found.text.strip():
            return found.text.strip()
    return ""
