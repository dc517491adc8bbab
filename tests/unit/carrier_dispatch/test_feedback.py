"""Feedback in files: what is said is understood, what is not has its row and a sentence."""

import io
import time
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from carrier_dispatch.lib.feedback import table
from carrier_dispatch.lib.feedback.guess import guessed
from carrier_dispatch.lib.feedback.model import MAX_BYTES, ColumnMap, FeedbackError
from carrier_dispatch.lib.feedback.read import read
from carrier_dispatch.lib.model import Feedback, FeedbackItem, FeedbackParcel
from hypothesis import given, settings
from hypothesis import strategies as st

ONE, TWO = "00340434161094000001", "00340434161094000018"
HEAD = "Auftrag;Sendungsnummer;Versanddienst;Versanddatum;Artikel;Menge\n"
CSV = f"{HEAD}S1;{ONE};DHL;02.03.2026;BO-8;3\n"


def csv(*rows, head=HEAD):
    """A table of those rows."""
    return (head + "".join(f"{row}\n" for row in rows)).encode()


def only(reading):
    """The one feedback of a reading without problems."""
    assert reading.problems == ()
    [feedback] = reading.feedbacks
    return feedback


def said(reading):
    """The problems of a reading: row and sentence."""
    return [(problem.row, str(problem.sentence)) for problem in reading.problems]


def refused(content, columns=None):
    """The sentence by which a file is refused."""
    with pytest.raises(FeedbackError) as refusal:
        read(content, columns)
    return str(refusal.value)


# -- openTRANS and UBL --------------------------------------------------------------------


@pytest.fixture
def samples(shared):
    """The folder of the vendors' samples."""
    return shared / "specs" / "dispatch"


ITEMS = (FeedbackItem(Decimal(3), "1", "BO-8"), FeedbackItem(Decimal(1), "2", "KO-1"))


def test_opentrans_two_parcels_one_line_short(samples):
    name = "opentrans-2.1/samples/dispatchnotification_two_parcels_partial.xml"
    content = (samples / name).read_bytes()
    feedback = only(read(content))
    assert feedback.keys == ("S00123", "WH/OUT/00042")
    assert feedback.parcels == (
        FeedbackParcel(ONE, "dhl_de", ITEMS[:1]),
        FeedbackParcel(TWO, "dhl_de", ITEMS[1:]),
    )
    assert feedback.items == ()
    assert feedback.complete is False
    assert feedback.shipped_at == datetime(2026, 3, 2, 14, 0, tzinfo=UTC)
    wrapped = content.replace(b"<DISPATCHNOTIFICATION version", b"<OPENTRANS xmlns="
        b'"http://www.opentrans.org/XMLSchema/2.1"><DISPATCHNOTIFICATION version')  # fmt: skip
    wrapped = wrapped.rstrip() + b"</OPENTRANS>"
    assert replace(only(read(wrapped)), row=0) == replace(feedback, row=0)


def test_the_standards_own_sample_in_latin_1(samples):
    content = (
        samples / "opentrans-2.1/samples/sample_dispatchnotification_opentrans_2_1.xml"
    ).read_bytes()
    feedback = only(read(content))
    assert feedback.keys == ("ORD112", "PACK-04943")
    assert feedback.items == (FeedbackItem(Decimal(4000), "P697", "SG8"),)
    # no parcel has a number there, and the shipment's own may be anything
    assert feedback.parcels == ()


def test_opentrans_one_line_in_several_parcels(samples):
    name = "opentrans-2.1/samples/dispatchnotification_two_parcels_partial.xml"
    content = (samples / name).read_text()
    package = f"<PACKAGE><PACKAGE_ID>{ONE}</PACKAGE_ID>%s</PACKAGE><PACKAGE><PACKAGE_ID>1Z999AA10123456784</PACKAGE_ID>%s</PACKAGE>"  # noqa: E501
    old = f"<PACKAGE><PACKAGE_ID>{ONE}</PACKAGE_ID></PACKAGE>"
    shares = ("<PACKAGE_ORDER_UNIT_QUANTITY>1</PACKAGE_ORDER_UNIT_QUANTITY>",
              "<PACKAGE_ORDER_UNIT_QUANTITY>2</PACKAGE_ORDER_UNIT_QUANTITY>")  # fmt: skip
    feedback = only_warned(read(content.replace(old, package % shares).encode()))
    assert [parcel.items[0].quantity for parcel in feedback.parcels[:2]] == [1, 2]
    feedback = only_warned(read(content.replace(old, package % ("", "")).encode()))
    assert feedback.items == ITEMS[:1]
    assert [parcel.items for parcel in feedback.parcels] == [(), (), ITEMS[1:]]


def only_warned(reading):
    """The one feedback of a reading whose problems are warnings."""
    assert all(problem.warning for problem in reading.problems)
    [feedback] = reading.feedbacks
    return feedback


def test_opentrans_a_bad_line_spoils_no_other(samples):
    name = "opentrans-2.1/samples/dispatchnotification_two_parcels_partial.xml"
    content = (samples / name).read_text().replace(TWO, "3.40434E+19")
    reading = read(content.encode())
    assert [parcel.number for parcel in reading.feedbacks[0].parcels] == [ONE]
    [problem] = reading.problems
    assert "spreadsheet" in problem.sentence
    assert content.splitlines()[problem.row - 1].strip() == "<DISPATCHNOTIFICATION_ITEM>"
    assert reading.about(reading.feedbacks[0]) == reading.problems


def test_ubl_two_parcels_one_line_short(samples):
    content = (samples / "ubl-2.1/samples/despatch_advice_two_parcels_partial.xml").read_bytes()
    feedback = only(read(content))
    assert feedback.keys == ("S00123", "WH/OUT/00042")
    assert feedback.items == ITEMS
    assert [(p.number, p.carrier, p.items) for p in feedback.parcels] == [
        (ONE, "dhl_de", ()),
        (TWO, "dhl_de", ()),
    ]
    assert feedback.complete is False
    # a day without a time is noon there
    assert feedback.shipped_at == datetime(2026, 3, 2, 11, 0, tzinfo=UTC)


def test_ubl_says_what_is_in_which_parcel(samples):
    content = (samples / "ubl-2.1/samples/despatch_advice_two_parcels_partial.xml").read_text()
    for place, (number, line, amount) in enumerate(((ONE, "1", "3"), (TWO, "2", "1"))):
        inside = (
            f"<cac:HandlingUnitDespatchLine><cbc:ID>{line}</cbc:ID><cbc:DeliveredQuantity>{amount}"
            "</cbc:DeliveredQuantity></cac:HandlingUnitDespatchLine>"
        )
        old = f"<cbc:TraceID>{number}</cbc:TraceID>"
        assert old in content, place
        content = content.replace(old, old + inside)
    feedback = only(read(content.encode()))
    assert [parcel.items for parcel in feedback.parcels] == [ITEMS[:1], ITEMS[1:]]
    wrong = content.replace("<cbc:DeliveredQuantity>3<", "<cbc:DeliveredQuantity>2<")
    assert "another quantity" in said(read(wrong.encode()))[0][1]


# -- tables ---------------------------------------------------------------------------------


def test_a_table_by_its_headings():
    feedback = only(read(CSV.encode()))
    assert feedback == Feedback(
        keys=("S1",),
        parcels=(FeedbackParcel(ONE, "DHL", (FeedbackItem(Decimal(3), "", "BO-8"),)),),
        shipped_at=datetime(2026, 3, 2, 11, 0, tzinfo=UTC),
        row=2,
    )


def test_several_parcels_over_several_rows():
    reading = read(csv(f"S1;{ONE};DHL;;A;1", f"S2;{ONE};DHL;;B;1", f"S1;{TWO};DHL;;B;2",
                       f"S1;{ONE};DHL;;C;1"))  # fmt: skip
    first, second = reading.feedbacks
    assert [(p.number, [i.sku for i in p.items]) for p in first.parcels] == [
        (ONE, ["A", "C"]),
        (TWO, ["B"]),
    ]
    assert [p.number for p in second.parcels] == [ONE]
    assert reading.problems == ()


def test_several_numbers_in_one_cell():
    feedback = only(read(csv(f'S1;"{ONE}, {TWO}";DHL;;;')))
    assert [parcel.number for parcel in feedback.parcels] == [ONE, TWO]


def test_a_row_twice_is_one_parcel():
    feedback = only(read(csv(f"S1;{ONE};DHL;;;", f"S1; {ONE} ;DHL;;;")))
    assert [parcel.number for parcel in feedback.parcels] == [ONE]


@pytest.mark.parametrize(
    ("encoding", "head"), [("utf-8", HEAD), ("utf-8-sig", HEAD), ("cp1252", HEAD), ("utf-16", HEAD),
                           ("utf-16-le", HEAD), ("iso-8859-1", HEAD), ("cp850", HEAD)]
)  # fmt: skip
def test_every_encoding(encoding, head):
    content = f"{head}S1;{ONE};DHL;02.03.2026;Größe ä ö ü;3\n".encode(encoding)
    assert only(read(content)).parcels[0].items[0].sku == "Größe ä ö ü"


def test_a_wrong_encoding_of_the_map_is_said():
    columns = ColumnMap({"order": "Auftrag", "tracking": "Sendungsnummer"}, encoding="ascii")
    assert "encoding" in refused("Auftrag;Sendungsnummer\nÄ;1234567\n".encode(), columns)
    assert "encoding" in refused(b"a;b\n", replace(columns, encoding="nonsense"))


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_every_delimiter(delimiter):
    content = CSV.replace(";", delimiter).encode()
    assert only(read(content)).parcels[0].number == ONE


@pytest.mark.parametrize(
    "written", ["3.40434E+19", "3,40434E+19", "3.4E19", "34E+18", '="3.4E+19"']
)
def test_scientific_notation_is_refused_and_spoils_no_other(written):
    reading = read(csv(f"S1;{written};DHL;;;", f"S2;{ONE};DHL;;;".replace(",", ".")))
    assert [feedback.keys for feedback in reading.feedbacks] == [("S2",)]
    [(row, sentence)] = said(reading)
    assert row == 2
    assert "spreadsheet program" in sentence
    assert reading.problems[0].keys == ("S1",)


def test_scientific_notation_in_the_delivery_number():
    reading = read(csv(f"4.05E+11;{ONE};DHL;;;"))
    assert reading.feedbacks == ()
    assert "spreadsheet" in said(reading)[0][1]


def test_lost_zeros_and_rounded_digits_are_noticed():
    reading = read(csv(f"S1;{ONE.lstrip('0')};DHL;;;", "S2;340434161094000000;;;;",
                       "S3;340434161094000001;Unbekannt;;;"))  # fmt: skip
    assert len(reading.feedbacks) == 3
    assert [problem.warning for problem in reading.problems] == [True, True]
    assert ONE in reading.problems[0].sentence
    assert "rounded" in reading.problems[1].sentence


@pytest.mark.parametrize(
    ("written", "number"),
    [
        (" 0034 0434 1610 9400 0001 ", ONE),
        (f'="{ONE}"', ONE),
        (f"'{ONE}", ONE),
        ("1z999aa10123456784", "1Z999AA10123456784"),
        ("jjd 0002 2201 1234 5678 90", "JJD000222011234567890"),
        ("\u200b1234567890\u00a012", "123456789012"),
        ("１２３４５６７", "1234567"),
    ],
)
def test_numbers_are_cleaned(written, number):
    content = csv(f'S1;"{written}";;;;'.replace('"="', '"=""').replace('"";', '""";'))
    [feedback] = read(content).feedbacks
    assert feedback.parcels[0].number == number


@pytest.mark.parametrize(
    "written", ["https://dhl.de/?n=123456", "abcdef", "12", "siehe Mail vom 3.", "#NV"]
)
def test_what_is_no_number_is_refused(written):
    reading = read(csv(f"S1;{written};DHL;;;", f"S2;{ONE};DHL;;;"))
    assert [feedback.keys for feedback in reading.feedbacks] == [("S2",)]
    assert said(reading)[0][0] == 2


@pytest.mark.parametrize("nothing", ["", "-", "n/a", "0"])
def test_an_order_without_a_number_was_not_sent(nothing):
    """Many shippers export all open orders: an empty cell is no feedback."""
    reading = read(csv(f"S1;{nothing};DHL;;;"))
    assert reading.feedbacks == ()
    assert "no tracking number" in said(reading)[0][1]


def test_states():
    head = "Auftrag;Status;Sendungsnummer;Grund\n"
    rows = ("S2;storniert;;ausverkauft", "S3;Shipped;;", "S4;In Bearbeitung;;", "S5;Quatsch;;")
    reading = read(csv(f"S1;Versendet;{ONE};", *rows, "S6;Zugestellt;;", head=head))
    assert [(f.keys[0], f.state) for f in reading.feedbacks] == [
        ("S1", "shipped"), ("S2", "cancelled"), ("S3", "shipped"), ("S4", "accepted"),
        ("S6", "delivered"),
    ]  # fmt: skip
    assert reading.feedbacks[1].reason == "ausverkauft"
    assert said(reading) == [(6, "The status “Quatsch” is not known.")]
    columns = ColumnMap({"order": "Auftrag", "state": "Status"}, states={"Quatsch": "refused"})
    assert read(csv("S5;QUATSCH;;", head=head), columns).feedbacks[0].state == "refused"


def test_partial_deliveries():
    feedback = only(read(csv(f"S1;{ONE};DHL;;A;2", "S1;;;;B;0")))
    assert feedback.parcels[0].items == (FeedbackItem(Decimal(2), "", "A"),)
    assert feedback.items == (FeedbackItem(Decimal(0), "", "B"),)
    reading = read(csv("S1;;;;A;0", "S1;;;;B;0"))
    assert reading.feedbacks == ()
    assert said(reading) == [(2, "The file says that nothing was sent.")]


@pytest.mark.parametrize(
    ("written", "amount"),
    [("3", "3"), ("3,0", "3"), ("2.5", "2.5"), ("1.234,5", "1234.5"), ("3 Stk", "3"), ("2x", "2")],
)
def test_quantities(written, amount):
    feedback = only(read(csv(f"S1;{ONE};DHL;;A;{written}")))
    assert feedback.parcels[0].items[0].quantity == Decimal(amount)


@pytest.mark.parametrize("written", ["-1", "viele", "1e9", "NaN", "٣", "1" * 30])
def test_quantities_that_are_none(written):
    reading = read(csv(f"S1;{ONE};DHL;;A;{written}", f"S2;{ONE};DHL;;A;1"))
    assert [feedback.keys for feedback in reading.feedbacks] == [("S2",)]
    assert said(reading)[0][0] == 2


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2026-03-02T23:30:00Z", datetime(2026, 3, 2, 23, 30)),
        ("2026-03-02T00:30:00+01:00", datetime(2026, 3, 1, 23, 30)),
        ("2026-07-02 08:15", datetime(2026, 7, 2, 6, 15)),
        ("02.03.2026 23:59:59", datetime(2026, 3, 2, 22, 59, 59)),
        ("02.03.2026", datetime(2026, 3, 2, 11, 0)),
        ("2.3.26", datetime(2026, 3, 2, 11, 0)),
        ("20260302", datetime(2026, 3, 2, 11, 0)),
        ("2026-03-02", datetime(2026, 3, 2, 11, 0)),
    ],
)
def test_times_are_the_shippers_and_become_utc(written, moment):
    feedback = only(read(csv(f"S1;{ONE};DHL;{written};;")))
    assert feedback.shipped_at == moment.replace(tzinfo=UTC)


def test_a_bad_date_is_no_reason_to_lose_the_parcel():
    reading = read(csv(f"S1;{ONE};DHL;30.02.2026;;"))
    assert reading.feedbacks[0].parcels[0].number == ONE
    assert reading.feedbacks[0].shipped_at is None
    assert reading.problems[0].warning
    assert said(reading) == [(2, "“30.02.2026” is no date.")]


def test_day_and_time_in_two_columns_and_another_zone():
    columns = ColumnMap({"order": "a", "tracking": "b", "date": "c", "time": "d"}, zone="UTC")
    feedback = only(read(b"a;b;c;d\nS1;1234567;02.03.2026;14:05\n", columns))
    assert feedback.shipped_at == datetime(2026, 3, 2, 14, 5, tzinfo=UTC)
    assert "time zone" in refused(b"a;b;c;d\nS1;1;;\n", replace(columns, zone="Mars/Base"))


def test_a_table_without_headings():
    columns = ColumnMap({"order": "1", "tracking": "3"}, header=False, carrier="dpd")
    feedback = only(read(b"S1|x|01234567890123\n", columns))
    assert feedback.parcels == (FeedbackParcel("01234567890123", "dpd"),)


def test_columns_of_the_map_have_to_be_there():
    columns = ColumnMap({"order": "Auftrag", "tracking": "Paket"})
    assert "“Paket”" in refused(CSV.encode(), columns)


def test_a_row_with_a_delimiter_in_its_text_is_not_taken():
    """Its values are in the wrong columns; any of them may look like a number."""
    content = f"Auftrag;Name;Sendungsnummer\nS1;Meier; Jörg;{ONE}\nS2;x;{TWO};;\n".encode()
    reading = read(content)
    assert [feedback.keys for feedback in reading.feedbacks] == [("S2",)]
    assert said(reading)[0][0] == 2


def test_a_title_above_the_headings():
    assert only(read(("Lager Nord;;\n\n" + CSV).encode())).row == 4
    columns = ColumnMap({"order": "Auftrag", "tracking": "Sendungsnummer"})
    assert only(read(("Auftrag;\n" + CSV).encode(), columns)).keys == ("S1",)


def test_unknown_headings_are_said():
    assert "a, b" in refused(b"a;b\n1;2\n")
    assert guessed(["Order-Number", "TRACKING_ID", "x"]) == {
        "order": "Order-Number",
        "tracking": "TRACKING_ID",
    }
    assert guessed(["Auftrag", "Menge"]) == {}
    assert table.preview(b"a;b\n1;2\n3;4\n", rows=1).rows == ((2, ("1", "2")),)


def test_a_file_that_is_still_written_is_refused():
    """Half a file: the row breaks off, or the document does."""
    whole = csv(f"S1;{ONE};DHL;02.03.2026;BO-8;3", f"S2;{TWO};DHL;02.03.2026;BO-8;3")
    for end in range(whole.rindex(b"S2"), whole.rindex(b";")):
        try:
            reading = read(whole[: end + 1])
        except FeedbackError:
            continue
        assert [feedback.keys for feedback in reading.feedbacks] == [("S1",)]


def test_rows_are_counted_as_in_the_file():
    reading = read(csv("", f'S1;{ONE};DHL;;"two\nlines";1', "", "S2;x;;;;"))
    assert [problem.row for problem in reading.problems] == [6]
    assert reading.feedbacks[0].row == 3


def test_an_open_quote_swallows_no_rows():
    content = csv(f'S1;{ONE};DHL;;"open;1', f"S2;{ONE};DHL;;a;1")
    assert "quote" in refused(content)
    feedback = only(read(csv(f'S1;{ONE};DHL;;19" rack;1')))
    assert feedback.parcels[0].items[0].sku == '19" rack'


# -- XML of the shipper's own ------------------------------------------------------------------

XML = f"""<?xml version="1.0" encoding="UTF-8"?>
<Daten xmlns="urn:x"><Lieferung nr="WH/OUT/1"><Versand>02.03.2026</Versand>
 <Paket><Nummer>{ONE}</Nummer><Dienst>DHL</Dienst></Paket>
 <Paket><Nummer>3.4E+19</Nummer></Paket>
 <Paket><Nummer>{TWO}</Nummer></Paket></Lieferung>
</Daten>"""
MAP = ColumnMap(
    {"delivery": "@nr", "tracking": "Nummer", "carrier": "Dienst", "date": "Versand"},
    kind="xml", records="Lieferung/Paket",
)  # fmt: skip


@pytest.mark.parametrize("records", ["Lieferung/Paket", "Paket", "/Daten/Lieferung/Paket"])
def test_xml_by_a_map(records):
    reading = read(XML.encode(), replace(MAP, records=records))
    [feedback] = reading.feedbacks
    assert feedback.keys == ("WH/OUT/1",)
    assert [(p.number, p.carrier) for p in feedback.parcels] == [(ONE, "DHL"), (TWO, "")]
    assert feedback.shipped_at == datetime(2026, 3, 2, 11, 0, tzinfo=UTC)
    assert [problem.row for problem in reading.problems] == [4]


def test_xml_several_numbers_in_one_record():
    reading = read(XML.replace("3.4E+19", "123456789012").encode(),
                   replace(MAP, records="Lieferung", columns={"delivery": "@nr", "tracking": "Paket/Nummer"}))  # fmt: skip  # noqa: E501
    assert [parcel.number for parcel in only(reading).parcels] == [ONE, "123456789012", TWO]


def test_xml_without_records_or_map():
    assert "no records" in refused(XML.encode(), replace(MAP, records="Nichts"))
    assert "Daten" in refused(XML.encode())
    assert "no records" in refused(b"<Daten/>", replace(MAP, records="/Daten/x"))


def test_xml_a_number_of_the_delivery_is_none_of_its_parcel():
    content = f"""<D><L><Nummer>D42</Nummer><P><Nummer>{ONE}</Nummer></P><P/></L></D>""".encode()
    columns = {"number": "../Nummer", "tracking": "Nummer"}
    reading = read(content, ColumnMap(columns, "xml", records="P"))
    assert reading.feedbacks[0].keys == ("D42",)
    assert [parcel.number for parcel in reading.feedbacks[0].parcels] == [ONE]
    assert "no tracking number" in said(reading)[0][1]


# -- hostile and broken files --------------------------------------------------------------------

XXE = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'
BOMB = b'<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]><a>&b;</a>'


def zipped():
    """A small archive."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("a.csv", CSV)
    return stream.getvalue()


@pytest.mark.parametrize(
    "content",
    [b"", b"\n\n", b"\x00" * 100, XXE, BOMB, XXE.decode().encode("utf-16"), b"<html><body>Login",
     b"<html><body>Login</body></html>", b"%PDF-1.4", zipped(), b"\xff\xfe", b"hello",
     b"x" * (MAX_BYTES + 1), HEAD.encode() + b"S;1234567;;;;\n" * 20_001, b"a;" * 5000 + b"\n",
     b'"' + b"x" * 200_000, b"<a>" * 1000, b"\x89PNG\r\n\x1a\n", b"{\"a\": 1}"],
)  # fmt: skip
def test_what_is_no_feedback_is_refused_soon(content):
    started = time.monotonic()
    sentence = refused(content)
    assert 0 < len(sentence) < 600
    assert "passwd" not in sentence
    assert time.monotonic() - started < 3


def test_twenty_thousand_rows_are_read_soon():
    rows = "".join(f"S{n};{n:012d};DHL;02.03.2026;A;1\n" for n in range(19_000))
    started = time.monotonic()
    assert len(read((HEAD + rows).encode()).feedbacks) == 19_000
    assert time.monotonic() - started < 15


PIECES = st.sampled_from(
    ["S1", ONE, "DHL", ";", "\n", '"', "02.03.2026", "3", "-1", "=", "E+19", "<", "&", "\x00", "ß",
     "\u202e", "'", ",", "<a>", "</a>", "\ufeff", "NaN", "\r", "|", "https://"]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES | st.text(max_size=5), max_size=40).map("".join), st.booleans())
def test_any_text_is_read_or_refused(text, headed):
    attempted((HEAD + text if headed else text).encode("utf-8", "replace"))


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(content):
    attempted(content)
    attempted(HEAD.encode() + content)
    attempted(b"<a>" + content)


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 40), PIECES, st.sampled_from([0, 1, 2]))
def test_damaged_documents_are_read_or_refused(samples_text, place, length, piece, which):
    text = samples_text[which]
    at = place % len(text)
    attempted((text[:at] + piece + text[at + length :]).encode())


@pytest.fixture(scope="module")
def samples_text(shared):
    """Three documents to be damaged."""
    folder = shared / "specs" / "dispatch"
    return (
        (folder / "opentrans-2.1/samples/dispatchnotification_two_parcels_partial.xml").read_text(),
        (folder / "ubl-2.1/samples/despatch_advice_two_parcels_partial.xml").read_text(),
        XML,
    )


def attempted(content):
    """Read or refuse; each problem is a sentence with a row."""
    try:
        reading = read(content, MAP if content.lstrip()[:1] == b"<" else None)
    except FeedbackError as error:
        sentence = str(error)
        assert 0 < len(sentence) < 700
        return
    for problem in reading.problems:
        assert str(problem.sentence).endswith(".")
        assert problem.row >= 0
    for feedback in reading.feedbacks:
        assert feedback.keys
        assert all(feedback.keys)
