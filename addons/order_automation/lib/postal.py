"""What post offices of the world ask of an address: zip formats and house numbers per country.

Plain data and small functions, no Odoo. Formats: Universal Postal Union, "Postal addressing
systems", one page per country.
"""

import re
import unicodedata

MAX_LENGTH = 500  # of one address line; whatever is longer is no address

#: zip formats by ISO 3166 alpha-2; a country that is not listed is not judged
_FOUR = re.compile(r"[0-9]{4}")
_FIVE = re.compile(r"[0-9]{5}")
_SIX = re.compile(r"[0-9]{6}")
_THREE_TWO = re.compile(r"[0-9]{3} ?[0-9]{2}")
ZIP_FORMATS: dict[str, re.Pattern[str]] = {
    **dict.fromkeys(("AT", "BE", "BG", "CH", "CY", "DK", "HU", "LI", "LU", "NO", "SI"), _FOUR),
    **dict.fromkeys(("DE", "EE", "ES", "FI", "FR", "HR", "IT", "MC", "SM", "TR", "UA"), _FIVE),
    **dict.fromkeys(("CZ", "GR", "SE", "SK"), _THREE_TWO),
    **dict.fromkeys(("IN", "RO"), _SIX),
    "GB": re.compile(r"[A-Z]{1,2}[0-9][0-9A-Z]? ?[0-9][A-Z]{2}"),
    "IE": re.compile(r"[A-Z][0-9][0-9W] ?[0-9A-Z]{4}"),
    "LT": re.compile(r"(LT-?)?[0-9]{5}"),
    "LV": re.compile(r"(LV-?)?[0-9]{4}"),
    "MT": re.compile(r"[A-Z]{3} ?[0-9]{4}"),
    "NL": re.compile(r"[1-9][0-9]{3} ?[A-Z]{2}"),
    "PL": re.compile(r"[0-9]{2}-?[0-9]{3}"),
    "PT": re.compile(r"[0-9]{4}-?[0-9]{3}"),
    "US": re.compile(r"[0-9]{5}(-?[0-9]{4})?"),
}
#: letters put before the zip out of habit ("D-10243", "A 1010"); they are no fault
_PREFIXES = {
    "AT": "A",
    "BE": "B",
    "DE": "D",
    "FI": "FIN",
    "FR": "F",
    "HU": "H",
    "IT": "I",
    "LI": "FL",
    "LU": "L",
    "NO": "N",
    "SE": "S",
}
#: zips that keep the form and cannot exist
_IMPOSSIBLE_ZIPS = {"DE": re.compile(r"00[0-9]{3}|99999")}

NEEDS_HOUSE_NUMBER = frozenset(
    ("AT", "BE", "CH", "CZ", "DE", "DK", "ES", "HU", "IT", "LI", "LU", "NL", "PL", "SK")
)

_COUNTRY_NAMES = {
    "": "",
    "DEU": "DE",
    "D": "DE",
    "DEUTSCHLAND": "DE",
    "GERMANY": "DE",
    "ALLEMAGNE": "DE",
    "DUITSLAND": "DE",
    "AUT": "AT",
    "AUSTRIA": "AT",
    "ÖSTERREICH": "AT",
    "OESTERREICH": "AT",
    "CHE": "CH",
    "SCHWEIZ": "CH",
    "NLD": "NL",
    "NIEDERLANDE": "NL",
    "UK": "GB",
}

# a unit inside the house or its floor is not the house's number
_UNIT = re.compile(
    r"\b(apt|app|appartement|apartment|whg|wohnung|wohnungsnr|zimmer|zi|etage|stock|og|top|tür|"
    r"stiege|room|flat|unit|suite|box|bus|postnummer|postnr|tel|telefon|phone)\b[\s.:#]*[0-9]+",
    re.IGNORECASE,
)
# "Straße des 17. Juni", "2. OG": an ordinal; "Hauptstr. 5." at the end of the line is a number
_ORDINAL = re.compile(r"\b[0-9]{1,4}\.(?=\s*[^\W\d_]{2})")
_NUMBER = re.compile(r"(?<![0-9+/])[1-9][0-9]{0,3}(?![0-9])")
_NO_NUMBER = re.compile(r"\b(s/n|s\.n\.|snc|sin n[uú]mero|bez numeru|o\. ?nr|ohne nr)", re.I)


def clean(text: object) -> str:
    """`text` as one line without invisible signs, never longer than an address line."""
    line = unicodedata.normalize("NFKC", str(text or "")[: 4 * MAX_LENGTH])
    return " ".join("".join(map(_visible, line)).split())[:MAX_LENGTH]


def _visible(character: str) -> str:
    """The character; a blank for controls and separators, nothing for signs without a width."""
    category = unicodedata.category(character)
    if category == "Cf":
        return ""
    return " " if category[0] in "CZ" else character


def country_code(text: str) -> str:
    """The country as its two letters ("DEU", "Deutschland" -> "DE")."""
    name = clean(text).upper()
    return _COUNTRY_NAMES.get(name, name)


def has_letters(text: str) -> bool:
    """Whether there is a word to read, not only digits and punctuation."""
    return any(character.isalpha() for character in text)


def is_zip(code: str, country: str) -> bool:
    """Whether `code` has the form of the country's zips (True where no form is known)."""
    pattern = ZIP_FORMATS.get(country)
    if pattern is None:
        return True
    bare = bare_zip(code, country)
    impossible = _IMPOSSIBLE_ZIPS.get(country)
    return bool(pattern.fullmatch(bare)) and not (impossible and impossible.fullmatch(bare))


def bare_zip(code: str, country: str) -> str:
    """`code` in upper case without the country's letters before it ("D-10243" -> "10243")."""
    prefix = re.escape(_PREFIXES.get(country, country))
    return re.sub(rf"^(?:{prefix}|{re.escape(country)})[\s\-]*(?=[0-9])", "", clean(code).upper())


def has_house_number(*lines: str) -> bool:
    """Whether one of the street lines names a house ("12a", "Q7 24", "s/n"), not only a floor."""
    for line in lines:
        rest = _ORDINAL.sub(" ", _UNIT.sub(" ", line))
        if _NUMBER.search(rest) or _NO_NUMBER.search(line):
            return True
    return False
