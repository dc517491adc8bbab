"""A bank on a port of its own, and a user who knows his way in."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from payment_matching_fints.lib.bank import Bank
from payment_matching_fints.lib.model import Account, Finished, Login, Pause, Result, Task, Waiting
from tests.servers import fints

TODAY = date(2026, 11, 23)
START = date(2026, 11, 1)


class User:
    """Somebody with an access; every step is made by a new client, as in another process."""

    def __init__(self, server: fints.FintsServer) -> None:
        bank = server.bank
        self.bank = bank
        self.login = Login(server.address, bank.code, bank.user, bank.pin, bank.product)

    def client(self, **changes: Any) -> Bank:
        """Return a client that knows what was kept."""
        return Bank(replace(self.login, **changes))

    def keep(self, client: Bank) -> None:
        """Remember what the bank said, as the next process finds it."""
        self.login = replace(self.login, state=client.state)

    def connect(self, way: str = "942", medium: str = "Handy") -> None:
        """Choose a way to confirm."""
        client = self.client()
        client.mechanisms()
        client.choose(way, medium)
        self.keep(client)

    def run(self, task: Task) -> Result:
        """Do a task."""
        client = self.client()
        try:
            return client.run(task)
        finally:
            self.keep(client)

    def answer(self, waiting: Result, tan: str = "") -> Result:
        """Go on with what was put on a shelf as JSON."""
        assert isinstance(waiting, Waiting)
        client = self.client()
        try:
            return client.answer(Pause.from_json(waiting.pause.to_json()), tan)
        finally:
            self.keep(client)

    def account(self) -> Account:
        """Return the account with the bookings."""
        done = self.run(Task("accounts"))
        if isinstance(done, Waiting):
            done = self.answer(done, self.bank.tan)
        assert isinstance(done, Finished)
        return done.accounts[0]

    def fetch(self, start: date = START) -> Result:
        """Ask for the bookings since a day."""
        return self.run(Task("fetch", self.account(), start, TODAY))


@pytest.fixture
def bank() -> Iterator[fints.Bank]:
    """The bank; at the end it must have nothing to complain about."""
    bank = fints.Bank.sample(TODAY)
    yield bank
    assert bank.problems == []


@pytest.fixture
def server(bank: fints.Bank) -> Iterator[fints.FintsServer]:
    """The bank's computer."""
    with fints.FintsServer(bank) as server:
        yield server


@pytest.fixture
def user(server: fints.FintsServer) -> User:
    """A user of the bank who is not connected yet."""
    return User(server)
