"""One user's access to one bank: what can be asked, and how it goes on after a TAN.

A method that talks to the bank opens a dialogue and closes it, unless the bank wants a TAN: then it
returns :class:`.model.Waiting`, and :meth:`Bank.answer` goes on from there, in any process. All
failures are ``automation_core.lib.errors``; :class:`.codes.LoginRefused` and its kinds must not be
repeated without a person.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from fints.client import SYSTEM_ID_UNASSIGNED
from fints.exceptions import FinTSError
from fints.formals import (
    SynchronizationMode,
    TANMediaClass4,
    TANMediaType2,
)
from fints.segments.auth import HKTAB4, HKTAB5
from fints.segments.dialog import HKSYN3

from odoo.addons.automation_core.lib import errors
from odoo.addons.automation_core.lib.http import HttpClient
from odoo.addons.automation_core.lib.texts import Marker

from .challenge import read_challenge
from .check import check_login, check_secret
from .codes import (
    APP_WAITING,
    APP_WANTED,
    TAN_WANTED,
    LoginRefused,
    Said,
    TanDue,
)
from .dialogue import Dialogue
from .model import Finished, Login, Mechanism, Pause, Result, Stage, Task, Waiting
from .orders import accounts, is_xml, order, pages_of
from .wire import Client, find, http_client

_lt = Marker(__name__)

ONE_STEP = "999"  # the PIN alone
MOST_PAGES = 200


class Bank:
    """A bank, asked by one user."""

    def __init__(self, login: Login, *, http: HttpClient | None = None) -> None:
        check_login(login)
        self._client = Client(login, http or http_client(login))
        self._dialogue = Dialogue(self._client)

    # -- what is kept ------------------------------------------------------

    @property
    def state(self) -> bytes:
        """What to keep for the next time: the bank's parameters and our choice; no secret."""
        return bytes(self._client.deconstruct(including_private=True))

    @property
    def said(self) -> tuple[Said, ...]:
        """Everything the bank has said so far."""
        return tuple(self._client.said)

    @property
    def name(self) -> str:
        """The bank's name, as it says itself."""
        return str(self._client.bpa.bank_name or "") if self._client.bpa else ""

    # -- ways to confirm ---------------------------------------------------

    def mechanisms(self) -> tuple[Mechanism, ...]:
        """Log in with the PIN alone and ask which ways to confirm there are; none: the PIN is
        enough there.
        """
        client = self._client
        client.set_tan_mechanism(ONE_STEP)
        client.system_id = SYSTEM_ID_UNASSIGNED
        answer = self._dialogue.open(HKSYN3(SynchronizationMode.NEW_SYSTEM_ID), strict=False)
        for segment in find(answer, "HISYN"):
            client.system_id = segment.system_id
        if client.system_id == SYSTEM_ID_UNASSIGNED:
            raise self._dialogue.failure(login=True) or LoginRefused(
                _lt("The bank does not register this program."),
                _lt("Check bank code, user id and product registration number."),
            )
        self._dialogue.close()
        return tuple(
            Mechanism(code, parameters.name)
            for code, parameters in client.get_tan_mechanisms().items()
            if code != ONE_STEP and parameters.tan_process == "2"
        )

    def choose(self, mechanism: str, medium: str = "") -> None:
        """Confirm in this way from now on."""
        self._client.set_tan_mechanism(mechanism or ONE_STEP)
        self._client.selected_tan_medium = medium or None

    @property
    def chosen(self) -> str:
        """The way that was chosen."""
        return str(self._client.get_current_tan_mechanism() or "")

    @property
    def needs_medium(self) -> bool:
        """Whether the chosen way has several devices or cards to choose from."""
        return self._dialogue.two_step and bool(self._client.is_tan_media_required())

    def media(self) -> tuple[str, ...]:
        """Ask for the names of the devices and cards; none where the bank does not tell."""
        try:
            kind = self._client._find_highest_supported_command(HKTAB4, HKTAB5)
        except FinTSError:
            return ()
        self._dialogue.open(purpose="HKTAB")
        inquiry = kind(tan_media_type=TANMediaType2.ALL, tan_media_class=str(TANMediaClass4.ALL))
        answer = self._dialogue.send(inquiry)
        self._dialogue.close()
        media = [medium for found in find(answer, "HITAB") for medium in found.tan_media_list]
        return tuple(medium.tan_medium_name for medium in media if medium.tan_medium_name)

    # -- what is asked for -------------------------------------------------

    def run(self, task: Task) -> Result:
        """Log in and do a task."""
        if self._client.system_id == SYSTEM_ID_UNASSIGNED:
            raise LoginRefused(
                _lt("This access is not connected yet."), _lt("Press “Connect” first.")
            )
        answer = self._dialogue.open()
        if waiting := self._waiting(answer, task, "login"):
            return waiting
        return self._go_on(task)

    def answer(self, pause: Pause, tan: str = "") -> Result:
        """Go on after the person has confirmed; without a TAN: in the app."""
        check_secret(tan, _lt("The TAN has characters that banks do not know, or too many."))
        self._dialogue.resume(pause)
        answer = self._dialogue.confirm(pause, tan)
        if APP_WAITING in self._dialogue.heard:
            return self._still_waiting(answer, pause)
        if pause.stage == "login":
            return self._go_on(pause.task, confirmed=True)
        return self._go_on(pause.task, pause.pages, answer, confirmed=True)

    def give_up(self, pause: Pause) -> None:
        """End a dialogue that nobody will go on with."""
        self._dialogue.resume(pause)
        self._dialogue.close()

    # -- the task, page after page -----------------------------------------

    def _go_on(
        self,
        task: Task,
        pages: tuple[bytes, ...] = (),
        answer: Any = None,
        *,
        confirmed: bool = False,
    ) -> Result:
        """Ask for what is missing; ``answer`` is the last one, if the task was begun."""
        while True:
            if answer is None:
                answer = self._dialogue.ask(order(self._client, task, ""))
                if waiting := self._waiting(answer, task, "order", pages):
                    return waiting
            pages += pages_of(answer)
            further = self._dialogue.further
            if not further or task.kind != "fetch":
                break
            if len(pages) > MOST_PAGES:
                raise errors.InvalidAnswer(
                    _lt("The bank sends more pages than can be true."),
                    _lt("Ask for a shorter time."),
                )
            answer = self._dialogue.ask(order(self._client, task, further))
            if waiting := self._waiting(answer, task, "order", pages):
                return waiting
        found = accounts(self._client, answer) if task.kind == "accounts" else ()
        self._dialogue.close()
        return Finished(task, found, pages, is_xml(self._client, task), confirmed)

    # -- waiting for a person ----------------------------------------------

    def _waiting(
        self, answer: Any, task: Task, stage: Stage, pages: tuple[bytes, ...] = ()
    ) -> Waiting | None:
        if not self._dialogue.heard & {TAN_WANTED, APP_WANTED}:
            return None
        asked = find(answer, "HITAN")
        if not asked or not asked[0].task_reference:
            self._dialogue.close()
            raise TanDue
        decoupled = APP_WANTED in self._dialogue.heard
        pause = Pause(
            task=task,
            stage=stage,
            dialog=self._dialogue.id,
            number=self._dialogue.number,
            reference=asked[0].task_reference,
            decoupled=decoupled,
            pages=pages,
        )
        return Waiting(read_challenge(asked[0], decoupled), pause)

    def _still_waiting(self, answer: Any, pause: Pause) -> Waiting:
        asked = find(answer, "HITAN")
        challenge = read_challenge(asked[0], True) if asked else None
        return Waiting(
            challenge or read_challenge(SimpleNamespace(challenge="", tan_medium_name=""), True),
            pause.at(self._dialogue.number),
        )
