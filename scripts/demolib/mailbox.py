"""The caught mails, one file each."""

from __future__ import annotations

import email
import email.policy
import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path
from zoneinfo import ZoneInfo

BERLIN = ZoneInfo("Europe/Berlin")


@dataclass(frozen=True)
class Summary:
    """A row of the list."""

    number: int
    date: str
    sender: str
    to: str
    subject: str
    files: int


class Mailbox:
    """A folder of messages, numbered as they came."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._lock = threading.Lock()
        self._rows: dict[int, Summary] = {}
        self._last = max((int(path.stem) for path in folder.glob("*.eml")), default=0)

    def keep(self, data: bytes) -> None:
        """Store a message."""
        with self._lock:
            number = self._last + 1
            part = self.folder / f"{number}.part"
            part.write_bytes(data)
            part.rename(self.folder / f"{number}.eml")
            self._last = number

    def clear(self) -> None:
        """Throw all messages away."""
        with self._lock:
            for path in self.folder.glob("*.eml"):
                path.unlink()
            self._rows.clear()
            self._last = 0

    def last(self) -> int:
        """The number of the newest message."""
        return self._last

    def message(self, number: int) -> EmailMessage:
        """Return a message; ``KeyError`` when there is none with this number."""
        path = self.folder / f"{number}.eml"
        if not path.exists():
            raise KeyError(number)
        message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        return message

    def rows(self, words: str = "") -> list[Summary]:
        """Return the messages whose head has all the words, newest first."""
        found = [self._summary(number) for number in range(self._last, 0, -1)]
        needles = words.lower().split()
        return [
            row
            for row in found
            if all(n in f"{row.sender} {row.to} {row.subject}".lower() for n in needles)
        ]

    def _summary(self, number: int) -> Summary:
        if number not in self._rows:
            message = self.message(number)
            self._rows[number] = Summary(
                number,
                local_date(message),
                str(message.get("From", "")),
                str(message.get("To", "")),
                str(message.get("Subject", "")) or "(no subject)",
                len(files(message)),
            )
        return self._rows[number]


def local_date(message: EmailMessage) -> str:
    """The message's date, as the people of the demo read it."""
    try:
        when = parsedate_to_datetime(str(message["Date"]))
    except (TypeError, ValueError):
        return ""
    zoned = when if when.tzinfo else when.replace(tzinfo=UTC)  # "-0000"
    return datetime.strftime(zoned.astimezone(BERLIN), "%d.%m.%Y %H:%M")


def files(message: EmailMessage) -> list[tuple[int, str, str]]:
    """Return place, name and size of what is attached; pictures inside the text are not."""
    found = []
    for place, part in enumerate(message.walk()):
        name = part.get_filename()
        if name and not part.is_multipart() and not part["Content-ID"]:
            size = len(part.get_payload(decode=True) or b"")
            found.append((place, name, f"{size // 1024 + 1} kB"))
    return found
