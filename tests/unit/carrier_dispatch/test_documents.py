"""Documents for shippers: whatever the delivery holds, a valid document or a clear refusal."""

import base64
import csv
import io
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from carrier_dispatch.lib import schemas
from carrier_dispatch.lib.documents import opentrans, table, ubl
from carrier_dispatch.lib.documents.address import Limits
from carrier_dispatch.lib.documents.fields import FIELDS
from carrier_dispatch.lib.documents.problems import DocumentError
from carrier_dispatch.lib.documents.settings import Column, Settings, TableFormat
from carrier_dispatch.lib.model import Box, DispatchLine, DispatchOrder, Party
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from order_automation.lib.address import Analysis

OT = {"o": opentrans.URI, "b": opentrans.BMECAT}
UBL = {"a": ubl.CAC, "b": ubl.CBC}
PDF = b"%PDF-1.4 \xe4\xf6\xfc" + bytes(range(256))
ORDER = DispatchOrder(
    number="D00042",
    delivery="WH/OUT/00042",
    order="S00123",
    created=datetime(2026, 3, 2, 23, 30, tzinfo=UTC),
    sender=Party("Müller & Söhne GmbH", street="Am Markt 1", zip="50667", city="Köln"),
    recipient=Party(
        "Jörg Müßig", "Größe & <Maß> AG", "Hauptstraße 12a", "Hinterhaus", "80331", "München",
        email="joerg@example.com", phone="+49 89 1234",
    ),
    lines=(
        DispatchLine("1", "BO-8", "Bohrer 8 mm – „fein“", Decimal(3), weight=Decimal("0.25")),
        DispatchLine("2", "KO-1", "Koffer <groß> & rot", Decimal("2.50"), "KGM", "4006381333931",
                     customs_code="42021250", origin="de", note="bitte\nvorsichtig"),
    ),
    boxes=(Box(Decimal("1.5"), Decimal(30), Decimal(20), Decimal(10)), Box(Decimal("2"))),
    shop_order="302-1234567-7654321",
    customer_no="C1001",
    carrier="dhl_de",
    service="GoGreen",
    ship_by=date(2026, 3, 5),
    note="Klingel: „Müßig“\nbitte läuten",
    files=(("Lieferschein.pdf", PDF),),
)  # fmt: skip
LOCKER = replace(
    ORDER,
    recipient=Party("Jörg Müßig", "12345678", "DHL-Packstation 123", "", "50667", "Köln"),
    place=Analysis("locker", "DHL-Packstation", "123", "12345678"),
)
WRITERS = {"opentrans": opentrans.write, "ubl": ubl.write}


def found(content, path, names=OT):
    """The texts of the elements at a path."""
    return [element.text for element in etree.fromstring(content).iterfind(path, names)]


def columns(*names):
    """A table's columns, titled like their fields."""
    return tuple(Column(name, name) for name in names)


def rows(content, delimiter=";", encoding="utf-8"):
    """A table read back."""
    text = content.decode(encoding)
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))


# -- openTRANS and UBL ----------------------------------------------------------------


def test_opentrans_says_everything():
    content = opentrans.write(ORDER, Settings(embed=True))
    assert schemas.validate(content, schemas.OPENTRANS) == []
    assert found(content, ".//o:ORDER_INFO/o:ORDER_ID") == ["D00042"]
    # 23:30 in London is the next day here
    assert found(content, ".//o:ORDER_DATE") == ["2026-03-03T00:30:00+01:00"]
    assert found(content, ".//o:CUSTOMER_ORDER_REFERENCE/o:ORDER_ID") == ["S00123"]
    assert found(content, ".//o:ORDER_DESCR") == ["302-1234567-7654321"]
    assert found(content, ".//o:DELIVERER_IDREF") == ["dhl_de"]
    delivery = ".//o:PARTY[3]/o:ADDRESS/b:"
    assert found(content, delivery + "NAME") == ["Größe & <Maß> AG"]
    assert found(content, delivery + "NAME2") == ["Jörg Müßig"]
    assert found(content, delivery + "NAME3") == ["Hinterhaus"]
    assert found(content, delivery + "STREET") == ["Hauptstraße 12a"]
    assert found(content, ".//b:SUPPLIER_PID") == ["BO-8", "KO-1"]
    assert found(content, ".//o:QUANTITY") == ["3", "2.5"]
    assert found(content, ".//b:DESCRIPTION_SHORT")[1] == "Koffer <groß> & rot"
    assert found(content, ".//o:DELIVERY_END_DATE") == ["2026-03-05T23:59:59+01:00"]
    [data] = found(content, ".//o:MIME_DATA")
    assert base64.b64decode(data) == PDF


def test_ubl_says_everything():
    content = ubl.write(ORDER, Settings(embed=True))
    assert schemas.validate(content, schemas.UBL_ORDER) == []
    root = etree.fromstring(content)
    assert root.findtext("b:ID", namespaces=UBL) == "D00042"
    assert root.findtext("b:IssueDate", namespaces=UBL) == "2026-03-03"
    assert root.findtext("a:OrderDocumentReference/b:ID", namespaces=UBL) == "S00123"
    party = "a:Delivery/a:DeliveryParty/"
    assert found(content, party + "a:PartyName/b:Name", UBL) == ["Größe & <Maß> AG", "Jörg Müßig"]
    assert found(content, party + "a:PostalAddress/b:AdditionalStreetName", UBL) == ["Hinterhaus"]
    assert found(content, ".//b:Quantity", UBL) == ["3", "2.5"]
    assert found(content, ".//b:RequestedDespatchDate", UBL) == ["2026-03-05"]
    [data] = found(content, ".//b:EmbeddedDocumentBinaryObject", UBL)
    assert base64.b64decode(data) == PDF


def test_the_buyers_locker_is_written_as_dhl_wants_it(shared):
    content = opentrans.write(LOCKER)
    sample = shared / "specs/dispatch/opentrans-2.1/samples/order_dispatch_packstation.xml"
    for tag in ("NAME", "NAME2", "STREET", "ZIP", "CITY"):
        path = f".//o:ADDRESS/b:{tag}"
        assert found(content, path)[-1:] == found(sample.read_bytes(), path)[-1:]
    assert not found(content, ".//o:PARTY[3]/o:ADDRESS/b:NAME3")
    assert found(ubl.write(LOCKER), ".//a:DeliveryParty//b:StreetName", UBL) == ["Packstation 123"]


@pytest.mark.parametrize("typed", ["Müller GmbH", "Müller GmbH, 12345678", "Müller GmbH 12345678"])
def test_a_company_at_a_locker_is_not_lost(typed):
    order = replace(LOCKER, recipient=replace(LOCKER.recipient, company=typed))
    [name] = found(opentrans.write(order), ".//o:PARTY[3]/o:ADDRESS/b:NAME3")
    assert name == "Müller GmbH"


def test_an_outlet_without_post_number():
    order = replace(
        LOCKER,
        recipient=replace(LOCKER.recipient, company="", street="Filiale 518 im Rewe"),
        place=Analysis("outlet", "Filiale", "518"),
    )
    content = opentrans.write(order)
    assert found(content, ".//o:PARTY[3]/o:ADDRESS/b:STREET") == ["Postfiliale 518"]
    assert found(content, ".//o:PARTY[3]/o:ADDRESS/b:NAME2") == ["im Rewe"]


@pytest.mark.parametrize("encoding", ["UTF-8", "ISO-8859-1", "windows-1252", "ascii"])
@pytest.mark.parametrize("name", WRITERS)
def test_every_encoding_keeps_every_letter(name, encoding):
    order = replace(ORDER, recipient=replace(ORDER.recipient, city="Łódź – 東京 🙂"))
    content = WRITERS[name](order, Settings(encoding=encoding))
    assert encoding.upper().encode() in content.upper()[:60].replace(b"US-ASCII", b"ASCII")
    assert "Łódź – 東京 🙂" in "".join(etree.fromstring(content).itertext())
    assert content.decode(encoding)


@pytest.mark.parametrize("name", WRITERS)
def test_an_unfit_encoding_is_refused(name):
    for encoding in ("utf-16", "no-such", "zlib", ""):
        with pytest.raises(DocumentError) as refusal:
            WRITERS[name](ORDER, Settings(encoding=encoding))
        assert refusal.value.field == "encoding"


@pytest.mark.parametrize("name", WRITERS)
@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"number": " "}, "number"),
        ({"order": ""}, "order"),
        ({"lines": ()}, "lines"),
        ({"lines": (replace(ORDER.lines[0], sku=""),)}, "line.sku"),
        ({"lines": (replace(ORDER.lines[0], position=""),)}, "line.position"),
        ({"recipient": replace(ORDER.recipient, city="x" * 60)}, "city"),
        ({"recipient": replace(ORDER.recipient, name="x" * 60)}, "name2"),
        ({"lines": (replace(ORDER.lines[0], quantity=Decimal("NaN")),)}, ""),
    ],
)
def test_what_is_in_the_way_is_named(name, change, field):
    with pytest.raises(DocumentError) as refusal:
        WRITERS[name](replace(ORDER, **change))
    assert refusal.value.field == field
    assert refusal.value.message.endswith((".", "”."))


def test_a_long_article_name_is_whole_in_the_long_description():
    name = "Schraube " * 40
    order = replace(ORDER, lines=(replace(ORDER.lines[0], name=name),))
    content = opentrans.write(order)
    assert found(content, ".//b:DESCRIPTION_LONG") == [name.strip()]
    assert len(found(content, ".//b:DESCRIPTION_SHORT")[0]) <= 150


def test_wrapped_in_opentrans():
    content = opentrans.write(ORDER, Settings(wrapped=True))
    assert etree.fromstring(content).tag == f"{{{opentrans.URI}}}OPENTRANS"
    assert schemas.validate(content, schemas.OPENTRANS) == []


def test_a_large_pdf_is_embedded_and_too_large_ones_are_refused():
    order = replace(ORDER, files=(("a.pdf", b"x" * 12_000_000),))
    assert len(opentrans.write(order, Settings(embed=True))) > 16_000_000
    order = replace(ORDER, files=(("a.pdf", b"x" * 12_000_000),) * 2)
    for write in WRITERS.values():
        with pytest.raises(DocumentError, match="MB"):
            write(order, Settings(embed=True))
        with pytest.raises(DocumentError, match="kind of file"):
            write(replace(ORDER, files=(("a.exe", b"x"),)), Settings(embed=True))


def test_a_limit_of_the_shipper_holds_before_the_formats():
    limits = Limits(name=10, name2=10, name3=30)
    order = replace(ORDER, recipient=Party("Maria Magdalena von und zu Hohenfels", city="Köln"))
    content = opentrans.write(order, Settings(limits=limits))
    for tag, text in (("NAME", "Maria"), ("NAME2", "Magdalena"), ("NAME3", "von und zu Hohenfels")):
        assert found(content, f".//o:PARTY[3]/o:ADDRESS/b:{tag}") == [text]


# -- tables ---------------------------------------------------------------------------


def test_a_table_has_a_row_for_each_item():
    form = TableFormat(
        (Column("Auftrag", "number"), Column("Mandant", fixed="4711"),
         Column("Menge", "line.quantity"), Column("Artikel", "line.sku"),
         Column("Hausnr", "recipient.house_number"),
         Column("Straße", "recipient.street_name"), Column("Datum", "created"),
         Column("Bis", "ship_by"), Column("Gewicht", "total.weight"),)
    )  # fmt: skip
    order = replace(ORDER, recipient=replace(ORDER.recipient, street2=""))
    head, first, second = rows(table.write(order, form))
    assert head[:3] == ["Auftrag", "Mandant", "Menge"]
    assert first == [
        "D00042",
        "4711",
        "3",
        "BO-8",
        "12a",
        "Hauptstraße",
        "03.03.2026",
        "05.03.2026",
        "3,5",
    ]
    assert second[2:4] == ["2,5", "KO-1"]


def test_a_table_has_a_row_for_each_parcel():
    form = TableFormat(
        columns("number", "box.place", "box.weight", "box.reference"), "parcel", header=False,
        decimal=".",
    )  # fmt: skip
    assert rows(table.write(ORDER, form)) == [
        ["D00042", "1", "1.5", "D00042-1"],
        ["D00042", "2", "2", "D00042-2"],
    ]
    assert rows(table.write(replace(ORDER, boxes=()), form))[0][2] == "0.75"


def test_every_field_can_be_a_column():
    for unfit, kind in (("box.", "item"), ("line.", "parcel")):
        names = [name for name in FIELDS if not name.startswith(unfit)]
        content = table.write(ORDER, TableFormat(columns(*names), kind, quoting="all"))
        assert all(len(row) == len(names) for row in rows(content))
        with pytest.raises(DocumentError):
            table.write(ORDER, TableFormat(columns(*FIELDS), kind))


@pytest.mark.parametrize(
    ("encoding", "expected"),
    [
        ("utf-8", "Łódź – 5 €, Jörg"),
        ("cp1252", "Lódz – 5 €, Jörg"),
        ("iso-8859-1", "Lódz - 5 EUR, Jörg"),
        ("cp850", "Lódz - 5 EUR, Jörg"),
        ("ascii", "Lodz - 5 EUR, Joerg"),
        ("iso-8859-2", "Łódź - 5 EUR, Jörg"),
    ],
)
def test_letters_the_encoding_lacks_are_written_otherwise(encoding, expected):
    order = replace(ORDER, note="Łódź – 5 €, Jörg")
    content = table.write(order, TableFormat(columns("note")), Settings(encoding=encoding))
    assert rows(content, encoding=encoding)[1] == [expected]


def test_a_letter_without_another_way_is_refused_by_name():
    order = replace(ORDER, recipient=replace(ORDER.recipient, city="Москва"))
    with pytest.raises(DocumentError) as refusal:
        table.write(order, TableFormat(columns("recipient.city", "recipient.street2")),
                    Settings(encoding="cp1252"))  # fmt: skip
    assert refusal.value.field == "recipient.city"
    assert "М" in str(refusal.value)
    assert "cp1252" in str(refusal.value)


def test_quotes_and_breaks_come_back_as_they_were():
    order = replace(ORDER, note="12\" ; 'x'\r\nzwei\tdrei\x00\x07")
    for quoting in ("minimal", "all"):
        content = table.write(order, TableFormat(columns("note", "number"), quoting=quoting))
        assert rows(content)[1] == ["12\" ; 'x' zwei drei", "D00042"]


def test_without_quotes_a_delimiter_in_a_text_is_refused():
    form = TableFormat(columns("number", "note"), delimiter="|", quoting="none")
    with pytest.raises(DocumentError) as refusal:
        table.write(replace(ORDER, note="a|b"), form)
    assert refusal.value.field == "note"
    assert rows(table.write(ORDER, form), "|")[1][0] == "D00042"


def test_a_mark_for_spreadsheets():
    form = TableFormat(columns("number"), mark=True)
    assert table.write(ORDER, form).startswith(b"\xef\xbb\xbfnumber")


@pytest.mark.parametrize(
    "form",
    [
        TableFormat(()),
        TableFormat(columns("number"), delimiter=""),
        TableFormat(columns("number"), delimiter=";;"),
        TableFormat(columns("number"), delimiter="\n"),
        TableFormat(columns("number"), delimiter='"'),
        TableFormat(columns("number"), decimal="x"),
        TableFormat(columns("number"), line_end=""),
        TableFormat(columns("nothing")),
    ],
)
def test_a_format_that_cannot_be_used_is_refused(form):
    with pytest.raises(DocumentError):
        table.write(ORDER, form)


def test_what_the_table_has_no_column_for_does_not_vanish():
    form = TableFormat(columns("recipient.name", "recipient.street"))
    with pytest.raises(DocumentError) as refusal:
        table.write(ORDER, form)
    assert refusal.value.field in ("name2", "street2")


def test_a_house_number_too_long_for_its_column():
    order = replace(ORDER, recipient=Party("Jörg", street="Hauptstraße 1234a-1238b", city="Köln"))
    form = TableFormat(columns("recipient.name", "recipient.house_number"))
    with pytest.raises(DocumentError) as refusal:
        table.write(order, form, Settings(limits=Limits(house_number=8)))
    assert refusal.value.field == "recipient.house_number"


# -- whatever comes ---------------------------------------------------------------------

TEXTS = st.one_of(
    st.sampled_from(
        ["", "Jörg Müßig", "A & B <C> \"D\" 'E' ]]>", "Łódź", "東京", "a\x00b\x0b\ud800",
         "\ufffe\uffff", "\u202eabc", "Packstation 123", "x" * 51, "lang " * 40, "é", "=1+1",
         "a;b|c,d", "–„“€", "\u0308", "\r\n", "1" * 300]
    ),
    st.text(max_size=70),
    st.text(alphabet="aä &<>;|\n", max_size=120),
)  # fmt: skip
AMOUNTS = st.decimals(min_value=0, max_value=10_000, places=3) | st.sampled_from(
    [Decimal("1E+3"), Decimal("NaN"), Decimal("Infinity"), Decimal("-0"), Decimal("1E-30")]
)
PARTIES = st.builds(
    Party, *[TEXTS] * 7, st.sampled_from(["DE", "de", "", "AT", "XX"]), TEXTS, TEXTS
)
LINES = st.builds(
    DispatchLine, TEXTS, TEXTS, TEXTS, AMOUNTS, st.sampled_from(["C62", "KGM", "", "??"]), TEXTS,
    AMOUNTS, AMOUNTS, TEXTS, TEXTS, TEXTS,
)  # fmt: skip
MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1))
PLACES = st.none() | st.builds(
    Analysis, st.sampled_from(["door", "locker", "outlet", "other"]), TEXTS, TEXTS, TEXTS
)
ORDERS = st.builds(
    DispatchOrder, TEXTS, TEXTS, TEXTS,
    MOMENTS | st.datetimes(timezones=st.just(UTC)), PARTIES, PARTIES,
    st.lists(LINES, max_size=4).map(tuple),
    st.lists(st.builds(Box, *[AMOUNTS] * 4, reference=TEXTS), max_size=3).map(tuple),
    PLACES, TEXTS, TEXTS, TEXTS, TEXTS, st.none() | st.dates(), st.booleans(), TEXTS,
    st.sampled_from(["EUR", "CHF", ""]),
    st.lists(st.tuples(st.sampled_from(["a.pdf", "ä/ö.PDF", "x", ".pdf"]), st.binary(max_size=99)),
             max_size=2).map(tuple),
)  # fmt: skip
SETTINGS = st.builds(
    Settings,
    encoding=st.sampled_from(["UTF-8", "ISO-8859-1", "cp1252"]),
    limits=st.sampled_from([Limits(), Limits(35, 35, 0, 35, 0), Limits(*[None] * 11)]),
    embed=st.booleans(),
)
QUIET = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@QUIET
@given(ORDERS, SETTINGS)
def test_any_delivery_is_a_valid_document_or_a_sentence(order, chosen):
    for write, schema in ((opentrans.write, schemas.OPENTRANS), (ubl.write, schemas.UBL_ORDER)):
        content = attempted(lambda write=write: write(order, chosen))
        if content is not None:
            assert schemas.validate(content, schema) == []


@QUIET
@given(ORDERS, SETTINGS, st.sampled_from(["minimal", "all", "none"]), st.sampled_from(";|,\t"))
def test_any_delivery_is_a_table_or_a_sentence(order, chosen, quoting, delimiter):
    names = [name for name in FIELDS if not name.startswith("box.")]
    form = TableFormat(columns(*names), quoting=quoting, delimiter=delimiter)
    content = attempted(lambda: table.write(order, form, chosen))
    if content is not None:
        found = content.decode(chosen.encoding)
        lines = [line for line in found.split("\r\n") if line]
        assert len(lines) == 1 + len(order.lines)
        if quoting != "none":
            assert all(len(row) == len(names) for row in rows(content, delimiter, chosen.encoding))


@QUIET
@given(TEXTS, TEXTS, MOMENTS)
def test_good_deliveries_are_never_refused(note, service, created):
    """The properties above would hold of a writer that refuses everything."""
    good = replace(ORDER, note=note, service=service, created=created)
    for write in WRITERS.values():
        assert write(good)


def attempted(write):
    """What a writer makes; None where it says in a sentence that it cannot."""
    try:
        return write()
    except DocumentError as error:
        said = error
    assert 0 < len(str(said)) < 500
    assert said.hint
    return None
