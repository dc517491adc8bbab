"""What was found in the texts of a payment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from .book import Book
from .references import Window

STRONG = 6.0  # from here on a number names its document for sure


@dataclass(slots=True)
class Hit:
    """A document named by a number: where, and how sure (log-odds)."""

    number: str
    weight: float
    start: int
    end: int
    text: int  # which of the texts; 0 is the remittance
    full: bool
    fuzzy: bool = False
    listed: bool = False  # one of several named together
    other: bool = False  # with a mistake, but exactly another document's number
    alien: bool = False  # the letters before it are those of another kind of document

    @property
    def rank(self) -> tuple[float, int]:
        """The surer and longer one is shown."""
        return self.weight, self.end - self.start


@dataclass
class Mentions:
    """What the texts of one payment name."""

    texts: list[str]
    windows: list[Window]
    docs: dict[int, Hit] = field(default_factory=dict)
    customers: dict[int, Hit] = field(default_factory=dict)
    spans: list[tuple[int, int, int, set[int]]] = field(default_factory=list)  # strong: text, place
    owned: list[tuple[int, int, int]] = field(default_factory=list)  # of them, letters and all
    strange: bool = False  # a number as ours look like, but of no document here

    @cached_property
    def long_windows(self) -> list[Window]:
        """Digits that may be a number with a mistake, each once."""
        seen = {window.digits: window for window in reversed(self.windows)}
        return [window for window in reversed(seen.values()) if len(window.digits) >= 4]

    def ranked(self, book: Book) -> list[tuple[int, Hit]]:
        """Return the documents named, the surest first; equals by number, never by chance."""
        return sorted(
            self.docs.items(),
            key=lambda named: (-named[1].weight, named[1].start, book.docs[named[0]].item.id),
        )

    def unexplained(self, places: Sequence[int], customer: int, slips: Sequence[Hit] = ()) -> int:
        """Count places in the text that name documents, but none of these, nor the customer.

        :param slips: numbers of these documents that were written with a mistake
        """
        said = self.customers.get(customer)
        meant = [*slips, said] if said else slips
        return sum(
            1
            for text, start, end, named in self.spans
            if not named.intersection(places)
            and not any(hit.text == text and hit.start < end and start < hit.end for hit in meant)
        )
