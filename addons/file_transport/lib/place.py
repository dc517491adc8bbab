"""What all places have in common: names that cannot lead astray, files that are never half there.

A place is used as a context manager, one connection per run::

    with SftpPlace(...) as place:
        for found in place.list("*.csv", folder="out"):
            content = place.fetch(f"out/{found.name}")
            place.move(f"out/{found.name}", "out/done")

Paths are relative to the place's own folder, with ``/`` between their parts. Names that come from
the other side are hostile until :func:`is_safe_name` says otherwise. Every failure is one of
``automation_core.lib.errors``.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from pathlib import PurePosixPath
from typing import Final, Self

from odoo.addons.automation_core.lib import errors
from odoo.addons.automation_core.lib.texts import Marker, Text

_lt = Marker(__name__)

MAX_BYTES: Final = 20 * 1024 * 1024
MAX_FILES: Final = 10_000
MAX_NAME: Final = 200
CONNECT_TIMEOUT: Final = 15.0
READ_TIMEOUT: Final = 60.0
UNFINISHED: Final = (".part", ".tmp", ".temp", ".filepart", ".crdownload", ".partial", "~")


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file in a place. ``size`` and ``modified`` are ``None`` where the server does not say."""

    name: str
    size: int | None = None
    modified: datetime | None = None

    @property
    def stamp(self) -> str:
        """Return what changes when the file does; "" when the server says nothing about it."""
        if self.size is None and self.modified is None:
            return ""
        moment = f"{self.modified.timestamp():.3f}" if self.modified else ""
        return f"{'' if self.size is None else self.size}/{moment}"


def is_safe_name(name: str) -> bool:
    """Whether this can only be a file in its own folder."""
    return (
        0 < len(name) <= MAX_NAME
        and name not in (".", "..")
        and name == name.strip()
        and all(char.isprintable() and char not in "/\\" for char in name)
    )


def parts_of(path: str) -> tuple[str, ...]:
    """Return the parts of a relative path, each of them checked.

    :raises errors.Rejected: a part leads elsewhere
    """
    found = tuple(part for part in path.strip("/").split("/") if part) if path else ()
    if not all(is_safe_name(part) for part in found) or path.startswith("//"):
        raise errors.Rejected(
            _lt("“%(path)s” is not a name inside this place.", path=shown(path)),
            _lt("Use plain names of folders and files, without “..”."),
        )
    return found


def shown(name: str) -> str:
    """Return a name as it may stand in a sentence."""
    return "".join(char if char.isprintable() else "�" for char in name)[:120]


class Place(ABC):
    """One open place. Subclasses know how to do the single steps."""

    def __enter__(self) -> Self:
        self.open()
        return self

    def __exit__(self, *_error: object) -> None:
        with suppress(errors.AutomationError, OSError, EOFError):
            self.close()

    # -- for users ------------------------------------------------------------------

    def list(self, pattern: str = "*", folder: str = "") -> list[RemoteFile]:
        """Return the finished files of a folder that fit a pattern, the oldest first.

        Folders, links, hidden files and names of half-written files are left out.
        """
        parts_of(folder)
        found = [
            entry
            for entry in self._entries(folder)
            if is_safe_name(entry.name)
            and not entry.name.startswith(".")
            and not entry.name.lower().endswith(UNFINISHED)
            and fnmatchcase(entry.name, pattern or "*")
        ]
        if len(found) > MAX_FILES:
            raise errors.Rejected(
                _lt("The folder has more than %(limit)s files.", limit=f"{MAX_FILES:,}"),
                _lt("Move old files away, or choose a narrower pattern."),
            )
        oldest = datetime.min.replace(tzinfo=UTC)
        return sorted(found, key=lambda entry: (entry.modified or oldest, entry.name))

    def fetch(self, path: str, max_bytes: int = MAX_BYTES) -> bytes:
        """Return a file's content.

        :raises errors.Rejected: it is larger than ``max_bytes``
        """
        return self._fetch(_file(path), max_bytes)

    def put(self, path: str, content: bytes) -> None:
        """Put a file there, whole or not at all; one of the same name is replaced.

        It is written under a hidden name first, so that nobody reads half of it.
        """
        path = _file(path)
        folder, name = split(path)
        hidden = join(folder, f".{name[: MAX_NAME - 10]}.part")
        try:
            self._store(hidden, content)
            self._rename(hidden, path, replace=True)
        except errors.AutomationError:
            with suppress(errors.AutomationError):
                self._remove(hidden)
            raise

    def move(self, path: str, folder: str) -> str:
        """Move a file into another folder, which is made if need be; return its new path.

        A file of the same name there is kept: the moved one gets the time into its name.
        """
        path = _file(path)
        parts_of(folder)
        self._make_folder(folder)
        target = self._free(folder, split(path)[1])
        self._rename(path, target, replace=False)
        return target

    def delete(self, path: str) -> None:
        """Delete a file."""
        self._remove(_file(path))

    def check(self) -> tuple[Text, ...]:
        """Return what works, in sentences; what does not is raised."""
        count = len(self.list())
        return (_lt("The folder can be read: %(count)s files.", count=count),)

    # -- for subclasses ---------------------------------------------------------------

    def _free(self, folder: str, name: str) -> str:
        known = {entry.name for entry in self._entries(folder)}
        return join(folder, free_name(name, known))

    @abstractmethod
    def open(self) -> None:
        """Connect and log in."""

    @abstractmethod
    def close(self) -> None:
        """Say good-bye."""

    @abstractmethod
    def _entries(self, folder: str) -> Iterable[RemoteFile]:
        """Return all plain files of a folder, whatever their names."""

    @abstractmethod
    def _fetch(self, path: str, max_bytes: int) -> bytes: ...

    @abstractmethod
    def _store(self, path: str, content: bytes) -> None: ...

    @abstractmethod
    def _rename(self, path: str, target: str, *, replace: bool) -> None: ...

    @abstractmethod
    def _make_folder(self, folder: str) -> None: ...

    @abstractmethod
    def _remove(self, path: str) -> None: ...


def join(folder: str, name: str) -> str:
    """Return a path."""
    return f"{folder.strip('/')}/{name}" if folder.strip("/") else name


def split(path: str) -> tuple[str, str]:
    """Return folder and name of a path."""
    folder, _slash, name = path.strip("/").rpartition("/")
    return folder, name


def free_name(name: str, known: set[str]) -> str:
    """Return a name nobody has: the name itself, else with the time, else with a number too."""
    if name not in known:
        return name
    pure = PurePosixPath(name)
    stem = f"{pure.stem[: MAX_NAME - 40]}-{datetime.now(UTC):%Y%m%d%H%M%S}"
    end = pure.suffix[:20]
    tries = (f"{stem}{f'-{n}' if n else ''}{end}" for n in range(MAX_FILES))
    return next(found for found in tries if found not in known)


def too_large(path: str, max_bytes: int) -> errors.Rejected:
    """Return the error for a file above the limit."""
    return errors.Rejected(
        _lt(
            "The file “%(name)s” is larger than %(limit)s MB.",
            name=shown(path),
            limit=f"{max_bytes / 1024 / 1024:g}",
        ),
        _lt("Ask the sender for smaller files."),
    )


def _file(path: str) -> str:
    """Return a path that surely is one of a file."""
    found = parts_of(path)
    if not found:
        raise errors.Rejected(_lt("A file needs a name."))
    return "/".join(found)
