"""Order files in a folder: read when they are complete, put away when their orders are stored.

Each call of :meth:`Pickup.page` does two things. First the files of the cursor's ``taken`` are put
away: a cursor is stored together with its orders, so what it names is safe. Then new files are
read; they are named in the next cursor's ``taken``. A process that is killed in between leaves
files where they are, to be read again (the inbox knows their orders) or to be put away next time.
A file that cannot be read stays where it is and is named in ``broken`` with a sentence, until it or
the mapping changes.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Final, Literal

from odoo.addons.automation_core.lib import errors
from odoo.addons.automation_core.lib.texts import Marker
from odoo.addons.file_transport.lib.place import Place, RemoteFile, join

from ..channel import Cursor, OrderPage, RawOrder
from ..order import PayloadError
from .model import FeedMapping, to_json
from .problems import MappingProblem
from .raw import RawFeed, raw_orders

_lt = Marker(__name__)

QUIET: Final = timedelta(seconds=30)  # a file this old is not being written any more
PATIENCE: Final = timedelta(minutes=15)  # so long a file may wait for the other one of its pair
PAGE_ORDERS: Final = 200
PAGE_FILES: Final = 50

After = Literal["move", "delete", "leave"]


@dataclass(frozen=True, slots=True)
class Names:
    """Which files, and what happens to them afterwards. ``lines`` is for two files per period: what
    the stars of both patterns stand for has to be the same.
    """

    heads: str = "*"
    lines: str = ""
    folder: str = ""
    after: After = "move"
    archive: str = "done"


@dataclass(frozen=True, slots=True)
class _Set:
    """A file, or the two that belong together."""

    files: tuple[RemoteFile, ...]
    lacks: str = ""  # the name of the one that is missing

    @property
    def name(self) -> str:
        return self.files[0].name

    @property
    def stamp(self) -> str:
        stamps = [file.stamp for file in self.files]
        return "|".join(stamps) if all(stamps) else ""

    def age(self, now: datetime) -> timedelta | None:
        """Return the age of the youngest file, ``None`` if the server tells no times."""
        moments = [file.modified for file in self.files if file.modified]
        return now - max(moments) if len(moments) == len(self.files) else None


@dataclass(slots=True)
class _State:
    """What the cursor knows of the files that are there, by name.

    ``taken``: stamp and digest of those that were read; ``broken``: stamp, problem and hint;
    ``looked``: stamp of those that may still be written.
    """

    mapping: str
    taken: dict[str, list[str]] = field(default_factory=dict)
    broken: dict[str, list[str]] = field(default_factory=dict)
    looked: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, cursor: Cursor, mapping: str) -> _State:
        """Read a cursor; with another mapping every broken file gets another chance."""
        taken, broken, looked = (cursor.get(name) for name in ("taken", "broken", "looked"))
        same = cursor.get("mapping") == mapping
        return cls(
            mapping,
            _lists(taken, 2),
            _lists(broken, 3) if same else {},
            {str(k): str(v) for k, v in looked.items()} if isinstance(looked, dict) else {},
        )

    def keep(self, name: str, known: _State) -> None:
        """Take over what was known of a file that has to wait."""
        if name in known.broken:
            self.broken[name] = known.broken[name]
        if name in known.looked:
            self.looked[name] = known.looked[name]

    @property
    def cursor(self) -> dict[str, object]:
        return asdict(self)


def _lists(value: object, length: int) -> dict[str, list[str]]:
    if not isinstance(value, dict):
        return {}
    return {
        str(name): [str(part) for part in parts]
        for name, parts in value.items()
        if isinstance(parts, list) and len(parts) == length
    }


class Pickup:
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
        self._orders: list[RawOrder] = []

    def page(self, cursor: Cursor, now: datetime) -> OrderPage:
        """Put away what is stored, read what is new."""
        self._orders = []
        key = hashlib.sha256(to_json(self.mapping).encode()).hexdigest()[:16]
        known, news = _State.of(cursor, key), _State(key)
        sets = list(self._sets())
        waiting = [one for one in sets if not self._is_done(one, known, news)]
        read = 0
        for one in waiting:
            if read >= PAGE_FILES or len(self._orders) >= PAGE_ORDERS:
                news.keep(one.name, known)
            elif one.stamp and known.broken.get(one.name, [""])[0] == one.stamp:
                news.broken[one.name] = known.broken[one.name]
            elif not self._is_ready(one, known.looked.get(one.name), now):
                news.looked[one.name] = one.stamp
            else:
                read += self._take(one, news)
        full = read >= PAGE_FILES or len(self._orders) >= PAGE_ORDERS
        more = full or (read > 0 and self.names.after != "leave")
        return OrderPage(tuple(self._orders), news.cursor, more)

    # -- finding ------------------------------------------------------------------------

    def _sets(self) -> Iterable[_Set]:
        names = self.names
        if self.mapping.layout != "joined":
            return [_Set((file,)) for file in self.place.list(names.heads, names.folder)]
        if not names.lines or names.lines == names.heads:
            raise errors.Rejected(
                _lt("The mapping needs two kinds of files, but there is only one name."),
                _lt("Enter the names of the files of the lines."),
            )
        lines = _by_star(self.place.list(names.lines, names.folder), names.lines)
        taken = {file.name for file in lines.values()}
        heads = {
            star: file
            for star, file in _by_star(
                self.place.list(names.heads, names.folder), names.heads
            ).items()
            if file.name not in taken
        }
        return [_pair(star, heads, lines, names) for star in dict.fromkeys([*heads, *lines])]

    def _is_ready(self, one: _Set, looked: object, now: datetime) -> bool:
        """Whether nobody writes on it any more: it is old enough, or as it was last time."""
        age = one.age(now)
        if one.lacks:
            return age > PATIENCE if age is not None else looked == one.stamp
        return (age is not None and age >= QUIET) or not one.stamp or looked == one.stamp

    # -- reading ------------------------------------------------------------------------

    def _take(self, one: _Set, news: _State) -> int:
        """Read a file; note that it is taken, or why it cannot be. Return 1 if it was."""
        try:
            if one.lacks:
                raise errors.NotFound(
                    _lt("“%(name)s” is there without “%(other)s”.", name=one.name, other=one.lacks),
                    _lt("Ask the sender for the missing file; both are read together then."),
                )
            contents = [self.place.fetch(self._at(file)) for file in one.files]
            feed = RawFeed(contents[0], contents[1] if len(contents) > 1 else b"")
            self._orders += raw_orders(feed, self.mapping)
        except MappingProblem as error:
            raise errors.Rejected(error.message, error.hint) from error
        except (PayloadError, errors.Rejected, errors.NotFound, errors.AccessDenied) as error:
            news.broken[one.name] = [one.stamp, self.say(error.message), self.say(error.hint)]
            return 0
        news.taken[one.name] = [one.stamp, _digest(contents)]
        return 1

    # -- putting away -------------------------------------------------------------------

    def _is_done(self, one: _Set, known: _State, news: _State) -> bool:
        """Whether the orders of a file are stored already; such a file is put away."""
        if one.name not in known.taken or not self._is_same(one, known.taken[one.name]):
            return False
        if self.names.after == "leave":
            news.taken[one.name] = known.taken[one.name]
            return True
        try:
            self._put_away(one)
        except (errors.Rejected, errors.NotFound, errors.AccessDenied) as error:
            problem = _lt(
                "The orders of “%(name)s” are imported, but the file could not be put away: "
                "%(problem)s",
                name=one.name,
                problem=error.message,
            )
            news.taken[one.name] = known.taken[one.name]
            news.broken[one.name] = [one.stamp, self.say(problem), self.say(error.hint)]
        return True

    def _is_same(self, one: _Set, taken: list[str]) -> bool:
        """Whether this is the file that was read, not a newer one of the same name."""
        stamp, digest = taken
        if stamp and one.stamp:
            return stamp == one.stamp
        return digest == _digest(self.place.fetch(self._at(file)) for file in one.files)

    def _put_away(self, one: _Set) -> None:
        for file in reversed(one.files):
            if self.names.after == "delete":
                self.place.delete(self._at(file))
            else:
                self.place.move(self._at(file), join(self.names.folder, self.names.archive))

    def _at(self, file: RemoteFile) -> str:
        return join(self.names.folder, file.name)


def _by_star(files: Iterable[RemoteFile], pattern: str) -> dict[str, RemoteFile]:
    """Return files by what the signs ``*`` and ``?`` of their pattern stand for."""
    signs = {"*": "(.*)", "?": "(.)"}
    form = re.compile("".join(signs.get(char) or re.escape(char) for char in pattern), re.DOTALL)
    found = ((form.fullmatch(file.name), file) for file in files)
    return {"\0".join(match.groups()): file for match, file in found if match}


def _pair(
    star: str, heads: Mapping[str, RemoteFile], lines: Mapping[str, RemoteFile], names: Names
) -> _Set:
    if star in heads and star in lines:
        return _Set((heads[star], lines[star]))
    part = iter(star.split("\0"))
    other = names.lines if star in heads else names.heads
    lacks = re.sub(r"[*?]", lambda _sign: next(part, ""), other)
    return _Set(((heads.get(star) or lines[star]),), lacks)


def _digest(contents: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    for content in contents:
        digest.update(hashlib.sha256(content).digest())
    return digest.hexdigest()[:16]
