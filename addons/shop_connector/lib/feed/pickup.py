"""Order files of a watched folder, see ``file_transport.lib.pickup``: those that are read together,
and the orders in them.

A file that cannot be read is looked at again when it, or the mapping, changes.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from odoo.addons.automation_core.lib import errors
from odoo.addons.automation_core.lib.texts import Marker
from odoo.addons.file_transport.lib.pickup import Bundle, Fetched, Pickup, Watch, bundles
from odoo.addons.file_transport.lib.place import Place, RemoteFile

from ..channel import Cursor, OrderPage, RawOrder
from ..order import PayloadError
from .model import FeedMapping, to_json
from .problems import MappingProblem
from .raw import RawFeed, raw_orders

_lt = Marker(__name__)

PAGE_ORDERS: Final = 200


@dataclass(frozen=True, slots=True)
class Names(Watch):
    """Which files, and what happens to them afterwards. ``lines`` is for two files per period: what
    the stars of both patterns stand for has to be the same.
    """

    lines: str = ""


class FeedPickup:
    """Takes the files of one account out of an open place.

    ``say`` turns a text into the words that are kept for people.
    """

    def __init__(
        self,
        place: Place,
        names: Names,
        mapping: FeedMapping,
        say: Callable[[str], str] = str,
    ) -> None:
        self.place = place
        self.names = names
        self.mapping = mapping
        self.say = say

    def page(self, cursor: Cursor, now: datetime) -> OrderPage:
        """Put away what is stored, read what is new."""
        key = hashlib.sha256(to_json(self.mapping).encode()).hexdigest()[:16]
        if cursor.get("mapping") != key:  # every broken file gets another chance
            cursor = {**cursor, "broken": {}}
        pickup = Pickup(self.place, self.names, cursor, now, self.say)
        orders: list[RawOrder] = []
        for found in pickup.fetch(self._bundles()):
            try:
                orders += self._orders(found)
            except PayloadError as error:
                pickup.refuse(found.bundle, error.message, error.hint)
            if len(orders) >= PAGE_ORDERS:
                break
        return OrderPage(tuple(orders), {"mapping": key, **pickup.cursor}, pickup.more)

    def _orders(self, found: Fetched) -> list[RawOrder]:
        if found.problem:
            return []  # it is noted
        try:
            return list(raw_orders(RawFeed(*found.contents), self.mapping))
        except MappingProblem as error:
            raise errors.Rejected(error.message, error.hint) from error

    def _bundles(self) -> list[Bundle]:
        names = self.names
        if self.mapping.layout != "joined":
            return bundles(self.place, names)
        if not names.lines or names.lines == names.pattern:
            raise errors.Rejected(
                _lt("The mapping needs two kinds of files, but there is only one name."),
                _lt("Enter the names of the files of the lines."),
            )
        lines = _by_star(self.place.list(names.lines, names.folder), names.lines)
        taken = {file.name for file in lines.values()}
        heads = {
            star: file
            for star, file in _by_star(
                self.place.list(names.pattern, names.folder), names.pattern
            ).items()
            if file.name not in taken
        }
        return [_pair(star, heads, lines, names) for star in dict.fromkeys([*heads, *lines])]


def _by_star(files: Iterable[RemoteFile], pattern: str) -> dict[str, RemoteFile]:
    """Return files by what the signs ``*`` and ``?`` of their pattern stand for."""
    signs = {"*": "(.*)", "?": "(.)"}
    form = re.compile("".join(signs.get(char) or re.escape(char) for char in pattern), re.DOTALL)
    found = ((form.fullmatch(file.name), file) for file in files)
    return {"\0".join(match.groups()): file for match, file in found if match}


def _pair(
    star: str, heads: Mapping[str, RemoteFile], lines: Mapping[str, RemoteFile], names: Names
) -> Bundle:
    if star in heads and star in lines:
        return Bundle((heads[star], lines[star]))
    part = iter(star.split("\0"))
    other = names.lines if star in heads else names.pattern
    lacks = re.sub(r"[*?]", lambda _sign: next(part, ""), other)
    return Bundle(((heads.get(star) or lines[star]),), lacks)
