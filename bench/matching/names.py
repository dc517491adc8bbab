"""People, companies and places of a German shop's customers, and how banks spell them."""

import random
import unicodedata


def _words(text: str) -> list[str]:
    return text.split()


FIRST = _words(
    "Michael Thomas Andreas Peter Stefan Christian Uwe Jürgen Klaus Günter Jörg Frank Ralf Björn "
    "Sören Matthias Daniel Markus Jan Tobias Sebastian Florian Alexander Maximilian Lukas Felix "
    "Paul Leon Ben Elias Sabine Susanne Petra Monika Claudia Birgit Andrea Karin Renate Ursula "
    "Brigitte Käthe Bärbel Jördis Anna Maria Julia Katharina Lena Sophie Emma Mia Hannah Laura "
    "Mehmet Ayşe Mustafa Fatma Emre Zeynep Piotr Agnieszka Katarzyna Paweł Małgorzata Jeroen "
    "Anouk Willem Giulia Francesco José María André René Zoë Hans-Peter Karl-Heinz Anna-Lena "
    "Eva-Maria Heinz-Günther"
)
LAST = _words(
    "Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann Schäfer Koch "
    "Bauer Richter Klein Wolf Schröder Neumann Schwarz Zimmermann Braun Krüger Hofmann Hartmann "
    "Lange Schmitt Werner Krause Meier Lehmann Schmid Schulze Maier Köhler Herrmann König Walter "
    "Mayer Huber Kaiser Fuchs Peters Lang Scholz Möller Weiß Jung Hahn Schubert Vogel Friedrich "
    "Keller Günther Frank Berger Winkler Roth Beck Lorenz Baumann Franke Albrecht Schuster Simon "
    "Ludwig Böhm Winter Kraus Martin Schumacher Krämer Vogt Stein Jäger Otto Sommer Groß Seidel "
    "Heinrich Brandt Haas Schreiber Graf Schulte Dietrich Ziegler Kuhn Kühn Pohl Engel Horn Busch "
    "Bergmann Thomas Voigt Sauer Arnold Wolff Pfeiffer Großmann Strauß Föhr Jähnichen Öztürk "
    "Yılmaz Şahin Çelik Kaya Demir Aydın Doğan Kowalski Nowak Wiśniewska Wójcik Kamińska Dąbrowski "
    "Szymański Jansen Visser Janßen Petersen Hansen Nguyễn Ivanović Horváth Dvořák Novák "
    "Müller-Lüdenscheidt Schmidt-Rößler Meyer-Öhlers Wolf-Kühne"
)
NOBLE = (
    "von der Heide",
    "von Bülow",
    "van den Berg",
    "van Dijk",
    "de Vries",
    "zu Löwenstein",
    "von und zu Gutenfels",
    "Freiherr von Lützow",
    "Gräfin von Arnim",
    "El-Amin",
    "da Silva",
)
TITLES = ("Dr.", "Prof. Dr.", "Dipl.-Ing.", "Dr. med.")
CITIES = _words(
    "Berlin Hamburg München Köln Düsseldorf Nürnberg Würzburg Fürth Göttingen Tübingen Lübeck "
    "Osnabrück Saarbrücken Mönchengladbach Mülheim Gießen Weißenfels Görlitz Köthen Dresden "
    "Leipzig Bremen Hannover Kassel Ulm Trier Kiel Rostock Erfurt Jena Bonn Aachen Mainz Worms "
    "Passau Hof Bayreuth Bamberg Ansbach Kempten Lindau Wien Graz Zürich Basel Amsterdam"
)
COINED = _words(
    "Nordwerk Alpenglanz Technomax Büroland Farbenhaus Kräuterhof Möbelwerk Grünzeug Lichtblick "
    "Datenwerk Holzfäller Stahlbau Südpack Ökohof Elektro-Zentrum Wüstensand Blumenkönig Bäckerei "
    "Autohaus Getränke Sanitär Malerbetrieb Gästehaus Rheintal Hanse Bodensee Vogtland Spreewald"
)
TRADES = (
    "Handels",
    "Vertriebs",
    "Bau",
    "Service",
    "Technik",
    "Logistik",
    "Consulting",
    "Medien",
    "Möbel",
    "Elektronik",
)
FORMS = (
    "GmbH",
    "GmbH & Co. KG",
    "AG",
    "UG (haftungsbeschränkt)",
    "e.K.",
    "OHG",
    "KG",
    "GbR",
    "e.V.",
    "Ltd.",
    "B.V.",
    "Sp. z o.o.",
    "PartG mbB",
)
PUBLIC = (
    "Stadt {city}",
    "Gemeindeverwaltung {city}",
    "Grundschule {city}",
    "Universität {city}",
    "Klinikum {city} gGmbH",
    "Freiwillige Feuerwehr {city} e.V.",
)


def skewed(rng: random.Random, words: tuple[str, ...] | list[str]) -> str:
    """One of the words, the first ones much oftener, as names are."""
    return words[int(len(words) * rng.random() ** 1.7)]


def last_name(rng: random.Random) -> str:
    """A family name, now and then a noble or double one."""
    return rng.choice(NOBLE) if rng.random() < 0.04 else skewed(rng, LAST)


def person(rng: random.Random) -> tuple[str, str]:
    """First and family name."""
    return rng.choice(FIRST), last_name(rng)


def company(rng: random.Random) -> str:
    """A company, an office or a club."""
    kind = rng.random()
    if kind < 0.1:
        return rng.choice(PUBLIC).format(city=rng.choice(CITIES))
    form = skewed(rng, FORMS)
    if kind < 0.5:
        return f"{last_name(rng)} {rng.choice(TRADES)} {form}"
    if kind < 0.6:
        return f"{last_name(rng)} & {rng.choice(('Sohn', 'Söhne', 'Partner'))} {form}"
    return f"{rng.choice(COINED)} {last_name(rng) if kind < 0.8 else rng.choice(CITIES)} {form}"


def email(rng: random.Random, name: str) -> str:
    """An address that more or less resembles the name."""
    plain = "".join(c for c in transliterated(name).lower() if c.isalpha() or c == " ").split()
    host = rng.choice(("gmx.de", "web.de", "t-online.de", "gmail.com", "posteo.de", "outlook.de"))
    user = rng.choice((".".join(plain[-2:]), "".join(plain[-1:]) + str(rng.randint(1, 99))))
    if rng.random() < 0.15:
        user = rng.choice(("sonnenschein", "bestellung", "einkauf", "kiste", "wolke"))
        user += str(rng.randint(1, 9999))
    return f"{user or 'info'}@{host}"


_PLAIN = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss", "ı": "i"}
    | {"ł": "l", "Ł": "L"}
)


def transliterated(text: str) -> str:
    """SEPA's basic letters: ae for ä, plain letters for the rest."""
    return bare(text.translate(_PLAIN))


def bare(text: str) -> str:
    """Without any accent (ü becomes u)."""
    parts = unicodedata.normalize("NFKD", text.replace("ß", "ss").replace("ı", "i"))
    return "".join(c for c in parts.replace("ł", "l") if not unicodedata.combining(c))


def spoilt(rng: random.Random, text: str) -> str:
    """What some bank or program made of the special letters."""
    return rng.choice(
        (
            transliterated,
            transliterated,
            bare,
            lambda t: "".join(c if c.isascii() else "?" for c in t),
            lambda t: "".join(c for c in t if c.isascii()),
            lambda t: unicodedata.normalize("NFD", t),
            lambda t: transliterated(t).upper(),
            lambda t: t.encode().decode("cp1252", "replace"),
            lambda t: "".join(c if c.isascii() else "." for c in t),
        )
    )(text)


def iban(rng: random.Random, country: str = "DE") -> str:
    """An IBAN with right check digits."""
    size = {"DE": 18, "AT": 16, "NL": 10, "PL": 24, "CH": 17}[country]
    head = "INGB" if country == "NL" else ""
    account = head + "".join(rng.choice("0123456789") for _ in range(size))
    digits = "".join(str(int(c, 36)) for c in account + country + "00")
    return f"{country}{98 - int(digits) % 97:02d}{account}"
