"""What a connection test says."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CheckLine:
    """One line of the connection test: what works, or what does not and what to do.

    Both may be texts that can be translated.
    """

    ok: bool
    text: str
    hint: str = ""
