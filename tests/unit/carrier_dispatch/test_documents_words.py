"""Addresses that flow into their fields, names of files, letters an encoding lacks."""

import re
from datetime import UTC, datetime

import pytest
from carrier_dispatch.lib.documents import filename, words
from carrier_dispatch.lib.documents.address import Limits, Lines, fitted, street_parts
from carrier_dispatch.lib.documents.problems import DocumentError
from hypothesis import given
from hypothesis import strategies as st

NOW = datetime(2026, 3, 2, 23, 30, 5, tzinfo=UTC)
VALUES = filename.Values("D00042", NOW, "WH/OUT/00042", "S00123", 7)
FLOWING = ("name", "name2", "name3")


@pytest.mark.parametrize(
    ("texts", "sizes", "expected"),
    [
        (("short", "", ""), (10, 10, 10), ("short", "", "")),
        (("one two three", "", ""), (8, 8, 8), ("one two", "three", "")),
        (("one two three", "four", ""), (8, 12, 8), ("one two", "three, four", "")),
        (("one two three", "four", ""), (8, 8, 8), ("one two", "three", "four")),
        (("one two", "three four", "five"), (None, 0, None), ("one two", "", "three four, five")),
        (("one", "two", ""), (5, 0, 5), ("one", "", "two")),
        (("a b c d", "", ""), (1, 3, 1), ("a", "b c", "d")),
    ],
)
def test_what_is_too_long_goes_on_at_a_word(texts, sizes, expected):
    lines = fitted(Lines(*texts), Limits(*sizes))
    assert (lines.name, lines.name2, lines.name3) == expected


@pytest.mark.parametrize(
    ("texts", "sizes", "field"),
    [
        (("x" * 11, "", ""), (10, 20, 20), "name"),
        (("one two three", "four five", "six"), (8, 8, 8), "name"),
        (("one", "two", ""), (5, 0, 0), "name2"),
        (("one", "two three", ""), (5, 5, 0), "name2"),
        (("one", "", "three four"), (5, 5, 5), "name3"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_field(texts, sizes, field):
    with pytest.raises(DocumentError) as refusal:
        fitted(Lines(*texts), Limits(*sizes))
    assert refusal.value.field == field
    assert refusal.value.hint


def test_fields_of_their_own_are_never_cut():
    for name in ("zip", "city", "email", "phone", "state"):
        with pytest.raises(DocumentError) as refusal:
            fitted(Lines(**{name: "12345678901"}), Limits(**{name: 10}))
        assert refusal.value.field == name
    assert fitted(Lines(phone="1"), Limits(phone=0)).phone == ""
    with pytest.raises(DocumentError):
        fitted(Lines(city="Köln"), Limits(city=0))


def test_a_second_street_goes_to_a_free_name_line():
    lines = fitted(Lines("A", "B", "", "Weg 1", "Hinterhaus"), Limits(street2=0))
    assert (lines.name3, lines.street2) == ("Hinterhaus", "")
    with pytest.raises(DocumentError):
        fitted(Lines("A", "B", "C", "Weg 1", "Hinterhaus"), Limits(street2=0))


@given(
    st.tuples(*[st.text(alphabet="aß ", max_size=40).map(words.clean)] * 3),
    st.tuples(*[st.none() | st.integers(0, 15)] * 3),
)
def test_no_word_is_ever_lost_or_cut(texts, sizes):
    try:
        lines = fitted(Lines(*texts), Limits(*sizes))
    except DocumentError as error:
        said = error
    else:
        found = [getattr(lines, name) for name in FLOWING]
        assert all(
            size is None or len(text) <= size for text, size in zip(found, sizes, strict=True)
        )
        assert " ".join(found).replace(",", "").split() == " ".join(texts).split()
        return
    assert said.field in FLOWING


@pytest.mark.parametrize(
    ("street", "parts"),
    [
        ("Hauptstraße 12a", ("Hauptstraße", "12a")),
        ("Straße des 17. Juni 135", ("Straße des 17. Juni", "135")),
        ("Am Markt 5 - 7", ("Am Markt", "5 - 7")),
        ("Weg 3 b", ("Weg", "3 b")),
        ("Am Hof", ("Am Hof", "")),
        ("C 4, 12", ("C 4", "12")),
        ("12 Rue de Rivoli", ("12 Rue de Rivoli", "")),
        ("", ("", "")),
    ],
)
def test_street_and_house_number(street, parts):
    assert street_parts(street) == parts


# -- names of files -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pattern", "name"),
    [
        ("{number}.xml", "D00042.xml"),
        ("order_{delivery}.csv", "order_WH_OUT_00042.csv"),
        ("{date}-{time}-{sequence}.xml", "20260303-003005-7.xml"),
        ("{date:%d%m%y}_{sequence:05}.txt", "030326_00007.txt"),
        ("Auftrag für {order} {number}.xml", "Auftrag_fuer_S00123_D00042.xml"),
        ("../../{number}", "D00042"),
        ("{number}.tar.gz", "D00042.tar.gz"),
    ],
)
def test_a_name_from_a_pattern(pattern, name):
    assert filename.file_name(pattern, VALUES) == name


@pytest.mark.parametrize(
    "pattern",
    ["", "orders.xml", "{date}.xml", "{order}.xml", "{numbers}.xml", "{number", "{number:x}",
     "{number}{date:%c}", "{number}}", "{sequence:99}", "{number.__class__}"]
)  # fmt: skip
def test_a_pattern_that_cannot_be_used(pattern):
    with pytest.raises(DocumentError) as refusal:
        filename.file_name(pattern, VALUES)
    assert refusal.value.field == "file_name"


@pytest.mark.parametrize(
    "hostile",
    ["../../etc/passwd", "..", "/", "a\x00b", "a\nb", "CON", "nul.txt", ".htaccess", "-rf", "東京",
     "", " ", "C:\\x", "a/../b", "x" * 500, "Ü" * 90, "$(rm)", "`x`", "a;b|c", "\ud800", "🙂",
     ".part"],
)  # fmt: skip
def test_whatever_the_number_is_the_name_is_harmless(hostile):
    for pattern in ("{number}", "{number}.xml", "{delivery}{number}"):
        name = filename.file_name(pattern, filename.Values(hostile, NOW, hostile))
        harmless(name)


@given(st.text(max_size=80), st.text(max_size=80), st.integers(-5, 10**12))
def test_any_name_is_harmless(number, delivery, sequence):
    values = filename.Values(number, NOW, delivery, delivery, sequence)
    harmless(filename.file_name("{number}{delivery}", values))
    harmless(filename.file_name("{order} {sequence:3}", values))


def harmless(name):
    assert re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9._\-]{0,119}", name), name
    assert ".." not in name
    assert not re.fullmatch(r"(?i)(con|nul|aux|prn)(\..*)?", name)


def test_long_names_stay_apart():
    names = {
        filename.file_name("{number}.xml", filename.Values("x" * 200 + end, NOW)) for end in "ab"
    }
    assert len(names) == 2
    assert all(name.endswith(".xml") for name in names)


def test_a_file_beside_another():
    assert filename.beside("D00042.xml", "pdf") == "D00042.pdf"
    assert filename.beside("D00042", "pdf") == "D00042.pdf"


# -- letters --------------------------------------------------------------------------------


def test_clean_leaves_what_can_be_seen():
    assert words.clean(" a\x00\tb\u00ad\u202e\nc\u00a0d\ud800 ") == "a b c d"
    assert words.clean_lines("a\x07\r\n\r\n b ") == "a\nb"


@given(st.text(max_size=30), st.sampled_from(["ascii", "cp1252", "iso8859-1", "cp850", "utf-8"]))
def test_written_letters_are_in_the_encoding(text, encoding):
    try:
        found = words.writable(words.clean(text), encoding, "label", "field")
    except DocumentError as error:
        said = error
    else:
        found.encode(encoding)
        return
    assert said.field == "field"
