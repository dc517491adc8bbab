"""Texts that must be there, and such that may not be longer than a field: none is cut."""

from __future__ import annotations

from odoo.addons.automation_core.lib.texts import Marker

from . import words
from .fields import label
from .problems import HINT_DELIVERY, DocumentError

_lt = Marker(__name__)


def needed(text: str, name: str, limit: int) -> str:
    """Return a text that must be there.

    :raises DocumentError: it is not, or it is too long
    """
    if found := within(text, name, limit):
        return found
    raise DocumentError(
        _lt("“%(field)s” is missing in the document.", field=label(name)), HINT_DELIVERY, name
    )


def within(text: str, name: str, limit: int) -> str:
    """Return a text that is not cut.

    :raises DocumentError: it is too long
    """
    text = words.clean_lines(text)
    if len(text) > limit:
        raise DocumentError(
            _lt(
                "“%(field)s” is too long: “%(text)s” has %(length)s characters, %(limit)s fit.",
                field=label(name),
                text=text[:80],
                length=len(text),
                limit=limit,
            ),
            HINT_DELIVERY,
            name,
        )
    return text
