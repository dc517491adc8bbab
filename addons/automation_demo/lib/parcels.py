"""Numbers as carriers print them on their labels; the ranges belong to nobody's parcels."""

from __future__ import annotations


def dhl(number: int) -> str:
    """Return the identcode of a parcel: an SSCC of 20 digits, the last one a check digit."""
    body = f"34043400{number:09d}"
    total = sum(int(digit) * (1 if place % 2 else 3) for place, digit in enumerate(body))
    return f"00{body}{-total % 10}"


def gls(number: int) -> str:
    """Return a parcel number: eleven digits and a check digit."""
    body = f"5034{number:07d}"
    total = sum(int(digit) * (1 if place % 2 else 3) for place, digit in enumerate(body))
    return f"{body}{-(total + 1) % 10}"
