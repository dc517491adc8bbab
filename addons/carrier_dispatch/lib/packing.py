"""A proposal of parcels: the largest articles first, each into the first box with room.

It goes by volume, weight and edges and does not lay articles out; people may change it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import ROUND_FLOOR, Decimal

from odoo.addons.automation_core.lib import errors
from odoo.addons.automation_core.lib.texts import Marker

from .choose.facts import Line
from .limits import Limits, refusal
from .model import ZERO, Box

_lt = Marker(__name__)

MAX_BOXES = 500


class Unpackable(errors.Rejected):
    """An article fits no box, or there are too many of them."""


@dataclass(slots=True)
class _Open:
    weight: Decimal = ZERO
    litres: Decimal = ZERO
    contents: dict[str, Decimal] = field(default_factory=dict)
    only: Line | None = None  # the article of a box with a single piece


def propose_boxes(lines: Iterable[Line], limits: Limits) -> tuple[Box, ...]:
    """Return boxes for all lines; the same lines give the same boxes, whatever their order.

    :raises Unpackable: an article fits no box, or more than ``MAX_BOXES`` are needed
    """
    boxes: list[_Open] = []
    for line in sorted(lines, key=_largest_first):
        if line.quantity <= 0:
            continue
        if why := refusal(line.name, line.size, limits):
            raise Unpackable(why, _lt("Send it another way, or correct the product."))
        _pack(line, limits, boxes)
    return tuple(map(_closed, boxes))


def _largest_first(line: Line) -> tuple[Decimal, Decimal, str]:
    return (-line.size.litres, -line.size.weight, line.position)


def _pack(line: Line, limits: Limits, boxes: list[_Open]) -> None:
    """Fill the boxes with one line; the part of a piece ("2.5 m") goes like a whole one."""
    left = line.quantity
    for box in boxes:
        if left <= 0:
            return
        left -= _put(line, left, limits, box)
    while left > 0:
        if len(boxes) == MAX_BOXES:
            raise Unpackable(
                _lt("More than %(most)s parcels would be needed.", most=MAX_BOXES),
                _lt("Send it as freight, or divide the delivery."),
            )
        boxes.append(_Open())
        left -= _put(line, left, limits, boxes[-1])


def _put(line: Line, left: Decimal, limits: Limits, box: _Open) -> Decimal:
    """Put as many as there is room for; a single piece always goes into an empty box."""
    room = min(
        left,
        _room(limits.litres, box.litres, line.size.litres, left),
        _room(limits.weight, box.weight, line.size.weight, left),
    )
    if not box.contents:
        room = max(room, min(left, Decimal(1)))
    if room <= 0:
        return ZERO
    box.only = line if not box.contents and room <= 1 else None
    box.contents[line.position] = box.contents.get(line.position, ZERO) + room
    box.litres += room * line.size.litres
    box.weight += room * line.size.weight
    return room


def _room(most: Decimal, used: Decimal, each: Decimal, left: Decimal) -> Decimal:
    if most <= 0 or each <= 0 or used + left * each <= most:
        return left
    count = ((most - used) / each).to_integral_value(ROUND_FLOOR)
    # the division is rounded: what it says may be one too many
    return count - 1 if used + count * each > most else count


def _closed(box: _Open) -> Box:
    contents = tuple(box.contents.items())
    if box.only is None or len(box.only.size.edges) < 3:
        return Box(box.weight, contents=contents)
    length, width, height = box.only.size.edges
    return Box(box.weight, length, width, height, contents)
