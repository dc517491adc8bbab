"""From bytes to records: encodings, tables as shops really write them, hostile files."""

import time
from dataclasses import replace

import pytest
from automation_core.lib.texts import Text
from shop_connector.lib.feed import readers, tree
from shop_connector.lib.feed.model import FileFormat
from shop_connector.lib.feed.problems import FileProblem, MappingProblem

CSV = FileFormat()
XML = FileFormat(kind="xml", record_path="orders/order")
JSON = FileFormat(kind="json", record_path="data/orders")


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        ("Straße €".encode(), "auto"),
        ("Straße €".encode("utf-8-sig"), "auto"),
        ("Straße €".encode("utf-8-sig"), "utf-8"),
        ("Straße €".encode("cp1252"), "auto"),
        ("Straße €".encode("utf-16"), "auto"),
        ("Straße €".encode("cp1252"), "cp1252"),
    ],
)
def test_encodings(content: bytes, encoding: str) -> None:
    assert readers.decode(content, encoding) == "Straße €"


@pytest.mark.parametrize("encoding", ["nonsense", "ascii", "utf-8"])
def test_a_wrong_encoding_is_said(encoding: str) -> None:
    with pytest.raises(FileProblem, match="encoding"):
        readers.decode("Straße".encode("cp1252"), encoding)


def test_a_table_with_trailing_delimiters_quotes_and_breaks() -> None:
    content = b'a;b\r\n"1;x";"2\nzwei";\r\n\r\n;;\r\n3;"say ""hi"""\r\n5\r\n'
    assert readers.read(content, CSV) == [
        {"a": "1;x", "b": "2\nzwei"},
        {"a": "3", "b": 'say "hi"'},
        {"a": "5", "b": ""},
    ]


def test_a_quote_that_swallows_rows_is_refused() -> None:
    for content in (b'a;b\n1;"x\n2;y\n3;z\n', b'"a";"b"\n"1";"x;\n"2";"y"\n"3";"z"\n'):
        with pytest.raises(FileProblem, match="quote in the file is not closed"):
            readers.read(content, CSV)
    found = readers.read(b'a;b\n1;"12" Rohr"\n2;y\n', CSV)
    assert [row["a"] for row in found] == ["1", "2"]


def test_a_file_that_is_cut_off() -> None:
    with pytest.raises(FileProblem, match="middle of a row"):
        readers.read(b"a;b;c\n1;2;3\n4;5", CSV)
    assert readers.read(b"a;b;c\n1;2;3\n4;5\n", CSV)[1] == {"a": "4", "b": "5", "c": ""}


def test_a_table_without_header_and_with_double_names() -> None:
    plain = FileFormat(delimiter="\t", quote="", header=False)
    assert readers.read(b'1\t"x\n2\ty', plain) == [{"1": "1", "2": '"x'}, {"1": "2", "2": "y"}]
    assert readers.read(b"n;n;\n1;2;", CSV) == [{"n": "1", "n (2)": "2"}]


def test_a_value_too_many_is_no_trailing_delimiter() -> None:
    with pytest.raises(FileProblem, match="Row 3 of the file has 3 values") as caught:
        readers.read(b"a;b\n1;2;\n1;2;3\n", CSV)
    assert isinstance(caught.value.message, Text)
    assert caught.value.hint


@pytest.mark.parametrize("content", [b"", b"\n\n", b"a;b\n", "﻿a;b\n".encode()])
def test_no_rows_are_no_error(content: bytes) -> None:
    assert readers.read(content, CSV) == []


def test_a_login_page_is_no_table() -> None:
    with pytest.raises(FileProblem, match="web page"):
        readers.read(b" <!DOCTYPE html><html>...", CSV)


def test_limits() -> None:
    with pytest.raises(FileProblem, match="too large"):
        readers.read(b"a\n1\n2", FileFormat(max_bytes=3))
    assert len(readers.read(b"a\n1\n2", FileFormat(max_rows=2))) == 2
    with pytest.raises(FileProblem, match="more than 1 rows"):
        readers.read(b"a\n1\n2", FileFormat(max_rows=1))
    with pytest.raises(FileProblem, match="long value"):
        readers.read(b"a\n" + b"x" * 100_001, CSV)
    with pytest.raises(FileProblem):
        readers.read(b"a\n" + b"x" * 200_000, CSV)
    with pytest.raises(FileProblem, match="columns"):
        readers.read(b"a;" * 2_000, CSV)
    with pytest.raises(FileProblem, match="text file"):
        readers.read(b"a\0b", CSV)


@pytest.mark.parametrize("form", [FileFormat(delimiter=""), FileFormat(delimiter='"')])
def test_impossible_signs(form: FileFormat) -> None:
    with pytest.raises(MappingProblem):
        readers.read(b"a\n1", form)


def test_xml_becomes_a_tree() -> None:
    content = b"""<orders xmlns="urn:x"><order id="7"><?pi x?><!-- c --><n>1</n><pos>a</pos>
        <pos k="v">b</pos><empty/></order><order>plain</order></orders>"""
    first, second = readers.read(content, XML)
    assert first == {"@id": "7", "n": "1", "pos": ["a", {"@k": "v", "#text": "b"}], "empty": ""}
    assert second == {"#text": "plain"}
    assert tree.text(first, "pos[2]") == "b"
    assert tree.text(first, "pos[@k='v']") == "b"
    assert tree.text(first, "pos[2]/@k") == "v"
    assert tree.text(first, "pos[9]") == ""
    assert tree.text(first, "n/none") == ""


def test_no_record_of_a_long_file_is_lost() -> None:
    content = b"<orders>" + b"<order><n>1</n></order>" * 12_000 + b"</orders>"
    assert len(readers.read(content, XML)) == 12_000
    with pytest.raises(FileProblem, match="more than 10 rows"):
        readers.read(content, replace(XML, max_rows=10))


def test_one_path_for_several_roots() -> None:
    form = FileFormat(kind="xml", record_path="order | orders/order")
    assert readers.read(b"<order><n>1</n></order>", form) == [{"n": "1"}]
    assert readers.read(b"<orders><order><n>1</n></order></orders>", form) == [{"n": "1"}]
    assert readers.read(b"<other/>", form) == []


BOMB = b"""<!DOCTYPE o [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><orders><order><n>&c;</n></order></orders>"""
IN_ATTRIBUTE = b"""<!DOCTYPE o [<!ENTITY a "hahahahaha">
<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">
<!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;"><!ENTITY e "&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;">
<!ENTITY f "&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;"><!ENTITY g "&f;&f;&f;&f;&f;&f;&f;&f;&f;&f;">
<!ENTITY h "&g;&g;&g;&g;&g;&g;&g;&g;&g;&g;"><!ENTITY i "&h;&h;&h;&h;&h;&h;&h;&h;&h;&h;">]>
<orders><order n="&i;"/></orders>"""
FOREIGN = b"""<!DOCTYPE o [<!ENTITY x SYSTEM "file:///etc/passwd">]>
<orders><order><n>&x;</n></order></orders>"""


@pytest.mark.parametrize("content", [BOMB, FOREIGN, b"<!DOCTYPE o SYSTEM 'http://x/y'><o/>"])
def test_entities_are_refused(content: bytes) -> None:
    with pytest.raises(FileProblem, match="document type"):
        readers.read(content, XML)


def test_a_bomb_in_an_attribute_does_not_go_off() -> None:
    started = time.process_time()
    with pytest.raises(FileProblem):
        readers.read(IN_ATTRIBUTE, XML)
    assert time.process_time() - started < 2


@pytest.mark.parametrize("content", [b"<a>", b"no", b"<a>" * 3_000, b"\xff\xfe<a/>"])
def test_broken_xml(content: bytes) -> None:
    with pytest.raises(FileProblem):
        readers.read(content, XML)


def test_deep_files_are_refused() -> None:
    with pytest.raises(FileProblem, match="deeply"):
        readers.read(b"<a>" * 100 + b"</a>" * 100, XML)
    for depth in (100, 100_000):
        with pytest.raises(FileProblem):
            readers.read(b"[" * depth + b"]" * depth, JSON)


def test_json_records() -> None:
    content = b'{"data": {"orders": [{"n": 1, "a.b": {"c": 2.5}}, {"n": "2"}]}}'
    first, second = readers.read(content, JSON)
    assert tree.text(first, "a.b/c") == "2.5"
    assert second == {"n": "2"}
    assert len(readers.read(b'[{"n": 1}]', FileFormat(kind="json"))) == 1


@pytest.mark.parametrize("content", [b"{", b"[1]", b'{"data":{"orders":[NaN]}}', b"\xff"])
def test_broken_json(content: bytes) -> None:
    form = FileFormat(kind="json", record_path="" if content == b"[1]" else "data/orders")
    with pytest.raises(FileProblem):
        readers.read(content, form)


@pytest.mark.parametrize("path", ["a[", "a]b", "a[x", "a[b=c]", "a//b", "x" * 500, "a[1]b"])
def test_bad_paths_are_said(path: str) -> None:
    with pytest.raises(MappingProblem, match="not a path"):
        tree.nodes({"a": 1}, path)
