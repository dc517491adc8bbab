"""XML from outside, read without its tricks: no entities, no network, no bombs.

There are no sentences here: what is wrong has a name (:class:`Fault`), and who reads the file says
it in the words of those who sent it.
"""

from __future__ import annotations

import re
from enum import Enum
from typing import Final

from lxml import etree

from . import characters

MAX_BYTES: Final = 20 * 1024 * 1024
_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,300}\?>")


class Fault(Enum):
    """What is wrong with a document."""

    TOO_LARGE = "too_large"
    EMPTY = "empty"
    DOCTYPE = "doctype"
    CHARACTERS = "characters"
    CUT_OFF = "cut_off"
    BROKEN = "broken"


class BadXml(ValueError):
    """A document that is not read. ``line`` is 0 where none can be named."""

    def __init__(self, fault: Fault, line: int = 0) -> None:
        super().__init__(fault.value)
        self.fault = fault
        self.line = line


def root(
    content: bytes,
    *,
    max_bytes: int = MAX_BYTES,
    encoding: str = characters.AUTO,
    long_texts: bool = False,
) -> etree._Element:
    """Return the root of a document; lines are counted as in the file.

    :param encoding: overrules what the document says of itself
    :param long_texts: a text may be longer than 10 MB (a document of our own with a file in it)
    :raises BadXml: it is not read, and why
    """
    if len(content) > max_bytes:
        raise BadXml(Fault.TOO_LARGE)
    plain = _utf8(content, encoding)
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=long_texts,
        recover=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        found = etree.fromstring(plain, parser)
    except etree.XMLSyntaxError as error:
        raise BadXml(_fault(plain, str(error)), error.lineno or 0) from error
    except (ValueError, LookupError) as error:
        raise BadXml(Fault.BROKEN) from error
    if found.getroottree().docinfo.internalDTD is not None:
        raise BadXml(Fault.DOCTYPE)
    return found


def _utf8(content: bytes, encoding: str) -> bytes:
    """Return a document in UTF-8 without its declaration; refuse types of its own at once."""
    try:
        text = characters.decoded_xml(content, encoding)
    except characters.UnknownCharacters as error:
        raise BadXml(Fault.CHARACTERS) from error
    if not text.strip():
        raise BadXml(Fault.EMPTY)
    upper = text.upper()
    if "<!DOCTYPE" in upper or "<!ENTITY" in upper:
        raise BadXml(Fault.DOCTYPE)
    # a declaration stays as blank lines: what it took of the file counts for the lines
    text = _DECLARATION.sub(lambda found: "\n" * found[0].count("\n"), text)
    return text.lstrip(" \t\r").encode("utf-8", "replace")


def _fault(plain: bytes, error: str) -> Fault:
    said = error.lower()
    if not plain.lstrip().startswith(b"<"):
        return Fault.BROKEN
    unfinished = not plain.rstrip().endswith(b">")
    if unfinished or "premature end" in said or "end of data" in said:
        return Fault.CUT_OFF
    return Fault.BROKEN


def local(element: etree._Element) -> str:
    """Return an element's name without its namespace."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""
