"""The QR code a banking app reads as a SEPA credit transfer ("GiroCode").

Source of the rules: European Payments Council, EPC069-12, version 2.1/3.0, "Quick Response Code:
Guidelines to enable data capture for the initiation of a SEPA credit transfer". One field a line,
at most 331 bytes, error correction level M, at most QR version 13; amounts in euro only.
"""

from __future__ import annotations

import io
import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

SERVICE_TAG = "BCD"
VERSION = "002"  # version 2: the BIC is optional inside the European Economic Area
UTF_8 = "1"
IDENTIFICATION = "SCT"
MAX_BYTES = 331
MAX_QR_VERSION = 13
MAX_NAME = 70
MAX_TEXT = 140
MIN_AMOUNT = Decimal("0.01")
MAX_AMOUNT = Decimal("999999999.99")

_IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}")
_BIC = re.compile(r"[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?")
_CREDITOR_REFERENCE = re.compile(r"RF\d{2}[A-Z0-9]{1,21}")


class EpcError(ValueError):
    """The transfer cannot be written as an EPC QR code; the text says which part is in the way."""


@dataclass(frozen=True, slots=True)
class Transfer:
    """What the payer's banking app shall fill in."""

    name: str
    iban: str
    amount: Decimal
    reference: str = ""
    bic: str = ""


def payload(transfer: Transfer) -> str:
    """Return the text of the code, or raise :class:`EpcError`.

    A reference with valid ISO 11649 check digits goes into the structured line, any other text
    into the unstructured one: the guidelines allow only one of the two.
    """
    name = _clean(transfer.name)[:MAX_NAME].rstrip()
    if not name:
        raise EpcError("The name of the payee is missing.")
    structured, text = "", _clean(transfer.reference)
    if is_creditor_reference(text):
        structured, text = _compact(text), ""
    lines = [
        SERVICE_TAG,
        VERSION,
        UTF_8,
        IDENTIFICATION,
        _checked_bic(transfer.bic),
        name,
        _checked_iban(transfer.iban),
        f"EUR{_checked_amount(transfer.amount)}",
        "",  # purpose
        structured,
        text[:MAX_TEXT].rstrip(),
    ]
    return _fit(lines)


def png(transfer: Transfer, *, scale: int = 4) -> bytes:
    """Return the code as a black-and-white PNG with the quiet zone the standard asks for."""
    import qrcode

    code = qrcode.QRCode(
        error_correction=qrcode.constants.ERROR_CORRECT_M, box_size=scale, border=4
    )
    code.add_data(payload(transfer).encode("utf-8"))
    code.make(fit=True)
    if code.version > MAX_QR_VERSION:
        raise EpcError("The text is too long for the code.")
    stream = io.BytesIO()
    code.make_image().get_image().convert("1").save(stream, format="PNG", optimize=True)
    return stream.getvalue()


def is_iban(text: str) -> bool:
    """Tell whether the form and the check digits (ISO 7064, modulo 97) are right."""
    iban = _compact(text)
    return bool(_IBAN.fullmatch(iban)) and _modulo_97(iban) == 1


def is_creditor_reference(text: str) -> bool:
    """Tell whether the text is an ISO 11649 creditor reference (RF...) with right check digits."""
    reference = _compact(text)
    return bool(_CREDITOR_REFERENCE.fullmatch(reference)) and _modulo_97(reference) == 1


def _checked_iban(text: str) -> str:
    if not is_iban(text):
        raise EpcError("The IBAN is not valid.")
    return _compact(text)


def _checked_bic(text: str) -> str:
    bic = _compact(text)
    if bic and not _BIC.fullmatch(bic):
        raise EpcError("The BIC is not valid.")
    return bic


def _checked_amount(amount: Decimal) -> str:
    if not amount.is_finite() or not MIN_AMOUNT <= amount <= MAX_AMOUNT:
        raise EpcError("The amount must lie between 0.01 and 999,999,999.99 euro.")
    cents = amount.quantize(Decimal("0.01"))
    if cents != amount:
        raise EpcError("The amount has more than two decimals.")
    return f"{cents:f}"


def _fit(lines: list[str]) -> str:
    """Shorten the free text until the whole is within the limit; empty lines at the end may be
    left out.
    """
    while len("\n".join(lines).encode("utf-8")) > MAX_BYTES and lines[-1]:
        lines[-1] = lines[-1][:-1].rstrip()
    return "\n".join(lines).rstrip("\n")


def _clean(text: str) -> str:
    """Drop what must not be in a field (line ends, control and invisible characters) and fold
    spaces.
    """
    visible = "".join(
        " " if unicodedata.category(char).startswith(("C", "Z")) else char for char in text
    )
    return " ".join(unicodedata.normalize("NFC", visible).split())


def _compact(text: str) -> str:
    return re.sub(r"\s", "", text).upper()


def _modulo_97(text: str) -> int:
    return int("".join(str(int(char, 36)) for char in text[4:] + text[:4])) % 97
