"""The FinTS library, tamed.

Taken from it: writing and reading messages, the banks' parameters, signing with PIN and TAN. Not
taken: its own connection (no time-out; its log hides the PIN by a switch for the whole process, so
that another thread may send stars instead of its PIN), its judgement of errors (after a wrong PIN
it hides the cause behind another error), its log, its paused dialogues (pickled, with the PIN in
them; the mark of an app is lost).
"""

from __future__ import annotations

import base64
import binascii
import warnings
from typing import Any
from urllib.parse import urlsplit

from fints.client import ING_BANK_IDENTIFIER, FinTS3PinTanClient
from fints.message import FinTSInstituteMessage
from fints.parser import FinTSParserWarning
from fints.segments.base import FinTS3Segment
from fints.types import SegmentSequence

from odoo.addons.automation_core.lib import errors
from odoo.addons.automation_core.lib.http import HttpClient
from odoo.addons.automation_core.lib.texts import Marker

from .codes import MECHANISMS, Said
from .model import Login

_lt = Marker(__name__)

# It quotes the bank's answer, with the user's accounts.
warnings.filterwarnings("ignore", category=FinTSParserWarning)

PRODUCT_VERSION = "19.0"
TIMEOUT = (10.0, 60.0)
LOOPBACK = ("127.0.0.1", "localhost")


class Wire:
    """Carries messages to a bank and back."""

    def __init__(self, address: str, http: HttpClient) -> None:
        parts = urlsplit(address)
        self._path = parts._replace(scheme="", netloc="", fragment="").geturl()
        self._http = http

    def send(self, message: Any) -> FinTSInstituteMessage:
        """Send a message, once; return the answer."""
        answer = self._http.request(
            "POST",
            self._path,
            data=base64.b64encode(message.render_bytes()),
            headers={"Content-Type": "text/plain"},
        )
        try:
            content = base64.b64decode(b"".join(answer.content.split()), validate=True)
        except binascii.Error:
            raise errors.InvalidAnswer(
                _lt("There is no FinTS server at this address."),
                _lt("Ask the bank for the address for PIN/TAN (FinTS 3.0)."),
            ) from None
        try:
            message = FinTSInstituteMessage(segments=content)
        except Exception:  # whatever a parser may stumble over, and it quotes what it read
            raise errors.InvalidAnswer(
                _lt("The bank's answer cannot be read."),
                _lt("It is tried again by itself; if that does not help, ask the bank."),
            ) from None
        if not message.find_segment_first("HIRMG"):
            raise errors.InvalidAnswer(
                _lt("There is no FinTS server at this address."),
                _lt("Ask the bank for the address for PIN/TAN (FinTS 3.0)."),
            )
        return message


class Client(FinTS3PinTanClient):  # type: ignore[misc]
    """The library's client: it only remembers, and hears what the bank says."""

    def __init__(self, login: Login, http: HttpClient) -> None:
        self.said: list[Said] = []
        super().__init__(
            login.bank_code,
            login.user,
            login.pin,
            login.address,
            customer_id=login.customer or login.user,
            product_id=login.product,
            product_version=PRODUCT_VERSION,
            from_data=login.state or None,
        )
        self.connection = Wire(login.address, http)

    def _process_response(self, dialog: Any, segment: Any, response: Any) -> None:
        """Override: hear, and judge later."""
        parameters = tuple(str(value) for value in response.parameters if value)
        self.said.append(Said(response.code or "", response.text or "", parameters))
        # ING lists mechanisms and takes none: it lets people read with the PIN alone
        if response.code == MECHANISMS and self.bank_identifier != ING_BANK_IDENTIFIER:
            self.allowed_security_functions = list(parameters)

    def _log_response(self, segment: Any, response: Any) -> None:
        """Override: what a bank says is for its customer."""


def http_client(login: Login) -> HttpClient:
    """Return the connection to a bank's server; the PIN goes over it, so it must be encrypted."""
    parts = urlsplit(login.address)
    if parts.scheme != "https" and parts.hostname not in LOOPBACK:
        raise errors.Rejected(
            _lt("The bank's address must begin with https://"),
            _lt("Ask the bank for the address for PIN/TAN (FinTS 3.0)."),
        )
    origin = f"{parts.scheme}://{parts.netloc}"
    return HttpClient(origin, timeout=TIMEOUT, secrets=(login.pin,))


def find(message: SegmentSequence, kind: str) -> list[Any]:
    """Return the segments of one kind, wherever they refer to: the answer to a TAN refers to
    the TAN and not to the order.

    :raises errors.InvalidAnswer: one of them could not be understood; the library would go on
        without what it says
    """
    found = list(message.find_segments(kind))
    if any(type(segment) is FinTS3Segment for segment in found):
        raise errors.InvalidAnswer(
            _lt("The bank's answer cannot be understood."),
            _lt("It is tried again by itself; if that does not help, ask the bank."),
        )
    return found
