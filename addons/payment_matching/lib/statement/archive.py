"""Zip archives from outside: a few files, none inside another, nothing that explodes."""

from __future__ import annotations

import io
import zipfile
import zlib

from odoo.addons.automation_core.lib.texts import Marker

from .model import StatementError

_lt = Marker(__name__)

MAX_FILES = 1000
MAX_TOTAL = 200 * 1024 * 1024
_MAX_RATIO = 200  # XML packs to a tenth or a twentieth
_FREE_SIZE = 4 * 1024 * 1024  # small files may be packed as tightly as they like
_BESIDE = (".pdf", ".txt.sig", ".p7s", ".ds_store", "thumbs.db", "desktop.ini")


def unzipped(content: bytes) -> list[tuple[str, bytes]]:
    """Return the files of an archive by name; raises StatementError in the user's words."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = [info for info in archive.infolist() if _is_wanted(info)]
            _check(members)
            return [(info.filename, _content(archive, info)) for info in _ordered(members)]
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, EOFError) as error:
        raise StatementError(
            _lt("The zip archive is damaged or cut off."),
            _lt("Download it from the bank once more; nothing was taken from this one."),
        ) from error
    except (NotImplementedError, RuntimeError, UnicodeError, LookupError, KeyError) as error:
        raise StatementError(
            _lt("The zip archive is packed in a way that cannot be read."),
            _lt("Unpack it on your computer and upload the files in it."),
        ) from error


def _is_wanted(info: zipfile.ZipInfo) -> bool:
    name = info.filename.lower()
    return not (info.is_dir() or name.startswith("__macosx/") or name.endswith(_BESIDE))


def _ordered(members: list[zipfile.ZipInfo]) -> list[zipfile.ZipInfo]:
    return sorted(members, key=lambda info: info.filename)


def _check(members: list[zipfile.ZipInfo]) -> None:
    if not members:
        raise StatementError(
            _lt("The zip archive holds no statement."),
            _lt("Choose CAMT or MT940 where the bank lets you download the bookings."),
        )
    if any(info.flag_bits & 0x1 for info in members):
        raise StatementError(
            _lt("The zip archive is locked with a password."),
            _lt("Unpack it on your computer and upload the files in it."),
        )
    size = sum(info.file_size for info in members)
    packed = sum(info.compress_size for info in members)
    if len(members) > MAX_FILES or size > MAX_TOTAL:
        raise _bomb()
    if size > _FREE_SIZE and size > _MAX_RATIO * max(packed, 1):
        raise _bomb()


def _content(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """Return a member; never more than the archive said it would be."""
    with archive.open(info) as stream:
        content = stream.read(info.file_size + 1)
    if len(content) > info.file_size:
        raise _bomb()
    if content.startswith(b"PK\x03\x04"):
        raise StatementError(
            _lt("The zip archive holds another archive: “%(name)s”.", name=info.filename[:80]),
            _lt("Unpack it on your computer and upload the files in it."),
        )
    return content


def _bomb() -> StatementError:
    return StatementError(
        _lt("The zip archive is far larger unpacked than statements are."),
        _lt("Do not use this file. Download the statements from the bank itself."),
    )
