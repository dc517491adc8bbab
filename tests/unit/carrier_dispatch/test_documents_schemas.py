"""Schemas: the shipped ones are unaltered and used alone; a user's one reads nothing."""

import hashlib
import threading
import time
from pathlib import Path

import pytest
from carrier_dispatch.lib import schemas
from carrier_dispatch.lib.schemas import SchemaError, validate
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.fuzzing import understood

XSD = b'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">%s</xs:schema>'
ONE = XSD % (
    b'<xs:element name="a"><xs:complexType><xs:sequence>'
    b'<xs:element name="b"><xs:simpleType><xs:restriction base="xs:string">'
    b'<xs:maxLength value="5"/></xs:restriction></xs:simpleType></xs:element>'
    b'</xs:sequence><xs:attribute name="kind" type="xs:int"/></xs:complexType></xs:element>'
)


@pytest.mark.parametrize("name", sorted(schemas.SHIPPED))
def test_shipped_schema_compiles_once(name):
    assert schemas.shipped(name) is schemas.shipped(name)


def test_shipped_files_are_unaltered_and_all_there(shared):
    for path in schemas.FOLDER.rglob("*.xsd"):
        original = shared / "specs" / "dispatch" / path.relative_to(schemas.FOLDER)
        assert _digest(path) == _digest(original), path.name
    notices = (schemas.FOLDER / "README.md").read_text()
    for owner in ("OASIS", "Fraunhofer IAO", "BME e.V.", "W3C"):
        assert owner in notices


def _digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize(
    ("folder", "schema", "word"),
    [
        ("opentrans-2.1", schemas.OPENTRANS, "opentrans"),
        ("opentrans-2.1", schemas.OPENTRANS, "dispatch"),
        ("ubl-2.1", schemas.UBL_DESPATCH, "despatch"),
    ],
)
def test_vendors_samples_are_valid(shared, folder, schema, word):
    samples = list((shared / "specs" / "dispatch" / folder / "samples").glob(f"*{word}*.xml"))
    assert samples
    for sample in samples:
        assert validate(sample.read_bytes(), schema) == []


def test_a_problem_names_line_and_element():
    [problem] = validate("<a kind='1'>\n<b>Größe</b>\n<b>x</b></a>".encode(), ONE)
    assert problem.line == 3
    assert str(problem.sentence) == "“b” does not belong there."
    [problem] = validate(b"<?xml version='1.0'?>\n<a>\n\n<b>longer</b></a>", ONE)
    assert (problem.line, str(problem.sentence)) == (
        4,
        "“b” is 6 characters long; 5 are allowed.",
    )
    [problem] = validate(b"<a kind='x'><b/></a>", ONE)
    assert str(problem.sentence) == "“x” is not allowed in “a/@kind”."
    [problem] = validate(b"<a/>", ONE)
    assert str(problem.sentence) == "“a” lacks: b."
    [problem] = validate(b"<z/>", ONE)
    assert "begins with “z”" in str(problem.sentence)


def test_a_document_that_is_no_xml_is_a_problem_and_no_crash():
    for bad in (b"", b"<a", b"<a><b></a>", b"%PDF-1.4", b"\xff\xfe\x00", b"<!DOCTYPE a><a/>"):
        [problem] = validate(bad, ONE)
        assert str(problem.sentence).endswith(".")


@pytest.mark.parametrize(
    "inside",
    [
        b'<xs:import namespace="x" schemaLocation="%s"/>',
        b'<xs:include schemaLocation="%s"/>',
        b'<xs:redefine schemaLocation="%s"/>',
        b'<xs:import namespace="x"/>',
    ],
)
def test_a_users_schema_fetches_nothing(inside, tmp_path):
    other = tmp_path / "other.xsd"
    other.write_bytes(XSD % b'<xs:element name="b"/>')
    for place in (str(other).encode(), other.as_uri().encode(), b"http://127.0.0.1:9/x.xsd"):
        content = XSD % (
            (inside % place if b"%s" in inside else inside) + b'<xs:element name="a"/>'
        )
        with pytest.raises(SchemaError, match="another file"):
            validate(b"<a/>", content)


def test_a_document_cannot_bring_its_own_schema(tmp_path):
    other = tmp_path / "other.xsd"
    other.write_bytes(XSD % b'<xs:element name="z"/>')
    hint = "xmlns:i='http://www.w3.org/2001/XMLSchema-instance' i:noNamespaceSchemaLocation='%s'"
    assert validate(f"<z {hint % other}/>".encode(), ONE)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<a/>",
        b"not xml",
        XSD % b'<xs:element name="a" type="nowhere"/>',
        XSD % b"<xs:nonsense/>",
        b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + XSD % b"&e;",
        XSD % (b"<!--" + b"x" * schemas.MAX_SCHEMA + b"-->"),
    ],
)
def test_a_bad_schema_is_refused_in_a_sentence(content):
    with pytest.raises(SchemaError) as refusal:
        validate(b"<a/>", content)
    assert refusal.value.message.endswith(".")
    assert refusal.value.hint


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (b"(x+x+)+y", b"x" * 40),
        (b"(a{0,900}b{0,900}){0,900}c", b"ab" * 2000),
        (b"(.?){900}z", b"ab" * 400),
    ],
)
def test_an_endless_pattern_takes_no_time(pattern, text):
    """The validator gives up, and says so; or it finds the answer."""
    schema = XSD % (
        b'<xs:element name="a"><xs:simpleType><xs:restriction base="xs:string">'
        b'<xs:pattern value="%s"/></xs:restriction></xs:simpleType></xs:element>' % pattern
    )
    started = time.monotonic()
    understood(lambda data: validate(b"<a>%s</a>" % data, schema), text, SchemaError)
    assert time.monotonic() - started < 5


def test_an_unknown_name_is_refused():
    with pytest.raises(SchemaError):
        validate(b"<a/>", "nothing")


def test_threads_do_not_mix_their_problems():
    """Two hundred checks at once: each says what is wrong with its own document."""
    wrong = []

    def ask(place):
        text = b"<a>" + b"\n" * place + b"<b>longer</b></a>"
        if [problem.line for problem in validate(text, ONE)] != [place + 1]:
            wrong.append(place)

    threads = [threading.Thread(target=ask, args=(place,)) for place in range(200)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


@settings(max_examples=150, deadline=2000)
@given(st.binary(max_size=200), st.integers(0, len(ONE)))
def test_broken_schemas_raise_only_our_error(junk, place):
    understood(lambda data: validate(b"<a/>", data), ONE[:place] + junk + ONE[place:], SchemaError)


def test_no_path_of_this_machine_in_a_sentence():
    with pytest.raises(SchemaError) as refusal:
        validate(b"<a/>", XSD % b'<xs:element name="a" type="nowhere"/>')
    assert str(Path.home()) not in str(refusal.value)
