"""From one or two files to raw orders: heads meet their lines, the bad ones say why.

The body of a raw order is JSON: ``head`` and ``lines`` as the file has them, so a corrected mapping
can be applied to it later; ``others`` are records that contradict the head.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from odoo.addons.automation_core.lib.texts import Marker, Text

from ..channel import RawOrder
from ..order import clean_text
from . import readers, tree
from .model import FeedMapping, FileFormat, Source
from .names import REQUIRED, label
from .problems import HINT_MAPPING, FileProblem, MappingProblem
from .tree import Tree

_lt = Marker(__name__)

HINT_LINES: Final = _lt(
    "Fetch the file of the lines for the same period again, then press Retry. If the shop really "
    "has no lines for it, enter the order by hand."
)
HINT_HEAD: Final = _lt(
    "Fetch the file of the heads for the same period again; the order comes by itself then."
)
NO_HEAD: Final = _lt("There are lines of this order, but no head.")
TWICE: Final = _lt("The file has this order twice, with different contents.")
CONTRADICTION: Final = _lt(
    "The rows of this order contradict each other in what belongs to the whole."
)
HINT_TWICE: Final = _lt("Ask the shop which of them is right, then enter the order by hand.")


@dataclass(frozen=True, slots=True)
class RawFeed:
    """What came: heads (or the only file) and, in a joined layout, lines."""

    heads: bytes
    lines: bytes = b""


@dataclass(slots=True)
class _Found:
    head: Tree | None = None
    lines: list[Tree] = field(default_factory=list)
    others: list[Tree] = field(default_factory=list)  # that contradict the head
    problem: Text | str = ""
    hint: str = ""

    def blame(self, problem: Text, hint: str) -> None:
        """Keep the first problem."""
        self.problem, self.hint = self.problem or problem, self.hint or hint


def raw_orders(feed: RawFeed, mapping: FeedMapping) -> list[RawOrder]:
    """Return the orders of the files, in the order of their first appearance.

    Lines without a head, heads without lines and contradicting doubles are orders with a problem;
    the others go on.

    :raises FileProblem: a file as a whole is not usable
    :raises MappingProblem: the mapping is not
    """
    check_mapping(mapping)
    check_columns(feed.heads, mapping.heads, head_sources(mapping))
    heads = readers.read(feed.heads, mapping.heads)
    if mapping.layout == "joined":
        check_columns(feed.lines, mapping.lines, line_sources(mapping))
        found = _joined(heads, readers.read(feed.lines, mapping.lines), mapping)
    elif mapping.layout == "flat":
        found = _flat(heads, mapping)
    else:
        found = _nested(heads, mapping)
    return [_raw(key, item, mapping) for key, item in found.items()]


def check_mapping(mapping: FeedMapping) -> None:
    """Refuse a mapping that can never give an order.

    :raises MappingProblem: with the field that is missing or unknown
    """
    for name in mapping.fields:
        if label(name) is name:
            raise MappingProblem(
                _lt("The mapping fills “%(field)s”, but there is no such field.", field=name),
                HINT_MAPPING,
                name,
            )
    needed = [*REQUIRED]
    if not {"line.total", "line.unit_price"} & set(mapping.fields):
        needed.append("line.total")
    for name in needed:
        if name not in mapping.fields:
            raise MappingProblem(
                _lt("The mapping does not say where the %(field)s comes from.", field=label(name)),
                HINT_MAPPING,
                name,
            )
    if mapping.layout == "joined" and not mapping.line_key.paths:
        raise MappingProblem(
            _lt("The mapping does not say which column of the lines holds the order number."),
            HINT_MAPPING,
            "line_key",
        )


def head_sources(mapping: FeedMapping) -> list[Source]:
    """Return everything read from the first file."""
    all_here = mapping.layout == "flat"
    return [
        *(x for name, x in mapping.fields.items() if all_here or not name.startswith("line.")),
        *(cost.source for cost in mapping.costs),
    ]


def line_sources(mapping: FeedMapping) -> list[Source]:
    """Return everything read from the file of the lines."""
    own = [x for name, x in mapping.fields.items() if name.startswith("line.")]
    return [mapping.line_key, *own]


def check_columns(content: bytes, form: FileFormat, sources: Iterable[Source]) -> None:
    """Refuse a table in which a mapped column is missing: a renamed one must not become 0,00.

    :raises FileProblem: with the missing columns and those that are there
    """
    names = readers.columns(content, form)
    if not names:
        return
    missing = sorted(
        {
            path
            for source in sources
            if not source.optional
            for path in source.paths
            if path not in names
        }
    )
    if missing:
        raise FileProblem(
            _lt(
                "The file lacks these columns of the mapping: %(missing)s. It has: %(names)s.",
                missing=clean_text(", ".join(missing), 500),
                names=clean_text(", ".join(names), 500),
            ),
            _lt("Correct the mapping, or mark the column as one that may be missing."),
        )


def first_text(record: Tree, source: Source) -> str:
    """Return a source's first value as text, or its fixed one."""
    found = (tree.text(record, path) for path in source.paths)
    return clean_text(next((text for text in found if text), source.fixed), 256)


def _joined(
    heads: Sequence[Tree], lines: Sequence[Tree], mapping: FeedMapping
) -> dict[str, _Found]:
    found = _by_head(heads, mapping)
    for row in lines:
        key = first_text(row, mapping.line_key)
        entry = found.setdefault(key or _nameless(row), _Found())
        entry.lines.append(row)
    for entry in found.values():
        if entry.head is None:
            entry.blame(NO_HEAD, HINT_HEAD)
        elif not entry.lines:
            entry.blame(_lt("The order has no lines."), HINT_LINES)
    return found


def _by_head(heads: Iterable[Tree], mapping: FeedMapping) -> dict[str, _Found]:
    found: dict[str, _Found] = {}
    for record in heads:
        key = first_text(record, mapping.fields["number"])
        entry = found.setdefault(key or _nameless(record), _Found(record))
        if not key:
            entry.blame(_lt("A record of the file has no order number."), HINT_MAPPING)
        elif entry.head != record:
            entry.others.append(record)
            entry.blame(TWICE, HINT_TWICE)
    return found


def _nested(heads: Iterable[Tree], mapping: FeedMapping) -> dict[str, _Found]:
    found = _by_head(heads, mapping)
    for entry in found.values():
        if entry.head is not None and not lines_of(entry.head, mapping):
            entry.blame(_lt("The order has no lines."), HINT_LINES)
    return found


def _flat(rows: Iterable[Tree], mapping: FeedMapping) -> dict[str, _Found]:
    """Group the rows by number; what belongs to the head has to be the same on each."""
    found: dict[str, _Found] = {}
    sources = [s for n, s in mapping.fields.items() if not n.startswith("line.")]
    sources += [cost.source for cost in mapping.costs]
    for row in rows:
        key = first_text(row, mapping.fields["number"])
        entry = found.setdefault(key or _nameless(row), _Found(row))
        if not key:
            entry.blame(_lt("A record of the file has no order number."), HINT_MAPPING)
        assert entry.head is not None
        if entry.lines and any(first_text(row, s) != first_text(entry.head, s) for s in sources):
            entry.others.append(row)
            entry.blame(CONTRADICTION, HINT_TWICE)
        entry.lines.append(row)
    return found


def lines_of(head: Tree, mapping: FeedMapping) -> list[Tree]:
    """Return the records of the lines inside a head."""
    return [node for node in tree.nodes(head, mapping.lines_path) if isinstance(node, dict)]


def _nameless(record: Tree) -> str:
    """Return a stable key for a record without number."""
    return "?" + hashlib.sha256(json.dumps(record, sort_keys=True).encode()).hexdigest()[:16]


def _raw(key: str, found: _Found, mapping: FeedMapping) -> RawOrder:
    body: dict[str, object] = {"head": found.head}
    if mapping.layout != "nested":
        body["lines"] = found.lines
    if found.others:
        body["others"] = found.others
    return RawOrder(
        external_id=key,
        body=json.dumps(body, ensure_ascii=False, sort_keys=True),
        number="" if key.startswith("?") else mapping.number_prefix + key,
        problem=found.problem,
        hint=found.hint,
    )
