"""Buyers for made-up orders: names, places and addresses as German shops get them."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace

FIRST = (
    ("f", "Anneliese"), ("f", "Birgit"), ("f", "Charlotte"), ("f", "Dörte"), ("f", "Emilia"),
    ("f", "Franziska"), ("f", "Jördis"), ("f", "Katharina"), ("f", "Şeyma"), ("f", "Zoë"),
    ("m", "Bjørn"), ("m", "Detlef"), ("m", "Friedrich"), ("m", "Günther"), ("m", "Hans-Jürgen"),
    ("m", "Jonas"), ("m", "Mehmet"), ("m", "Piotr"), ("m", "René"), ("m", "Thorsten"),
)  # fmt: skip
LAST = (
    "Achterberg", "Brückner", "Çelik", "Dombrowski", "Eßer", "Förster", "Groß", "Hülsmann",
    "Jäger", "Kowalczyk", "Lüdenscheidt", "Meyer-Landrut", "Nowak", "Öztürk", "Petersen",
    "Rößler", "Schmitz", "Tränkner", "von der Heide", "Weiß", "Yıldız", "Zimmermann",
)  # fmt: skip
STREETS = (
    "Ahornweg", "Am Mühlenteich", "An der Hülshorst", "Bahnhofstraße", "Dorfstr.", "Elbchaussee",
    "Gänsemarkt", "Hauptstr.", "Im Äuele", "Kirchgasse", "Lange Straße", "Ludwigstraße",
    "Rosenstraße", "Straße des 17. Juni", "Zum Alten Forsthaus",
)  # fmt: skip
PLACES = {
    "DE": (
        ("01067", "Dresden"), ("06108", "Halle (Saale)"), ("10115", "Berlin"), ("20095", "Hamburg"),
        ("24837", "Schleswig"), ("28195", "Bremen"), ("30159", "Hannover"), ("41460", "Neuss"),
        ("48143", "Münster"), ("50667", "Köln"), ("60311", "Frankfurt am Main"),
        ("70173", "Stuttgart"), ("80331", "München"), ("90402", "Nürnberg"), ("99084", "Erfurt"),
    ),
    "AT": (("1010", "Wien"), ("5020", "Salzburg"), ("6020", "Innsbruck"), ("8010", "Graz")),
    "CH": (("3011", "Bern"), ("4051", "Basel"), ("8001", "Zürich")),
    "NL": (("1012 JS", "Amsterdam"), ("3511 LN", "Utrecht"), ("9712 HM", "Groningen")),
}  # fmt: skip
COMPANIES = (
    "Brückner & Söhne GmbH", "Gärtnerei Rosenthal e. K.", "Hülsmann Elektrotechnik GmbH & Co. KG",
    "Kanzlei Förster Partnerschaft mbB", "Tischlerei Groß OHG", "Café Zeitlos UG",
)  # fmt: skip
SOUNDS = ("a", "o", "u", "ss", "o", "e", "e", "c", "s", "i")
COUNTRIES = {  # the shop's own numbers
    14: ("Austria", "AT", "AUT"),
    81: ("Germany", "DE", "DEU"),
    150: ("Netherlands", "NL", "NLD"),
    204: ("Switzerland", "CH", "CHE"),
}
COUNTRY_IDS = {iso2: number for number, (_name, iso2, _iso3) in COUNTRIES.items()}


@dataclass(frozen=True)
class Buyer:
    """A person or company with one address."""

    number: int
    gender: str
    first: str
    last: str
    street: str
    house: str
    zip: str
    city: str
    country: str = "DE"
    company: str = ""
    vat: str = ""
    addition: str = ""
    guest: bool = False

    @property
    def email(self) -> str:
        plain = f"{self.first}.{self.last}".lower().replace(" ", "").replace("-", "")
        for odd, sound in zip("äöüßøéëçşı", SOUNDS, strict=True):
            plain = plain.replace(odd, sound)
        return f"{plain}.{self.number}@example.org"

    def at_locker(self, number: int, post_number: str) -> Buyer:
        """The same buyer, delivered to a parcel locker."""
        return replace(
            self, street=f"Packstation {number}", house="", addition=post_number, company=""
        )

    def address(self) -> dict[str, object]:
        """The address as the full order has it."""
        return {
            "gender": self.gender,
            "firstname": self.first,
            "lastname": self.last,
            "company": self.company,
            "street": self.street,
            "houseNumber": self.house,
            "additionalAddressInfo": self.addition,
            "suburb": "",
            "postcode": self.zip,
            "city": self.city,
            "countryId": COUNTRY_IDS[self.country],
            "zoneId": 0,
            "b2bStatus": bool(self.company),
        }


def make_buyer(
    rng: random.Random, number: int, country: str = "DE", company: bool = False
) -> Buyer:
    """Return a new buyer; in every second address the house number stands in the street's field."""
    gender, first = rng.choice(FIRST)
    zip_code, city = rng.choice(PLACES[country])
    street, house = rng.choice(STREETS), f"{rng.randint(1, 140)}{rng.choice(['', '', '', 'a'])}"
    if rng.random() < 0.5:
        street, house = f"{street} {house}", ""
    return Buyer(
        number=number,
        gender=gender,
        first=first,
        last=rng.choice(LAST),
        street=street,
        house=house,
        zip=zip_code,
        city=city,
        country=country,
        company=rng.choice(COMPANIES) if company else "",
    )


def german_vat(rng: random.Random) -> str:
    """Return a German VAT number whose check digit is right (ISO 7064, mod 11,10)."""
    digits = [rng.randint(1, 9), *(rng.randint(0, 9) for _ in range(7))]
    product = 10
    for digit in digits:
        product = (((digit + product) % 10 or 10) * 2) % 11
    return "DE" + "".join(map(str, digits)) + str((11 - product) % 10)
