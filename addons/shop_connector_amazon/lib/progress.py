"""The cursor of the order search, taken apart.

Two kinds of passes share it. The *change pass* reads everything that changed since the last one.
The *sweep*, once a day, reads everything created in the last days again: it finds what the search
by change did not show. Each pass has a fixed window, the same question on every page, and is only
done when its last page is stored.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from odoo.addons.shop_connector.lib.reader import read_moment

from . import const
from .orders import Search, stamp


@dataclass
class Pass:
    """A search that is under way; times are texts, so that the cursor is plain JSON."""

    after: str
    before: str
    marketplaces: list[str]
    included: list[str]
    by_change: bool = True
    token: str = ""
    token_at: float = 0.0
    reached: str = ""  # the earliest moment up to which Amazon says it looked
    pages: int = 0
    found: int = 0

    def search(self) -> Search | None:
        """Return the question, ``None`` when the cursor was damaged."""
        after, before = read_moment(self.after), read_moment(self.before)
        if after is None or before is None:
            return None
        return Search(after, before, tuple(self.marketplaces), tuple(self.included), self.by_change)

    def reach(self, moment_: datetime | None) -> None:
        """Note up to when Amazon looked; it may be less than was asked for."""
        if moment_ is not None:
            told = stamp(moment_)
            self.reached = min(self.reached or told, told)

    @property
    def end(self) -> str:
        """Up to when everything has been seen once the last page is stored."""
        return min(self.before, self.reached or self.before)


@dataclass
class Progress:
    """The whole cursor.

    ``since``   everything that changed before this is stored
    ``begin``   the earliest change that is wanted
    ``changes``, ``sweep``  passes under way
    ``swept``   when the last sweep ended, ``sweep_found`` how many orders it read
    ``shrink``  how often in a row a pass had to begin anew: each time with half the window
    ``fewer_until``  until then tax data are not asked for, because Amazon refused them
    ``turn``    which pass the next page belongs to
    """

    since: str
    begin: str
    changes: Pass | None = None
    sweep: Pass | None = None
    swept: str = ""
    sweep_found: int = 0
    shrink: int = 0
    fewer_until: str = ""
    turn: str = "changes"

    @classmethod
    def load(cls, cursor: Mapping[str, object], start: datetime) -> Progress:
        """Return the progress in a stored cursor; an earlier start begins anew, a later one does
        not skip what is under way.
        """
        begin = stamp(start)
        names = set(cls.__dataclass_fields__)
        known: dict[str, Any] = {key: cursor[key] for key in names if key in cursor}
        for key in ("changes", "sweep"):
            known[key] = _pass(known.get(key))
        progress = cls(**{"since": begin, "begin": begin, **known})
        if begin < progress.begin or read_moment(progress.since) is None:
            progress.since, progress.changes = begin, None
        progress.begin = begin
        return progress

    def cursor(self) -> dict[str, object]:
        """Return the progress as plain JSON."""
        return asdict(self)

    def included(self, now: datetime) -> list[str]:
        """Return which data to ask for."""
        fewer = self.fewer_until > stamp(now)
        return list(const.INCLUDED_FEWER if fewer else const.INCLUDED)

    def open_changes(self, now: datetime, marketplaces: tuple[str, ...]) -> Pass | None:
        """Return the change pass under way or a new one; ``None`` when it is too early for one."""
        if self.changes is not None:
            return self.changes
        since = max(_time(self.since), now - const.HISTORY)
        after = max(since - const.OVERLAP, min(_time(self.begin), since), now - const.HISTORY)
        longest = max(const.LONGEST_WINDOW / 2**self.shrink, const.SHORTEST_WINDOW)
        before = min(_latest(now), since + longest)
        if before <= since:
            return None
        self.changes = Pass(stamp(after), stamp(before), list(marketplaces), self.included(now))
        return self.changes

    def close_changes(self, now: datetime) -> bool:
        """Move on after the last page; return whether there is more to catch up with."""
        done, self.changes, self.shrink = self.changes, None, max(0, self.shrink - 1)
        if done is None:
            return False
        self.since = max(self.since, done.end)
        waits_for_amazon = done.end < done.before
        return not waits_for_amazon and _time(self.since) < _latest(now) - const.SHORTEST_WINDOW

    def open_sweep(self, now: datetime, marketplaces: tuple[str, ...]) -> Pass | None:
        """Return the sweep under way or a new one; ``None`` when none is due."""
        if self.sweep is not None:
            return self.sweep
        last = read_moment(self.swept)
        if last is None and not self.swept:
            self.swept = stamp(now)  # the first change pass has just read everything
            return None
        if last is not None and now - last < const.SWEEP_EVERY:
            return None
        after = max(_time(self.begin), now - const.SWEEP_DAYS)
        before = _latest(now)
        if before <= after:
            return None
        self.sweep = Pass(
            stamp(after), stamp(before), list(marketplaces), self.included(now), by_change=False
        )
        return self.sweep

    def close_sweep(self, now: datetime) -> None:
        """Note that the sweep is through, or put it off to the next day."""
        if self.sweep is not None and not self.sweep.token:
            self.sweep_found = self.sweep.found
        self.sweep = None
        self.swept = stamp(now)


def _latest(now: datetime) -> datetime:
    return now - const.SETTLE_TIME - const.SETTLE_MARGIN


def _time(text: str) -> datetime:
    return read_moment(text) or datetime.now(UTC)


def _pass(value: object) -> Pass | None:
    """Return a pass from the cursor; a damaged one is begun anew."""
    if not isinstance(value, Mapping):
        return None
    names = Pass.__dataclass_fields__
    try:
        found = Pass(**{key: value[key] for key in value if key in names})
    except TypeError:
        return None
    return found if found.search() else None
