"""Records as plain JSON values, and paths into them.

A path is names with ``/`` between them: ``customer/address/city``. ``@name`` is an XML attribute,
``[2]`` the second of several, ``[role='delivery']`` those where the path inside has that value. A
column name that holds such signs is found as well: whole names come first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

from odoo.addons.automation_core.lib.texts import Marker

from .problems import HINT_FILE, HINT_MAPPING, FileProblem, MappingProblem

_lt = Marker(__name__)

Tree = Mapping[str, Any]

TEXT: Final = "#text"
MAX_DEPTH: Final = 64
MAX_PATH: Final = 400

_STEP = re.compile(
    r"(?P<name>[^/\[\]]+)"
    r"(?:\[(?:(?P<place>\d{1,4})|(?P<key>[^\[\]='\"]+)=(?P<quote>['\"])(?P<value>[^'\"]*)(?P=quote))\])?"
)


class _Step:
    __slots__ = ("key", "name", "place", "value")

    def __init__(self, found: re.Match[str]) -> None:
        self.name = found["name"].strip()
        self.place = int(found["place"]) if found["place"] else None
        self.key = (found["key"] or "").strip()
        self.value = found["value"] or ""

    def of(self, node: object) -> list[object]:
        """Return what this step reaches from one node."""
        value = node.get(self.name) if isinstance(node, Mapping) else None
        found = value if isinstance(value, list) else [] if value is None else [value]
        if self.place is not None:
            return found[self.place - 1 : self.place] if self.place else []
        if self.key:
            return [x for x in found if self.value in map(str, leaves(x, self.key))]
        return list(found)


@lru_cache(maxsize=2048)
def _steps(path: str) -> tuple[_Step, ...]:
    steps: list[_Step] = []
    position = 0
    while position < len(path) and len(path) <= MAX_PATH:
        found = _STEP.match(path, position)
        if not found or path[found.end() : found.end() + 1] not in ("", "/"):
            break
        steps.append(_Step(found))
        position = found.end() + 1
    if not steps or position != len(path) + 1:
        raise MappingProblem(
            _lt("“%(path)s” is not a path to a value.", path=path[:80]), HINT_MAPPING
        )
    return tuple(steps)


def nodes(tree: object, path: str) -> list[object]:
    """Return everything a path leads to; "" is the tree itself (a list: its items)."""
    if not path.strip("/ "):
        return list(tree) if isinstance(tree, list) else [tree]
    if isinstance(tree, Mapping) and path in tree:
        value = tree[path]
        return list(value) if isinstance(value, list) else [] if value is None else [value]
    found: list[object] = [tree]
    for step in _steps(path.strip("/ ")):
        found = [value for node in found for value in step.of(node)]
    return found


def records(tree: object, path: str) -> list[object]:
    """Return what the first alternative (``a/b | c``) leads to that leads anywhere."""
    found = (nodes(tree, part.strip()) for part in path.split("|"))
    return next((items for items in found if items), [])


def leaves(tree: object, path: str) -> Iterator[str | int | float | bool]:
    """Yield the simple values a path leads to."""
    for node in nodes(tree, path):
        value = node.get(TEXT) if isinstance(node, Mapping) else node
        if isinstance(value, str | int | float):
            yield value


def text(tree: object, path: str) -> str:
    """Return the first value of a path that is not empty, as text."""
    return next((str(value).strip() for value in leaves(tree, path) if str(value).strip()), "")


def check_depth(tree: object) -> None:
    """Refuse a tree that is nested too deeply to be an order.

    :raises FileProblem: it is
    """
    level: Sequence[object] = [tree]
    for _depth in range(MAX_DEPTH):
        level = [
            child
            for node in level
            for child in (
                node.values()
                if isinstance(node, Mapping)
                else node
                if isinstance(node, list)
                else ()
            )
            if isinstance(child, Mapping | list)
        ]
        if not level:
            return
    raise FileProblem(_lt("The file is nested too deeply to be a list of orders."), HINT_FILE)
