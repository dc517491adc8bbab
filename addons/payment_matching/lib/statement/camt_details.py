"""The details of a camt entry: who, what for, which references, which other currency."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from lxml import etree

from . import kinds, tags
from .model import StatementLine
from .text import decimal, lines_of, name, number_of_account, reference, same_account, squeezed
from .xml import children, find, text

_GERMAN = frozenset({"DK", "ZKA", "DFUE", ""})
_MAX_RAW = 20_000
_AMOUNTS = ("Amt", "AmtDtls/TxAmt/Amt", "AmtDtls/CntrValAmt/Amt", "AmtDtls/InstdAmt/Amt")


def amount_of(detail: etree._Element, currency: str) -> Decimal | None:
    """Return a detail's amount in the account's currency."""
    for path in _AMOUNTS:
        element = find(detail, path)
        if element is not None and element.get("Ccy", currency) == currency:
            found = decimal(element.text or "")
            if found is not None:
                return found
    return None


def completed(
    line: StatementLine, entry: etree._Element, detail: etree._Element | None, own: str
) -> StatementLine:
    """Return a line with what one detail (or the entry alone) says."""
    code, sub_family = _code(entry, detail)
    returned = _is_returned(entry, detail)
    kind = kinds.of_gvc(code) if code.isdigit() else "payment"
    if kind == "payment" or returned:
        kind = kinds.of_iso(sub_family, returned=returned)
    payer, account, bic = _party(detail, line.amount, own, back=kind == "return")
    amount, currency = _foreign(detail if detail is not None else entry, line)
    return replace(
        line,
        kind=kinds.told(line.amount, kind),
        payer_name=payer,
        payer_iban=account,
        payer_bic=bic,
        remittance=_remittance(detail) or _additional(entry, detail),
        end_to_end_id=reference(text(detail, "Refs/EndToEndId") or _labelled(detail, "EREF")),
        mandate_id=reference(text(detail, "Refs/MndtId") or _labelled(detail, "MREF")),
        creditor_id=_creditor_id(detail),
        bank_reference=_bank_reference(entry, detail),
        code=code,
        reason=_reason(detail),
        currency_amount=amount,
        currency_name=currency,
        raw=_raw(entry, detail),
    )


def merged(
    line: StatementLine, entry: etree._Element, details: Sequence[etree._Element], own: str
) -> StatementLine:
    """Return one line for an entry whose details do not add up: what they agree on."""
    parts = [completed(line, entry, detail, own) for detail in details]
    first = parts[0]
    texts = dict.fromkeys(part.remittance for part in parts if part.remittance)
    agreed: dict[str, Any] = {
        field: getattr(first, field) if len({getattr(part, field) for part in parts}) == 1 else ""
        for field in ("payer_name", "payer_iban", "payer_bic", "end_to_end_id", "mandate_id")
    }
    return replace(
        first,
        **agreed,
        remittance="\n".join(texts),
        bank_reference=_bank_reference(entry, None),
        currency_amount=None,
        currency_name="",
        raw=_raw(entry, None),
    )


def _code(entry: etree._Element, detail: etree._Element | None) -> tuple[str, str]:
    """Return the code to show (the German one if there is one) and ISO's sub-family."""
    both = (find(detail, "BkTxCd"), find(entry, "BkTxCd"))
    elements = [found for found in both if found is not None]
    domain = sub_family = own = ""
    for element in elements:
        parts = (
            text(element, "Domn/Cd"),
            text(element, "Domn/Fmly/Cd"),
            text(element, "Domn/Fmly/SubFmlyCd"),
        )
        sub_family = sub_family or parts[2]
        domain = domain or "/".join(filter(None, parts))
        own = own or _german(element)
    proprietary = next((found for element in elements if (found := text(element, "Prtry/Cd"))), "")
    return own or domain or proprietary, sub_family


def _german(element: etree._Element) -> str:
    """Return the three digits of ``NTRF+166+9075+601``."""
    code, issuer = text(element, "Prtry/Cd"), text(element, "Prtry/Issr").upper()
    parts = code.split("+")
    if issuer in _GERMAN or "+" in code:
        for part in parts:
            if len(part) == 3 and part.isdigit():
                return part
    return ""


def _is_returned(entry: etree._Element, detail: etree._Element | None) -> bool:
    return find(detail, "RtrInf") is not None or text(entry, "RvslInd").lower() in {"true", "1"}


def _reason(detail: etree._Element | None) -> str:
    parts = (
        text(detail, "RtrInf/Rsn/Cd", "RtrInf/Rsn/Prtry"),
        *(found.text or "" for found in children(find(detail, "RtrInf"), "AddtlInf")),
    )
    return squeezed(" ".join(parts))


def _party(
    detail: etree._Element | None, amount: Decimal, own: str, *, back: bool
) -> tuple[str, str, str]:
    """Return name, account and BIC of the other side.

    Money that comes has a debtor, money that goes a creditor. What comes back keeps the roles it
    went out with. Who has our own account is never the other side.
    """
    sides = ["Dbtr", "Cdtr"] if (amount >= 0) != back else ["Cdtr", "Dbtr"]
    found = [_side(detail, side) for side in sides]
    found = [side for side in found if not (own and side[1] and same_account(side[1], own))]
    for place in (0, 1):
        for side in found:
            if side[place]:
                return side
    return "", "", ""


def _side(detail: etree._Element | None, side: str) -> tuple[str, str, str]:
    parties, agents = find(detail, "RltdPties"), find(detail, "RltdAgts")
    names = (f"Ultmt{side}/Pty/Nm", f"Ultmt{side}/Nm", f"{side}/Pty/Nm", f"{side}/Nm")
    account = text(
        parties, f"{side}Acct/Id/IBAN", f"{side}Acct/Id/Othr/Id", f"{side}Acct/Id/PrtryAcct/Id"
    )
    agent = f"{side}Agt/FinInstnId"
    bic = text(agents, f"{agent}/BICFI", f"{agent}/BIC", f"{agent}/Othr/Id")
    found = next(filter(None, (name(text(parties, path)) for path in names)), "")
    return found, number_of_account(account), number_of_account(bic)


def _remittance(detail: etree._Element | None) -> str:
    """Return the lines of the text, and the references of the structured form after it."""
    information = find(detail, "RmtInf")
    lines = [found.text or "" for found in children(information, "Ustrd")]
    labels = tags.labelled(lines) if lines else {}
    if "SVWZ" in labels:
        lines = [labels["SVWZ"]]
    for part in children(information, "Strd"):
        lines += _structured(part)
    return lines_of("\n".join(dict.fromkeys(lines)))


def _structured(part: etree._Element) -> Iterator[str]:
    yield text(part, "CdtrRefInf/Ref", "CdtrRefInf/CdtrRef")
    for document in children(part, "RfrdDocInf"):
        yield text(document, "Nb")
    for additional in children(part, "AddtlRmtInf"):
        yield additional.text or ""


def _labelled(detail: etree._Element | None, tag: str) -> str:
    """Return an id that a bank put into the text instead of its own element."""
    lines = [found.text or "" for found in children(find(detail, "RmtInf"), "Ustrd")]
    return tags.labelled(lines).get(tag, "") if lines else ""


def _additional(entry: etree._Element, detail: etree._Element | None) -> str:
    return lines_of(text(detail, "AddtlTxInf") or text(entry, "AddtlNtryInf"))


def _creditor_id(detail: etree._Element | None) -> str:
    for party in ("RltdPties/Cdtr/Pty", "RltdPties/Cdtr"):
        element = find(detail, party)
        if found := text(element, "Id/PrvtId/Othr/Id", "Id/OrgId/Othr/Id"):
            return found
    return _labelled(detail, "CRED")


def _bank_reference(entry: etree._Element, detail: etree._Element | None) -> str:
    """Return the bank's reference: the detail's own before the entry's."""
    for found in children(find(detail, "Refs"), "Prtry"):
        if text(found, "Tp").upper() == "FI-UMSATZ-ID":
            return reference(text(found, "Ref"))
    return reference(text(detail, "Refs/AcctSvcrRef")) or reference(text(entry, "AcctSvcrRef"))


def _foreign(element: etree._Element, line: StatementLine) -> tuple[Decimal | None, str]:
    """Return what was paid in another currency, with the line's sign."""
    for path in ("AmtDtls/InstdAmt/Amt", "AmtDtls/TxAmt/Amt", "Amt"):
        found = find(element, path)
        currency = str(found.get("Ccy") or "")[:3].upper() if found is not None else ""
        amount = decimal(found.text or "") if found is not None else None
        if currency and currency != line.currency and amount:
            return (-amount if line.amount < 0 else amount), currency
    return None, ""


def _raw(entry: etree._Element, detail: etree._Element | None) -> str:
    element = detail if detail is not None else entry
    return etree.tostring(element, encoding="unicode", with_tail=False)[:_MAX_RAW]
