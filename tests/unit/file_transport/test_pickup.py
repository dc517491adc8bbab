"""A watched folder: whatever is killed when, nothing is put away before it is stored, nothing is
taken half-written.
"""

import json
from datetime import UTC, datetime, timedelta

import pytest
from automation_core.lib import errors

from file_transport.lib.pickup import (
    PAGE_BYTES,
    PAGE_FILES,
    PATIENCE,
    Bundle,
    Pickup,
    Watch,
    bundles,
)
from file_transport.lib.place import RemoteFile

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
OLD = NOW - timedelta(minutes=5)


class Shelf:
    """A place in memory; ``modified`` None: the server tells no times."""

    def __init__(self, modified=OLD, **files):
        self.files = {f"in/{name}.xml": content for name, content in files.items()}
        self.modified = modified
        self.sizes = True
        self.refuses = {}

    def list(self, pattern, folder):
        ending = pattern.removeprefix("*")
        return [
            RemoteFile(
                path.removeprefix("in/"), len(content) if self.sizes else None, self.modified
            )
            for path, content in self.files.items()
            if path.rpartition("/")[0] == folder and path.endswith(ending)
        ]

    def fetch(self, path):
        self._check(path)
        return self.files[path]

    def move(self, path, folder):
        self._check(path)
        self.files[f"{folder}/{path.rpartition('/')[2]}"] = self.files.pop(path)

    def delete(self, path):
        self._check(path)
        del self.files[path]

    def _check(self, path):
        if path in self.refuses:
            raise self.refuses[path]


class Look:
    """One page, and its cursor as it comes back from a database."""

    def __init__(self, shelf, before=None, now=NOW, found=None, **watch):
        watch = Watch(**{"folder": "in", "pattern": "*.xml", **watch})
        cursor = before.cursor if isinstance(before, Look) else before or {}
        pickup = Pickup(shelf, watch, cursor, now)
        self.found = list(pickup.fetch(bundles(shelf, watch) if found is None else found))
        self.contents = [one.contents[0] for one in self.found if one.contents]
        self.more, self.stuck, self.is_waiting = pickup.more, pickup.stuck, pickup.is_waiting
        self.cursor = json.loads(json.dumps(pickup.cursor))


def later(**much):
    return NOW + timedelta(**much)


def test_what_the_cursor_names_is_put_away_and_nothing_else():
    shelf = Shelf(a=b"1", b=b"2")
    first = Look(shelf)
    assert (first.contents, first.more) == ([b"1", b"2"], True)
    assert set(shelf.files) == {"in/a.xml", "in/b.xml"}, "nothing moves before it is stored"
    assert Look(shelf).contents == [b"1", b"2"], "killed before storing: nothing is lost"
    shelf.files["in/c.xml"] = b"3"
    assert Look(shelf, first).contents == [b"3"]
    assert set(shelf.files) == {"in/done/a.xml", "in/done/b.xml", "in/c.xml"}


def test_killed_after_putting_away():
    shelf = Shelf(a=b"1")
    first = Look(shelf)
    Look(shelf, first)
    again = Look(shelf, first)
    assert (again.found, again.more, again.cursor["taken"]) == ([], False, {})


@pytest.mark.parametrize("modified", [OLD, None])
def test_a_newer_file_of_the_same_name_is_not_put_away_unread(modified):
    shelf = Shelf(modified, a=b"1")
    first = Look(shelf)
    if not modified:
        first = Look(shelf, first, later(seconds=40))
    assert first.contents == [b"1"]
    shelf.files["in/a.xml"] = b"2"
    if modified:
        shelf.modified = later(seconds=1)
    second = Look(shelf, first, later(seconds=60))
    if not modified:
        second = Look(shelf, second, later(seconds=100))
    assert (second.contents, second.more) == ([b"2"], True)
    assert set(shelf.files) == {"in/a.xml"}


@pytest.mark.parametrize("after", ["delete", "leave"])
def test_other_ends(after):
    shelf = Shelf(a=b"1")
    first = Look(shelf, after=after)
    assert first.more == (after == "delete")
    second = Look(shelf, first, after=after)
    assert not second.found
    assert bool(shelf.files) == (after == "leave")
    assert not Look(shelf, second, after=after).found


@pytest.mark.parametrize("sizes", [True, False])
def test_without_times_our_clock_decides(sizes):
    shelf = Shelf(None, a=b"1")
    shelf.sizes = sizes
    look = Look(shelf)
    assert not look.found
    look = Look(shelf, look, later(seconds=5))
    assert not look.found
    assert look.is_waiting
    assert Look(shelf, look, later(seconds=40)).contents == [b"1"]


def test_a_second_look_at_once_does_not_take_half_a_file():
    shelf = Shelf(NOW, a=b"1")
    look = Look(shelf)
    look = Look(shelf, look, later(milliseconds=5))
    assert not look.found
    shelf.files["in/a.xml"], shelf.modified = b"12", later(seconds=20)
    look = Look(shelf, look, later(seconds=31))
    assert not look.found, "it has grown since"
    assert Look(shelf, look, later(seconds=62)).contents == [b"12"]


def test_a_server_whose_clock_is_ahead():
    shelf = Shelf(later(hours=2), a=b"1")
    assert Look(shelf, Look(shelf), later(seconds=31)).contents == [b"1"]


def test_a_file_that_cannot_be_fetched_is_told_once():
    shelf = Shelf(a=b"1", b=b"2")
    shelf.refuses["in/b.xml"] = errors.Rejected("too large", "smaller")
    look = Look(shelf)
    assert [bool(one.problem) for one in look.found] == [False, True]
    assert look.cursor["broken"]["b.xml"][1:] == ["too large", "smaller"]
    look = Look(shelf, look)
    assert not look.found
    assert "b.xml" in look.cursor["broken"]
    shelf.files["in/b.xml"] = b"22"
    shelf.refuses.clear()
    look = Look(shelf, look)
    assert (look.contents, look.cursor["broken"]) == ([b"22"], {})


def test_a_file_that_vanishes_is_a_problem_only_the_second_time():
    shelf = Shelf(a=b"1")
    shelf.refuses["in/a.xml"] = errors.NotFound("not there")
    look = Look(shelf)
    assert not look.found
    look = Look(shelf, look)
    assert [bool(one.problem) for one in look.found] == [True]
    assert not Look(shelf, look).found


def test_a_file_that_cannot_be_put_away_is_said_and_not_read_twice():
    shelf = Shelf(a=b"1")
    first = Look(shelf)
    shelf.refuses["in/a.xml"] = errors.AccessDenied("read-only", "ask")
    look = Look(shelf, first)
    assert (look.found, look.more) == ([], False)
    assert "a.xml" in str(look.stuck)
    assert "read-only" in look.cursor["broken"]["a.xml"][1]
    shelf.refuses.clear()
    look = Look(shelf, look)
    assert (look.found, look.stuck, look.cursor["broken"]) == ([], None, {})
    assert set(shelf.files) == {"in/done/a.xml"}


def test_a_file_somebody_else_puts_away_is_no_trouble():
    shelf = Shelf(a=b"1")
    first = Look(shelf)
    shelf.refuses["in/a.xml"] = errors.NotFound("not there")
    look = Look(shelf, first)
    assert (look.found, look.stuck) == ([], None)
    assert Look(shelf, look).stuck, "it is still listed"
    del shelf.files["in/a.xml"]
    assert Look(shelf, look).cursor == {"taken": {}, "broken": {}, "looked": {}}


def test_pages_are_bounded():
    shelf = Shelf(**{f"f{number}": bytes([number]) for number in range(PAGE_FILES + 5)})
    first = Look(shelf)
    assert (len(first.found), first.more) == (PAGE_FILES, True)
    second = Look(shelf, first)
    assert len(second.found) == 5
    large = Shelf(a=b"x" * PAGE_BYTES, b=b"1")
    assert len(Look(large).found) == 1


def test_the_rest_of_a_page_keeps_what_is_known():
    shelf = Shelf(a=b"1", b=b"2")
    shelf.refuses["in/b.xml"] = errors.Rejected("bad")
    known = Look(shelf)
    watch = Watch(folder="in", pattern="*.xml", after="leave")
    shelf.files["in/a.xml"] = b"11"
    pickup = Pickup(shelf, watch, known.cursor, NOW)
    next(iter(pickup.fetch(bundles(shelf, watch))))
    assert pickup.more
    assert list(pickup.cursor["broken"]) == ["b.xml"]


def test_who_reads_may_refuse():
    shelf = Shelf(a=b"1")
    watch = Watch(folder="in", pattern="*.xml")
    pickup = Pickup(shelf, watch, {}, NOW, str.upper)
    for found in pickup.fetch(bundles(shelf, watch)):
        pickup.refuse(found.bundle, "no table", "look")
    assert (pickup.more, pickup.cursor["taken"]) == (False, {})
    assert pickup.cursor["broken"]["a.xml"][1:] == ["NO TABLE", "LOOK"]


def test_a_file_waits_for_its_marker():
    shelf = Shelf(a=b"1", b=b"2", c=b"3")
    shelf.files |= {"in/a.xml.ok": b"", "in/b.ok": b""}
    shelf.modified = NOW
    first = Look(shelf, marker=".ok")
    assert first.contents == [b"1", b"2"], "complete, however young"
    shelf.refuses["in/a.xml"] = errors.AccessDenied("power cut")
    second = Look(shelf, first, marker=".ok")
    assert "in/done/a.xml.ok" in shelf.files, "the marker goes first"
    shelf.refuses.clear()
    third = Look(shelf, second, now=NOW + PATIENCE, marker=".ok")
    assert [one.bundle.name for one in third.found if one.problem] == ["c.xml"]
    assert "c.xml.ok" in third.found[0].problem.message
    assert set(shelf.files) == {
        *("in/c.xml", "in/done/a.xml", "in/done/b.xml"),
        *("in/done/a.xml.ok", "in/done/b.ok"),
    }
    shelf.files["in/c.xml.ok"] = b""
    look = Look(shelf, third, now=NOW + PATIENCE, marker=".ok")
    assert look.contents == [b"3"]


def test_a_pair_of_which_one_is_put_away_already():
    def pair():
        return [Bundle(tuple(shelf.list("*.xml", "in")))]

    shelf = Shelf(a=b"1", b=b"22")
    first = Look(shelf, found=pair())
    assert first.found[0].contents == (b"1", b"22")
    shelf.refuses["in/a.xml"] = errors.Unavailable("broke off")
    with pytest.raises(errors.Unavailable):
        Look(shelf, first, found=pair())
    shelf.refuses.clear()
    assert set(shelf.files) == {"in/a.xml", "in/done/b.xml"}, "the one that names them goes last"
    assert not Look(shelf, first, found=pair()).found
    assert set(shelf.files) == {"in/done/a.xml", "in/done/b.xml"}


@pytest.mark.parametrize(
    "cursor",
    [
        {"taken": 1},
        {"looked": {"a.xml": None}},
        {"x": []},
        {"taken": {"a.xml": "1/5.000"}, "broken": {"a.xml": "1/5.000"}},
        {"looked": {"a.xml": "1795507200|1/5.000"}},
    ],
)
def test_a_strange_cursor_is_no_trouble(cursor):
    assert Look(Shelf(a=b"1"), cursor).contents == [b"1"]
