"""Feedback in tables: the columns by a map, or by what they are called."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from odoo.addons.automation_core.lib import characters
from odoo.addons.automation_core.lib.texts import Marker

from .guess import guessed
from .model import MAX_BYTES, MAX_ROWS, ColumnMap, FeedbackError, Problem, Reading
from .rows import collected

_lt = Marker(__name__)

MAX_CELL: Final = 20_000
MAX_COLUMNS: Final = 300
_TITLES: Final = 10
_DELIMITERS: Final = ";\t,|"
_HINT: Final = _lt("Ask the shipper for the file once more, or correct the columns of the shipper.")


@dataclass(frozen=True, slots=True)
class Table:
    """A table's headings and its rows with their lines."""

    headings: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    delimiter: str


def read(content: bytes, columns: ColumnMap | None = None) -> Reading:
    """Return what a table says.

    :raises FeedbackError: it cannot be read as a whole
    """
    table = table_of(content, columns or ColumnMap({}))
    columns = columns or guess(table)
    if columns is None:
        raise FeedbackError(
            _lt("The columns of the file are not known: %(names)s.", names=_names(table)),
            _lt("Set up the columns of the shipper: at least a number of the delivery."),
        )
    whole, shifted = _told_apart(table)
    reading = collected(_records(whole, columns), columns)
    problems = sorted((*reading.problems, *shifted), key=lambda problem: problem.row)
    return Reading(reading.feedbacks, tuple(problems))


def _told_apart(table: Table) -> tuple[Table, list[Problem]]:
    """Return a table without the rows that have too many values: theirs are in wrong columns."""
    width = len(table.headings)
    shifted = {line for line, cells in table.rows if any(cells[width:])}
    problems = [
        Problem(
            line,
            _lt("The row has more values than there are columns: a text holds the delimiter."),
        )
        for line in sorted(shifted)
    ]
    rows = tuple(row for row in table.rows if row[0] not in shifted)
    return replace(table, rows=rows), problems


def preview(content: bytes, columns: ColumnMap | None = None, rows: int = 10) -> Table:
    """Return the beginning of a table, for setting up its columns.

    :raises FeedbackError: it cannot be read
    """
    table = table_of(content, columns or ColumnMap({}))
    return replace(table, rows=table.rows[:rows])


def guess(table: Table) -> ColumnMap | None:
    """Return how a table is read whose headings are known words; ``None`` if they are not."""
    found = guessed(table.headings)
    return ColumnMap(found, delimiter=table.delimiter) if found else None


def table_of(content: bytes, columns: ColumnMap) -> Table:
    """Return a file's table."""
    text = _text(content, columns.encoding)
    delimiter = columns.delimiter or _delimiter(text)
    if len(delimiter) != 1 or len(columns.quote) > 1 or delimiter in "\r\n" + columns.quote:
        raise FeedbackError(_lt("Delimiter and quote have to be one sign each."), _HINT)
    rows = [(line, cells) for line, cells in _rows(text, delimiter, columns.quote) if any(cells)]
    if not rows:
        raise FeedbackError(_lt("The file is empty."), _HINT)
    if not columns.header:
        _refuse_half(text, rows, rows[0][1])
        width = max(len(cells) for _line, cells in rows)
        return Table(tuple(str(place) for place in range(1, width + 1)), tuple(rows), delimiter)
    place = _heading_place(rows, columns)
    _refuse_half(text, rows, rows[place][1])
    return Table(rows[place][1], tuple(rows[place + 1 :]), delimiter)


def _heading_place(rows: list[tuple[int, tuple[str, ...]]], columns: ColumnMap) -> int:
    """Return where the headings are: some programs write a title above them."""
    wanted = {_plain(heading) for heading in columns.columns.values()}
    for place, (_line, cells) in enumerate(rows[:_TITLES]):
        found = {_plain(cell) for cell in cells}
        if (wanted and wanted <= found) or (not wanted and guessed(cells)):
            return place
    return 0


def _text(content: bytes, encoding: str) -> str:
    if len(content) > MAX_BYTES:
        raise FeedbackError(
            _lt("The file is too large: %(size)s MB.", size=f"{len(content) / 1024 / 1024:.1f}"),
            _HINT,
        )
    try:
        text = characters.decoded(content, encoding)
    except characters.UnknownCharacters as error:
        raise FeedbackError(
            _lt("The file cannot be read in the encoding “%(name)s”.", name=encoding[:40]), _HINT
        ) from error
    if "\0" in text:
        raise FeedbackError(_lt("The file is not a text file."), _HINT)
    if text.lstrip()[:1] == "<":
        raise FeedbackError(_lt("The file is a web page or XML, not a table."), _HINT)
    return text


def _delimiter(text: str) -> str:
    """Return the sign that parts the columns of the first lines."""
    lines = [line for line in text[:20_000].splitlines() if line.strip()][:10]

    def score(sign: str) -> tuple[int, int]:
        counts = [line.count(sign) for line in lines]
        return min(counts, default=0), sum(counts)

    return max(_DELIMITERS, key=score)


def _refuse_half(
    text: str, rows: list[tuple[int, tuple[str, ...]]], headings: tuple[str, ...]
) -> None:
    """A file that was read while it was written ends in the middle of a row."""
    if len(rows[-1][1]) < len(headings) and not text.endswith(("\n", "\r")):
        raise FeedbackError(
            _lt("The file ends in the middle of a row."),
            _lt("It was fetched while it was written, or cut off: fetch it again."),
        )


def _rows(text: str, delimiter: str, quote: str) -> list[tuple[int, tuple[str, ...]]]:
    """Return all rows with their lines. Quotes inside a text do no harm as long as no row is
    swallowed by them.
    """
    try:
        try:
            return _parsed(text, delimiter, quote, strict=True)
        except csv.Error:
            rows = _parsed(text, delimiter, quote, strict=False)
    except csv.Error as error:
        raise FeedbackError(_lt("The file is not a readable table."), _HINT) from error
    if any("\n" in cell or "\r" in cell for _line, cells in rows for cell in cells):
        raise FeedbackError(
            _lt("A quote in the file is not closed: the rows after it would be lost."), _HINT
        )
    return rows


def _parsed(
    text: str, delimiter: str, quote: str, *, strict: bool
) -> list[tuple[int, tuple[str, ...]]]:
    reader = csv.reader(
        io.StringIO(text, newline=""),
        delimiter=delimiter,
        quotechar=quote or None,
        quoting=csv.QUOTE_MINIMAL if quote else csv.QUOTE_NONE,
        strict=strict,
    )
    rows: list[tuple[int, tuple[str, ...]]] = []
    before = 0
    for cells in reader:
        if len(rows) >= MAX_ROWS:
            raise FeedbackError(
                _lt("The file has more than %(limit)s rows.", limit=f"{MAX_ROWS:,}"), _HINT
            )
        if len(cells) > MAX_COLUMNS or any(len(cell) > MAX_CELL for cell in cells):
            raise FeedbackError(_lt("The file is not a readable table."), _HINT)
        rows.append((before + 1, tuple(cell.strip() for cell in cells)))
        before = reader.line_num
    return rows


def _records(table: Table, columns: ColumnMap) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the rows with the map's fields."""
    places: dict[str, int] = {}
    plain = [_plain(heading) for heading in table.headings]
    for name, heading in columns.columns.items():
        if _plain(heading) not in plain:
            raise FeedbackError(
                _lt(
                    "The file has no column “%(name)s”. It has: %(names)s.",
                    name=heading[:60],
                    names=_names(table),
                ),
                _HINT,
            )
        places[name] = plain.index(_plain(heading))
    for line, cells in table.rows:
        yield (
            line,
            {name: cells[place] if place < len(cells) else "" for name, place in places.items()},
        )


def _plain(heading: str) -> str:
    return " ".join(heading.casefold().split())


def _names(table: Table) -> str:
    return ", ".join(heading[:40] for heading in table.headings)[:400]
