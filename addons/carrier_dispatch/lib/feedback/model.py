"""What a reader is told, and what it found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from odoo.addons.automation_core.lib import errors
from odoo.addons.automation_core.lib.texts import Marker, Text

from ..model import Feedback, FeedbackState

_lt = Marker(__name__)

MAX_BYTES: Final = 10 * 1024 * 1024
MAX_ROWS: Final = 20_000

Kind = Literal["csv", "xml"]
# The words by which a delivery is found, the best first.
KEYS: Final = ("number", "delivery", "order", "shop_order")
FIELDS: Final[Mapping[str, Text]] = {
    "number": _lt("dispatch number"),
    "delivery": _lt("delivery"),
    "order": _lt("order"),
    "shop_order": _lt("order number of the shop"),
    "tracking": _lt("tracking number"),
    "carrier": _lt("carrier"),
    "date": _lt("day of shipping"),
    "time": _lt("time of shipping"),
    "position": _lt("position"),
    "sku": _lt("article number"),
    "quantity": _lt("quantity"),
    "weight": _lt("weight"),
    "link": _lt("tracking link"),
    "state": _lt("status"),
    "reason": _lt("reason"),
    "complete": _lt("completely delivered"),
}


class FeedbackError(errors.Rejected):
    """A file that cannot be read at all."""


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """Where in a shipper's files what is.

    ``columns``: field (:data:`FIELDS`) and column; the number of a column where there are no
    headings, the path below a record in XML (``Paket/Nummer``, ``@id``, ``../Nummer``).
    ``records`` leads to the records of XML (``/Daten/Lieferung``, or the name alone wherever it
    is). What rows may share and a record does not have is looked for in the elements around it.
    ``states``: what the shipper's words mean.
    """

    columns: Mapping[str, str]
    kind: Kind = "csv"
    delimiter: str = ""
    quote: str = '"'
    encoding: str = "auto"
    header: bool = True
    records: str = ""
    states: Mapping[str, FeedbackState] = field(default_factory=dict)
    carrier: str = ""
    dates: tuple[str, ...] = ()
    decimal: Literal["", ",", "."] = ""
    zone: str = "Europe/Berlin"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in a file that was not taken, or (a warning) was taken and should be looked at.

    ``row`` is the line of the file. ``keys`` name the delivery, where that much could be read.
    """

    row: int
    sentence: Text
    keys: tuple[str, ...] = ()
    warning: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file or mail says."""

    feedbacks: tuple[Feedback, ...] = ()
    problems: tuple[Problem, ...] = ()

    def about(self, feedback: Feedback) -> tuple[Problem, ...]:
        """Return the problems of one delivery: a part of it could not be read."""
        wanted = set(feedback.keys)
        return tuple(problem for problem in self.problems if wanted & set(problem.keys))


class RowProblem(Exception):
    """A row that is not taken; the rows beside it are."""

    def __init__(self, sentence: Text) -> None:
        super().__init__(str(sentence))
        self.sentence = sentence
