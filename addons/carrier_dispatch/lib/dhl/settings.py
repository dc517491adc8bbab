"""How one shipper uses DHL: login, billing numbers, what is printed and what DHL is told."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from html import escape
from types import MappingProxyType
from typing import Literal

from odoo.addons.automation_core.lib.texts import Marker, Text

from . import const
from .limits import RULES, ProductRule

_lt = Marker(__name__)

_BILLING = re.compile(r"[0-9A-Za-z]{10}([0-9]{2})[0-9A-Za-z]{2}")


@dataclass(frozen=True, slots=True)
class Login:
    """What proves who asks: the app's key and secret, and a user of the business portal.

    :param method: ``oauth`` asks for a token with all four; ``basic`` sends key, user and password
        with each request
    """

    api_key: str = field(repr=False)
    api_secret: str = field(default="", repr=False)
    user: str = ""
    password: str = field(default="", repr=False)
    method: Literal["oauth", "basic"] = "oauth"

    @property
    def basic(self) -> str:
        """User and password as a header writes them."""
        return _basic(self.user.strip(), self.password)

    @property
    def app(self) -> str:
        """Key and secret of the app as a header writes them."""
        return _basic(self.api_key.strip(), self.api_secret.strip())

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must never be shown, in all forms in which it is sent."""
        plain = (self.api_key.strip(), self.api_secret.strip(), self.password)
        headers = (self.basic.removeprefix("Basic "), self.app.removeprefix("Basic "))
        attribute = escape(self.password, quote=False).replace('"', "&quot;")
        return tuple(filter(None, (*plain, *headers, attribute)))


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that is set once per shipper.

    :param billing_numbers: by product, ``V07PAK`` for returns
    :param send_email: whether DHL may be given buyers' e-mail addresses: only with their consent
    :param send_phone: the same for telephone numbers, which leave Germany only
    :param must_encode: DHL makes no label where it does not find the address
    :param sender_reference: name of a sender kept at DHL, with its logo; empty sends the address
    :param combine: the label of a return comes in the same document
    """

    login: Login
    billing_numbers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    sandbox: bool = False
    profile: str = const.PROFILE
    doc_format: str = "PDF"
    print_format: str = ""
    return_print_format: str = ""
    combine: bool = True
    send_email: bool = False
    send_phone: bool = False
    must_encode: bool = True
    sender_reference: str = ""
    allow_po_box: bool = False
    export_kind: str = "COMMERCIAL_GOODS"
    undeliverable: Literal["RETURN", "ABANDON"] = "RETURN"
    terms: Literal["DAP", "DDP"] = "DAP"  # of EuroPaket
    eori: str = ""
    rules: tuple[ProductRule, ...] = RULES
    language: str = "de-DE"  # of what DHL says

    @property
    def url(self) -> str:
        """Where DHL is asked."""
        return const.SANDBOX if self.sandbox else const.LIVE


@dataclass(frozen=True, slots=True)
class Services:
    """What DHL does beside carrying one parcel.

    :param label_for_return: adds a label for the way back (``V07PAK`` needed)
    """

    premium: bool = False
    closest_drop_point: bool = False
    named_person_only: bool = False
    signed_by_recipient: bool = False
    no_neighbour: bool = False
    neighbour: str = ""
    place: str = ""
    minimum_age: Literal["", "A16", "A18"] = ""
    insurance: Decimal = Decimal(0)
    cash_on_delivery: Decimal = Decimal(0)
    cash_account: str = ""
    cash_note: str = ""
    outlet_routing: bool = False
    climate: bool = False
    duty_paid: bool = False
    label_for_return: bool = False

    @property
    def needs_a_person(self) -> bool:
        """Whether somebody must stand at the door: a locker cannot do that."""
        return bool(
            self.named_person_only
            or self.signed_by_recipient
            or self.no_neighbour
            or self.neighbour
            or self.place
            or self.minimum_age
            or self.cash_on_delivery
        )


def faults(settings: Settings) -> list[Text]:
    """Return what is missing or cannot be right before anything is sent."""
    login = settings.login
    found = []
    if not login.api_key.strip():
        found.append(_lt("The API key is missing."))
    if not login.user.strip() or not login.password:
        found.append(_lt("User or password of DHL's business customer portal is missing."))
    if login.method == "oauth" and not login.api_secret.strip():
        found.append(_lt("The API secret is missing."))
    if settings.print_format not in ("", *const.PRINT_FORMATS):
        found.append(_lt("DHL does not print on “%(format)s”.", format=settings.print_format))
    if not any(number for name, number in settings.billing_numbers.items() if name != const.RETURN):
        found.append(_lt("There is no billing number: each product needs its own."))
    return [*found, *_billing_faults(settings.billing_numbers)]


def _billing_faults(numbers: Mapping[str, str]) -> list[Text]:
    found = []
    for product, number in numbers.items():
        if not number:
            continue
        procedure = const.PROCEDURES.get(product, "")
        match = _BILLING.fullmatch(number)
        if not match:
            text = _lt(
                "The billing number of %(product)s must have 14 characters: %(number)s",
                product=product,
                number=number,
            )
            found.append(text)
        elif match.group(1) != procedure:
            text = _lt(
                "In the billing number of %(product)s the 11th and 12th digit must be "
                "%(procedure)s: %(number)s",
                product=product,
                procedure=procedure or "?",
                number=number,
            )
            found.append(text)
    return found


def _basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()
