"""The bank's computer: takes messages over HTTP and judges their form."""

from __future__ import annotations

import base64
import binascii

from ..base import Call, Sent, ThreadedServer
from .bank import Bank
from .dialogue import ONE_STEP, Answer, Dialogue, Refused
from .wire import Broken, Segment, read, write

PATH = "/cgi-bin/hbciservlet"


class FintsServer(ThreadedServer):
    """Answers for a bank. What a client does against the specification is in ``bank.problems``."""

    def __init__(self, bank: Bank, port: int = 0) -> None:
        super().__init__(port)
        self.bank = bank
        self.dialogues: dict[str, Dialogue] = {}

    @property
    def address(self) -> str:
        """The address to enter."""
        return f"{self.url}{PATH}"

    def answer(self, call: Call) -> Sent:
        """Answer one message."""
        if call.method != "POST" or call.path != PATH:
            return Sent(404, b"<html>Not Found</html>")
        if self.bank.page is not None:
            return Sent(200, self.bank.page)
        try:
            content = base64.b64decode(call.body, validate=True)
            reply = self._reply(content)
        except (Broken, binascii.Error, KeyError, ValueError) as error:
            self.bank.problems.append(f"{type(error).__name__}: {error}")
            return Sent(400, b"malformed")
        encoded = base64.b64encode(reply)
        lines = [encoded[at : at + 76] for at in range(0, len(encoded), 76)]
        return Sent(200, b"\r\n".join(lines))

    def _reply(self, content: bytes) -> bytes:
        head, security, wrapped, tail = read(content)
        inside = self._check_envelope(content, head, security, wrapped, tail)
        dialogue = self._dialogue(head)
        answer = self._judged(dialogue, security, inside)
        return self._render(dialogue, head, answer)

    def _check_envelope(
        self, content: bytes, head: Segment, security: Segment, wrapped: Segment, tail: Segment
    ) -> list[Segment]:
        kinds = [segment.kind for segment in (head, security, wrapped, tail)]
        if kinds != ["HNHBK", "HNVSK", "HNVSD", "HNHBS"]:
            raise Broken(f"not an envelope: {kinds}")
        if int(head.text(2)) != len(content) or len(head.text(2)) != 12:
            raise Broken("HNHBK: wrong size")
        if (security.number, wrapped.number) != (998, 999) or head.text(3) != "300":
            raise Broken("envelope: wrong numbers")
        if head.text(5) != tail.text(2):
            raise Broken("HNHBS: other number of the message")
        data = wrapped.part(2)
        if not isinstance(data, bytes):
            raise Broken("HNVSD: not binary")
        inside = read(data)
        numbers = [segment.number for segment in inside]
        if numbers != list(range(2, 2 + len(inside))) or tail.number != numbers[-1] + 1:
            raise Broken(f"segments not in a row: {numbers}, {tail.number}")
        return inside

    def _dialogue(self, head: Segment) -> Dialogue:
        name, number = head.text(4), int(head.text(5))
        if name == "0":
            dialogue = Dialogue(self.bank)
            self.dialogues[dialogue.id] = dialogue
        else:
            dialogue = self.dialogues[name]
        if number != dialogue.next_number or dialogue.ended:
            raise Broken(f"message {number} instead of {dialogue.next_number}, or after the end")
        dialogue.next_number += 1
        return dialogue

    def _judged(self, dialogue: Dialogue, security: Segment, inside: list[Segment]) -> Answer:
        try:
            tan = self._check_signature(dialogue, security, inside)
            return dialogue.handle(inside[1:-1], tan)
        except Refused as refused:
            answer = Answer()
            answer.say(0, "9050", "Die Nachricht enthaelt Fehler.")
            if refused.end:
                answer.say(0, "9800", "Dialog abgebrochen.")
                dialogue.ended = True
            answer.say(3, refused.code, refused.text)
            return answer

    def _check_signature(self, dialogue: Dialogue, security: Segment, inside: list[Segment]) -> str:
        head, tail = inside[0], inside[-1]
        if (head.kind, tail.kind) != ("HNSHK", "HNSHA") or head.text(4) != tail.text(2):
            raise Broken("no signature, or two halves of different ones")
        function = head.text(3)
        if security.text(2, 1) != ("1" if function == ONE_STEP else "2"):
            raise Broken("HNVSK: profile does not fit the function")
        if dialogue.function not in ("", function):
            raise Broken("another function in the same dialogue")
        if function != ONE_STEP and function not in self.bank.ways:
            raise Refused("9210", "Sicherheitsfunktion nicht zugelassen.", end=True)
        dialogue.function = function
        if head.text(12, 2) != self.bank.user:
            raise Refused("9210", "Benutzerkennung unbekannt.", end=True)
        self._check_pin(tail.text(4))
        tan = tail.text(4, 1)
        if tan and not dialogue.reference:
            raise Broken("a TAN that nobody asked for")
        return tan

    def _check_pin(self, pin: str) -> None:
        bank = self.bank
        if bank.maintenance:
            raise Refused("9997", "Zurzeit Wartungsarbeiten.", end=True)
        if bank.locked:
            raise Refused("9931", "Teilnehmersperre durchgefuehrt.", end=True)
        if pin != bank.pin:
            bank.wrong_pins += 1
            bank.locked = bank.wrong_pins >= 3
            raise Refused("9942", "PIN falsch.", end=True)

    def _render(self, dialogue: Dialogue, head: Segment, answer: Answer) -> bytes:
        data, number = answer.render(), head.text(5)
        key = (("280", self.bank.code, self.bank.user, "V", "0", "0"), "0")
        security = write(
            "HNVSK:998:3",
            ("PIN", "1"),
            "998",
            "1",
            ("2", "", "0"),
            "1",
            ("2", "2", "13", b"\0" * 8, "5", "1"),
            *key,
        )
        body = security + write("HNVSD:999:1", data)
        last = write("HNHBS:9:1", number)
        start = ["300", dialogue.id, number, (dialogue.id, number)]
        size = len(write("HNHBK:1:3", "0" * 12, *start)) + len(body) + len(last)
        return write("HNHBK:1:3", f"{size:012}", *start) + body + last
