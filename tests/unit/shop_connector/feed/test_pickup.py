"""Files in a folder: whatever is killed when, no file is put away before its orders are stored."""

import json
import os
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from file_transport.lib.folder import FolderPlace
from file_transport.lib.pickup import PAGE_FILES
from shop_connector.lib.channel import OrderPage
from shop_connector.lib.feed.model import FeedMapping, Source
from shop_connector.lib.feed.pickup import PAGE_ORDERS, FeedPickup, Names

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
MAPPING = FeedMapping(
    fields={
        "number": Source(("no",)),
        "ordered_at": Source(fixed="2026-11-20"),
        "line.quantity": Source(fixed="1"),
        "line.total": Source(("total",)),
    }
)


def _drop(root: Path, name: str, *numbers: str) -> None:
    rows = "".join(f"{number};1,00\n" for number in numbers)
    (root / name).write_text(f"no;total\n{rows}")
    moment = (NOW - timedelta(hours=1)).timestamp()
    os.utime(root / name, (moment, moment))


def _page(root: Path, cursor: dict[str, object]) -> OrderPage:
    with FolderPlace(str(root), [str(root)]) as place:
        return FeedPickup(place, Names("*.csv"), MAPPING).page(cursor, NOW)


def _stored(page: OrderPage) -> dict[str, object]:
    """Return the cursor as it comes back from the database."""
    found: dict[str, object] = json.loads(json.dumps(page.cursor))
    return found


def test_many_files_come_in_pages_and_are_all_put_away(tmp_path: Path) -> None:
    for number in range(PAGE_FILES + 20):
        _drop(tmp_path, f"{number:03}.csv", f"A{number}")
    cursor: dict[str, object] = {}
    seen: list[str] = []
    for _round in range(10):
        page = _page(tmp_path, cursor)
        seen += [raw.external_id for raw in page.orders]
        cursor = _stored(page)
        if not page.more:
            break
    assert len(seen) == len(set(seen)) == PAGE_FILES + 20
    assert not list(tmp_path.glob("*.csv"))
    assert len(list((tmp_path / "done").iterdir())) == PAGE_FILES + 20
    assert cursor["taken"] == cursor["broken"] == cursor["looked"] == {}


@pytest.mark.parametrize("seed", range(25))
def test_killed_anywhere_nothing_is_lost(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    inbox: set[str] = set()
    sent: set[str] = set()
    cursor: dict[str, object] = {}
    for step in range(40):
        if step < 30 and chance.random() < 0.6:
            numbers = [f"{step}-{n}" for n in range(chance.randint(0, 3))]
            _drop(tmp_path, f"{chance.randint(1, 4)}-{step}.csv", *numbers)
            sent |= set(numbers)
        page = _page(tmp_path, cursor)
        if step < 30 and chance.random() < 0.4:
            continue  # killed: neither the orders nor the cursor were stored
        inbox |= {raw.external_id for raw in page.orders}
        cursor = _stored(page)
        done = tmp_path / "done"
        put_away = {
            line.partition(";")[0]
            for path in (done.iterdir() if done.is_dir() else ())
            for line in path.read_text().splitlines()[1:]
        }
        assert put_away <= inbox
    assert inbox == sent
    assert not list(tmp_path.glob("*.csv"))


def test_a_page_of_orders_ends_early_and_the_rest_comes_next(tmp_path: Path) -> None:
    for name in "abc":
        _drop(tmp_path, f"{name}.csv", *(f"{name}{number}" for number in range(PAGE_ORDERS - 1)))
    page = _page(tmp_path, {})
    assert (len(page.orders), page.more) == (2 * (PAGE_ORDERS - 1), True)
    page = _page(tmp_path, _stored(page))
    assert (len(page.orders), page.more) == (PAGE_ORDERS - 1, True)
    assert len(list((tmp_path / "done").iterdir())) == 2


def test_a_file_that_is_written_in_one_go_is_not_read_half(tmp_path: Path) -> None:
    """A full page is followed by the next at once: that is no second look at a growing file."""
    for number in range(PAGE_FILES + 1):
        _drop(tmp_path, f"{number:03}.csv", f"A{number}")
    (tmp_path / "growing.csv").write_text("no;total\nB1;1,0")
    os.utime(tmp_path / "growing.csv", (NOW.timestamp(), NOW.timestamp()))
    cursor: dict[str, object] = {}
    seen: set[str] = set()
    for _round in range(5):
        page = _page(tmp_path, cursor)
        seen |= {raw.external_id for raw in page.orders}
        cursor = _stored(page)
    assert (len(seen), "B1" in seen) == (PAGE_FILES + 1, False)


def test_a_damaged_cursor_starts_anew(tmp_path: Path) -> None:
    _drop(tmp_path, "a.csv", "1")
    for cursor in ({"taken": 5, "broken": [], "looked": "x"}, {"taken": {"a.csv": "x"}}):
        page = _page(tmp_path, dict(cursor))
        assert [raw.external_id for raw in page.orders] == ["1"]
