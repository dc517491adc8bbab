"""What a schema has against a document, in words for the person who has to mend it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from odoo.addons.automation_core.lib.texts import Marker, Text

_lt = Marker(__name__)

_NAMESPACE = re.compile(r"\{[^{}']*\}")
_ELEMENT = re.compile(r"Element '([^']+)'")
_ATTRIBUTE = re.compile(r"attribute '([^']+)'")
_FACET = re.compile(r"\[facet '(\w+)'\]")
_VALUE = re.compile(r"(?:[Tt]he value|:) '([^']*)'")
_LENGTHS = re.compile(r"length of '(\d+)'.*?length of '(\d+)'")
_EXPECTED = re.compile(r"[Ee]xpected is (?:one of )?\(?\s*([^)]*?)\s*\)?\.?$")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, and on which line of the document (0: none can be named)."""

    line: int
    sentence: Text


def problem_of(entry: Any) -> Problem:
    """Return an entry of a schema's log as a problem."""
    return Problem(entry.line or 0, sentence(str(entry.message)))


def sentence(message: str) -> Text:
    """Return the words of the validator as a sentence; what is not known stays as it is."""
    message = bare(message)
    element = _first(_ELEMENT, message)
    if attribute := _first(_ATTRIBUTE, message):
        element = f"{element}/@{attribute}"
    facet = _first(_FACET, message)
    if facet in ("maxLength", "minLength") and (lengths := _LENGTHS.search(message)):
        return _of_length(facet, element, lengths)
    if facet or "not a valid value" in message:
        value = _first(_VALUE, message)[:80]
        return _lt("“%(value)s” is not allowed in “%(element)s”.", value=value, element=element)
    expected = _first(_EXPECTED, message)[:200]
    if "element is not expected" in message:
        return _unexpected(element, expected)
    if "Missing child element" in message:
        return _lt("“%(element)s” lacks: %(names)s.", element=element, names=expected)
    if "No matching global declaration" in message:
        return _lt("The schema does not know a document that begins with “%(element)s”.",
                   element=element)  # fmt: skip
    return _lt("The schema says: %(message)s", message=message[:300])


def bare(message: str) -> str:
    """Return a validator's words without namespaces."""
    return _NAMESPACE.sub("", message)


def _of_length(facet: str, element: str, lengths: re.Match[str]) -> Text:
    if facet == "maxLength":
        return _lt(
            "“%(element)s” is %(length)s characters long; %(limit)s are allowed.",
            element=element,
            length=lengths[1],
            limit=lengths[2],
        )
    return _lt(
        "“%(element)s” is %(length)s characters long; at least %(limit)s are needed.",
        element=element,
        length=lengths[1],
        limit=lengths[2],
    )


def _unexpected(element: str, expected: str) -> Text:
    if expected:
        return _lt(
            "“%(element)s” does not belong there; expected: %(names)s.",
            element=element,
            names=expected,
        )
    return _lt("“%(element)s” does not belong there.", element=element)


def _first(pattern: re.Pattern[str], message: str) -> str:
    found = pattern.search(message)
    return found[1] if found else ""
