"""Statement files in a folder: fetched when they are complete, put away when they are stored.

Each call of :meth:`Pickup.page` does two things. First the files of the cursor's ``taken`` are put
away: a cursor is stored together with the files, so what it names is safe. Then new files are
fetched; they are named in the next cursor's ``taken``. A process that is killed in between leaves
files where they are, to be fetched again (they are known by their content) or to be put away next
time. A file that cannot be fetched stays where it is until it changes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Final, Literal

from odoo.addons.automation_core.lib import errors
from odoo.addons.automation_core.lib.texts import Marker, joined
from odoo.addons.file_transport.lib.place import Place, RemoteFile, join

from .source import SourceFile, SourcePage

_lt = Marker(__name__)

QUIET: Final = timedelta(seconds=30)  # a file this old is not being written any more
PAGE_FILES: Final = 50
PAGE_BYTES: Final = 20_000_000

After = Literal["move", "delete", "leave"]
REFUSED = (errors.Rejected, errors.NotFound, errors.AccessDenied)


@dataclass(frozen=True, slots=True)
class Names:
    """Which files, and what happens to them afterwards."""

    pattern: str = "*"
    folder: str = ""
    after: After = "move"
    archive: str = "done"


@dataclass(slots=True)
class _State:
    """What the cursor knows of the files that are there: a mark by name.

    ``taken`` were fetched, ``broken`` could not be; ``looked`` may still be written, their mark has
    the moment since when they are as they are.
    """

    taken: dict[str, str] = field(default_factory=dict)
    broken: dict[str, str] = field(default_factory=dict)
    looked: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, cursor: Mapping[str, object]) -> _State:
        return cls(*(_texts(cursor.get(name)) for name in ("taken", "broken", "looked")))


class Pickup:
    """Takes the files of one source out of an open place."""

    def __init__(self, place: Place, names: Names) -> None:
        self.place = place
        self.names = names
        self._files: list[SourceFile] = []
        self._stuck: errors.AutomationError | None = None

    def page(self, cursor: Mapping[str, object], now: datetime) -> SourcePage:
        """Put away what is stored, fetch what is new.

        :raises errors.AutomationError: nothing is new, and something could not be put away
        """
        self._files, self._stuck = [], None
        known, news = _State.of(cursor), _State()
        found = self.place.list(self.names.pattern, self.names.folder)
        waiting = [file for file in found if not self._is_done(file, known, news)]
        for file in waiting:
            since = _since(file, known.looked.get(file.name), now)
            if self._is_full():
                news.looked[file.name] = f"{since}|{file.stamp}"
            elif file.stamp and known.broken.get(file.name) == file.stamp:
                news.broken[file.name] = file.stamp
            elif not _is_ready(file, since, now):
                news.looked[file.name] = f"{since}|{file.stamp}"
            else:
                self._take(file, news)
        if self._stuck and not self._files and not news.looked:
            raise self._stuck
        more = self._is_full() or (bool(self._files) and self.names.after != "leave")
        return SourcePage(tuple(self._files), asdict(news), more)

    def _is_full(self) -> bool:
        size = sum(len(file.content) for file in self._files)
        return len(self._files) >= PAGE_FILES or size >= PAGE_BYTES

    def _take(self, file: RemoteFile, news: _State) -> None:
        try:
            content = self.place.fetch(self._at(file))
        except errors.NotFound:
            return  # somebody took it away meanwhile
        except REFUSED as error:
            problem = joined(" ", (error.message, error.hint))
            mark = f"{file.name}|{file.stamp}"
            self._files.append(SourceFile(file.name, b"", mark, problem))
            news.broken[file.name] = file.stamp
            return
        self._files.append(SourceFile(file.name, content))
        news.taken[file.name] = file.stamp or _digest(content)

    # -- putting away -------------------------------------------------------------------

    def _is_done(self, file: RemoteFile, known: _State, news: _State) -> bool:
        """Whether a file is stored already; such a file is put away."""
        mark = known.taken.get(file.name)
        if mark is None or not self._is_same(file, mark):
            return False
        if self.names.after == "leave":
            news.taken[file.name] = mark
            return True
        try:
            with suppress(errors.NotFound):  # somebody took it away: nothing is left to do
                self._put_away(file)
        except REFUSED as error:
            news.taken[file.name] = mark
            self._stuck = type(error)(
                _lt(
                    "The file “%(name)s” is stored, but could not be put away: %(problem)s",
                    name=file.name,
                    problem=error.message,
                ),
                error.hint,
            )
        return True

    def _is_same(self, file: RemoteFile, mark: str) -> bool:
        """Whether this is the file that was fetched, not a newer one of the same name."""
        return mark == (file.stamp or _digest(self.place.fetch(self._at(file))))

    def _put_away(self, file: RemoteFile) -> None:
        if self.names.after == "delete":
            self.place.delete(self._at(file))
        else:
            self.place.move(self._at(file), join(self.names.folder, self.names.archive))

    def _at(self, file: RemoteFile) -> str:
        return join(self.names.folder, file.name)


def _since(file: RemoteFile, looked: str | None, now: datetime) -> int:
    """Return since when a file is as it is, as far as we have looked."""
    moment, _bar, stamp = (looked or "").partition("|")
    return int(moment) if stamp == file.stamp and moment.isdigit() else int(now.timestamp())


def _is_ready(file: RemoteFile, since: int, now: datetime) -> bool:
    """Whether nobody writes on it any more, by the server's clock or by ours."""
    old = file.modified is not None and now - file.modified >= QUIET
    return old or now.timestamp() - since >= QUIET.total_seconds()


def _texts(value: object) -> dict[str, str]:
    known = value if isinstance(value, dict) else {}
    return {str(name): str(mark) for name, mark in known.items()}


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]
