from datetime import UTC, datetime, timedelta

import pytest
from automation_core.lib import errors
from file_transport.lib.pickup import Watch
from file_transport.lib.place import RemoteFile
from payment_matching.lib.mailed import is_allowed, is_statement_name
from payment_matching.lib.pickup import fetch_page
from payment_matching.lib.remittance import healed

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
OLD = NOW - timedelta(minutes=5)


class Shelf:
    """A place in memory."""

    def __init__(self, **files):
        self.files = {f"in/{name}.xml": content for name, content in files.items()}
        self.refuses = ""

    def list(self, _pattern, folder):
        return [
            RemoteFile(path.removeprefix("in/"), len(content), OLD)
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


def look(shelf, cursor=None):
    return fetch_page(shelf, Watch(folder="in"), cursor or {}, NOW)


def contents(page):
    return [file.content for file in page.files]


def test_a_page_and_its_cursor():
    shelf = Shelf(a=b"1", b=b"2")
    page = look(shelf)
    assert (contents(page), page.more) == ([b"1", b"2"], True)
    page = look(shelf, page.cursor)
    assert (contents(page), page.more) == ([], False)
    assert set(shelf.files) == {"in/done/a.xml", "in/done/b.xml"}


def test_a_file_that_cannot_be_fetched_is_told_once():
    shelf = Shelf(a=b"1", b=b"x" * 2000)
    page = look(shelf)
    assert [str(file.problem) for file in page.files] == ["", "too large smaller"]
    assert page.files[1].external_id.startswith("b.xml|2000/")
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
