"""Files in a folder of the server itself, below what its administrator allows.

Every step is done relative to an open folder and follows no links, so that neither ``..`` nor a
link that somebody puts there leads out of it.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from odoo.addons.automation_core.lib import errors
from odoo.addons.automation_core.lib.texts import Marker

from .place import Place, RemoteFile, parts_of, shown, split, too_large

_lt = Marker(__name__)

FOLDER: Final = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
READ: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
WRITE: Final = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC
NOT_ALLOWED: Final = _lt(
    "The server's administrator names the folders in Odoo's configuration file: section "
    "[file_transport], option “folders”."
)


class FolderPlace(Place):
    """A folder. ``allowed`` are the absolute folders below which it has to be."""

    def __init__(self, folder: str, allowed: Sequence[str]) -> None:
        self.folder = folder
        self.allowed = tuple(allowed)
        self._root = -1

    def open(self) -> None:
        """Go down from the allowed folder, step by step."""
        top, rest = self._top()
        with _named(self.folder):
            self._root = os.open(top, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            for part in rest:
                below = os.open(part, FOLDER, dir_fd=self._root)
                os.close(self._root)
                self._root = below

    def close(self) -> None:
        """Let go."""
        if self._root >= 0:
            os.close(self._root)
        self._root = -1

    def _top(self) -> tuple[str, tuple[str, ...]]:
        """Return the allowed folder and the way down from it."""
        path = Path(self.folder)
        for allowed in self.allowed:
            if path.is_absolute() and path.is_relative_to(allowed) and Path(allowed).is_absolute():
                return allowed, parts_of(path.relative_to(allowed).as_posix().removeprefix("."))
        raise errors.AccessDenied(
            _lt("The folder “%(path)s” is not allowed.", path=shown(self.folder)), NOT_ALLOWED
        )

    @contextmanager
    def _inside(self, folder: str) -> Iterator[int]:
        """Open a folder below; what is opened is closed."""
        opened = os.dup(self._root)
        try:
            for part in parts_of(folder):
                below = os.open(part, FOLDER, dir_fd=opened)
                os.close(opened)
                opened = below
            yield opened
        finally:
            os.close(opened)

    def _entries(self, folder: str) -> Iterable[RemoteFile]:
        found = []
        with _named(folder or self.folder), self._inside(folder) as opened:
            for name in os.listdir(opened):
                with suppress(FileNotFoundError):
                    seen = os.stat(name, dir_fd=opened, follow_symlinks=False)
                    if stat.S_ISREG(seen.st_mode):
                        moment = datetime.fromtimestamp(seen.st_mtime, UTC)
                        found.append(RemoteFile(name, seen.st_size, moment))
        return found

    def _fetch(self, path: str, max_bytes: int) -> bytes:
        folder, name = split(path)
        with (
            _named(path),
            self._inside(folder) as opened,
            os.fdopen(os.open(name, READ, dir_fd=opened), "rb") as stream,
        ):
            if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
                raise errors.Rejected(_lt("“%(path)s” is not a file.", path=shown(path)))
            content = stream.read(max_bytes + 1)
        if len(content) > max_bytes:
            raise too_large(path, max_bytes)
        return content

    def _store(self, path: str, content: bytes) -> None:
        folder, name = split(path)
        with (
            _named(path),
            self._inside(folder) as opened,
            os.fdopen(os.open(name, WRITE, 0o640, dir_fd=opened), "wb") as stream,
        ):
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())

    def _rename(self, path: str, target: str, *, replace: bool) -> None:
        (folder, name), (other, aim) = split(path), split(target)
        with _named(path), self._inside(folder) as source, self._inside(other) as there:
            if not replace and aim in os.listdir(there):
                raise FileExistsError(aim)
            os.replace(name, aim, src_dir_fd=source, dst_dir_fd=there)

    def _make_folder(self, folder: str) -> None:
        parts = parts_of(folder)
        for count in range(len(parts)):
            above = "/".join(parts[:count])
            with _named(folder), self._inside(above) as opened, suppress(FileExistsError):
                os.mkdir(parts[count], 0o750, dir_fd=opened)

    def _remove(self, path: str) -> None:
        folder, name = split(path)
        with _named(path), self._inside(folder) as opened:
            os.unlink(name, dir_fd=opened)


@contextmanager
def _named(path: str) -> Iterator[None]:
    """Give every failure its name."""
    try:
        yield
    except (FileNotFoundError, NotADirectoryError) as error:
        raise errors.NotFound(
            _lt("There is no “%(path)s”.", path=shown(path)),
            _lt("Check the names of folder and file."),
        ) from error
    except PermissionError as error:
        raise errors.AccessDenied(
            _lt("The server's user may not use “%(path)s”.", path=shown(path)),
            _lt("Ask the server's administrator for the right."),
        ) from error
    except (OSError, UnicodeError) as error:
        raise errors.Rejected(
            _lt("“%(path)s” cannot be used.", path=shown(path)),
            _lt("A link, a full disk or a name that is taken are usual."),
        ) from error
