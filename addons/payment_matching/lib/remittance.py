"""The text of a payment as people read it."""

from __future__ import annotations

from typing import Final

WIDTHS: Final = (27, 35)  # MT940 and old forms; what is exactly so long goes on in the next line


def healed(text: str) -> str:
    """Return a remittance in one line. A line that fills its form is broken inside a word more
    often than not; in a shorter one a blank was lost at its end.
    """
    lines = text.split("\n")
    longest = max(len(line.rstrip()) for line in lines)
    parts = [
        line.strip() + ("" if len(line.rstrip()) == longest and longest in WIDTHS else " ")
        for line in lines
    ]
    return " ".join("".join(parts).split())
