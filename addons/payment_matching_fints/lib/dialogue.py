"""One dialogue with a bank: its messages, each judged."""

from __future__ import annotations

import logging
from types import SimpleNamespace
from typing import Any

from fints.formals import Language2, SystemIDStatus
from fints.message import MessageDirection
from fints.segments.auth import HKIDN2, HKVVB3
from fints.segments.dialog import HKEND1

from odoo.addons.automation_core.lib import errors
from odoo.addons.automation_core.lib.texts import Marker

from .codes import CLOSED, MORE, LoginRefused, failure
from .model import Pause
from .wire import Client, find

_logger = logging.getLogger(__name__)
_lt = Marker(__name__)


class Dialogue:
    """Messages to and from a bank, from a login to the goodbye."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._dialog: Any = None
        self._before = 0  # how much the bank had said before its last answer

    @property
    def id(self) -> str:
        """The bank's name for it."""
        return str(self._dialog.dialog_id)

    @property
    def two_step(self) -> bool:
        """Whether more than the PIN was chosen."""
        return self._client.get_current_tan_mechanism() in self._client.get_tan_mechanisms()

    @property
    def heard(self) -> set[str]:
        """The codes of the last answer."""
        return {one.code for one in self._client.said[self._before :]}

    def open(self, *extra: Any, purpose: str = "", strict: bool = True) -> Any:
        """Log in and return the answer."""
        client = self._client
        self._dialog = client._new_dialog(lazy_init=True)
        self._dialog.need_init, self._dialog.open = False, True
        who = HKIDN2(
            client.bank_identifier,
            client.customer_id,
            client.system_id,
            SystemIDStatus.ID_NECESSARY,
        )
        what = HKVVB3(
            client.bpd_version,
            client.upd_version,
            Language2.DE,
            client.product_name,
            client.product_version,
        )
        segments = [who, what]
        if self.two_step:
            confirm = client._get_tan_segment(who, "4")
            if purpose and hasattr(confirm, "segment_type"):
                # the list of devices is open to everybody who knows the PIN
                confirm.segment_type = purpose
            segments.append(confirm)
        return self.send(*segments, *extra, login=True, strict=strict)

    def resume(self, pause: Pause) -> None:
        """Go on with a dialogue that another process has begun."""
        self._dialog = self._client._new_dialog(lazy_init=True)
        self._dialog.need_init, self._dialog.open = False, True
        self._dialog.dialog_id = pause.dialog
        for direction in self._dialog.next_message_number:
            self._dialog.next_message_number[direction] = pause.number

    def send(self, *segments: Any, login: bool = False, strict: bool = True) -> Any:
        """Send one message and return the answer, judged."""
        self._before = len(self._client.said)
        try:
            answer = self._dialog.send(*segments, internal_send=True)
            for kind in ("HIRMG", "HIRMS"):  # what is not understood here could be a refusal
                find(answer, kind)
        except errors.AutomationError:
            raise
        except Exception as stumbled:  # the library's, which quote what they stumbled over
            _logger.info("The FinTS library stumbled: %s", type(stumbled).__name__)
            raise errors.InvalidAnswer(
                _lt("The bank's answer cannot be understood."),
                _lt("It is tried again by itself; if that does not help, ask the bank."),
            ) from None
        error = self.failure(login)
        if error and (strict or not find(answer, "HISYN")):
            # after a refused login nothing more is said: each message would hold the PIN again
            if not isinstance(error, LoginRefused):
                self.close()
            raise error
        return answer

    def failure(self, login: bool) -> errors.AutomationError | None:
        """Return what is wrong in the last answer, if anything."""
        return failure(self._client.said[self._before :], login=login)

    def ask(self, segment: Any) -> Any:
        """Send an order, with the question for a TAN where the bank wants one."""
        if self.two_step and self._client._need_twostep_tan_for_segment(segment):
            return self.send(segment, self._client._get_tan_segment(segment, "4"))
        return self.send(segment)

    def confirm(self, pause: Pause, tan: str) -> Any:
        """Give the TAN, or ask whether the app has confirmed."""
        self._client._pending_tan = None if pause.decoupled else tan
        process = "S" if pause.decoupled else "2"
        about = SimpleNamespace(task_reference=pause.reference)
        return self.send(self._client._get_tan_segment(None, process, about))

    def close(self) -> None:
        """End the dialogue. Whether that works is the bank's business: it forgets it anyway."""
        if CLOSED in self.heard:
            return
        try:
            self._dialog.send(HKEND1(self._dialog.dialog_id), internal_send=True)
        except Exception:
            return

    @property
    def further(self) -> str:
        """Return where the bank wants to go on, empty: that was all."""
        for one in self._client.said[self._before :]:
            if one.code == MORE and one.parameters:
                return one.parameters[0]
        return ""

    @property
    def number(self) -> int:
        """The number of our next message."""
        return int(self._dialog.next_message_number[MessageDirection.FROM_CUSTOMER])
