"""What is asked of a bank, and what its answers hold."""

from __future__ import annotations

import re
from typing import Any

from fints.exceptions import FinTSError
from fints.formals import KTI1, Account2, Account3, BankIdentifier, SupportedMessageTypes
from fints.parser import FinTS3Serializer
from fints.segments.accounts import HKSPA1
from fints.segments.statement import HKCAZ1, HKKAZ5, HKKAZ6, HKKAZ7

from odoo.addons.automation_core.lib import errors
from odoo.addons.automation_core.lib.texts import Marker

from .model import Account, Task
from .wire import Client, find

_lt = Marker(__name__)

GERMANY = "280"
# Asked for where a bank does not say what it has.
CAMT = [f"urn:iso:std:iso:20022:tech:xsd:camt.052.001.{version}" for version in ("08", "02")]
_CAMT = re.compile(rb"urn:iso:std:iso:20022:tech:xsd:camt\.05[23]\.001\.\d\d")


def order(client: Client, task: Task, further: str) -> Any:
    """Return the segment that asks for a task; ``further`` is where the bank wants to go on."""
    if task.kind == "accounts":
        return HKSPA1()
    assert task.account
    kind = statement_kind(client)
    values = {
        "account": _account(kind, task.account),
        "all_accounts": False,
        "date_start": task.start,
        "date_end": task.end,
        "touchdown_point": further or None,
    }
    if kind is HKCAZ1:
        values["supported_camt_messages"] = SupportedMessageTypes(_camt_messages(client))
    return kind(**values)


def statement_kind(client: Client) -> Any:
    """Return the best way to ask for bookings that the bank knows."""
    for kinds in ((HKKAZ5, HKKAZ6, HKKAZ7), (HKCAZ1,)):
        try:
            return client._find_highest_supported_command(*kinds)
        except FinTSError:
            continue
    raise errors.Rejected(
        _lt("This bank does not give bookings by FinTS."),
        _lt("Take its files instead: upload them, or have a folder watched."),
    )


def is_xml(client: Client, task: Task) -> bool:
    """Whether the answer to a task comes as whole XML files."""
    return task.kind == "fetch" and statement_kind(client) is HKCAZ1


def _camt_messages(client: Client) -> list[str]:
    """Return what the bank offers; the library's releases read that differently."""
    offered = FinTS3Serializer().serialize_message(client.bpd.find_segments("HICAZS"))
    return [name.decode() for name in _CAMT.findall(offered.replace(b"?", b""))] or CAMT


def accounts(client: Client, answer: Any) -> tuple[Account, ...]:
    """Return the accounts with an IBAN; what the bank told at login adds their owners."""
    known = {getattr(found, "iban", ""): found for found in client.upd.find_segments("HIUPD")}
    listed = [account for found in find(answer, "HISPA") for account in found.accounts]
    named = {account.iban: account for account in listed if account.iban}
    return tuple(
        Account(
            iban=iban,
            bic=account.bic or "",
            number=account.account_number or "",
            subnumber=account.subaccount_number or "",
            bank_code=account.bank_identifier.bank_code or "",
            owner=getattr(known.get(iban), "name_account_owner_1", None) or "",
            product=getattr(known.get(iban), "account_product_name", None) or "",
        )
        for iban, account in named.items()
    )


def pages_of(answer: Any) -> tuple[bytes, ...]:
    """Return the booked part of the answers; what is only announced is left to the bank."""
    booked = [found.statement_booked for found in find(answer, "HIKAZ")]
    for found in find(answer, "HICAZ"):
        booked.extend(found.statement_booked.camt_statements)
    return tuple(bytes(content) for content in booked if content)


def _account(kind: Any, account: Account) -> Any:
    """Return the account in the form that a segment wants."""
    form = kind._fields["account"].type
    if form is KTI1:
        return KTI1(iban=account.iban, bic=account.bic or None)
    common = {"account_number": account.number, "subaccount_number": account.subnumber or None}
    if form is Account2:
        return Account2(country_identifier=GERMANY, bank_code=account.bank_code, **common)
    return Account3(
        bank_identifier=BankIdentifier(country_identifier=GERMANY, bank_code=account.bank_code),
        **common,
    )
