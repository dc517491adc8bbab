from datetime import UTC, datetime, timedelta

import pytest
from automation_core.lib import errors
from file_transport.lib.place import RemoteFile
from payment_matching.lib import pickup
from payment_matching.lib.mailed import is_allowed, is_statement_name
from payment_matching.lib.remittance import healed

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
OLD = NOW - timedelta(minutes=5)


class Shelf:
    """A place in memory; ``times`` False: the server tells neither size nor time."""

    def __init__(self, times=True, **files):
        self.files = {f"in/{name}.xml": content for name, content in files.items()}
        self.times = times
        self.refuses = ""

    def list(self, _pattern, folder):
        return [
            RemoteFile(path.removeprefix("in/"), len(content), OLD)
            if self.times
            else RemoteFile(path.removeprefix("in/"))
            for path, content in self.files.items()
            if path.rpartition("/")[0] == folder
        ]

    def fetch(self, path):
        if len(self.files[path]) > 1000:
            raise errors.Rejected("too large", "smaller")
        return self.files[path]

    def move(self, path, folder):
        if self.refuses == path:
            raise errors.AccessDenied("read-only", "ask")
        self.files[f"{folder}/{path.rpartition('/')[2]}"] = self.files.pop(path)
        return path

    def delete(self, path):
        del self.files[path]


def look(shelf, cursor=None, now=NOW, **names):
    names = pickup.Names(**{"folder": "in", **names})
    return pickup.Pickup(shelf, names).page(cursor or {}, now)


def contents(page):
    return [file.content for file in page.files]


def test_what_the_cursor_names_is_put_away_and_nothing_else():
    shelf = Shelf(a=b"1", b=b"2")
    page = look(shelf)
    assert contents(page) == [b"1", b"2"]
    assert page.more
    assert set(shelf.files) == {"in/a.xml", "in/b.xml"}, "nothing moves before it is stored"
    shelf.files["in/c.xml"] = b"3"
    page = look(shelf, page.cursor)
    assert contents(page) == [b"3"]
    assert set(shelf.files) == {"in/done/a.xml", "in/done/b.xml", "in/c.xml"}


def test_a_newer_file_of_the_same_name_is_not_put_away_unread():
    shelf = Shelf(a=b"1")
    page = look(shelf)
    shelf.files["in/a.xml"] = b"22"
    assert contents(look(shelf, page.cursor)) == [b"22"]


@pytest.mark.parametrize("after", ["delete", "leave"])
def test_other_ends(after):
    shelf = Shelf(a=b"1")
    page = look(shelf, after=after)
    page = look(shelf, page.cursor, after=after)
    assert not page.files
    assert bool(shelf.files) == (after == "leave")
    assert not look(shelf, page.cursor, after=after).files


def test_a_server_without_times_is_looked_at_twice():
    shelf = Shelf(times=False, a=b"1")
    page = look(shelf)
    assert not page.files
    assert not look(shelf, page.cursor, NOW + timedelta(seconds=5)).files
    page = look(shelf, page.cursor, NOW + timedelta(seconds=40))
    assert contents(page) == [b"1"]


def test_a_file_that_cannot_be_fetched_is_told_once():
    shelf = Shelf(a=b"1", b=b"x" * 2000)
    page = look(shelf)
    assert [bool(file.problem) for file in page.files] == [False, True]
    page = look(shelf, page.cursor)
    assert not page.files
    assert "in/b.xml" in shelf.files


def test_a_file_that_cannot_be_put_away_stops_no_new_one():
    shelf = Shelf(a=b"1")
    page = look(shelf)
    shelf.refuses = "in/a.xml"
    shelf.files["in/b.xml"] = b"2"
    page = look(shelf, page.cursor)
    assert contents(page) == [b"2"]
    shelf.files.pop("in/b.xml")
    with pytest.raises(errors.AccessDenied, match=r"a\.xml"):
        look(shelf, page.cursor)


def test_pages_are_bounded():
    shelf = Shelf(**{f"f{number}": bytes([number]) for number in range(pickup.PAGE_FILES + 5)})
    first = look(shelf)
    assert (len(first.files), first.more) == (pickup.PAGE_FILES, True)
    assert len(look(shelf, first.cursor).files) == 5


@pytest.mark.parametrize("cursor", [{"taken": 1}, {"looked": {"a.xml": None}}, {"x": []}])
def test_a_strange_cursor_is_no_trouble(cursor):
    assert contents(look(Shelf(a=b"1"), cursor)) == [b"1"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Rechnung 4711", "Rechnung 4711"),
        ("Rechnung\n4711 ", "Rechnung 4711"),
        ("Zahlung zur Bestellung 2026\n12345", "Zahlung zur Bestellung 202612345"),
        ("Zahlung zur Bestellung Nr.\n12345", "Zahlung zur Bestellung Nr. 12345"),
        ("", ""),
        ("\n\n", ""),
    ],
)
def test_healed(text, shown):
    assert healed(text) == shown


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("c53.xml", True),
        ("UMS.STA", True),
        ("auszug", True),
        ("a.zip", True),
        ("brief.PDF", False),
        ("logo.png", False),
        ("smime.p7s", False),
        ("", False),
    ],
)
def test_is_statement_name(name, wanted):
    assert is_statement_name(name) is wanted


def test_is_allowed():
    allowed = "Boss@Company.example, @bank.example\n"
    assert is_allowed("boss@company.example", allowed)
    assert is_allowed("ANY@bank.example", allowed)
    assert not is_allowed("x@sub.bank.example", allowed)
    assert not is_allowed("bank.example", allowed)
    assert not is_allowed("x@bank.example.com", allowed)
    assert not is_allowed("x@bank.example", "")
