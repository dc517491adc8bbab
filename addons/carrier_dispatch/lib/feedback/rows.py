"""From rows to deliveries: several rows may be about one delivery, and about one parcel."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal

from odoo.addons.automation_core.lib.texts import Marker, Text

from .. import carriers
from ..model import ZERO, Feedback, FeedbackItem, FeedbackParcel, FeedbackState
from . import values
from .model import KEYS, ColumnMap, Problem, Reading, RowProblem

_lt = Marker(__name__)


@dataclass(frozen=True, slots=True)
class Row:
    """What one row says."""

    line: int
    keys: tuple[str, ...]
    state: FeedbackState = "shipped"
    numbers: tuple[str, ...] = ()
    carrier: str = ""
    item: FeedbackItem | None = None
    weight: Decimal = ZERO
    link: str = ""
    shipped_at: datetime | None = None
    complete: bool | None = None
    reason: str = ""


@dataclass(slots=True)
class _Delivery:
    keys: tuple[str, ...]
    line: int
    state: FeedbackState
    parcels: dict[str, FeedbackParcel] = field(default_factory=dict)
    items: list[FeedbackItem] = field(default_factory=list)
    complete: bool | None = None
    shipped_at: datetime | None = None
    reasons: dict[str, None] = field(default_factory=dict)

    def add(self, row: Row) -> None:
        """Take in a row."""
        if row.complete is not None:
            self.complete = row.complete and self.complete is not False
        self.shipped_at = self.shipped_at or row.shipped_at
        if row.reason:
            self.reasons[row.reason] = None
        items = (row.item,) if row.item else ()
        nothing = row.item is not None and not row.item.quantity
        if nothing or len(row.numbers) != 1:  # it is in no parcel, or nobody said in which
            self.items.extend(items)
            items = ()
        for number in row.numbers:
            known = self.parcels.get(number, FeedbackParcel(number))
            self.parcels[number] = replace(
                known,
                carrier=known.carrier or row.carrier,
                weight=known.weight or row.weight,
                link=known.link or row.link,
                items=known.items + items,
            )

    def feedback(self) -> Feedback:
        """Return what the rows say together."""
        return Feedback(
            keys=self.keys,
            state=self.state,
            parcels=tuple(self.parcels.values()),
            items=tuple(self.items),
            complete=self.complete,
            shipped_at=self.shipped_at,
            reason="; ".join(self.reasons),
            row=self.line,
        )


class Collector:
    """Takes rows and problems, gives a reading."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self._found: dict[tuple[tuple[str, ...], FeedbackState], _Delivery] = {}

    def add(self, row: Row) -> None:
        """Take a row that could be read."""
        place = (row.keys, row.state)
        if place not in self._found:
            self._found[place] = _Delivery(row.keys, row.line, row.state)
        self._found[place].add(row)
        pattern = carriers.pattern_of(row.carrier)
        for number in row.numbers:
            if said := carriers.warning(number, pattern) or _rounded(number):
                self.blame(row.line, said, row.keys, warning=True)

    def blame(
        self, line: int, sentence: Text, keys: tuple[str, ...] = (), *, warning: bool = False
    ) -> None:
        """Note a problem."""
        problem = Problem(line, sentence, keys, warning)
        if problem not in self.problems[-50:]:
            self.problems.append(problem)

    def reading(self) -> Reading:
        """Return all deliveries and problems."""
        found = [delivery.feedback() for delivery in self._found.values()]
        for feedback in filter(_is_nothing, found):
            self.blame(feedback.row, _lt("The file says that nothing was sent."), feedback.keys)
        sent = tuple(feedback for feedback in found if not _is_nothing(feedback))
        return Reading(sent, tuple(self.problems))


def _is_nothing(feedback: Feedback) -> bool:
    """Whether every article was named and none of it went."""
    items = feedback.items
    named = feedback.state == "shipped" and bool(items) and not feedback.parcels
    return named and not any(item.quantity for item in items)


def _rounded(number: str) -> Text | None:
    if not values.is_rounded(number):
        return None
    return _lt(
        "The tracking number “%(number)s” was probably rounded by a spreadsheet program: it ends "
        "in zeros after fifteen digits.",
        number=number,
    )


def collected(records: Iterable[tuple[int, Mapping[str, str]]], columns: ColumnMap) -> Reading:
    """Return what records with the fields of a map say; a bad one spoils no other."""
    values.here(columns.zone)
    collector = Collector()
    for line, record in records:
        keys: tuple[str, ...] = ()
        try:
            keys = _keys(record)
            row, said = _row(line, keys, record, columns)
            collector.add(row)
            for sentence in said:
                collector.blame(line, sentence, keys, warning=True)
        except RowProblem as problem:
            collector.blame(line, problem.sentence, keys)
    return collector.reading()


def _keys(record: Mapping[str, str]) -> tuple[str, ...]:
    found = dict.fromkeys(values.key(record.get(name, "")) for name in KEYS)
    keys = tuple(filter(None, found))
    if not keys:
        raise RowProblem(_lt("The row does not say which delivery it is about."))
    return keys


def _row(
    line: int, keys: tuple[str, ...], record: Mapping[str, str], columns: ColumnMap
) -> tuple[Row, list[Text]]:
    """Return a row, and what should be looked at."""
    state, told = _state(record, columns)
    numbers = values.numbers(record.get("tracking", ""))
    item = _item(record, columns)
    nothing = item is not None and not item.quantity
    if state == "shipped" and not (numbers or told or nothing) and "tracking" in columns.columns:
        raise RowProblem(
            _lt("The row has no tracking number, and no status says that it was sent.")
        )
    shipped_at, said = _shipped_at(record, columns)
    weight = ZERO
    if record.get("weight", "").strip():
        try:
            weight = values.amount(record["weight"], columns.decimal)
        except RowProblem as problem:
            said.append(problem.sentence)
    row = Row(
        line=line,
        keys=keys,
        state=state,
        numbers=numbers,
        carrier=values.cell(record.get("carrier", ""))[:64] or columns.carrier,
        item=item,
        weight=weight,
        link=values.https(record.get("link", "")),
        shipped_at=shipped_at,
        complete=values.yes(record.get("complete", "")),
        reason=values.cell(record.get("reason", ""))[:500],
    )
    return row, said


def _state(record: Mapping[str, str], columns: ColumnMap) -> tuple[FeedbackState, bool]:
    """Return the state, and whether the row says it."""
    text = values.cell(record.get("state", ""))
    return (values.state(text, columns.states), True) if text else ("shipped", False)


def _item(record: Mapping[str, str], columns: ColumnMap) -> FeedbackItem | None:
    position = values.cell(record.get("position", ""))[:64]
    sku = values.cell(record.get("sku", ""))[:64]
    quantity = record.get("quantity", "").strip()
    if not quantity:
        return None
    if not position and not sku:
        # the number of pieces in a parcel: of which article is not said
        return None
    return FeedbackItem(values.amount(quantity, columns.decimal), position, sku)


def _shipped_at(
    record: Mapping[str, str], columns: ColumnMap
) -> tuple[datetime | None, list[Text]]:
    """Return when it left; a date that is none is no reason to lose the parcel."""
    day, clock = values.cell(record.get("date", "")), values.cell(record.get("time", ""))
    if not day:
        return None, []
    try:
        return values.moment(f"{day} {clock}".strip(), columns.zone, columns.dates), []
    except RowProblem as problem:
        return None, [problem.sentence]
