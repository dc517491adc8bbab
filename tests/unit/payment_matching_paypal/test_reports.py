"""Nothing is lost and nothing asked for that PayPal refuses, however late it tells."""

import json
import random
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from automation_core.lib import errors
from hypothesis import given, settings
from hypothesis import strategies as st

from payment_matching_paypal.lib import const
from payment_matching_paypal.lib.answer import read_stored
from payment_matching_paypal.lib.client import PayPalClient
from payment_matching_paypal.lib.explain import too_many
from payment_matching_paypal.lib.parser import read_statement
from payment_matching_paypal.lib.reports import LOOK_BACK, ReportFetcher
from tests.servers.paypal import PayPalServer

from .conftest import NOW

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
Cursor = Mapping[str, object]


class Journal:
    """Takes what is fetched as the add-on does: files and bookings once each."""

    def __init__(self, server: PayPalServer, client: PayPalClient, first: datetime) -> None:
        self.server, self.client, self.first = server, client, first
        self.cursor: Cursor = {}
        self.files: set[str] = set()
        self.lines: dict[str, Any] = {}
        self.pages = 0

    def poll(self) -> int:
        """Fetch until nothing is left; return how many bookings were new."""
        clock = lambda: self.server.now().timestamp()  # noqa: E731
        known = len(self.lines)
        for _page in range(3000):
            page = ReportFetcher(self.client, self.first, clock).fetch(self.cursor)
            self.pages += 1
            for file in page.files:
                self.files.add(file.external_id)
                for line in read_statement(read_stored(file.content), "EUR").lines:
                    self.lines.setdefault(line.key, line)
            self.cursor = json.loads(json.dumps(page.cursor))
            if not page.more:
                return len(self.lines) - known
        raise AssertionError("endless")


@pytest.fixture
def journal(server: PayPalServer, client: PayPalClient) -> Journal:
    """A journal that begins a hundred days ago."""
    return Journal(server, client, NOW - 100 * DAY)


def test_a_first_fetch_goes_back_to_its_start(server: PayPalServer, journal: Journal) -> None:
    for days in range(120):
        server.add_payment("10", at=NOW - timedelta(days=days, hours=1))
    assert journal.poll() == 100
    assert journal.pages == 4
    assert journal.poll() == 0


def test_pages_of_500(server: PayPalServer, journal: Journal) -> None:
    for minute in range(1201):
        server.add_payment("10", at=NOW - timedelta(minutes=minute))
    assert journal.poll() == 1201
    asked = Counter(call.params.get("page") for call in server.log if "page" in call.params)
    assert asked["3"] == 1
    assert asked["4"] == 0


def test_too_many_rows_halve_the_window(server: PayPalServer, journal: Journal) -> None:
    server.limit = 40
    for hours in range(300):
        server.add_payment("10", at=NOW - hours * HOUR)
    assert journal.poll() == 300
    assert journal.poll() == 0


def test_more_in_a_second_than_can_be_shown(server: PayPalServer, journal: Journal) -> None:
    server.limit = 3
    for _payment in range(5):
        server.add_payment("10", at=NOW - DAY)
    with pytest.raises(errors.Rejected):
        journal.poll()


def test_rows_three_hours_late_are_not_lost(server: PayPalServer, journal: Journal) -> None:
    """Polled every hour for three days; the clock is never taken for what PayPal knows."""
    server.delay = 3 * HOUR
    start = NOW - 3 * DAY
    wanted = {
        server.add_payment("10", at=start + timedelta(minutes=17 * place)) for place in range(250)
    }
    journal.first = start - DAY
    for hour in range(80):
        server.fixed_now = start + hour * HOUR
        journal.poll()
    assert {line.bank_reference for line in journal.lines.values()} == wanted


def test_a_row_later_than_promised_is_found(server: PayPalServer, journal: Journal) -> None:
    journal.poll()
    server.add_payment("10", at=NOW - 2 * DAY, visible=NOW + HOUR)
    server.fixed_now = NOW + 2 * HOUR
    assert journal.poll() == 1


def test_a_start_in_the_gap_is_no_failure(server: PayPalServer, journal: Journal) -> None:
    server.delay = 3 * HOUR
    journal.first = NOW - HOUR
    server.add_payment("10", at=NOW - timedelta(minutes=30))
    assert journal.poll() == 0
    assert "known" not in journal.cursor
    server.fixed_now = NOW + 4 * HOUR
    assert journal.poll() == 1


def test_the_watermark_is_what_paypal_knows(server: PayPalServer, journal: Journal) -> None:
    server.delay = 3 * HOUR
    journal.poll()
    assert journal.cursor["known"] == "2026-11-23T09:00:00Z"
    server.delay = 20 * HOUR  # PayPal is behind: what was known stays known
    journal.poll()
    assert journal.cursor["known"] == "2026-11-23T09:00:00Z"
    server.log.clear()
    journal.poll()
    start = next(call.params["start_date"] for call in server.log)
    assert datetime.fromisoformat(start) == NOW - 3 * HOUR - LOOK_BACK


def test_new_data_between_two_pages(server: PayPalServer, journal: Journal) -> None:
    """An older row shows up while the pages are read: all later ones move on by one."""
    for minute in range(700):
        server.add_payment("10", at=NOW - DAY - timedelta(minutes=minute))

    def renew(call: Any) -> None:
        if call.params.get("page") == "2" and len(server.entries) == 700:
            server.entries.pop(600)  # nearly the first page's last
            server.fixed_now = NOW + timedelta(seconds=5)

    server.before = renew
    journal.poll()
    left = {entry.id for entry in server.entries}
    assert left <= {line.bank_reference for line in journal.lines.values()}


def test_quiet_hours_add_no_files(server: PayPalServer, journal: Journal) -> None:
    server.add_payment("10", at=NOW - HOUR)
    journal.poll()
    assert len(journal.files) == 1
    for hour in range(5):
        server.fixed_now = NOW + hour * HOUR
        journal.poll()
    assert len(journal.files) == 1


def test_the_same_twice_adds_nothing(server: PayPalServer, journal: Journal) -> None:
    for hours in range(30):
        payment = server.add_payment("10", at=NOW - (40 - hours) * HOUR)
    server.add_refund(payment, at=NOW - HOUR)
    journal.poll()
    before = dict(journal.lines)
    journal.cursor = {}  # a crash before the cursor was stored
    assert journal.poll() == 0
    assert journal.lines == before


def test_what_is_long_on_its_way_is_found(server: PayPalServer, journal: Journal) -> None:
    """A pending payment arrives after ten days, out of the look-back; asked for once a day."""
    payment = server.add_payment("10", at=NOW - HOUR, status="P")
    for day in range(12):
        server.fixed_now = NOW + day * DAY
        if day == 10:
            server.complete(payment)
        assert journal.poll() == (1 if day == 10 else 0)
    server.fixed_now = NOW + 13 * DAY
    journal.poll()
    assert "pending" not in journal.cursor
    server.log.clear()
    journal.poll()
    starts = [call.params["start_date"] for call in server.log if "start_date" in call.params]
    assert datetime.fromisoformat(starts[0]) == server.now() - LOOK_BACK


def test_a_failing_window_keeps_the_cursor(server: PayPalServer, journal: Journal) -> None:
    for days in range(90):
        server.add_payment("10", at=NOW - days * DAY)
    asked = 0

    def spoil(call: Any) -> None:
        nonlocal asked
        asked += "transactions" in call.path
        if asked == 3:
            server.fail("html", "transactions")
            asked += 1

    server.before = spoil
    with pytest.raises(errors.InvalidAnswer):
        journal.poll()
    found = len(journal.lines)
    assert 0 < found < 90
    assert journal.poll() == 90 - found


def test_only_three_years_are_asked_for(server: PayPalServer, journal: Journal) -> None:
    journal.first = datetime(2001, 1, 1, tzinfo=UTC)
    assert journal.poll() == 0
    assert journal.pages == 36


@pytest.mark.parametrize(
    "cursor",
    [{"known": 5}, {"known": "x"}, {"next": "2026", "end": None}, {"span": -5}, {"account": None}],
)
def test_odd_cursors(server: PayPalServer, journal: Journal, cursor: Cursor) -> None:
    server.add_payment("10", at=NOW - HOUR)
    journal.cursor = cursor
    assert journal.poll() == 1


class Recorder:
    """Notes every window that is answered; sometimes says that there is too much in it."""

    def __init__(self, seed: int, chance: float) -> None:
        self.rng, self.chance = random.Random(seed), chance
        self.windows: list[tuple[datetime, datetime]] = []

    def transactions(self, start: datetime, end: datetime, page: int) -> bytes:
        assert timedelta() <= end - start <= const.LONGEST
        if end - start > HOUR and self.rng.random() < self.chance:
            raise too_many()
        self.windows.append((start, end))
        body = {"page": page, "total_pages": 1, "last_refreshed_datetime": NOW.isoformat()}
        return json.dumps(body).encode()


@settings(deadline=None, max_examples=200)
@given(
    days=st.floats(0.01, 1090),
    seed=st.integers(0, 10**6),
    chance=st.sampled_from([0.0, 0.1, 0.5]),
    zone=st.sampled_from(["UTC", "Europe/Berlin", "America/New_York"]),
)
def test_every_instant_is_asked_for_once(days: float, seed: int, chance: float, zone: str) -> None:
    first = (NOW - timedelta(days=days)).replace(microsecond=0).astimezone(ZoneInfo(zone))
    search = Recorder(seed, chance)
    fetcher = ReportFetcher(search, first, NOW.timestamp)
    cursor: Cursor = {}
    while True:
        page = fetcher.fetch(cursor)
        cursor = json.loads(json.dumps(page.cursor))
        if not page.more:
            break
    assert search.windows[0][0].timestamp() == first.timestamp()  # an hour may come twice
    assert search.windows[-1][1] == NOW
    for (_start, end), (begin, _end) in pairwise(search.windows):
        assert end == begin
