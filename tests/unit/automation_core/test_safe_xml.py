"""Files from outside: their characters whatever they say, their tricks without effect."""

import time

import pytest
from automation_core.lib import characters, safe_xml
from automation_core.lib.safe_xml import BadXml, Fault

WORDS = "Größe – 5 € für Jörg"
ENTITIES = "".join(
    f'<!ENTITY {new} "{f"&{old};" * 10}">' for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)
BILLION = f'<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa">{ENTITIES}]><a>&i;</a>'


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8", "ISO-8859-1"),
        ("utf-8-sig", "ISO-8859-1"),
        ("cp1252", "windows-1252"),
        ("cp1252", "UTF-8"),
        ("utf-16", "UTF-16"),
        ("utf-16", "UTF-8"),
        ("utf-16-le", "UTF-8"),
        ("utf-16-be", "UTF-16"),
        ("cp1252", "no-such-code"),
        ("cp1252", "UTF-7"),
    ],
)
def test_the_words_are_right_whatever_the_declaration_says(written, said):
    content = f"<?xml version='1.0' encoding='{said}'?>\n<a>{WORDS}</a>".encode(written)
    root = safe_xml.root(content)
    assert root.text == WORDS
    assert root.sourceline == 2


def test_latin_1_by_its_declaration():
    content = "<?xml version='1.0' encoding='ISO-8859-1'?><a>Günther</a>".encode("latin-1")
    assert safe_xml.root(content).text == "Günther"


def test_latin_1_that_happens_to_be_valid_utf_8():
    content = "<?xml version='1.0' encoding='ISO-8859-1'?><a>ß²</a>".encode("latin-1")
    assert safe_xml.root(content).text == "ß²"


@pytest.mark.parametrize("written", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le"])
def test_texts_by_their_bytes(written):
    assert characters.decoded(WORDS.encode(written)) == WORDS


def test_an_encoding_that_was_chosen_is_taken_at_its_word():
    assert characters.decoded("Jörg".encode("cp850"), "cp850") == "Jörg"
    assert characters.decoded("Jörg und Söhne".encode("cp850")) == "Jörg und Söhne"
    for wrong in ("ascii", "no-such-code", "utf-7", "zlib", "rot13", "idna", "x\0"):
        with pytest.raises(characters.UnknownCharacters):
            characters.decoded("Jörg".encode(), wrong)


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", Fault.EMPTY),
        (b"  \n", Fault.EMPTY),
        (b"<a><b></a>", Fault.BROKEN),
        (b"hello", Fault.BROKEN),
        (b"<a><b>tex", Fault.CUT_OFF),
        (b"<a><b>text</b>", Fault.CUT_OFF),
        (b"<!doctype a><a/>", Fault.DOCTYPE),
        (b"<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>", Fault.DOCTYPE),
        (BILLION.encode(), Fault.DOCTYPE),
        (BILLION.encode("utf-16"), Fault.DOCTYPE),
        (BILLION.encode("utf-7"), Fault.DOCTYPE),
        (b"<a>&x;</a>", Fault.BROKEN),
        (b"<a>" * 100_000, Fault.BROKEN),
        (b"<a>" * 300 + b"</a>" * 300, Fault.BROKEN),
        (b"<a>" + b"x" * 2000 + b"</a>", Fault.TOO_LARGE),
    ],
)
def test_what_is_not_read_has_a_name(content, fault):
    started = time.monotonic()
    with pytest.raises(BadXml) as refusal:
        safe_xml.root(content, max_bytes=1000 if fault is Fault.TOO_LARGE else 10**7)
    assert refusal.value.fault is fault
    assert time.monotonic() - started < 2


def test_long_texts_only_where_they_are_ours():
    content = b"<a>" + b"x" * 11_000_000 + b"</a>"
    with pytest.raises(BadXml):
        safe_xml.root(content)
    assert len(safe_xml.root(content, long_texts=True).text) == 11_000_000
