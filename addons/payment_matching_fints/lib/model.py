"""What is said between us and a bank, in plain Python and, where it must be kept, in JSON."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any, Literal, Self

TaskKind = Literal["accounts", "fetch"]
Stage = Literal["login", "order"]


@dataclass(frozen=True, slots=True)
class Login:
    """How to reach a bank and who we are there."""

    address: str
    bank_code: str
    user: str
    pin: str = field(repr=False)
    product: str  # the number under which the program is registered
    customer: str = ""  # empty: as the user
    # What the bank told us about itself, from :attr:`.bank.Bank.state`; no secret is in it.
    state: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Mechanism:
    """A way to confirm that the user is who he says: an app, a generator, a text message."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Account:
    """An account as the bank names it."""

    iban: str
    bic: str = ""
    number: str = ""
    subnumber: str = ""
    bank_code: str = ""
    owner: str = ""
    product: str = ""


@dataclass(frozen=True, slots=True)
class Task:
    """What the bank is asked for, so that it can be gone on with in another process."""

    kind: TaskKind
    account: Account | None = None
    start: date | None = None
    end: date | None = None

    def to_json(self) -> dict[str, Any]:
        """Return it as plain JSON."""
        return {
            "kind": self.kind,
            "account": asdict(self.account) if self.account else None,
            "start": self.start and self.start.isoformat(),
            "end": self.end and self.end.isoformat(),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Return what :meth:`to_json` wrote."""
        return cls(
            kind=data["kind"],
            account=Account(**data["account"]) if data["account"] else None,
            start=date.fromisoformat(data["start"]) if data["start"] else None,
            end=date.fromisoformat(data["end"]) if data["end"] else None,
        )


@dataclass(frozen=True, slots=True)
class Challenge:
    """What the user has to do. ``text`` may hold simple HTML and comes from outside."""

    text: str
    decoupled: bool = False  # confirmed in an app, no TAN is entered here
    image: bytes = field(default=b"", repr=False)
    flicker: tuple[str, ...] = ()  # start code and fields to type into a TAN generator
    medium: str = ""


@dataclass(frozen=True, slots=True)
class Pause:
    """A dialogue with the bank that waits for a person. It holds neither PIN nor TAN."""

    task: Task
    stage: Stage
    dialog: str
    number: int  # of our next message
    reference: str
    decoupled: bool
    pages: tuple[bytes, ...] = field(default=(), repr=False)

    def to_json(self) -> dict[str, Any]:
        """Return it as plain JSON."""
        return {
            "task": self.task.to_json(),
            "stage": self.stage,
            "dialog": self.dialog,
            "number": self.number,
            "reference": self.reference,
            "decoupled": self.decoupled,
            "pages": [base64.b64encode(page).decode() for page in self.pages],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Return what :meth:`to_json` wrote."""
        return cls(
            task=Task.from_json(data["task"]),
            stage=data["stage"],
            dialog=data["dialog"],
            number=data["number"],
            reference=data["reference"],
            decoupled=data["decoupled"],
            pages=tuple(base64.b64decode(page) for page in data["pages"]),
        )

    def at(self, number: int) -> Self:
        """Return the same pause, some messages later."""
        return replace(self, number=number)


@dataclass(frozen=True, slots=True)
class Waiting:
    """The bank wants a person to confirm first."""

    challenge: Challenge
    pause: Pause


@dataclass(frozen=True, slots=True)
class Finished:
    """The bank has answered. ``pages`` are as they came: MT940 in pieces, or whole camt files."""

    task: Task
    accounts: tuple[Account, ...] = ()
    pages: tuple[bytes, ...] = field(default=(), repr=False)
    xml: bool = False
    confirmed: bool = False  # a person has confirmed with a TAN


Result = Waiting | Finished
