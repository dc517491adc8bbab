"""What one batch of the engine has looked up already.

Confirming and invoicing in core ask the same questions for every line: which rule applies, which
quants are there, does a reordering rule exist. Within one transaction the answers cannot change but
by what the transaction itself does, so a batch asks once. The memo stands in the context and lives
for one attempt of one step; where there is none, nothing in core is different.
"""

from collections.abc import Callable, Hashable
from typing import Any


class Memo:
    """Answers of one batch, and what is gathered to be written at its end."""

    __slots__ = ("answers", "notes")

    def __init__(self) -> None:
        self.answers: dict[Hashable, Any] = {}
        self.notes: list[tuple] = []

    def once(self, key: Hashable, ask: Callable[[], Any]) -> Any:
        """Return the answer under ``key``; ``ask`` for it the first time."""
        if key not in self.answers:
            self.answers[key] = ask()
        return self.answers[key]

    def known(self, kind: str) -> dict:
        """Return the answers of one kind, to be filled by the caller."""
        return self.once(kind, dict)

    def forget(self, kind: str) -> None:
        """Something changed: ask again."""
        self.answers.pop(kind, None)


def memo_of(env) -> Memo | None:
    """Return the memo of the batch that is being done, ``None`` outside the engine."""
    found = env.context.get("automation_engine")
    return found if isinstance(found, Memo) else None
