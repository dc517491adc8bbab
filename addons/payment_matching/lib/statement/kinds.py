"""What moved the money, from the codes of the banks."""

from __future__ import annotations

from decimal import Decimal

from .model import Kind

# Business transaction codes (GVC) of the German banks, DFÜ agreement, annex 3.
_GVC_RETURN = frozenset({"108", "109", "111", "159", "160", "181", "182", "183", "184", "185"})
_GVC_FEE = frozenset({"805", "807", "808", "814"})
_GVC_OWN = frozenset({"820", "833", "834"})
DIRECT_DEBITS = frozenset({"004", "005", "104", "105", "106", "107", "110", "190"})
"""Debits that the other side drew: it is the orderer (ABWA), not the receiver (ABWE)."""

# ISO 20022 external code sets: sub-families of returns and reversals.
_ISO_RETURN = frozenset({"RRTN", "RPCR", "UPDD", "PRDD", "UPCQ", "ARET", "PRCT", "RRCT", "UPCT"})
_ISO_FEE = frozenset({"CHRG", "COMM", "FEES", "INTR", "COMT"})
_ISO_OWN = frozenset({"ZABA", "ACCB", "SWEP", "TOPG", "OWNI"})


def told(amount: Decimal, kind: Kind) -> Kind:
    """Return the kind of a line; one without money only informs."""
    return kind if amount else "other"


def of_gvc(code: str, *, reversed_: bool = False) -> Kind:
    """Return the kind of a booking from its German code."""
    if reversed_ or code in _GVC_RETURN:
        return "return"
    if code in _GVC_FEE:
        return "fee"
    return "transfer" if code in _GVC_OWN else "payment"


def of_iso(sub_family: str, *, returned: bool = False) -> Kind:
    """Return the kind of a booking from its ISO 20022 sub-family."""
    if returned or sub_family in _ISO_RETURN:
        return "return"
    if sub_family in _ISO_FEE:
        return "fee"
    return "transfer" if sub_family in _ISO_OWN else "payment"
