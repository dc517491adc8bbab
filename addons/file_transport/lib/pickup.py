"""Files of a watched folder: fetched when they are complete, put away when they are stored.

Who watches makes a :class:`Pickup` for each page, stores what :meth:`Pickup.fetch` hands out
together with :attr:`Pickup.cursor`, and asks for the next page at once while there is
:attr:`Pickup.more`::

    pickup = Pickup(place, watch, cursor, now)
    for found in pickup.fetch(bundles(place, watch)):
        ...

Each page does two things. First the files of the cursor's ``taken`` are put away: a cursor is
stored together with the files, so what it names is safe. Then new files are fetched; they are named
in the next cursor's ``taken``. A process that is killed in between leaves files where they are, to
be fetched again or to be put away next time. A file that cannot be fetched, or that is refused,
stays where it is and is named in ``broken`` with a sentence until it changes. What may still be
written is named in ``looked``; it has to stay as it is for a while, by our clock.
"""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Final, Literal

from odoo.addons.automation_core.lib import errors
from odoo.addons.automation_core.lib.texts import Marker

from .place import Place, RemoteFile, join

_lt = Marker(__name__)

QUIET: Final = timedelta(seconds=30)  # a file this old is not being written any more
PATIENCE: Final = timedelta(minutes=15)  # so long a file may wait for the other one of its pair
PAGE_FILES: Final = 50
PAGE_BYTES: Final = 20_000_000

After = Literal["move", "delete", "leave"]
REFUSED: Final = (errors.Rejected, errors.NotFound, errors.AccessDenied)


@dataclass(frozen=True, slots=True)
class Watch:
    """Which files, and what happens to them afterwards. With a ``marker`` (an ending such as
    ``.ok``) a file is complete as soon as a file named like it with that ending lies beside it.
    """

    pattern: str = "*"
    folder: str = ""
    after: After = "move"
    archive: str = "done"
    marker: str = ""


@dataclass(frozen=True, slots=True)
class Bundle:
    """A file, or those that are read together. ``lacks`` is the name of one that is missing; a
    marker says that they are complete.
    """

    files: tuple[RemoteFile, ...]
    lacks: str = ""
    markers: tuple[RemoteFile, ...] = ()

    @property
    def name(self) -> str:
        return self.files[0].name

    @property
    def stamp(self) -> str:
        """Return what changes when one of the files does; "" when the server says nothing."""
        stamps = [file.stamp for file in (*self.files, *self.markers)]
        return "|".join(stamps) if all(stamps) else ""

    @property
    def modified(self) -> datetime | None:
        """When the youngest file was written; ``None`` if the server does not say."""
        moments = [file.modified for file in self.files if file.modified]
        return max(moments) if len(moments) == len(self.files) else None


@dataclass(frozen=True, slots=True)
class Fetched:
    """The contents of a bundle's files, or the problem with them."""

    bundle: Bundle
    contents: tuple[bytes, ...] = field(default=(), repr=False)
    problem: errors.AutomationError | None = None


def bundles(place: Place, watch: Watch) -> list[Bundle]:
    """Return the files that are there, each for itself."""
    files = place.list(watch.pattern, watch.folder)
    if not watch.marker:
        return [Bundle((file,)) for file in files]
    there = place.list("*", watch.folder)
    markers = {file.name: file for file in there if file.name.endswith(watch.marker)}
    return [_marked(file, markers, watch.marker) for file in files if file.name not in markers]


def _marked(file: RemoteFile, markers: Mapping[str, RemoteFile], ending: str) -> Bundle:
    names = (f"{file.name}{ending}", f"{file.name.rpartition('.')[0] or file.name}{ending}")
    found = tuple(markers[name] for name in names if name in markers)[:1]
    return Bundle((file,), "" if found else names[0], found)


@dataclass(slots=True)
class _State:
    """What the cursor knows of the files that are there, by name.

    ``taken``: stamp and digest of those that were fetched; ``broken``: stamp, problem and hint;
    ``looked``: since when they are as they are, and their stamp.
    """

    taken: dict[str, list[str]] = field(default_factory=dict)
    broken: dict[str, list[str]] = field(default_factory=dict)
    looked: dict[str, list[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, cursor: Mapping[str, object]) -> _State:
        """Read a cursor; what it does not say as expected is as if it were not known."""
        taken, broken, looked = (cursor.get(name) for name in ("taken", "broken", "looked"))
        return cls(_lists(taken, 2), _lists(broken, 3), _lists(looked, 2))


class Pickup:
    """One page of the files of an open place. ``say`` turns a text into the words that are kept
    for people.
    """

    def __init__(
        self,
        place: Place,
        watch: Watch,
        cursor: Mapping[str, object],
        now: datetime,
        say: Callable[[str], str] = str,
    ) -> None:
        self.place = place
        self.watch = watch
        self.now = now
        self.say = say
        self.stuck: errors.AutomationError | None = None  # what could not be put away
        self._known = _State.of(cursor)
        self._news = _State()
        self._rest: deque[Bundle] = deque()

    def fetch(self, found: Iterable[Bundle]) -> Iterator[Fetched]:
        """Put away what is stored, hand out what is new and complete. Whoever stops early gets the
        rest with the next page.
        """
        self._rest = deque(bundle for bundle in found if not self._is_done(bundle))
        files = size = 0
        while self._rest and files < PAGE_FILES and size < PAGE_BYTES:
            bundle = self._rest.popleft()
            if not self._has_to_wait(bundle) and (fetched := self._fetch(bundle)):
                files += 1
                size += sum(map(len, fetched.contents))
                yield fetched

    def refuse(self, bundle: Bundle, problem: str, hint: str = "") -> None:
        """Note why a file is of no use; it stays where it is and is looked at when it changes."""
        self._news.taken.pop(bundle.name, None)
        self._news.broken[bundle.name] = [bundle.stamp, self.say(problem), self.say(hint)]

    @property
    def cursor(self) -> dict[str, object]:
        """What is true once this page is stored: plain JSON."""
        for bundle in self._rest:
            if bundle.name in self._known.broken:
                self._news.broken[bundle.name] = self._known.broken[bundle.name]
            self._look(bundle)
        return asdict(self._news)

    @property
    def more(self) -> bool:
        """Whether to ask for the next page at once."""
        known = self._known.taken
        fetched = any(mark != known.get(name) for name, mark in self._news.taken.items())
        return bool(self._rest) or (fetched and self.watch.after != "leave")

    @property
    def is_waiting(self) -> bool:
        """Whether there are files that may come with a later page."""
        return bool(self._rest or self._news.looked)

    # -- waiting ------------------------------------------------------------------------

    def _has_to_wait(self, bundle: Bundle) -> bool:
        """Note a file that is not to be fetched now."""
        known = self._known.broken.get(bundle.name)
        if known and bundle.stamp and known[0] == bundle.stamp:
            self._news.broken[bundle.name] = known
            return True
        if bundle.markers or self._is_quiet(bundle, PATIENCE if bundle.lacks else QUIET):
            return False
        self._look(bundle)
        return True

    def _is_quiet(self, bundle: Bundle, wait: timedelta) -> bool:
        """Whether nobody writes on it any more, by the server's clock or by ours."""
        old = bundle.modified is not None and self.now - bundle.modified >= wait
        return old or self.now.timestamp() - self._since(bundle) >= wait.total_seconds()

    def _since(self, bundle: Bundle) -> int:
        """Return since when a file is as it is, as far as we have looked."""
        moment, stamp = self._known.looked.get(bundle.name, ("", ""))
        known = stamp == bundle.stamp and moment.isdecimal()
        return int(moment) if known else int(self.now.timestamp())

    def _look(self, bundle: Bundle) -> None:
        self._news.looked[bundle.name] = [str(self._since(bundle)), bundle.stamp]

    # -- fetching -----------------------------------------------------------------------

    def _fetch(self, bundle: Bundle) -> Fetched | None:
        try:
            if bundle.lacks:
                raise errors.Rejected(
                    _lt(
                        "“%(name)s” is there without “%(other)s”.",
                        name=bundle.name,
                        other=bundle.lacks,
                    ),
                    _lt("Ask the sender for the missing file; both are read together then."),
                )
            contents = self._contents(bundle)
        except errors.NotFound as error:
            return self._missed(bundle, error)
        except REFUSED as error:
            self.refuse(bundle, error.message, error.hint)
            return Fetched(bundle, problem=error)
        self._news.taken[bundle.name] = [bundle.stamp, _digest(contents)]
        return Fetched(bundle, contents)

    def _missed(self, bundle: Bundle, error: errors.NotFound) -> Fetched | None:
        """Note that a listed file is not there; it is a problem when it is so again."""
        again = bundle.name in self._known.broken
        self.refuse(bundle, error.message, error.hint)
        if again:
            return Fetched(bundle, problem=error)
        self._news.broken[bundle.name][0] = ""  # without a stamp it is tried again
        return None

    def _contents(self, bundle: Bundle) -> tuple[bytes, ...]:
        return tuple(self.place.fetch(self._at(file)) for file in bundle.files)

    # -- putting away -------------------------------------------------------------------

    def _is_done(self, bundle: Bundle) -> bool:
        """Whether a file is stored already; such a file is put away."""
        taken = self._known.taken.get(bundle.name)
        if taken is None or not self._is_same(bundle, *taken):
            return False
        try:
            if self.watch.after == "leave":
                self._news.taken[bundle.name] = taken
            else:
                self._put_away(bundle)
        except REFUSED as error:
            self._news.taken[bundle.name] = taken
            self._note_stuck(bundle, error)
        return True

    def _is_same(self, bundle: Bundle, stamp: str, digest: str) -> bool:
        """Whether this is what was fetched, not a newer file of the same name. Of files that are
        read together some may have been put away already. A size alone is no proof.
        """
        if stamp and bundle.stamp and (bundle.modified or self.watch.after == "leave"):
            return set(bundle.stamp.split("|")) <= set(stamp.split("|"))
        return digest == _digest(self._contents(bundle))

    def _put_away(self, bundle: Bundle) -> None:
        """Put away a marker before what it stands for, the file that names the others last."""
        for file in (*bundle.markers, *reversed(bundle.files)):
            if self.watch.after == "delete":
                self.place.delete(self._at(file))
            else:
                self.place.move(self._at(file), join(self.watch.folder, self.watch.archive))

    def _note_stuck(self, bundle: Bundle, error: errors.AutomationError) -> None:
        problem = _lt(
            "The file “%(name)s” is stored, but could not be put away: %(problem)s",
            name=bundle.name,
            problem=error.message,
        )
        again = bundle.name in self._known.broken
        self._news.broken[bundle.name] = [bundle.stamp, self.say(problem), self.say(error.hint)]
        if again or not isinstance(error, errors.NotFound):  # else: somebody took it away, perhaps
            self.stuck = type(error)(problem, error.hint)

    def _at(self, file: RemoteFile) -> str:
        return join(self.watch.folder, file.name)


def _lists(value: object, length: int) -> dict[str, list[str]]:
    if not isinstance(value, dict):
        return {}
    return {
        str(name): [str(part) for part in parts]
        for name, parts in value.items()
        if isinstance(parts, list) and len(parts) == length
    }


def _digest(contents: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    for content in contents:
        digest.update(hashlib.sha256(content).digest())
    return digest.hexdigest()[:16]
