"""What a bank sends along with the question for a TAN: a text, a picture, a code to flicker."""

from __future__ import annotations

import base64
import binascii
import re
from typing import Any

from fints.hhd import flicker

from .model import Challenge

# HHD_UC 1.3: the code stands inside the text, each part behind its name and length
_INSIDE = re.compile(r"CHLGUC\s*(\d{4})")
_TEXT = re.compile(r"CHLGTEXT\d{4}")
PICTURES = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF8", b"BM")
LARGEST_PICTURE = 1024 * 1024


def read_challenge(segment: Any, decoupled: bool) -> Challenge:
    """Return what a HITAN segment asks for; both its parts are optional."""
    text, inside = _split(segment.challenge or "")
    data = getattr(segment, "challenge_hhduc", None) or inside
    image = _picture(data)
    return Challenge(
        text=text.strip(),
        decoupled=decoupled,
        image=image,
        flicker=() if image else _flicker(data),
        medium=segment.tan_medium_name or "",
    )


def _split(text: str) -> tuple[str, bytes]:
    """Return the text for people, and the code that stands inside it."""
    code = b""
    if found := _INSIDE.match(text):
        end = found.end() + int(found[1])
        code = text[found.end() : end].encode("latin-1", "replace")
        text = text[end:]
    return _TEXT.sub("", text, count=1), code


def _picture(data: bytes) -> bytes:
    """Return the picture of a matrix code: length and type, length and content; or bare base64."""
    if data.startswith(b"iVBO"):
        try:
            content = base64.b64decode(data)
        except binascii.Error:
            return b""
    else:
        skip = int.from_bytes(data[:2], "big") + 2
        size = int.from_bytes(data[skip : skip + 2], "big")
        content = data[skip + 2 : skip + 2 + size]
    good = content.startswith(PICTURES) and len(content) <= LARGEST_PICTURE
    return content if good else b""


def _flicker(data: bytes) -> tuple[str, ...]:
    """Return what to type into a TAN generator by hand: start code and up to three fields."""
    try:
        code = flicker.parse(data.decode("ascii"))
    except Exception:  # it is a picture in a form of its own, or nothing that is known
        return ()
    parts = (code.startcode.data, code.de1.data, code.de2.data, code.de3.data)
    return tuple(part for part in parts if part)
