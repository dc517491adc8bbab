"""What the demo company sells. The add-on makes products of it, the demo's shop offers them."""

from __future__ import annotations

from dataclasses import dataclass

EAN_PREFIX = "4012345"  # the number range of textbooks, owned by no company


@dataclass(frozen=True, slots=True)
class Article:
    """One article: gross price in euro, weight in kilograms, edges in centimetres."""

    sku: str
    name: str
    category: str
    price: float
    weight: float
    edges: tuple[int, int, int]
    stock: int
    tax: int = 19
    options: tuple[tuple[str, str], ...] = ()

    @property
    def bulky(self) -> bool:
        """Whether no parcel locker has a box that is large enough."""
        return max(self.edges) > 75 or self.weight > 31.5

    @property
    def title(self) -> str:
        """Its name with what makes it a variant."""
        words = ", ".join(f"{name} {value}" for name, value in self.options)
        return f"{self.name} ({words})" if words else self.name


GARDEN, POTS, KITCHEN, TEA, BOOKS, HOME = (
    "Gartengeräte",
    "Pflanzgefäße & Hochbeete",
    "Küche & Tisch",
    "Tee & Honig",
    "Bücher",
    "Wohnen",
)

ARTICLES = (
    Article("GG-1001", "Handspaten „Hauke“, Eschenstiel", GARDEN, 24.90, 0.6, (38, 12, 5), 140),
    Article("GG-1002", "Rosenschere mit Rollgriff", GARDEN, 39.50, 0.3, (23, 7, 3), 120),
    Article("GG-1003", "Unkrautstecher, geschmiedet", GARDEN, 18.90, 0.4, (34, 8, 4), 90),
    Article("GG-1004", "Gießkanne Zink 9 l", GARDEN, 49.00, 1.9, (45, 36, 20), 60),
    Article("GG-1005", "Schubkarre „Deichläufer“ 85 l", GARDEN, 149.00, 16.5, (145, 62, 60), 25),
    Article("GG-1006", "Laubrechen, Bambus 160 cm", GARDEN, 29.90, 0.9, (160, 45, 6), 45),
    Article("GG-1007-9", "Gartenhandschuhe Ziegenleder", GARDEN, 16.90, 0.2, (28, 14, 4), 150,
            options=(("Größe", "9"),)),
    Article("GG-1007-10", "Gartenhandschuhe Ziegenleder", GARDEN, 16.90, 0.2, (28, 14, 4), 150,
            options=(("Größe", "10"),)),
    Article("PF-2001", "Hochbeet Lärche 120 × 80 cm", POTS, 219.00, 28.0, (122, 82, 24), 18),
    Article("PF-2002", "Terrakottatopf „Bremen“ Ø 30 cm", POTS, 22.50, 4.8, (32, 32, 30), 80),
    Article("PF-2003", "Anzuchtschalen, 6er-Satz", POTS, 14.90, 0.5, (39, 25, 12), 110),
    Article("PF-2004", "Kräuterleiter Eiche, 3 Etagen", POTS, 89.00, 9.2, (110, 62, 18), 20),
    Article("KU-3001", "Gusseisenpfanne Ø 26 cm", KITCHEN, 64.90, 2.8, (45, 28, 7), 70),
    Article("KU-3002", "Steingutbecher „Watt“, blau", KITCHEN, 14.50, 0.4, (12, 10, 10), 220),
    Article("KU-3003", "Schneidebrett Nussbaum 40 × 25 cm", KITCHEN, 42.00, 1.6, (42, 26, 4), 75),
    Article("KU-3004", "Geschirrtücher Halbleinen, 3 Stück", KITCHEN, 26.90, 0.4, (30, 22, 5), 130),
    Article("KU-3005", "Einmachgläser 1 l, 6 Stück", KITCHEN, 21.90, 3.9, (36, 25, 17), 85),
    Article("KU-3006", "Kaffeemühle mit Kegelmahlwerk", KITCHEN, 79.00, 1.3, (26, 16, 14), 40),
    Article("TE-4001", "Ostfriesentee, Blattmischung 250 g", TEA, 11.90, 0.3, (18, 10, 8), 260, 7),
    Article("TE-4002", "Kräutertee „Abendstille“ 100 g", TEA, 7.90, 0.15, (18, 9, 7), 240, 7),
    Article("TE-4003", "Lindenblütenhonig 500 g", TEA, 9.80, 0.8, (12, 9, 9), 180, 7),
    Article("TE-4004", "Sanddorn-Fruchtaufstrich 220 g", TEA, 5.90, 0.4, (9, 8, 8), 200, 7),
    Article("TE-4005", "Kandis, weiß, 1 kg", TEA, 6.50, 1.05, (20, 12, 8), 160, 7),
    Article("BU-5001", "Kochbuch „Grünkohl & mehr“", BOOKS, 24.00, 0.9, (26, 21, 3), 95, 7),
    Article("BU-5002", "Das kleine Gartenjahr", BOOKS, 18.00, 0.5, (22, 15, 3), 105, 7),
    Article("BU-5003", "Wandkalender „Nordseeküste“", BOOKS, 19.90, 0.6, (49, 34, 1), 60, 7),
    Article("WO-6001", "Wolldecke „Föhr“ 150 × 200 cm", HOME, 119.00, 1.4, (45, 35, 15), 55),
    Article("WO-6002", "Bienenwachskerzen, 4 Stück", HOME, 17.90, 0.6, (24, 12, 6), 170),
    Article("WO-6003", "Laterne „Leuchtturm“, 40 cm", HOME, 54.00, 2.2, (42, 20, 20), 6),
    Article("WO-6004", "Gartenbank Teak, 150 cm", HOME, 349.00, 31.0, (152, 66, 20), 10),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Offer:
    """How an article is sold in one shop: under the shop's number, by the piece or in packs.

    ``article`` is our number; "" is something the company does not know (any more).
    ``by_channel``: the marketplace sends it from its own warehouse.
    """

    sku: str
    article: str
    pack: int = 1
    by_channel: bool = False
    name: str = ""
    price: float = 0.0


CHANNELS = ("gambio", "amazon", "ebay", "yatego")
_AT_YATEGO = (GARDEN, KITCHEN, TEA)
OLD_BULBS = "LH-ALT-0815"  # a listing nobody took down
_PACKS = {
    "amazon": (
        Offer("LH-TE-4001-3", "TE-4001", 3, name="Ostfriesentee 250 g, 3er-Pack", price=33.90),
        Offer("LH-WO-6002-2", "WO-6002", 2, name="Bienenwachskerzen, 2 × 4 Stück", price=33.90),
        Offer("LH-KU-3002-FBA", "KU-3002", by_channel=True,
              name="Steingutbecher „Watt“, blau", price=16.90),
        Offer(OLD_BULBS, "", name="Blumenzwiebeln „Bremer Frühling“, 50 Stück", price=19.90),
    ),
    "ebay": (
        Offer("TE-4002-5", "TE-4002", 5, name="Kräutertee „Abendstille“, 5 × 100 g", price=34.90),
    ),
}  # fmt: skip


def article(sku: str) -> Article:
    """Return the article with this number; ``StopIteration`` when there is none."""
    return next(one for one in ARTICLES if one.sku == sku)


def offers(channel: str) -> tuple[Offer, ...]:
    """Return what is sold in a shop, and under which numbers."""
    plain = [
        Offer(number, one.sku, name=one.title, price=one.price)
        for one in ARTICLES
        if (number := _number_at(channel, one))
    ]
    return (*plain, *_PACKS.get(channel, ()))


def _number_at(channel: str, one: Article) -> str:
    """Return an article's number in a shop, nothing where it is not sold."""
    if channel == "amazon":
        return "" if one.bulky or one.category == POTS else f"LH-{one.sku}"
    if channel == "ebay":
        return "" if one.category == TEA else one.sku
    if channel == "yatego":
        return one.sku.replace("-", "") if one.category in _AT_YATEGO else ""
    return one.sku


def ean(position: int) -> str:
    """Return the EAN-13 of the article at this position."""
    digits = f"{EAN_PREFIX}{position:05d}"
    odd, even = (sum(map(int, digits[start::2])) for start in (0, 1))
    return f"{digits}{-(odd + 3 * even) % 10}"
