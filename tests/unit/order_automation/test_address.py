"""Delivery addresses as buyers type them: kind of place, numbers, and what is wrong."""

import csv
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from order_automation.lib import address as lib
from order_automation.lib.address import Address, analyse

POST = "1743910"  # a post number whose check digit is right


def place(street="", street2="", company="", name="Max Mustermann", country="DE", **other):
    values = {"zip": "10243", "city": "Berlin"} | other
    return analyse(
        Address(
            name=name, company=company, street=street, street2=street2, country=country, **values
        )
    )


def found(*args, **kwargs):
    result = place(*args, **kwargs)
    return result.kind, result.number, result.post_number


def test_packstation_cases(shared: Path):
    with (shared / "specs/dhl/packstation_cases.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    keys = ("name", "company", "street", "street2", "zip", "city", "country")
    wrong = []
    for row in rows:
        result = analyse(Address(**{key: row[key] for key in keys}))
        seen = ("" if result.kind == "door" else result.kind, result.number, result.post_number)
        if seen != (row["kind"], row["number"], row["postnumber"]):
            wrong.append((row, seen))
    assert len(rows) == 44
    assert not wrong


@pytest.mark.parametrize(
    ("lines", "number", "post_number"),
    [
        (("Packstation145 1743910",), "145", POST),
        (("1743910Packstation145",), "145", POST),
        (("Packstation1461743910",), "146", POST),
        (("Packstation1451743910",), "", "1451743910"),  # the whole could be a post number, too
        (("DHLPackstation145", "PN1743910"), "145", POST),
        (("Packstation 145/1743910",), "145", POST),
        (("Packstation 145-1743910",), "145", POST),
        (("1743910/Packstation 145",), "145", POST),
        (("Packstation", "145 1743910"), "145", POST),
        (("Packstation", "1743910 145"), "145", POST),
        (("Packstation", "145/1743910"), "145", POST),
        (("Packstation #145", "P.N. 1743910"), "145", POST),
        (("Packstation (145)", "(1743910)"), "145", POST),
        (("Packstation_145", "Post-Nummer=1743910"), "145", POST),
        (("Pack\u00adstation\u00a0145", "1743910"), "145", POST),
        (("Packstation １４５", "１７４３９１０"), "145", POST),
        (("Packstaion 145", POST), "145", POST),
        (("Packsation 145", POST), "145", POST),
        (("Pckstation 145", POST), "145", POST),
        (("Packstatoin 145", POST), "145", POST),
        (("PackStaton Nr 145", POST), "145", POST),
        (("Paackstation145", POST), "145", POST),
        (("Backstation 145", POST), "145", POST),
        (("Pakketstation 145", POST), "145", POST),
        (("Packetstation 145", POST), "145", POST),
        (("packing station no. 145", "customer number 1743910"), "145", POST),
        (("parcel locker 145", "postal number: 1743910"), "145", POST),
        (("DHL Locker 145", "DHL-ID 1743910"), "145", POST),
        (("Locker 145", POST), "145", POST),
        (("PS 145", POST), "145", POST),
        (("Packstation 145, 10243 Berlin", "Postnummer 1743910 10243 Berlin"), "145", POST),
        (("Packstation 145", "+49 171 1743910"), "145", ""),
        (("Packstation 145", "Tel. 1743910"), "145", ""),
        (("Packstation 145", "0171 1743910"), "145", ""),
        (("Packstation 145", "01711743910"), "145", ""),
        (("Packstation 145", "0301743910"), "145", ""),
        (("Packstation 145", "305-1743910-1743910"), "145", ""),
        (("Packstation 1453", POST), "", POST),
        (("Packstation 045", POST), "", POST),
        (("Packstation Hauptstr. 14", POST), "", POST),
        (("Packstation 145", "00001743910"), "145", ""),
        (("Packstation 145", "0001743910"), "145", "0001743910"),
    ],
)
def test_locker(lines, number, post_number):
    assert found(*lines) == ("locker", number, post_number)


@pytest.mark.parametrize(
    "other",
    [
        {"name": "Max Mustermann Packstation 145", "street": POST},
        {"name": "Packstation 145", "company": "Max Mustermann", "street": POST},
        {"company": "Packstation 145", "street": POST},
        {"street": POST, "city": "Berlin Packstation 145"},
        {"name": f"{POST} Max Mustermann", "company": "DHL", "street": "Packstation 145"},
        {"street": "Packstation 145", "city": f"Berlin PN {POST}"},
        {"street": "DHL Packstation", "street2": "Packstation 145", "company": POST},
    ],
)
def test_locker_in_any_line(other):
    assert found(**other) == ("locker", "145", POST)


@pytest.mark.parametrize(
    ("lines", "number", "post_number"),
    [
        (("DHL Filiale 518", POST), "518", POST),
        (("Deutsche Post Filiale 518", POST), "518", POST),
        (("Deutsche Post 518", POST), "518", POST),
        (("Postfiliale direkt 518", POST), "518", POST),
        (("POSTFILIALE Nr.518", POST), "518", POST),
        (("Post-Filiale518", POST), "518", POST),
        (("Postfilale 518", POST), "518", POST),
        (("Postfilliale 518", POST), "518", POST),
        (("Post office 518", POST), "518", POST),
        (("DHL parcel shop 451", POST), "451", POST),
        (("DHL-Servicepoint 451", POST), "451", POST),
        (("Pakketshop 451", POST), "451", POST),
        (("DHL Paketshop 451", "Hauptstr. 1", POST), "451", POST),
        (("Postagentur 518", POST), "518", POST),
        (("518 Postfiliale", POST), "518", POST),
    ],
)
def test_outlet(lines, number, post_number):
    assert found(*lines) == ("outlet", number, post_number)


@pytest.mark.parametrize(
    ("lines", "country"),
    [
        (("Hermes-Paketshop", "Hauptstr. 1"), "DE"),
        (("Paketshop 451", "Hauptstr. 1", "Hermes"), "DE"),
        (("DPD Pickup-Station 145", "Hauptstr. 1"), "DE"),
        (("GLS PaketShop Müller", "Hauptstr. 1"), "DE"),
        (("GLS ParcelShop", "Hauptstr. 1"), "DE"),
        (("UPS Access Point", "Hauptstr. 1"), "DE"),
        (("amazon locker zorro", "Hauptstr. 1"), "DE"),
        (("AmazonHub Counter", "Hauptstr. 1"), "DE"),
        (("Post Fach 12 34",), "DE"),
        (("PF 12 34 56",), "DE"),
        (("P.O. Box 77",), "GB"),
        (("PO BOX 77",), "US"),
        (("Postbus 123",), "NL"),
        (("Boîte postale 12",), "FR"),
        (("BP 12",), "FR"),
        (("Box 123",), "SE"),
        (("Casella Postale 4",), "IT"),
        (("Pickup Point Relais Tabac", "1 rue du Lac"), "FR"),
        (("postlagernd",), "DE"),
        (("Paczkomat WAW01A",), "PL"),
        (("Hauptstr. 1", "Postfach 12 34"), "DE"),
    ],
)
def test_other_carriers_and_boxes(lines, country):
    assert found(*lines, country=country, zip="") == ("other", "", "")


@pytest.mark.parametrize(
    ("lines", "country"),
    [
        (("Packstationsweg 12",), "DE"),
        (("Poststr. 145", "Postnummer 1743910"), "DE"),
        (("Hauptstr. 145", "", "Rossmann Filiale 518"), "DE"),
        (("Hauptstr. 5", "nicht an Packstation liefern"), "DE"),
        (("Hauptstr. 5", "keine Packstation!"), "DE"),
        (("Hauptstr. 5", "gegenüber der Packstation 145"), "DE"),
        (("Hauptstr. 5", "", "Hermes Versand GmbH"), "DE"),
        (("Hauptstr. 5", "", "Backstation Müller"), "DE"),
        (("Hauptstr. 145", "", "Postfilialen Bau GmbH"), "DE"),
        (("An der alten Post 3",), "DE"),
        (("Hauptstr. 5", "", "Deutsche Post AG"), "DE"),
        (("Bahnhofstr. 145", "", "Polizeistation"), "DE"),
        (("Lockerstr. 145",), "DE"),
        (("Hauptstr. 5", "Büro 518", "DE811128135"), "DE"),
        (("Boxstraße 12",), "SE"),
        (("Filialgasse 145",), "DE"),
    ],
)
def test_door(lines, country):
    result = place(*lines, country=country, zip="")
    assert (result.kind, result.number, result.missing) == ("door", "", ())


def test_what_a_pickup_point_lacks():
    assert place("Packstation").missing == ("number_missing", "post_number_missing")
    assert place("Packstation 145").missing == ("post_number_missing",)
    assert place("Packstation", POST).missing == ("number_missing",)
    assert place("Packstation 145", POST).missing == ()
    assert place("Packstation 145", email="a@example.com").missing == ("post_number_missing",)
    assert place("Postfiliale 518").missing == ("post_number_missing",)
    assert place("Postfiliale 518", email="a@example.com").missing == ()
    assert place("Postfach 12 34").missing == ()


def test_post_number_is_doubted_not_refused():
    assert place("Packstation 145", POST).warnings == ()
    assert place("Packstation 145", "1743911").post_number == "1743911"
    assert place("Packstation 145", "1743911").warnings == ("post_number_unsure",)
    # of two, the one with the right check digit
    assert place("Packstation 145", "1743911", company=POST).post_number == POST


@pytest.mark.parametrize("country", ["AT", "CH", "NL", "FR"])
def test_packstation_abroad(country):
    result = place("Packstation 145", POST, country=country, zip="")
    assert result.kind == "door"
    assert "pickup_abroad" in result.problems


def test_unknown_country_counts_as_home():
    result = place("Packstation 145", POST, country="")
    assert result.kind == "locker"
    assert result.problems == ("country_missing",)


@pytest.mark.parametrize("country", ["DE", "de", "DEU", "Deutschland", "Germany", " de "])
def test_country_names(country):
    assert found("Packstation 145", POST, country=country) == ("locker", "145", POST)


@pytest.mark.parametrize(
    ("values", "problems"),
    [
        ({}, ()),
        ({"name": ""}, ("name_missing",)),
        ({"name": " . "}, ("name_missing",)),
        ({"name": "", "company": "Muster GmbH"}, ()),
        ({"name": "李明"}, ()),
        ({"street": ""}, ("street_missing",)),
        ({"street": "12"}, ("street_missing",)),
        ({"street": "-"}, ("street_missing",)),
        ({"street": "Hauptstraße"}, ("house_number_missing",)),
        ({"street": "Hauptstraße", "street2": "12a"}, ()),
        ({"street": "Hauptstraße", "street2": "2. OG"}, ("house_number_missing",)),
        ({"street": "Hauptstraße", "street2": "Wohnung 12"}, ("house_number_missing",)),
        ({"street": "Hauptstraße", "street2": "0171 1234567"}, ("house_number_missing",)),
        ({"street": "Straße des 17. Juni"}, ("house_number_missing",)),
        ({"street": "Straße des 17. Juni 135"}, ()),
        ({"street": "Q7, 24"}, ()),
        ({"street": "Hauptstr.5"}, ()),
        ({"street": "c/o Meyer", "street2": "Hauptstr. 5"}, ()),
        ({"street": "Hauptstraße", "country": "GB", "zip": "SW1A 1AA"}, ()),
        ({"street": "Calle Mayor s/n", "country": "ES", "zip": "28013"}, ()),
        ({"street": "Rue du Lac", "country": "FR", "zip": "75001"}, ()),
        ({"zip": ""}, ("zip_missing",)),
        ({"zip": "1024"}, ("zip_format",)),
        ({"zip": "99999"}, ("zip_format",)),
        ({"zip": "00000"}, ("zip_format",)),
        ({"zip": "D-10243"}, ()),
        ({"zip": "DE 10243"}, ()),
        ({"zip": "I0243"}, ("zip_format",)),
        ({"zip": "10243", "country": "AT"}, ("zip_format",)),
        ({"zip": "A-1010", "country": "AT"}, ()),
        ({"zip": "1017ab", "country": "NL"}, ()),
        ({"zip": "1017", "country": "NL"}, ("zip_format",)),
        ({"zip": "114 55", "country": "SE"}, ()),
        ({"zip": "00950", "country": "PL"}, ()),
        ({"zip": "L-1234", "country": "LU"}, ()),
        ({"zip": "LV-1010", "country": "LV"}, ()),
        ({"zip": "", "country": "AE"}, ()),
        ({"zip": "whatever", "country": "AE"}, ()),
        ({"city": ""}, ("city_missing",)),
        ({"city": "10243"}, ("city_missing",)),
        ({"country": ""}, ("country_missing",)),
        (
            {"name": "", "street": "", "zip": "", "city": "", "country": "DE"},
            ("street_missing", "name_missing", "zip_missing", "city_missing"),
        ),
    ],
)
def test_completeness(values, problems):
    result = place(**({"street": "Hauptstr. 5"} | values))
    assert result.kind == "door"
    assert result.problems == problems


def test_a_locker_needs_no_house_number():
    assert place("Packstation 145", POST).problems == ()
    assert place("Packstation 145", POST, zip="123").problems == ("zip_format",)


def test_a_novel_instead_of_an_address():
    result = place("x" * 10_000_000, "Packstation 145 " * 100_000)
    assert result.kind == "locker"


WORDS = st.sampled_from(
    [
        "Packstation",
        "Packstaion",
        "Postfiliale",
        "Filiale",
        "145",
        "1743910",
        "Postnr",
        "Hauptstr.",
        "5",
        "Hermes",
        "Paketshop",
        "Postfach",
        "nicht",
        "\x00",
        "ß",
        "İ",
        "١٤٥",
        "²",
        "-",
        "/",
        "+49",
    ]
)
LINES = st.one_of(st.text(max_size=60), st.lists(WORDS, max_size=8).map(" ".join))
KINDS = {lib.DOOR, lib.LOCKER, lib.OUTLET, lib.OTHER}


@settings(max_examples=400, deadline=None)
@given(st.builds(Address, **dict.fromkeys(Address.__dataclass_fields__, LINES)))
def test_never_raises(address):
    result = analyse(address)
    assert result.kind in KINDS
    assert set(result.problems) <= set(lib.PROBLEMS)
    assert not result.number or (result.number.isascii() and len(result.number) == 3)
    assert not result.post_number or 6 <= len(result.post_number) <= 10
    assert (result.kind in (lib.LOCKER, lib.OUTLET)) or not result.missing


@settings(max_examples=100, deadline=None)
@given(
    st.permutations(["street", "street2", "company"]),
    st.integers(100, 999),
    st.sampled_from(["Packstation {}", "DHL Packstation Nr. {}", "PACKSTATION{}", "Packstaion {}"]),
)
def test_order_of_lines_does_not_matter(fields, number, form):
    lines = dict(zip(fields, (form.format(number), f"PN {POST}", ""), strict=True))
    assert found(**lines) == ("locker", str(number), POST)
