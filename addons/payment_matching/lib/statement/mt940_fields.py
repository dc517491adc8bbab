"""MT940 and MT942 taken apart into their fields, whatever frames them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from .text import squeezed

_BLOCKS = re.compile(r"\{[1235]:[^{}\n]*(?:\{[^{}\n]*\}[^{}\n]*)*\}|\{4:")
_TAG = re.compile(
    r"[ \t]*:"
    r"(13D?|20|21|25P?|28C?|34F|60[FM]?|61|62[FM]?|64|65|86|90[CD]|NSF?|94[02]):(.*)",
    re.DOTALL,
)
_HEADER = frozenset({"13", "13D", "20", "21", "25", "25P", "28", "28C", "34F"})
_CURRENCY = re.compile(r"\s*([A-Z]{3})")


@dataclass(slots=True)
class Entry:
    """A booking's fields before they are understood."""

    text: list[str]
    details: list[str] = field(default_factory=list)
    numbered: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Message:
    """The fields of one statement."""

    account: str = ""
    number: str = ""
    currency: str = ""
    interim: bool = False
    totals: bool = False
    opening: str = ""
    closing: str = ""
    entries: list[Entry] = field(default_factory=list)


def unfolded(text: str) -> str:
    """Return a text with line ends, where a bank writes ``@@`` in their place."""
    return text.replace("@@", "\n") if text.count("@@:") > text.count("\n:") else text


def messages_of(text: str) -> list[Message]:
    """Return the messages of a file."""
    return list(_messages(_fields(text)))


def _fields(text: str) -> Iterator[tuple[str, list[str]]]:
    """Yield tags with their lines; ``-`` ends a statement. What no tag opens is not ours."""
    text = re.sub(r"[\x01-\x03\x1a\ufeff]", "\n", text)
    lines = [line.rstrip("\r\x00") for line in _BLOCKS.sub("\n", text).split("\n")]
    if len(lines) < 3 and "\r" in text:
        lines = text.split("\r")
    tag, found, inside = "", [""], False
    for place, line in enumerate(lines):
        if line.strip() in {"-", "-}"}:
            yield from _ended(tag, found)
            yield "-", []
            tag, inside = "", False
            continue
        match = _TAG.match(line)
        if match and not (inside and tag == "86" and _is_text(match[1], lines, place)):
            yield from _ended(tag, found)
            tag, found = match[1], [match[2]]
            inside = (inside or tag == "61") and not tag.startswith(("62", "90", "20"))
        elif tag:
            found.append(line)
    yield from _ended(tag, found)


def _ended(tag: str, found: list[str]) -> Iterator[tuple[str, list[str]]]:
    if tag:
        yield tag, found


def _is_text(tag: str, lines: list[str], place: int) -> bool:
    """Whether what looks like a head's tag is part of a text, such as ``:20:15 Uhr``."""
    if tag == "20":
        return not any(line.startswith(":25") for line in lines[place + 1 : place + 5])
    return tag in _HEADER


def _messages(fields: Iterator[tuple[str, list[str]]]) -> Iterator[Message]:
    message: Message | None = None
    for tag, lines in fields:
        if tag == "20" or (tag == "25" and message and message.account and message.number):
            if message is not None:
                yield message
            message = Message()
        if message is None:
            if tag in {"-", "940", "942"}:
                continue
            message = Message()
        _put(message, tag, lines)
    if message is not None:
        yield message


def _put(message: Message, tag: str, lines: list[str]) -> None:
    """Put a field where it belongs; the last entry's details follow it."""
    value = squeezed(lines[0]) if lines else ""
    entries = message.entries
    if tag in {"25", "25P"}:
        message.account = value
    elif tag in {"28", "28C"}:
        message.number = value
    elif tag in {"34F", "90C", "90D", "13D"}:
        message.interim = True
        message.totals = message.totals or tag.startswith("90")
        if match := _CURRENCY.match(value.lstrip("0123456789")):
            message.currency = message.currency or match[1]
    elif tag.startswith("60"):
        message.opening = value
    elif tag.startswith("62"):
        message.closing = value
    elif tag == "61":
        entries.append(Entry(lines))
    elif tag == "86" and entries and not message.closing:
        entries[-1].details += lines
    elif tag == "NS" and entries and not message.closing:
        entries[-1].numbered += lines
