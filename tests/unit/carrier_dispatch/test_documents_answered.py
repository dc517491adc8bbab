"""There and back: a shipper that answers with our own words is understood."""

from datetime import UTC, datetime

from carrier_dispatch.lib import schemas
from carrier_dispatch.lib.documents import opentrans, table, ubl
from carrier_dispatch.lib.documents.settings import Column, Settings, TableFormat
from carrier_dispatch.lib.feedback.read import read
from carrier_dispatch.lib.model import DispatchLine, DispatchOrder, Party
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

OT = {"o": opentrans.URI, "b": opentrans.BMECAT}
UBL = {"a": ubl.CAC, "b": ubl.CBC}
PARCEL = "00340434161094000001"
SKUS = st.text(alphabet="ABC123äß²&<>-. ", min_size=1, max_size=20).filter(str.strip)
LINES = st.lists(
    st.tuples(SKUS, st.decimals(min_value=1, max_value=999, places=2)), min_size=1, max_size=5
)


def order_of(found):
    """A delivery of those articles."""
    lines = tuple(
        DispatchLine(str(place), sku, "Artikel", quantity)
        for place, (sku, quantity) in enumerate(found, start=1)
    )
    return DispatchOrder(
        "D00042", "WH/OUT/00042", "S00123", datetime(2026, 3, 2, 9, tzinfo=UTC),
        Party("Shop"), Party("Jörg", street="Weg 1", zip="50667", city="Köln"), lines,
    )  # fmt: skip


def sent(order):
    """What has to come back: everything, by position, article number and quantity."""
    return {(line.position, " ".join(line.sku.split()), line.quantity) for line in order.lines}


def items(feedback):
    """What came back."""
    found = (*feedback.items, *(item for parcel in feedback.parcels for item in parcel.items))
    return {(item.position, item.sku, item.quantity) for item in found}


def notification(order_document):
    """What a fulfiller makes of an order: the same numbers, in a notification."""
    order = etree.fromstring(order_document)
    name = "DISPATCHNOTIFICATION"
    root = etree.Element(f"{{{opentrans.URI}}}{name}", nsmap=opentrans.NAMES, version="2.1")

    def add(parent, tag, text=None, uri=opentrans.URI):
        element = etree.SubElement(parent, f"{{{uri}}}{tag}")
        element.text = text
        return element

    info = add(add(root, f"{name}_HEADER"), f"{name}_INFO")
    add(info, f"{name}_ID", "FN-1")
    add(info, f"{name}_DATE", "2026-03-02T15:00:00+01:00")
    party = add(add(info, "PARTIES"), "PARTY")
    add(party, "PARTY_ID", "x", opentrans.BMECAT)
    add(info, "SUPPLIER_IDREF", "x", opentrans.BMECAT)
    add(add(info, "SHIPMENT_PARTIES_REFERENCE"), "DELIVERY_IDREF", "x")
    listed = add(root, f"{name}_ITEM_LIST")
    ordered = order.iterfind(".//o:ORDER_ITEM", OT)
    for item in ordered:
        line = add(listed, f"{name}_ITEM")
        add(line, "LINE_ITEM_ID", "77")
        product = add(line, "PRODUCT_ID")
        sku = item.findtext("o:PRODUCT_ID/b:SUPPLIER_PID", namespaces=OT)
        add(product, "SUPPLIER_PID", sku, opentrans.BMECAT)
        add(line, "QUANTITY", item.findtext("o:QUANTITY", namespaces=OT))
        add(line, "ORDER_UNIT", "C62", opentrans.BMECAT)
        reference = add(line, "ORDER_REFERENCE")
        add(reference, "ORDER_ID", order.findtext(".//o:ORDER_INFO/o:ORDER_ID", namespaces=OT))
        add(reference, "LINE_ITEM_ID", item.findtext("o:LINE_ITEM_ID", namespaces=OT))
        add(add(line, "SHIPMENT_PARTIES_REFERENCE"), "DELIVERY_IDREF", "x")
        package = add(add(add(line, "LOGISTIC_DETAILS"), "PACKAGE_INFO"), "PACKAGE")
        add(package, "PACKAGE_ID", PARCEL)
    add(add(root, f"{name}_SUMMARY"), "TOTAL_ITEM_NUM", str(len(listed)))
    return etree.tostring(root, encoding="ISO-8859-1", xml_declaration=True)


@settings(max_examples=100, deadline=None)
@given(LINES)
def test_opentrans(found):
    order = order_of(found)
    document = notification(opentrans.write(order))
    assert schemas.validate(document, schemas.OPENTRANS) == []
    reading = read(document)
    [feedback] = reading.feedbacks
    assert reading.problems == ()
    assert feedback.keys[0] == order.number
    assert items(feedback) == sent(order)
    assert [parcel.number for parcel in feedback.parcels] == [PARCEL]


@settings(max_examples=100, deadline=None)
@given(LINES)
def test_ubl(found):
    order = order_of(found)
    root = etree.fromstring(ubl.write(order))
    lines = "".join(
        f"""<cac:DespatchLine><cbc:ID>{place}</cbc:ID>
        <cbc:DeliveredQuantity>{line.findtext(".//b:Quantity", namespaces=UBL)}
        </cbc:DeliveredQuantity>
        <cac:OrderLineReference><cbc:LineID>{line.findtext(".//b:ID", namespaces=UBL)}</cbc:LineID>
        </cac:OrderLineReference><cac:Item>{inside(line)}</cac:Item></cac:DespatchLine>"""
        for place, line in enumerate(root.iterfind("a:OrderLine", UBL))
    )
    number = root.findtext("b:ID", namespaces=UBL)
    document = f"""<DespatchAdvice xmlns:cac="{ubl.CAC}" xmlns:cbc="{ubl.CBC}"
     xmlns="urn:oasis:names:specification:ubl:schema:xsd:DespatchAdvice-2">
    <cbc:ID>LS-1</cbc:ID><cbc:IssueDate>2026-03-02</cbc:IssueDate>
    <cac:OrderReference><cbc:ID>{number}</cbc:ID></cac:OrderReference>
    <cac:DespatchSupplierParty/><cac:DeliveryCustomerParty/>
    <cac:Shipment><cbc:ID>1</cbc:ID><cac:TransportHandlingUnit><cbc:TraceID>{PARCEL}</cbc:TraceID>
    </cac:TransportHandlingUnit></cac:Shipment>{lines}</DespatchAdvice>""".encode()
    assert schemas.validate(document, schemas.UBL_DESPATCH) == []
    [feedback] = read(document).feedbacks
    assert feedback.keys == (order.number, "LS-1")
    assert items(feedback) == sent(order)
    assert [parcel.number for parcel in feedback.parcels] == [PARCEL]


def inside(line):
    """The article's own number as it was written."""
    element = line.find(".//a:SellersItemIdentification", UBL)
    return etree.tostring(element, encoding="unicode", with_tail=False)


@settings(max_examples=100, deadline=None)
@given(LINES, st.sampled_from(["utf-8", "cp1252", "utf-16"]), st.sampled_from(";|\t"))
def test_a_table_that_comes_back_with_a_number(found, encoding, delimiter):
    order = order_of(found)
    form = TableFormat(
        (Column("Auftrag", "number"), Column("Pos", "line.position"), Column("SKU", "line.sku"),
         Column("Menge", "line.quantity"), Column("Sendungsnummer", fixed=PARCEL)),
        delimiter=delimiter,
    )  # fmt: skip
    [feedback] = read(table.write(order, form, Settings(encoding=encoding))).feedbacks
    assert feedback.keys == (order.number,)
    assert items(feedback) == sent(order)
