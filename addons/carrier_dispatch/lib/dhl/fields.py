"""Texts that must fit into DHL's fields: split between words, never cut without a word."""

from __future__ import annotations

from typing import Final

from odoo.addons.automation_core.lib import errors
from odoo.addons.automation_core.lib.texts import Marker, Text
from odoo.addons.order_automation.lib import postal

_lt = Marker(__name__)

SHORTEN: Final = _lt("Shorten it in the delivery address; nothing is cut by itself.")
COMPLETE: Final = _lt("Complete the delivery address.")


class Unsendable(errors.Rejected):
    """A parcel DHL would not take as it is. ``field`` is DHL's name of what is wrong."""

    def __init__(self, field: str, message: str, hint: str = "") -> None:
        super().__init__(message, hint)
        self.field = field


def wrapped(text: str, most: int) -> list[str]:
    """Return a text as lines of at most ``most`` characters, broken between words.

    A word that is longer than a line gets a line of its own, too long as it is.
    """
    lines: list[str] = []
    for word in text.split():
        if lines and len(lines[-1]) + 1 + len(word) <= most:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def lines(field: str, name: Text, texts: list[str], most: int, count: int) -> list[str]:
    """Return texts as at most ``count`` lines; each text begins a new one."""
    found = [line for text in texts for line in wrapped(text, most)]
    if len(found) > count or any(len(line) > most for line in found):
        raise too_long(field, name, " / ".join(texts), most, count)
    return found


def one(field: str, name: Text, text: str, most: int, least: int = 1) -> str:
    """Return a text for a field that must be there."""
    if not text:
        raise missing(field, name)
    if len(text) > most:
        raise too_long(field, name, text, most)
    if len(text) < least:
        raise Unsendable(
            field,
            _lt("The %(name)s “%(text)s” is too short for DHL.", name=name, text=text),
            COMPLETE,
        )
    return text


def missing(field: str, name: Text) -> Unsendable:
    """What a missing value means."""
    return Unsendable(field, _lt("The %(name)s is missing.", name=name), COMPLETE)


def too_long(field: str, name: Text, text: str, most: int, count: int = 1) -> Unsendable:
    """What a text that does not fit means."""
    shown = text if len(text) <= 160 else text[:160] + "…"
    if count == 1:
        return Unsendable(
            field,
            _lt(
                "The %(name)s “%(text)s” does not fit: DHL takes %(most)s characters.",
                name=name,
                text=shown,
                most=most,
            ),
            SHORTEN,
        )
    return Unsendable(
        field,
        _lt(
            "The %(name)s “%(text)s” does not fit: DHL takes %(count)s lines of %(most)s "
            "characters.",
            name=name,
            text=shown,
            count=count,
            most=most,
        ),
        SHORTEN,
    )


def shortened(text: str, most: int) -> str:
    """Return the words of a text that fit; for descriptions of which DHL prints a part only."""
    clean = postal.clean(text)
    if len(clean) <= most:
        return clean
    first = wrapped(clean, most - 1)[0]
    return f"{first[: most - 1]}…"
