"""Field :86: of MT940: who paid and what for, in the ways that banks fill it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from . import tags
from .text import IBAN, lines_of, number_of_account, reference, squeezed

_STRUCTURED = re.compile(
    r"\s*(?:(\d{3})([?>~<^|@+&%$#*;!])(?=\d\d)|(?P<bare>[?>~<^|])(?=[0-6]\d.*(?P=bare)[0-6]\d))",
    re.DOTALL,
)
_IBAN_AT_START = re.compile(r"\s*([A-Z]{2}\d{2}[A-Z0-9]{10,30})\b")
_BIC = re.compile(r"[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?")


@dataclass(slots=True)
class Details:
    """What a :86: says."""

    code: str = ""
    booking_text: str = ""
    remittance: str = ""
    name: str = ""
    ultimate_orderer: str = ""
    ultimate_receiver: str = ""
    account: str = ""
    bic: str = ""
    end_to_end_id: str = ""
    mandate_id: str = ""
    creditor_id: str = ""
    reason: str = ""


def read_details(lines: Sequence[str]) -> Details:
    """Read the lines of a :86:, the first without its tag."""
    joined = "".join(lines)
    if match := _STRUCTURED.match(joined):
        separator = match[2] or match["bare"]
        return _structured(
            match[1] or "", joined[match.start(2 if match[2] else "bare") :], separator
        )
    if joined.lstrip().startswith("/"):
        return _slashed(tags.slashed(joined.strip()), lines)
    return _free(lines)


def of_subfields(pairs: Sequence[tuple[str, str]]) -> Details:
    """Read the numbered lines of an :NS: after a booking."""
    details = Details()
    details.remittance = lines_of("\n".join(text for number, text in pairs if number <= "14"))
    details.name = squeezed("".join(text for number, text in pairs if number in {"15", "16"}))
    details.booking_text = squeezed(" ".join(text for number, text in pairs if number == "17"))
    return details


def _structured(code: str, text: str, separator: str) -> Details:
    """Read ``?20...?21...``: two digits say what follows."""
    fields: dict[str, list[str]] = {}
    mark = re.escape(separator)
    parts = re.split(rf"{mark}([0-9]{{2}})", text)
    for number, value in zip(parts[1::2], parts[2::2], strict=True):
        fields.setdefault(number, []).append(value)

    def whole(*numbers: str) -> str:
        return squeezed("".join(value for number in numbers for value in fields.get(number, ())))

    lines = [
        value
        for number in sorted(fields)
        if "20" <= number <= "29" or "60" <= number <= "69"
        for value in fields[number]
    ]
    details = _labelled(lines)
    details.code = code
    details.booking_text = whole("00")
    details.name = whole("32", "33")
    details.bic = number_of_account(whole("30")) or details.bic
    account, other = number_of_account(whole("31")), number_of_account(whole("38"))
    details.account = other if IBAN.fullmatch(other) else (account or other or details.account)
    return details


def _labelled(lines: list[str]) -> Details:
    """Read the remittance's own labels (SVWZ+, EREF+, ...)."""
    found = tags.labelled(lines)
    texts = (found.get("SVWZ") or found[""], found.get("rest", ""), found.get("MTLG", ""))
    return Details(
        remittance=lines_of("\n".join(filter(None, texts))),
        ultimate_orderer=found.get("ABWA", ""),
        ultimate_receiver=found.get("ABWE", ""),
        account=number_of_account(found.get("IBAN", "")),
        bic=number_of_account(found.get("BIC", "")),
        end_to_end_id=reference(found.get("EREF", "")),
        mandate_id=reference(found.get("MREF", "")),
        creditor_id=reference(found.get("CRED", "") or found.get("DEBT", "")),
    )


def _slashed(found: dict[str, str], lines: Sequence[str]) -> Details:
    """Read ``/NAME/.../REMI/...``; ING puts account, BIC and name into /CNTP/."""
    if not found:
        return _free(lines)
    account, bic, name = _counterpart(found.get("CNTP", ""))
    remittance = found.get("REMI", "") or found.get("USTD", "") or found.get("STRD", "")
    remittance = re.sub(r"^(USTD|STRD(/CUR|/ISO)?)//?", "", remittance)
    return Details(
        remittance=squeezed(remittance),
        name=squeezed(found.get("NAME", "") or name),
        ultimate_orderer=squeezed(found.get("UDTR", "") or found.get("ULTD", "")),
        ultimate_receiver=squeezed(found.get("UCRD", "") or found.get("ULTC", "")),
        account=number_of_account(found.get("IBAN", "") or account),
        bic=number_of_account(found.get("BIC", "") or bic),
        end_to_end_id=reference(found.get("EREF", "")),
        mandate_id=reference(found.get("MARF", "")),
        creditor_id=reference(found.get("CSID", "")),
        reason=squeezed(found.get("RTRN", "")),
    )


def _counterpart(text: str) -> tuple[str, str, str]:
    parts = [*text.split("/"), "", "", ""]
    return parts[0], parts[1], parts[2]


def _free(lines: Sequence[str]) -> Details:
    """Read a text of the bank's own making: labels, if there are any, else just text."""
    found = tags.labelled(list(lines))
    if "SVWZ" in found or "EREF" in found:
        return _labelled(list(lines))
    words = tags.worded("".join(lines))
    account = number_of_account(words.get("IBAN", ""))
    details = Details(remittance=lines_of("\n".join(lines)))
    if match := IBAN.match(account):
        bic = _BIC.match(number_of_account(words.get("BIC", "")))
        details.account = match[0]
        details.bic = bic[0] if bic else ""
        details.name = words.get("NAAM", "") or words.get("NAME", "")
        details.remittance = words.get("OMSCHRIJVING", "") or details.remittance
        details.end_to_end_id = reference(words.get("KENMERK", ""))
    elif match := _IBAN_AT_START.match(lines[0] if lines else ""):
        details.account = match[1]
    return details
