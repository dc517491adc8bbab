"""FinTS messages as bytes, read and written without any library: it judges what the library writes.

A segment is a list of elements, an element a list of parts; a part is text or, where it stood as
``@length@``, bytes.
"""

from __future__ import annotations

from dataclasses import dataclass, field

Part = str | bytes
Element = list[Part]


class Broken(Exception):
    """Bytes that are no FinTS message."""


@dataclass
class Segment:
    """``KIND:number:version:reference`` and what follows."""

    kind: str
    number: int
    version: int
    reference: int | None = None
    elements: list[Element] = field(default_factory=list)

    def part(self, element: int, part: int = 0) -> Part:
        """Return a part by its place after the head, counted from 1 as the specification does."""
        try:
            return self.elements[element - 2][part]
        except IndexError:
            return ""

    def text(self, element: int, part: int = 0) -> str:
        """Return a part that has to be text."""
        value = self.part(element, part)
        if isinstance(value, bytes):
            raise Broken(f"{self.kind}: element {element} must not be binary")
        return value


def read(data: bytes) -> list[Segment]:
    """Return the segments of a message."""
    segments: list[Segment] = []
    place = 0
    while place < len(data):
        elements, place = _read_segment(data, place)
        segments.append(_named(elements))
    return segments


def _named(elements: list[Element]) -> Segment:
    head = elements[0]
    try:
        kind, number, version, *rest = [str(part) for part in head]
        return Segment(
            kind, int(number), int(version), int(rest[0]) if rest else None, elements[1:]
        )
    except ValueError:
        raise Broken(f"no head of a segment: {head!r}") from None


def _read_segment(data: bytes, place: int) -> tuple[list[Element], int]:
    """Read up to the next free apostrophe."""
    elements: list[Element] = [[]]
    current: Part = ""
    while place < len(data):
        sign = data[place : place + 1]
        if sign == b"?":
            current = _longer(current, data[place + 1 : place + 2])
            place += 2
        elif sign == b"@":
            end = data.index(b"@", place + 1)
            length = int(data[place + 1 : end])
            current = data[end + 1 : end + 1 + length]
            if len(current) < length:
                raise Broken("binary part breaks off")
            place = end + 1 + length
        elif sign in b":+'":
            elements[-1].append(current)
            current = ""
            place += 1
            if sign == b"+":
                elements.append([])
            elif sign == b"'":
                return elements, place
        else:
            current = _longer(current, sign)
            place += 1
    raise Broken("the last segment has no end")


def _longer(text: Part, sign: bytes) -> str:
    if isinstance(text, bytes):
        raise Broken("text behind a binary part")
    return text + sign.decode("latin-1")


def write(head: str, *elements: object) -> bytes:
    """Return a segment. An element is text, bytes or a list of both; ``None`` is empty."""
    written = b"+".join([head.encode(), *(_element(element) for element in elements)])
    return written.rstrip(b"+") + b"'"


def _element(element: object) -> bytes:
    if isinstance(element, list | tuple):
        return b":".join(_element(part) for part in element)
    if element is None:
        return b""
    if isinstance(element, bytes):
        return b"@%d@%s" % (len(element), element)
    text = str(element)
    for sign in "?+:'@":
        text = text.replace(sign, f"?{sign}")
    return text.encode("latin-1")
