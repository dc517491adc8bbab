"""Fetching: window after window, each with all its pages, and a cursor that never runs ahead.

PayPal shows a transaction up to three hours late and says how far its data reach. That, not the
clock, is where the next run begins, less :data:`LOOK_BACK`; what was seen before is the same file
or the same booking again.

A payment that stays pending for longer than that is looked for once a day, a month long: the
search goes by the time it was made, and may not show it anew when it arrives.

The cursor is plain JSON: ``known`` (PayPal's data were complete up to here), ``account``,
``pending`` (when the oldest payment on its way was made), ``deep`` (when it was looked for last),
and while a run is under way ``next`` and ``end`` (what is still to be asked) and ``span`` (seconds
that a window may cover since PayPal had too much for a longer one).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol

from odoo.addons.payment_matching.lib.source import SourceFile, SourcePage

from . import const
from .answer import Page, joined_pages, read_moment, read_page
from .client import stamp
from .explain import NotYet, TooManyRows, too_many
from .rows import read_rows

LOOK_BACK: Final = timedelta(days=3)
DEEP_EVERY: Final = timedelta(days=1)
DEEP: Final = timedelta(days=31)
TRIES: Final = 3  # how often a window is read whose data PayPal renews meanwhile
MOMENTS: Final = ("known", "pending", "deep", "next", "end")
MAX_PAGES: Final = 100
MAX_FILE: Final = 15 * 1024 * 1024  # a larger window is asked for in halves


class Search(Protocol):
    """Answers with one page of a window."""

    def transactions(self, start: datetime, end: datetime, page: int) -> bytes:
        """Return a page as it came."""


@dataclass(frozen=True, slots=True)
class Run:
    """What a run has still to ask for."""

    start: datetime
    end: datetime
    span: timedelta = const.LONGEST
    known: datetime | None = None
    account: str = ""
    pending: datetime | None = None
    deep: datetime | None = None

    @property
    def window_end(self) -> datetime:
        """The end of the next window."""
        return min(self.start + self.span, self.end)

    def cursor(self, *, under_way: bool) -> dict[str, object]:
        """Return the run as plain JSON."""
        data: dict[str, object] = {"account": self.account}
        moments = {"known": self.known, "pending": self.pending, "deep": self.deep}
        if under_way:
            moments |= {"next": self.start, "end": self.end}
            data["span"] = int(self.span.total_seconds())
        return data | {name: stamp(moment) for name, moment in moments.items() if moment}


class ReportFetcher:
    """Fetches what is new.

    :param first: nothing older is ever asked for
    """

    def __init__(self, search: Search, first: datetime, clock: Callable[[], float]) -> None:
        self._search = search
        self._first = first.astimezone(UTC)  # a day of local time may have 25 hours
        self._clock = clock

    def fetch(self, cursor: Mapping[str, object]) -> SourcePage:
        """Return one window's answer, and the cursor that is true once it is stored."""
        run = self._run(cursor)
        if run.start >= run.end:
            return SourcePage((), run.cursor(under_way=False))
        while True:
            try:
                pages = self._window(run.start, run.window_end)
                break
            except TooManyRows:
                half = timedelta(seconds=(run.window_end - run.start).total_seconds() // 2)
                if half < const.SHORTEST:
                    raise
                run = replace(run, span=half)
            except NotYet:  # the window begins where PayPal has nothing yet: the next run asks
                return SourcePage((), run.cursor(under_way=False))
        return _source_page(run, pages)

    def _run(self, cursor: Mapping[str, object]) -> Run:
        """Return what is to be asked: the rest of a run, or a new one."""
        now = datetime.fromtimestamp(int(self._clock()), UTC)
        told = {name: read_moment(cursor.get(name)) for name in MOMENTS}
        run = Run(
            now,
            now,
            known=told["known"],
            account=str(cursor.get("account") or ""),
            pending=told["pending"],
            deep=told["deep"],
        )
        if (start := told["next"]) and (end := told["end"]):
            return replace(run, start=start, end=end, span=_span(cursor.get("span")))
        oldest = max(self._first, now - const.HISTORY)
        start = max(run.known - LOOK_BACK, oldest) if run.known else oldest
        if run.pending and (run.deep is None or now - run.deep >= DEEP_EVERY):
            deep = max(min(start, run.pending), now - DEEP, oldest)
            return replace(run, start=min(start, deep), pending=None, deep=now)
        return replace(run, start=start)

    def _window(self, start: datetime, end: datetime) -> list[Page]:
        """Return all pages of a window. If PayPal gets new data on the way the pages have shifted,
        and it is read again; what came twice is taken once.
        """
        found: list[Page] = []
        for _try in range(TRIES):
            pages = [self._page(start, end, 1)]
            while pages[-1].number < min(pages[-1].total, MAX_PAGES):
                pages.append(self._page(start, end, pages[-1].number + 1))
            found += pages
            if sum(len(page.raw) for page in found) > MAX_FILE:
                raise too_many()
            if len({page.refreshed for page in pages}) == 1:
                break
        return found

    def _page(self, start: datetime, end: datetime, number: int) -> Page:
        page = read_page(self._search.transactions(start, end, number))
        return replace(page, number=number)


def _source_page(run: Run, pages: list[Page]) -> SourcePage:
    """Return a window as a file, and what is left of the run.

    Data that do not reach to the window's end are looked at again by the next run: the run is over.
    """
    end = run.window_end
    reached = min((page.refreshed for page in pages if page.refreshed), default=end - const.LATE)
    reached = min(reached, end)
    account = next((page.account for page in pages if page.account), run.account)
    known = max(reached, run.known) if run.known else reached
    on_their_way = [row.when for row in read_rows(pages)[0] if row.status == const.PENDING]
    pending = min([*on_their_way, *filter(None, [run.pending])], default=None)
    span = min(2 * run.span, const.LONGEST)  # the next days may be quieter
    after = replace(run, start=end, span=span, known=known, account=account, pending=pending)
    more = end < run.end and reached >= end
    return SourcePage(_files(run, end, pages), after.cursor(under_way=more), more)


def _files(run: Run, end: datetime, pages: list[Page]) -> tuple[SourceFile, ...]:
    """Return a window's pages as one file, none for an empty window. It is the same file while its
    rows are the same, whatever the time.
    """
    if not any(page.rows for page in pages):
        return ()
    rows = json.dumps([page.rows for page in pages], sort_keys=True).encode()
    name = f"paypal-{run.start:%Y%m%d-%H%M%S}-{end:%Y%m%d-%H%M%S}.json"
    digest = hashlib.sha256(rows).hexdigest()
    return (SourceFile(name, joined_pages(pages), f"paypal:{digest}"),)


def _span(value: object) -> timedelta:
    if isinstance(value, int) and not isinstance(value, bool) and value > 0:
        return min(timedelta(seconds=value), const.LONGEST)
    return const.LONGEST
