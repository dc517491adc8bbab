"""What every place does, against a real server of each kind."""

import os

import pytest
from automation_core.lib import errors
from automation_core.lib.texts import Text

from file_transport.lib.place import free_name, is_safe_name

from .conftest import Site

TEXT = "Bestellnummer;Straße\r\n1;Königsallee\r\n".encode()


def test_a_file_goes_there_and_comes_back(site: Site) -> None:
    with site.place() as place:
        assert place.list() == []
        place.put("orders.csv", TEXT)
        (found,) = place.list("*.csv")
        assert (found.name, found.size) == ("orders.csv", len(TEXT))
        assert found.stamp
        assert place.fetch("orders.csv") == TEXT
        assert place.list("*.xml") == []
        assert "1" in place.check()[0]
    assert (site.root / "orders.csv").read_bytes() == TEXT
    assert os.listdir(site.root) == ["orders.csv"]


def test_a_file_is_replaced_whole(site: Site) -> None:
    with site.place() as place:
        place.put("a.csv", b"old and longer")
        place.put("a.csv", b"new")
        place.put("a.csv", b"")
        assert place.fetch("a.csv") == b""
        place.put("a.csv", b"new")
        assert place.fetch("a.csv") == b"new"


def test_many_transfers_in_one_connection(site: Site) -> None:
    content = os.urandom(300_000)
    with site.place() as place:
        for number in range(12):
            place.put(f"{number}.bin", content)
        assert len(place.list("*.bin")) == 12
        assert place.fetch("7.bin") == content


def test_half_written_hidden_and_other_things_are_not_listed(site: Site) -> None:
    for name in (".hidden.csv", "x.csv.part", "y.tmp", "z.filepart", "ok.csv"):
        (site.root / name).write_bytes(TEXT)
    (site.root / "folder.csv").mkdir()
    with site.place() as place:
        assert [file.name for file in place.list()] == ["ok.csv"]


def test_moving_keeps_what_is_there(site: Site) -> None:
    with site.place() as place:
        place.put("a.csv", b"1")
        assert place.move("a.csv", "done/old") == "done/old/a.csv"
        place.put("a.csv", b"2")
        second = place.move("a.csv", "done/old")
        assert second != "done/old/a.csv"
        assert second.endswith(".csv")
        assert place.fetch("done/old/a.csv") == b"1"
        assert place.fetch(second) == b"2"
        assert place.list() == []
        assert len(place.list(folder="done/old")) == 2
        place.delete(second)
        assert [file.name for file in place.list("*", "done/old")] == ["a.csv"]


def test_what_is_not_there_is_said(site: Site) -> None:
    with site.place() as place:
        for action in (
            lambda: place.fetch("no.csv"),
            lambda: place.delete("no.csv"),
            lambda: place.move("no.csv", "done"),
        ):
            with pytest.raises(errors.NotFound, match=r"no\.csv") as caught:
                action()
            assert isinstance(caught.value.message, Text)
            assert isinstance(caught.value.hint, Text)


def test_a_file_above_the_limit_is_refused_and_the_next_one_comes(site: Site) -> None:
    (site.root / "big.csv").write_bytes(b"x" * 200_000)
    (site.root / "small.csv").write_bytes(b"y")
    with site.place() as place:
        with pytest.raises(errors.Rejected, match="larger than"):
            place.fetch("big.csv", 100_000)
        assert place.fetch("big.csv", 200_000) == b"x" * 200_000
        assert place.fetch("small.csv", 1) == b"y"


@pytest.mark.parametrize(
    "name",
    ["../x", "a/../../x", "..", ".", "", "a\\..\\x", "x\0.csv", "x\n.csv", "//x", "a\r\nDELE b"],
)
def test_no_name_leads_elsewhere(site: Site, name: str) -> None:
    (site.root.parent / "x").unlink(missing_ok=True)
    with site.place() as place:
        for action in (
            lambda: place.fetch(name),
            lambda: place.put(name, b"evil"),
            lambda: place.delete(name),
            lambda: place.move("a.csv", name) if name else place.fetch(""),
        ):
            with pytest.raises(errors.Rejected):
                action()
    assert not (site.root.parent / "x").exists()


def test_the_oldest_comes_first(site: Site) -> None:
    for name, moment in (("b.csv", 1_700_000_000), ("a.csv", 1_700_000_100), ("c.csv", 1.6e9)):
        (site.root / name).write_bytes(b"x")
        os.utime(site.root / name, (moment, moment))
    with site.place() as place:
        found = place.list()
    assert [file.name for file in found] == ["c.csv", "b.csv", "a.csv"]
    assert found[0].modified
    assert found[0].modified.timestamp() == 1.6e9


def test_names_with_blanks_and_umlauts(site: Site) -> None:
    with site.place() as place:
        place.put("Aufträge Köln (2).csv", TEXT)
        assert [file.name for file in place.list("Auf*")] == ["Aufträge Köln (2).csv"]
        assert place.fetch("Aufträge Köln (2).csv") == TEXT


def test_free_names() -> None:
    assert free_name("a.csv", set()) == "a.csv"
    once = free_name("a.csv", {"a.csv"})
    assert free_name("a.csv", {"a.csv", once}) not in ("a.csv", once)
    assert len(free_name("x" * 200, {"x" * 200})) <= 200
    for name in ("", " a", "a/b", "a\u2028b", "a\tb", "x" * 201):
        assert not is_safe_name(name)
