"""The library is importable before there is an add-on around it."""

from pathlib import Path

__path__.append(str(Path(__file__).resolve().parents[3] / "addons" / "payment_matching_paypal"))
