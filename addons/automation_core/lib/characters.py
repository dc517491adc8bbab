"""Which characters the bytes of a file from outside are, whatever it says of itself."""

from __future__ import annotations

import codecs
import re
from contextlib import suppress
from typing import Final

AUTO: Final = "auto"
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# What a German letter is in the code pages of Windows and of DOS (850 and 437 agree on these).
_WINDOWS = frozenset("äöüÄÖÜß".encode("cp1252"))
_DOS = frozenset("äöüÄÖÜß".encode("cp850"))
_DECLARED = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._\-]{1,40})[\"']")
_FOREIGN = re.compile(r"[^\x00-\u024f\u2000-\u206f\u20a0-\u2122\ufeff]")
# Not for bytes from outside: they are no characters, or they hide others.
_UNFIT = ("utf-7", "utf_7", "idna", "punycode", "raw_unicode_escape", "unicode_escape", "undefined")


class UnknownCharacters(ValueError):
    """The bytes are not written in the encoding that was asked for."""


def decoded(content: bytes, encoding: str = AUTO) -> str:
    """Return a file's text: byte order mark, else UTF-8, else the likelier old code page.

    :raises UnknownCharacters: an encoding was asked for, and it is not that one
    """
    for mark, name in _MARKS:
        if content.startswith(mark):
            return content[len(mark) :].decode(name, "replace")
    if encoding.lower() != AUTO:
        try:
            return content.decode(known(encoding))
        except UnicodeError as error:
            raise UnknownCharacters(encoding) from error
    if wide := _without_mark(content):
        return content.decode(wide, "replace")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode(code_page(content), "replace")


def decoded_xml(content: bytes, encoding: str = AUTO) -> str:
    """Return the text of an XML document, whose own word on its encoding may be wrong.

    What is UTF-8 by its bytes and makes sense is; then the declaration counts, last the code pages.
    """
    declared = _DECLARED.match(content.lstrip()[:300])
    if encoding.lower() == AUTO and declared and not _is_likely_utf8(content):
        with suppress(UnknownCharacters):
            return decoded(content, declared[1].decode("ascii"))
    return decoded(content, encoding)


def known(encoding: str) -> str:
    """Return an encoding's name as Python has it.

    :raises UnknownCharacters: there is no such encoding of text
    """
    try:
        found = codecs.lookup(encoding)
    except (LookupError, ValueError) as error:
        raise UnknownCharacters(encoding) from error
    # codecs like "zlib" or "rot13" are not for text (the flag is how Python itself tells them)
    if found.name in _UNFIT or not getattr(found, "_is_text_encoding", True):
        raise UnknownCharacters(encoding)
    return found.name


def code_page(content: bytes) -> str:
    """Return the code page whose German letters the bytes make sense in."""
    windows = sum(content.count(byte) for byte in _WINDOWS)
    dos = sum(content.count(byte) for byte in _DOS)
    return "cp850" if dos > windows else "cp1252"


def _without_mark(content: bytes) -> str:
    """Return the kind of UTF-16 that bytes without a mark are in, "" if they are not."""
    if content.count(0) <= len(content) // 3:
        return ""
    return "utf-16-be" if content[:1] == b"\x00" else "utf-16-le"


def _is_likely_utf8(content: bytes) -> bool:
    """Whether bytes are UTF-8 of letters used in Europe: "ß²" in ISO-8859-1 is valid UTF-8, too."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return not _FOREIGN.search(text)
